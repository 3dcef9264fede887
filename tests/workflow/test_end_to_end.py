"""One run from configuration to tables, figure and verdict: killed on the way, resumed, and then with nothing to do."""

from __future__ import annotations

import os
import signal
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

from workspace import POINT, SMOKE, TARGETS, Workspace, copy_of_repository, until

FIGURE = "ghavasieh2025_fig1"


def finished_shards(workspace: Workspace) -> dict[str, int]:
    """Files of shards with their modification times, but for those that Snakemake has marked as incomplete."""
    marks = workspace.file(".snakemake/incomplete")
    return {
        str(path): path.stat().st_mtime_ns
        for path in workspace.path.glob(f"{POINT}/shards/*.parquet")
        if not (marks / urlsafe_b64encode(str(path.relative_to(workspace.path)).encode()).decode()).exists()
    }


def test_a_killed_run_is_resumed_and_ends_as_if_nothing_had_happened(
    tmp_path: Path, finished: Workspace, start: Callable[[list[str], Workspace], subprocess.Popen[str]]
) -> None:
    """After kill -9 of the run and all its jobs the same command keeps what was finished, and makes the rest.

    The first shard is there when it is killed; figure and verdict are shown, tables are byte for byte those of a run
    that nobody disturbed, and a third run does nothing.
    """
    workspace = copy_of_repository(tmp_path / "run")
    arguments = ("run", *TARGETS, FIGURE, "--cores", "2", *SMOKE)
    process = start(workspace.command("deepcrit", *arguments), workspace)
    until(lambda: finished_shards(workspace) or None, "a finished shard")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = finished_shards(workspace)
    assert workspace.planned(*TARGETS, *SMOKE) != []

    resumed = workspace.call("deepcrit", *arguments)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert "fig1.regimes" in resumed.stdout
    assert "1 claims: 1 reproduced" in resumed.stdout
    assert f"results/figures/{FIGURE}.png" in resumed.stdout
    after = finished_shards(workspace)
    assert before.items() <= after.items(), "a finished shard was made again"
    assert workspace.tables() == finished.tables()

    idle = workspace.call("deepcrit", *arguments)
    assert idle.returncode == 0
    assert "nothing to do" in idle.stdout
    assert finished_shards(workspace) == after
