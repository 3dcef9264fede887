"""The workflow on a SLURM of one node: jobs run there with what their rules ask for, and tables are the same."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from asked import Asked, asked_jobs
from one_node import QUICK, NoSlurmError, one_node
from workflow_rules import local_rules
from workspace import EXPONENTS, POINT, SMOKE, Workspace, copy_of_repository, made

pytestmark = pytest.mark.slice
SHARD = "results/gaussian_avalanches/annealed/N25/shards/0.avalanches.parquet"
# a dozen jobs of every kind: submitted and local, alone and in a group, in shards and merged, with numba and with torch
# and its checkpoints, a download and a figure
TARGETS = (
    EXPONENTS,
    f"{POINT}/gammas.tsv",
    f"{POINT}/collapses.tsv",
    "ghavasieh2025_fig1",
    "results/trainability/widths/outcomes.tsv",
)
SUBMITTED = {"simulate_paths", "simulate_avalanches", "train_networks"}
GROUPED = {"merge_avalanches", "fit_power_laws", "fit_size_duration", "collapse_profiles"}
LOCAL = {"fetch_mnist", "initialise_networks", "initialise_training"}


@dataclass(frozen=True)
class SlurmJob:
    """What SLURM says of a job: its state, and the memory in MB and minutes that it was asked for."""

    state: str
    megabytes: int
    minutes: int


def slurm_jobs() -> dict[int, SlurmJob]:
    """All jobs that SLURM remembers, those of the last hour, by number."""
    shown = subprocess.run(["scontrol", "-o", "show", "jobs"], capture_output=True, encoding="utf-8", check=True).stdout
    found = {}
    for line in shown.splitlines():
        fields = dict(re.findall(r"(\S+?)=(\S*)", line))
        if fields.get("BatchFlag") == "1":
            days, hours, minutes, _ = re.fullmatch(r"(?:(\d+)-)?(\d+):(\d+):(\d+)", fields["TimeLimit"]).groups()
            size, unit = re.fullmatch(r"([\d.]+)([MG])", fields["MinMemoryNode"]).groups()
            found[int(fields["JobId"])] = SlurmJob(
                fields["JobState"],
                round(float(size) * {"M": 1, "G": 1024}[unit]),
                1440 * int(days or 0) + 60 * int(hours) + int(minutes),
            )
    return found


@pytest.fixture(scope="module")
def slurm() -> Iterator[None]:
    """A SLURM of one node, while the tests of this module last."""
    try:
        with one_node():
            yield
    except NoSlurmError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The same without SLURM."""
    return made(TARGETS, tmp_path_factory.mktemp("alone"))


@dataclass(frozen=True)
class ClusterRun:
    """A finished run on SLURM: its copy, the jobs that were planned, and those each SLURM job did."""

    workspace: Workspace
    planned: list[Asked]
    done: dict[int, set[Asked]]


@pytest.fixture(scope="module")
def on_slurm(slurm: None, tmp_path_factory: pytest.TempPathFactory) -> ClusterRun:
    """The targets at the smoke scale on SLURM, as they are typed on a cluster."""
    workspace = copy_of_repository(tmp_path_factory.mktemp("slurm"))
    planned = workspace.call("snakemake", "-n", "--profile", "slurm", *TARGETS, *SMOKE)
    done = workspace.call("snakemake", "--profile", "slurm", *TARGETS, *SMOKE, *QUICK, "--slurm-keep-successful-logs")
    assert done.returncode == 0, done.stdout + done.stderr
    logs = workspace.path.glob(".snakemake/slurm_logs/**/*.log")
    return ClusterRun(
        workspace,
        asked_jobs(planned.stdout),
        {int(log.stem): set(asked_jobs(log.read_text(encoding="utf-8"))) for log in logs},
    )


def test_every_job_ran_on_slurm_with_what_its_rule_asks_for(on_slurm: ClusterRun) -> None:
    """Each planned job that is not local was done by one completed SLURM job, in the memory and time of its rule."""
    local, known = local_rules(), slurm_jobs()
    assert local & {job.rule for job in on_slurm.planned} >= LOCAL
    wanted = {job for job in on_slurm.planned if job.rule not in local}
    assert {job.rule for job in wanted} >= SUBMITTED | GROUPED
    assert GROUPED in [{job.rule for job in jobs} for jobs in on_slurm.done.values()]
    assert {(job.rule, job.output) for job in wanted} == {
        (job.rule, job.output) for jobs in on_slurm.done.values() for job in jobs
    }
    assert sum(map(len, on_slurm.done.values())) == len(wanted), "a job was done twice"
    for number, jobs in on_slurm.done.items():
        seen = known[number]
        assert seen.state == "COMPLETED", (jobs, seen)
        if len(jobs) == 1:
            (job,) = jobs
            assert (seen.megabytes, seen.minutes) == (job.megabytes, job.minutes), (job, seen)
        else:
            assert seen.megabytes >= max(job.megabytes for job in jobs), (jobs, seen)
            assert seen.minutes >= max(job.minutes for job in jobs), (jobs, seen)


def tables(path: Path) -> dict[str, bytes]:
    """Every table below results/, by name; timings and downloads are none."""
    root = path / "results"
    return {
        str(file.relative_to(root)): file.read_bytes()
        for file in sorted([*root.rglob("*.tsv"), *root.rglob("*.parquet")])
        if file.relative_to(root).parts[0] not in ("benchmarks", "data")
    }


def test_tables_and_figures_are_those_of_a_run_without_slurm(on_slurm: ClusterRun, alone: Workspace) -> None:
    """All tables are byte for byte the same, and the figure is there."""
    ours, theirs = tables(on_slurm.workspace.path), tables(alone.path)
    assert {f"results/{name}" for name in ours} >= {target for target in TARGETS if "/" in target}
    assert [name for name in sorted(ours | theirs) if ours.get(name) != theirs.get(name)] == []
    assert on_slurm.workspace.file("results/figures/ghavasieh2025_fig1.pdf").stat().st_size > 10_000


def test_a_job_that_exceeds_its_memory_is_given_more(slurm: None, tmp_path: Path) -> None:
    """A simulation killed for its memory is sent again, for more of it and more minutes, and succeeds."""
    before = set(slurm_jobs())
    workspace = copy_of_repository(tmp_path)
    # SLURM looks at memory once a second: five seconds of simulation cannot be overlooked, one can
    workspace.file("longer.yaml").write_text(
        "gaussian_avalanches: {samples: {annealed: {launched_per_block: 2_000_000}}}", encoding="utf-8"
    )
    asked = ("--profile", "slurm", SHARD, *SMOKE, "longer.yaml")
    planned = workspace.call("snakemake", "-n", *asked)
    minutes = next(job.minutes for job in asked_jobs(planned.stdout) if job.output == SHARD)
    needed = "simulate_avalanches:mem_mb=300 * attempt ** 2"  # of the 500 MB that it needs, at first
    done = workspace.call("snakemake", *asked, *QUICK, "--set-resources", needed)
    assert done.returncode == 0, done.stdout + done.stderr
    seen = [job for number, job in sorted(slurm_jobs().items()) if number not in before]
    assert [(job.megabytes, job.minutes) for job in seen] == [(300, minutes), (1200, 2 * minutes)]
    assert seen[0].state != "COMPLETED"
    assert seen[1].state == "COMPLETED"
