"""What a fault costs: nothing but the work that was under way, and never a wrong table."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from workspace import EXPONENTS, POINT, SMOKE, Workspace

from deepcrit.core.tables import is_whole

Start = Callable[[list[str], Workspace], subprocess.Popen[str]]
SHARD = f"{POINT}/shards/1.avalanches.parquet"
MERGED = tuple(f"{POINT}/{table}.parquet" for table in ("avalanches", "blocks", "profiles"))
MERGE_LOG = "results/logs/merge_avalanches/gaussian_avalanches/radial_N25.log"


@pytest.mark.slice
def test_no_finished_table_is_taken_for_damaged(finished: Workspace) -> None:
    """Every Parquet table that the workflow made passes the check by which altered ones are removed."""
    paths = list(finished.file("results").rglob("*.parquet"))
    assert len(paths) > 10
    assert [path for path in paths if not is_whole(path)] == []


def test_a_killed_simulation_is_retried(workspace: Workspace, finished: Workspace, start: Start) -> None:
    """kill -9 of a shard's process: the run makes that shard again by itself, the other shard stays, same bytes."""
    workspace.forget(f"{POINT}/shards/1.*", *MERGED, EXPONENTS)
    before = workspace.times(f"{POINT}/shards/0.*")
    process = start(workspace.command("deepcrit", "run", EXPONENTS, "--cores", "1", *SMOKE), workspace)
    workspace.await_job("simulate_avalanches").kill()
    output, _ = process.communicate()
    assert process.returncode == 0, output
    assert "FAILED  simulate_avalanches radial N25 shard 1" in output
    assert workspace.times(f"{POINT}/shards/0.*") == before
    assert workspace.tables() == finished.tables()


def test_a_killed_job_is_done_by_the_next_run(workspace: Workspace, finished: Workspace, start: Start) -> None:
    """kill -9 of a job that is not retried: the run names it and fails; the next one finishes from the same shards."""
    workspace.forget(*MERGED, EXPONENTS)
    before = workspace.times(f"{POINT}/shards/*")
    process = start(workspace.command("deepcrit", "run", EXPONENTS, *SMOKE), workspace)
    workspace.await_job("merge_avalanches").kill()
    output, _ = process.communicate()
    assert process.returncode == 1
    assert "FAILED  merge_avalanches radial N25" in output
    assert MERGE_LOG in output
    assert workspace.run(EXPONENTS).returncode == 0
    assert workspace.times(f"{POINT}/shards/*") == before
    assert workspace.tables() == finished.tables()


