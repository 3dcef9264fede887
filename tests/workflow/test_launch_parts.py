"""The parts of a launch that need no workflow."""

from __future__ import annotations

import io
import logging
import signal
import socket
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import yaml

from deepcrit.app import engine
from deepcrit.app.engine import Job, LaunchError
from deepcrit.app.launch import estimate as estimates
from deepcrit.app.launch.estimate import RunEstimate
from deepcrit.app.launch.ownership import LEFTOVER, HeldError, _is_snakemake, held, is_query
from deepcrit.app.launch.progress import Progress, duration, end_of_log, signals_noted
from deepcrit.app.launch.run import RunOptions
from deepcrit.app.launch.scoreboard import scoreboard
from deepcrit.claims.schemas import SCOREBOARD
from deepcrit.core.tables import TableError, write_tsv

CONFIG = yaml.safe_load((Path(__file__).resolve().parents[2] / "config.yaml").read_text(encoding="utf-8"))


MERGED = {"experiment": "gaussian_avalanches", "sample": "radial", "width": "25"}


def shard(sample: str, width: int) -> Job:
    """A simulation."""
    keys = {"experiment": "gaussian_avalanches", "sample": sample, "width": str(width), "shard": "0"}
    return Job("simulate_avalanches", keys, outputs=("results/shard.parquet",))


def test_an_estimate_shrinks_as_jobs_finish(tmp_path: Path) -> None:
    """What is left is the work over the cores, never less than the longest job, and nothing at the end."""
    (tmp_path / "deepcrit/physics/propagation/__pycache__").mkdir(parents=True)
    (tmp_path / "deepcrit/physics/propagation/__pycache__/compiled.nbi").touch()
    jobs = [shard("radial", 25), Job("merge_avalanches", MERGED, outputs=("results/merged.parquet",))]
    one, many = RunEstimate(jobs, CONFIG, 1, tmp_path), RunEstimate(jobs, CONFIG, 64, tmp_path)
    longest = max(one.seconds.values())
    own = one.left() - sum(one.seconds.values())
    assert 0 < own < 10, "of Snakemake"
    assert many.left() == pytest.approx(longest + own)
    assert one.left({jobs[0].title}) < one.left()
    assert one.left({job.title for job in jobs}) == 0.0


def test_measured_seconds_are_preferred_at_the_same_scale(tmp_path: Path) -> None:
    """A job's own benchmark counts if the scoreboard is of this scale, and not if it is of another."""
    job = Job("merge_avalanches", MERGED, "results/benchmark.tsv", ("results/merged.parquet",))
    (tmp_path / "results").mkdir()
    (tmp_path / "results/benchmark.tsv").write_text("s\tmax_rss\n123.5\tNA\n", encoding="utf-8")
    (tmp_path / "results/scoreboard.tsv").write_text("claim\tscale\na\tdefault\n", encoding="utf-8")
    assert RunEstimate([job], CONFIG, 1, tmp_path).seconds[job.title] == 123.5
    (tmp_path / "results/scoreboard.tsv").write_text("claim\tscale\na\tsmoke\n", encoding="utf-8")
    assert RunEstimate([job], CONFIG, 1, tmp_path).seconds[job.title] != 123.5


@pytest.mark.parametrize(
    ("command", "snakemake", "query"),
    [
        ("/venv/bin/python /venv/bin/snakemake --cores 2 all", True, False),
        ("python -m snakemake -n all", True, True),
        ("python3 -m snakemake -np", True, True),
        ("snakemake --lint", True, True),
        ("/venv/bin/python /venv/bin/deepcrit run all", True, False),
        ("/venv/bin/python /venv/bin/deepcrit scoreboard", False, False),
        ("less snakemake.log", False, False),
        ("python /project/.snakemake/scripts/tmp1.merge_avalanches.py", False, False),
    ],
)
def test_processes_are_told_apart(command: str, snakemake: bool, query: bool) -> None:
    """Runs are recognised by their command line, queries and other programs are not taken for runs."""
    assert _is_snakemake(command.split()) == snakemake
    if snakemake:
        assert is_query(command.split()) == query


