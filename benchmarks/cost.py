"""Predicted seconds of every rule against what its jobs took in a finished run: predicted over measured."""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import pandas as pd

from deepcrit.app.config import load_config
from deepcrit.app.cost import counted_config, job_costs, machine_slowness, planned

ROOT = Path(__file__).resolve().parents[1]
LEAST = 10.0  # core-seconds of a rule that is held against its prediction
WITHIN = 2.0


def compare(results: Path, slowness: float) -> pd.DataFrame:
    """One row a rule that took longer than :data:`LEAST`, the longest first: predicted and measured core-seconds.

    Measured is the wall time of jobs that use one thread each; Snakemake samples processor time too rarely.
    """
    jobs = planned(["all"], [], ROOT)
    counted, _ = counted_config(load_config(ROOT / "config.yaml"), results.parent)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for job, cost in zip(jobs, job_costs(jobs, counted), strict=True):
        if taken := job.taken(results.parent):
            sums[job.rule][0] += slowness * cost.seconds
            sums[job.rule][1] += taken.seconds
    rows = [(rule, predicted, taken) for rule, (predicted, taken) in sums.items() if taken > LEAST]
    table = pd.DataFrame(rows, columns=["rule", "predicted", "measured"]).sort_values("measured", ascending=False)
    return table.assign(factor=table["predicted"] / table["measured"])


def run(results: Path = ROOT / "results", slowness: float | None = None) -> pd.DataFrame:
    """Table of a finished run at the default scale, in the columns of docs/benchmarks.md; no rows without one."""
    found = compare(results, slowness or machine_slowness())
    return pd.DataFrame(
        {
            "quantity": "predicted cost of " + found["rule"] + "; as measured",
            "deepcrit": found["predicted"],
            "alternative": found["measured"],
            "unit": "core-seconds",
            "ratio": found["factor"],
            "target": f"within a factor of {WITHIN:g}",
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