@pytest.mark.parametrize("program", ["deepcrit", pytest.param("snakemake", marks=pytest.mark.slice)])
def test_after_a_killed_snakemake(workspace: Workspace, finished: Workspace, start: Start, program: str) -> None:
    """kill -9 of Snakemake: the next run removes its lock, ends its orphan, clears half-written files and finishes."""
    workspace.forget(f"{POINT}/shards/1.*", *MERGED, EXPONENTS)
    before = workspace.times(f"{POINT}/shards/0.*")
    arguments = [*(["run"] if program == "deepcrit" else []), EXPONENTS, "--cores", "1", *SMOKE]
    process = start(workspace.command(program, *arguments), workspace)
    orphan = workspace.await_job("simulate_avalanches")
    orphan.suspend()
    process.send_signal(signal.SIGKILL)
    process.wait()
    half_written = workspace.file(f"{POINT}/shards/.1.blocks.parquet.a1b2c3d4")
    half_written.write_bytes(b"PAR1")
    assert orphan.is_running()
    assert list(workspace.file(".snakemake/locks").glob("*.lock"))

    done = workspace.run(EXPONENTS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "removed the lock of a run that was killed" in done.stdout
    assert str(orphan.pid) in done.stdout
    assert not orphan.is_running() or orphan.status() == "zombie"
    assert not half_written.exists()
    assert workspace.times(f"{POINT}/shards/0.*") == before
    assert workspace.tables() == finished.tables()


@pytest.mark.parametrize("program", ["deepcrit", "snakemake"])
def test_a_live_run_is_left_alone(workspace: Workspace, start: Start, program: str) -> None:
    """While a run holds the directory, another refuses with its process id, touches nothing and exits with 2."""
    workspace.forget(*MERGED, EXPONENTS)
    arguments = [*(["run"] if program == "deepcrit" else []), EXPONENTS, "--cores", "1", *SMOKE]
    process = start(workspace.command(program, *arguments), workspace)
    job = workspace.await_job("merge_avalanches")
    job.suspend()
    second = workspace.run(EXPONENTS)
    assert second.returncode == 2
    assert f"held by another run, process {process.pid}" in second.stderr
    assert "Traceback" not in second.stderr
    job.resume()
    output, _ = process.communicate()
    assert process.returncode == 0, output


@pytest.mark.slice
def test_an_interrupted_run_says_so(workspace: Workspace, finished: Workspace, start: Start) -> None:
    """Ctrl-C ends jobs and run without blaming the jobs; the next run goes on from there."""
    workspace.forget(*MERGED, EXPONENTS)
    process = start(workspace.command("deepcrit", "run", EXPONENTS, *SMOKE), workspace)
    workspace.await_job("merge_avalanches")
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate()
    assert process.returncode == 130
    assert "interrupted; the same command goes on from there" in output
    assert "FAILED" not in output
    assert "Traceback" not in output
    assert workspace.run(EXPONENTS).returncode == 0
    assert workspace.tables() == finished.tables()


def truncate(shard: Path) -> None:
    """Lose the second half."""
    shard.write_bytes(shard.read_bytes()[: shard.stat().st_size // 2])


def flip(shard: Path) -> None:
    """Change bytes in the middle."""
    content = bytearray(shard.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4] = bytes(byte ^ 0xFF for byte in content[middle : middle + 4])
    shard.write_bytes(content)


def rewrite(shard: Path) -> None:
    """Edit a value and save, as a notebook would."""
    table = pd.read_parquet(shard)
    table.loc[0, "duration"] += 1
    table.to_parquet(shard)


def date_tomorrow(shard: Path) -> None:
    """Set the time of a day ahead."""
    os.utime(shard, (time.time() + 86400,) * 2)


def run_after(damage: Callable[[Path], None], name: str, workspace: Workspace) -> str:
    """Damage a finished file, run from shards on, and return what was said."""
    workspace.forget(*MERGED, EXPONENTS)
    damage(workspace.file(name))
    done = workspace.run(EXPONENTS)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("damage", [truncate, pytest.param(flip, marks=pytest.mark.slice), rewrite])
def test_a_damaged_shard_is_made_again(
    workspace: Workspace, finished: Workspace, damage: Callable[[Path], None]
) -> None:
    """A truncated, altered or re-saved shard is named and made again, and no other; the tables are as before."""
    before = workspace.times(f"{POINT}/shards/0.*")
    said = run_after(damage, SHARD, workspace)
    assert f"removed {SHARD}, which was altered after it was made, to make it again" in said
    assert workspace.times(f"{POINT}/shards/0.*") == before
    assert workspace.tables() == finished.tables()


@pytest.mark.parametrize("damage", [truncate, Path.unlink])
def test_a_damaged_manifest_costs_no_shard(
    workspace: Workspace, finished: Workspace, damage: Callable[[Path], None]
) -> None:
    """Half a manifest, or none, is made again first and, as it comes out the same, every shard of it is kept."""
    manifest = f"{POINT}/manifest.tsv"
    before = workspace.times(f"{POINT}/shards/*")
    said = run_after(damage, manifest, workspace)
    assert (f"removed {manifest}, which was altered after it was made" in said) == (damage is truncate)
    assert workspace.times(f"{POINT}/shards/*") == before
    assert workspace.tables() == finished.tables()


def test_a_shard_of_the_future_is_kept(workspace: Workspace, finished: Workspace) -> None:
    """A whole shard dated tomorrow, from which Snakemake would make nothing, gets back its time, and is used."""
    before = workspace.times(f"{POINT}/shards/*")
    said = run_after(date_tomorrow, SHARD, workspace)
    assert f"set back the time of {SHARD}, which lay in the future" in said
    assert {name: when // 10**6 for name, when in workspace.times(f"{POINT}/shards/*").items()} == {
        name: when // 10**6 for name, when in before.items()
    }
    assert workspace.tables() == finished.tables()


def test_plain_snakemake_refuses_a_damaged_shard(workspace: Workspace) -> None:
    """Snakemake does not look: the merge then names the file and what to do, and makes no table."""
    workspace.forget(*MERGED, EXPONENTS)
    truncate(workspace.file(SHARD))
    done = workspace.call("snakemake", "--cores", "1", EXPONENTS, *SMOKE)
    assert done.returncode == 1
    log = workspace.file(MERGE_LOG).read_text(encoding="utf-8")
    assert f"TableError: {SHARD}: not a whole Parquet table" in log
    assert "delete it to have it made again" in log
    assert not workspace.file(MERGED[0]).exists()


def test_too_few_avalanches(workspace: Workspace, tmp_path: Path) -> None:
    """Too few avalanches in the fitted range: that rule alone fails, saying how many were found and are needed."""
    overlay = tmp_path / "few.yaml"
    overlay.write_text("gaussian_avalanches: {fits: {duration_range: [597, 598]}}\n", encoding="utf-8")
    done = workspace.call("deepcrit", "run", EXPONENTS, f"{POINT}/densities.tsv", *SMOKE, str(overlay), "--", "-k")
    assert done.returncode == 1
    assert "FAILED  fit_power_laws radial N25" in done.stderr
    assert done.stderr.count("FAILED") == 1
    (message,) = [line for line in done.stderr.splitlines() if "Error: " in line]
    assert "0 points in [597, 598]" in message
    assert "needs at least 50" in message
    assert workspace.file(f"{POINT}/densities.tsv").is_file()


@pytest.mark.parametrize(
    ("overlay", "key", "expected"),
    [
        ("gaussian_avalanches: {dept: 600}", "gaussian_avalanches.dept: unknown key", "depth"),
        ("gaussian_avalanches: {depth: deep}", "gaussian_avalanches.depth: found 'deep'", "integer"),
        ("gaussian_avalanches: {bias_variance: -0.1}", "gaussian_avalanches.bias_variance: found -0.1", "expected"),
        (
            "gaussian_avalanches: {samples: {radial: {widths: [0, 25, 50, 100]}}}",
            "gaussian_avalanches.samples.radial.widths.0: found 0",
            "greater than or equal to",
        ),
        (
            "gaussian_avalanches: {fits: {duration_range: [300, 300]}}",
            "gaussian_avalanches.fits.duration_range: found [300, 300]",
            "expected xmin < xmax",
        ),
    ],
    ids=["unknown key", "mistyped value", "negative variance", "zero width", "xmin not below xmax"],
)
def test_a_bad_configuration_stops_before_the_first_job(
    clean: Workspace, tmp_path: Path, overlay: str, key: str, expected: str
) -> None:
    """A bad key or value is named with what was expected, by deepcrit and by plain snakemake, without a traceback."""
    path = tmp_path / "bad.yaml"
    path.write_text(overlay + "\n", encoding="utf-8")
    ours = clean.call("deepcrit", "run", "all", *SMOKE, str(path))
    plain = clean.call("snakemake", "-n", "all", *SMOKE, str(path))
    assert ours.returncode == 2
    assert plain.returncode == 1
    for done in (ours, plain):
        output = done.stdout + done.stderr
        assert key in output
        (line,) = [line for line in output.splitlines() if key in line]
        assert expected in line
        assert "Traceback" not in output
    assert not clean.file("results").exists()