@pytest.mark.parametrize(
    ("name", "left_over"),
    [
        (".0.avalanches.parquet.k3_x9abz", True),
        (".exponents.tsv.abcdefgh", True),
        (".rulegraph.svg.abcdefgh.svg", True),
        (".train-images-idx3-ubyte.4711-0a1b2c3d.part", True),
        ("0.avalanches.parquet", False),
        (".gitignore", False),
        (".snakemake_timestamp", False),
    ],
)
def test_leftovers_are_told_by_name(name: str, left_over: bool) -> None:
    """Only hidden names of interrupted writes count as leftovers."""
    assert bool(LEFTOVER.fullmatch(name)) == left_over


def test_holding_an_untouched_directory(tmp_path: Path) -> None:
    """A directory in which nothing was ever run can be held again and again, with nothing to clear away."""
    for _ in range(2):
        with held(tmp_path) as cleared:
            assert cleared == []


def test_a_run_on_another_host_is_not_declared_dead(tmp_path: Path) -> None:
    """On a shared directory a run that another host left is not cleared away from here; one of this host is."""
    lock = tmp_path / ".snakemake" / "deepcrit.lock"
    lock.parent.mkdir()
    lock.write_text('{"pid": 1, "started": 0.0, "host": "elsewhere"}', encoding="utf-8")
    with pytest.raises(HeldError, match="held by a run on elsewhere"), held(tmp_path):
        pass
    lock.write_text(f'{{"pid": 1, "started": 0.0, "host": "{socket.gethostname()}"}}', encoding="utf-8")
    with held(tmp_path):
        pass
    assert lock.read_text(encoding="utf-8") == ""


def test_jobs_that_outlive_their_run_in_a_queue_are_not_disturbed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is cleared away while a job that a run sent from this directory is in the queue of SLURM, or may be."""
    leftover = tmp_path / "results" / ".0.avalanches.parquet.k3_x9abz"
    leftover.parent.mkdir()
    leftover.touch()
    squeue = tmp_path / "bin" / "squeue"
    squeue.parent.mkdir()
    monkeypatch.setenv("PATH", f"{squeue.parent}:/usr/bin:/bin")
    run, mute = "1e2f3a4b-0000-4000-8000-0123456789ab", "echo no controller >&2; exit 1"
    others = f"echo '40 {run} /elsewhere'; echo '42 mine {tmp_path}'"
    for script, message in (
        (f"{others}; echo '41 {run} {tmp_path}'", "still in the queue of SLURM: 41. Wait"),
        (mute, "whether jobs of an earlier run still run: no controller"),
    ):
        squeue.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        squeue.chmod(0o755)
        (tmp_path / ".snakemake/slurm_logs").mkdir(parents=True, exist_ok=True)
        with pytest.raises(HeldError, match=message), held(tmp_path):
            pass
        assert leftover.exists()
    (tmp_path / ".snakemake/slurm_logs").rmdir()
    with held(tmp_path) as cleared:
        assert cleared == ["removed 1 half-written file"], "nothing was ever sent to a queue that does not answer"
    squeue.write_text(f"#!/bin/sh\n{others}\n", encoding="utf-8")
    with held(tmp_path) as cleared:
        assert cleared == []


def test_what_does_not_fit_this_machine_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that wants more memory than there is, and results that the disk has no room for, with the key to change."""
    jobs = [shard("radial", 25), Job("merge_avalanches", MERGED, outputs=("results/merged.parquet",))]
    estimate = RunEstimate(jobs, CONFIG, 2, tmp_path)
    wanted = [cost.memory for cost in estimate.costs.values()]
    monkeypatch.setattr(estimates, "memory_of_machine", lambda: sum(wanted) + 1)
    assert estimate.hold_against_machine(tmp_path) == ""
    monkeypatch.setattr(estimates, "memory_of_machine", lambda: sum(wanted) - 1)
    assert "2 jobs at a time" in estimate.hold_against_machine(tmp_path)
    assert "--cores 1 takes less" in estimate.hold_against_machine(tmp_path)
    monkeypatch.setattr(estimates, "memory_of_machine", lambda: max(wanted) - 1)
    with pytest.raises(LaunchError, match=r"merge_avalanches radial N25 wants .* GB of memory.* gaussian_avalanches\."):
        estimate.hold_against_machine(tmp_path)
    monkeypatch.setattr(estimates, "memory_of_machine", lambda: sum(wanted) + 1)
    monkeypatch.setattr(estimates.shutil, "disk_usage", lambda path: SimpleNamespace(free=1e6))
    with pytest.raises(LaunchError, match=r"this run wants .* GB of disk, and this machine has"):
        estimate.hold_against_machine(tmp_path)


