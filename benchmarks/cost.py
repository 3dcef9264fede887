"""Predicted seconds of every rule against what its jobs took in a finished run: predicted over measured."""

from __future__ import annotations

import argparse
import csv
import os
from collections import defaultdict
from pathlib import Path

import pandas as pd

from deepcrit.app.config import load
from deepcrit.app.cost.calibration import calibrate
from deepcrit.app.cost.command import planned
from deepcrit.app.cost.speed import seconds_of
from deepcrit.app.cost.totals import counted_config, works
from deepcrit.app.launch.engine import Job

ROOT = Path(__file__).resolve().parents[1]
LEAST = 10.0  # core-seconds of a rule that is held against its prediction
WITHIN = 1.5


def measured(jobs: list[Job], results: Path) -> dict[str, float]:
    """Seconds of the jobs that a run has finished, by the path of their benchmark.

    Wall time of jobs that use one thread each; Snakemake samples processor time too rarely.
    """
    seconds = {}
    for job in jobs:
        if job.benchmark and (path := results.parent / job.benchmark).is_file():
            with path.open(newline="") as stream:
                seconds[job.benchmark] = float(next(csv.DictReader(stream, delimiter="\t"))["s"])
    return seconds


def compare(results: Path, speed: dict[str, float]) -> pd.DataFrame:
    """One row a rule that took longer than :data:`LEAST`, the longest first: predicted and measured core-seconds."""
    config = load(ROOT / "config.yaml")
    jobs = planned(["all"], [], ROOT)
    found = measured(jobs, results)
    counted, _ = counted_config(config, results.parent)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for job, work in zip(jobs, works(jobs, counted), strict=True):
        if job.benchmark in found:
            sums[job.rule][0] += seconds_of(work, speed)
            sums[job.rule][1] += found[job.benchmark]
    rows = [(rule, predicted, taken) for rule, (predicted, taken) in sums.items() if taken > LEAST]
    table = pd.DataFrame(rows, columns=["rule", "predicted", "measured"]).sort_values("measured", ascending=False)
    return table.assign(factor=table["predicted"] / table["measured"])


def run(results: Path = ROOT / "results", speed: dict[str, float] | None = None) -> pd.DataFrame:
    """Table of a finished run at the default scale, in the columns of docs/benchmarks.md; no rows without one."""
    found = compare(results, speed or calibrate(len(os.sched_getaffinity(0))))
    return pd.DataFrame(
        {
            "quantity": "predicted cost of " + found["rule"] + "; as measured",
            "deepcrit": found["predicted"],
            "alternative": found["measured"],
            "unit": "core-seconds",
            "ratio": found["factor"],
            "target": f"within a factor of {WITHIN}",
            "met": found["factor"].between(1 / WITHIN, WITHIN),
        }
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, nargs="?", default=ROOT / "results")
    parser.add_argument(
        "--toy", action="store_true", help="changes nothing: the measurements take half a minute at most"
    )
    print(run(parser.parse_args().results.resolve()).to_csv(sep="\t", index=False, float_format="%.7g"), end="")
