"""Results of a finished tree that are edited or deleted: each is made again, and a dry run says so beforehand."""

from __future__ import annotations

import contextlib
import os
import re
import time
from pathlib import Path

import pytest
from workspace import EXPONENTS, POINT, SMOKE, TARGETS, Workspace, copy_of_repository

from deepcrit.app.engine import plan_jobs
from deepcrit.app.launch.alterations import altered_results, lost_results

MANIFEST, BLOCKS = f"{POINT}/manifest.tsv", f"{POINT}/blocks.parquet"


def damage(path: Path) -> None:
    """Lose the last bytes, some time after the job that made it."""
    path.write_bytes(path.read_bytes()[:-3])
    os.utime(path, (time.time() + 10,) * 2)


@pytest.mark.slice
def test_every_result_of_a_finished_tree_is_missed(workspace: Workspace) -> None:
    """Whichever is deleted is known to be lost, unless it is asked for itself; whichever is damaged, to be that."""
    root = workspace.path
    with contextlib.chdir(root):
        jobs = plan_jobs(TARGETS, ["--cores", "1", *SMOKE, "--nolock"], workspace.file("printed.log")).jobs
    names = [name for job in jobs for name in job.outputs]
    assert len(names) > 20
    assert not any(job.due for job in jobs)
    assert altered_results(root, jobs) == ([], {})
    for name in names:
        path, kept = root / name, root / "kept"
        path.rename(kept)
        assert {*lost_results(root, jobs, ()), *TARGETS} == {name, *TARGETS}
        path.write_bytes(kept.read_bytes())
        damage(path)
        assert altered_results(root, jobs) == ([name], {})
        assert lost_results(root, jobs, [name]) == {name}
        kept.replace(path)


def test_lost_and_damaged_results_are_made_again(workspace: Workspace, finished: Workspace) -> None:
    """A deleted table and a damaged one, on which finished ones stand: just they are made, however often."""
    before = workspace.times(f"{POINT}/shards/*"), workspace.times(EXPONENTS)
    for _ in range(2):
        workspace.forget(BLOCKS)
        damage(workspace.file(MANIFEST))
        planned = workspace.planned(*TARGETS, *SMOKE)
        assert planned == ["initialise_networks", "merge_avalanches"]
        done = workspace.run(*TARGETS)
        assert done.returncode == 0, done.stderr
        assert f"removed {MANIFEST}, which was altered after it was made, to make it again" in done.stdout
        assert re.findall(r"^(\w+) .* s(?: +\d+ MB)?$", done.stderr, re.MULTILINE) == planned
        assert workspace.tables() == finished.tables()
        assert (workspace.times(f"{POINT}/shards/*"), workspace.times(EXPONENTS)) == before
        assert workspace.planned(*TARGETS, *SMOKE) == []


def test_records_may_be_kept_in_a_database(tmp_path: Path) -> None:
    """Damage is seen however Snakemake keeps its records."""
    workspace = copy_of_repository(tmp_path / "copy")
    manifest = workspace.file(MANIFEST)

    def said() -> str:
        done = workspace.call("deepcrit", "run", MANIFEST, *SMOKE, "--", "--persistence-backend", "db")
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "1 job to do" in said()
    content = manifest.read_bytes()
    damage(manifest)
    assert f"removed {MANIFEST}, which was altered" in said()
    assert manifest.read_bytes() == content
    assert "nothing to do" in said()
    assert workspace.file(".snakemake/metadata.db").is_file()
    assert not list(workspace.path.glob(".snakemake/metadata/*"))
