"""The command ``deepcrit cost``: what everything that a target needs costs, whatever of it is there already."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deepcrit.app.cost.calibration import calibrate
from deepcrit.app.cost.totals import costs, counted_config, table, total, write_table
from deepcrit.app.launch import LaunchError, engine
from deepcrit.app.launch.engine import Job
from deepcrit.app.launch.run import RunOptions, checked_config, project_root


def planned(targets: Sequence[str], configfiles: Sequence[str], root: Path) -> list[Job]:
    """Every job that targets need, whether or not its outputs are there.

    Raises:
        LaunchError: if Snakemake cannot plan them.
    """
    engine.prepare_environment()
    aside = root / ".snakemake" / "log" / f"cost.{os.getpid()}.printed.log"
    # no lock: nothing is written, and a run may be at work
    extra = ("--forceall", "--nolock")
    status, jobs, messages = engine.planned_jobs(RunOptions(targets, "1", configfiles, extra=extra).arguments, aside)
    printed = aside.read_text(errors="replace") if aside.is_file() else ""
    aside.unlink(missing_ok=True)
    if status != 0:
        raise LaunchError("\n".join(["Snakemake cannot plan this:", *(messages or printed.splitlines()[-5:])]))
    # a target such as all is a job of its own, which does nothing
    return [job for job in jobs if job.benchmark]


def predict(targets: Sequence[str], configfiles: Sequence[str], tsv: Path | None) -> int:
    """Print the predicted cost by rule, and return the exit status."""
    root = project_root()
    config = checked_config(root, configfiles)
    jobs = planned(targets, configfiles, root)
    cores = len(os.sched_getaffinity(0))
    print(f"deepcrit: measuring this machine, {cores} processes at once ...", file=sys.stderr)
    show(jobs, config, calibrate(cores), root, tsv)
    return 0


def show(
    jobs: Sequence[Job], config: Mapping[str, Any], speed: Mapping[str, float], root: Path, tsv: Path | None
) -> None:
    """Print costs by rule, their sum and what is counted."""
    counted, note = counted_config(config, root)
    rows = costs(jobs, counted, speed, lambda job: job.rule)
    whole = total(rows)
    print(table(rows))
    print(
        f"\n{whole.jobs} jobs at scale {config['scale']}: {whole.core_hours:.3g} core-hours, the longest job "
        f"{whole.longest / 3600:.2g} hours, at most {whole.memory / 1000:.2g} GB a job, "
        f"{whole.disk / 1000:.2g} GB on disk."
    )
    if note:
        print(note)
    if tsv:
        write_table(rows, tsv)