def test_the_memory_of_a_container_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of a control group is the memory there is; without one, or with none set, it is that of the machine."""
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(estimates, "LIMIT", limit)
    whole = estimates.memory_of_machine()
    assert whole > 100
    limit.write_text("max\n", encoding="utf-8")
    assert estimates.memory_of_machine() == whole
    limit.write_text("50000000\n", encoding="utf-8")
    assert estimates.memory_of_machine() == 50


def test_a_dry_run_may_be_asked_of_snakemake() -> None:
    """Whatever stands behind -- and makes Snakemake only look keeps deepcrit run from mending anything."""
    assert RunOptions(extra=("--profile", "slurm", "-n")).only_looks
    assert RunOptions(extra=("--dry-run",)).only_looks
    assert not RunOptions(extra=("--profile", "slurm")).only_looks


def test_the_end_of_a_log_is_the_error(tmp_path: Path) -> None:
    """Of a log with chained tracebacks the message of the last error is shown, whole; an empty log says so."""
    log = tmp_path / "job.log"
    log.write_text(
        'x INFO: begun\nTraceback (most recent call last):\n  File "a.py", line 1, in f\n    f()\nKeyError: 1\n\n'
        'The above exception was the direct cause\n\nTraceback (most recent call last):\n  File "b.py", line 2, in g\n'
        "    g()\n    ^^^\nValueError: found 1,\nexpected 2\n",
        encoding="utf-8",
    )
    assert end_of_log(log) == ["ValueError: found 1,", "expected 2"]
    log.write_text("x INFO: begun\nx ERROR: no image\n", encoding="utf-8")
    assert end_of_log(log) == ["x INFO: begun", "x ERROR: no image"]
    assert "empty" in end_of_log(tmp_path / "absent.log")[0]


def tell(progress: Progress, event: str, **fields: object) -> None:
    """Hand a record on, as Snakemake does."""
    record = logging.LogRecord("snakemake", logging.INFO, "", 0, "", None, None)
    record.__dict__.update(event=event, **fields)
    progress(record)


def begin(progress: Progress, number: int, width: str, **fields: object) -> None:
    """A job begins."""
    tell(progress, "job_info", jobid=number, rule_name="fit", wildcards={"width": width}, **fields)


def test_progress_tells_of_failures(tmp_path: Path) -> None:
    """A failure is shown at once with its log; the count of jobs is shown at the end."""
    stream = io.StringIO()
    progress = Progress(2, lambda _: 10.0, stream)
    (tmp_path / "a.log").write_text("ValueError: no\n", encoding="utf-8")
    begin(progress, 1, "25")
    tell(progress, "job_error", jobid=1, rule_name="fit", log=[str(tmp_path / "a.log")])
    begin(progress, 1, "25")
    tell(progress, "job_finished", job_id=1)
    tell(progress, "progress", done=2, total=2)
    assert "FAILED  fit N25" in stream.getvalue()
    assert "  | ValueError: no" in stream.getvalue()
    assert stream.getvalue().endswith("2 of 2 jobs done in a few seconds\n")
    assert progress.failed == [], "it was retried to a good end"
    begin(progress, 2, "50")
    tell(progress, "job_error", jobid=2, rule_name="fit", log=[])
    assert progress.failed == ["fit N50"]


def test_progress_tells_what_each_job_took(tmp_path: Path) -> None:
    """One line a job: rule, wildcards, seconds and peak memory, where there was time to look at it."""
    stream = io.StringIO()
    progress = Progress(stream=stream)
    for number, memory in ((1, "250.31"), (2, "NA")):
        benchmark = tmp_path / f"{number}.tsv"
        benchmark.write_text(f"s\th:m:s\tmax_rss\n{number}.25\t0:00:01\t{memory}\n", encoding="utf-8")
        begin(progress, number, f"{number}5", benchmark=str(benchmark))
        tell(progress, "job_finished", job_id=number)
    first, second = (line.split() for line in stream.getvalue().splitlines())
    assert first == ["fit", "N15", "1.2", "s", "250", "MB"]
    assert second == ["fit", "N25", "2.2", "s"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_job_that_a_signal_ends_is_not_blamed(number: signal.Signals) -> None:
    """A run that is told to stop knows it as the signal arrives, before Python or Snakemake come to it."""
    stream, before = io.StringIO(), signal.signal(number, lambda *_: None)
    try:
        with signals_noted() as stopped:
            progress = Progress(1, stream=stream, stopped=stopped)
            begin(progress, 1, "25")
            assert not progress.interrupted
            signal.raise_signal(number)
            tell(progress, "job_error", jobid=1, rule_name="fit", log=[])
            assert progress.interrupted
        assert (progress.failed, stream.getvalue()) == ([], "")
    finally:
        signal.signal(number, before)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3, "a few seconds"),
        (44, "about 40 seconds"),
        (130, "about 2 minutes"),
        (3599, "about 60 minutes"),
        (9000, "about 2.5 hours"),
        (20 * 3600, "about 20 hours"),
        (29751.7 * 3600, "about 3.5 years"),
        (1e6, "about 12 days"),
    ],
)
def test_durations_read_well(seconds: float, text: str) -> None:
    """No more digits than an estimate has, in the largest unit of which there is more than one."""
    assert duration(seconds) == text


def test_the_scoreboard_fits_the_terminal(tmp_path: Path) -> None:
    """Every claim has its line with interval and verdict, cut to the terminal's width, and verdicts are counted."""
    told = {
        "paper": "p2025",
        "figure": "Fig. 2",
        "quantity": "q",
        "reason": "r",
        "scale": "smoke",
        "samples": "2",
        "evidence": "simulated",
        "repeats": "",
    }
    tau = {
        "claim": "p2025.fig2.tau",
        "published": "1.56 +- 0.01",
        "measured": "1.531",
        "value": 1.531,
        "ci_low": 1.52,
        "ci_high": 1.54,
    }
    gamma = {"claim": "p2025.fig2.gamma", "published": "a sentence that is " + "very " * 30 + "long", "measured": "1.4"}
    rows = [{**told, **tau, "verdict": "differs"}, {**told, **gamma, "verdict": "undecided"}]
    path = tmp_path / "results" / "scoreboard.tsv"
    write_tsv(pd.DataFrame(rows), path, SCOREBOARD)
    text = scoreboard(tmp_path, columns=100)
    lines = text.splitlines()
    assert all(len(line) <= 100 for line in lines)
    assert any("fig2.tau" in line and "1.531 [1.520, 1.540]" in line and line.endswith("differs") for line in lines)
    assert lines[-1] == "2 claims: 1 differs, 1 undecided"
    assert lines[-3:-1] == ["by what ours is:", "  simulated  1 differs, 1 undecided"]
    chosen = scoreboard(tmp_path, ["paper=p2025", "verdict=differs"], columns=100)
    assert "fig2.tau" in chosen
    assert "fig2.gamma" not in chosen
    assert chosen.endswith("1 claims: 1 differs")
    for wrong, message in (
        ("verdict=difers", "no verdict is 'difers'; expected one of differs"),
        ("verdit=differs", "there is no column 'verdit'; expected one of verdict"),
        ("evidence=trained", "no evidence is 'trained'; expected one of simulated"),
        ("differs", "there is no column 'differs'; expected one of "),
    ):
        with pytest.raises(ValueError, match=message):
            scoreboard(tmp_path, [wrong])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(TableError, match=r"scoreboard\.tsv: not a whole TSV table"):
        scoreboard(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "limited"),
    [
        (["--cores", "2"], False),
        (["--cores", "2", "--max-jobs-per-timespan=5/2s"], True),
        (["--jobs", "2", "--executor", "slurm"], True),
    ],
)
def test_runs_of_one_machine_keep_to_no_rate(
    arguments: list[str], limited: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Unless it is asked for, or jobs are another machine's; and what Snakemake comes to is the status."""
    seen = []

    def succeed_without_limit(parsed: SimpleNamespace, parser: object) -> bool:
        seen.append(parsed.max_jobs_per_timespan)
        return parsed.max_jobs_per_timespan is None

    monkeypatch.setattr("snakemake.cli.args_to_api", succeed_without_limit)
    assert engine.call(arguments, tmp_path / "aside", lambda record: None) == int(limited)
    assert [rate is not None for rate in seen] == [limited]
