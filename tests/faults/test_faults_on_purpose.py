"""Twenty-five faults of the schedule with seed 1, of which the first are one of each kind.

``make faults`` injects two hundred.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from campaign import Fault, impossible, inject, mirror_in, schedule
from kinds import KINDS
from mounts import unmount_all
from one_node import OneNode, one_node_if_possible
from scenes import (
    DATA,
    SCENES,
    Prepared,
    Stage,
    arguments_of,
    prepare,
)  # after campaign, which knows where workspaces are

from deepcrit.data.fetch.wanted import FetchError


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """A workspace in which nothing was disturbed."""
    base = tmp_path_factory.mktemp("faults").resolve()
    try:
        mirror = mirror_in(base)
    except FetchError as error:
        if any(attempt.delivered for attempt in error.attempts):
            raise
        pytest.skip(f"MNIST is not to be had: {error.attempts[0].reason}")
    yield prepare(base, mirror)
    unmount_all(base)


@pytest.fixture(scope="module")
def cluster() -> Iterator[OneNode | None]:
    """A SLURM where there can be one."""
    with one_node_if_possible() as node:
        yield node


FAULTS = schedule(25, seed=1)
FIRST_ROUND = [pytest.param(fault, marks=pytest.mark.slice) for fault in FAULTS[: len(KINDS)]]


@pytest.mark.parametrize("fault", [*FIRST_ROUND, *FAULTS[len(KINDS) :]], ids=str)
def test_the_next_run_finishes_as_if_nothing_had_happened(
    prepared: Prepared, cluster: OneNode | None, fault: Fault
) -> None:
    """After the fault, the documented command finishes, keeps finished shards, and tables are the same bytes."""
    if reason := impossible(fault, cluster):
        pytest.skip(reason)
    assert inject(fault, prepared, cluster).problems == ()


def test_data_that_were_fetched_again_train_nothing_anew(prepared: Prepared, tmp_path: Path) -> None:
    """Images of 47 MB that are deleted, or come from elsewhere, are the same to the last byte: finished shards stay."""
    subprocess.run(["cp", "-a", str(prepared.stage.path), str(tmp_path / "stage")], check=True)
    stage, scene = Stage(tmp_path / "stage"), SCENES["training"]
    lost, *kept = scene.shards
    finished = stage.states(tuple(kept))
    assert len(finished) == len(kept) > 0
    images = f"{DATA}/train-images-idx3-ubyte"
    stage.forget(images, lost, *scene.downstream)
    arguments = arguments_of(scene, prepared.mirror.parent)
    done = stage.call("deepcrit", "run", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert stage.file(images).is_file()
    assert stage.states(tuple(kept)) == finished
    patient = stage.file("patient.yaml")
    patient.write_text("mnist: {timeout: 7.0}\n", encoding="utf-8")
    assert stage.planned(*arguments, str(patient)) == []


@pytest.mark.slice
def test_a_schedule_follows_from_its_seed() -> None:
    """The same seed gives the same faults, and a longer schedule begins like a shorter one.

    No kind is left out, not even of the first round.
    """
    assert schedule(25, 1) == schedule(200, 1)[:25] != schedule(25, 2)
    assert {fault.kind for fault in schedule(len(KINDS), 1)} == set(KINDS)
    assert len({fault.kind for fault in schedule(25, 1)}) == len({fault.kind for fault in schedule(200, 1)})
