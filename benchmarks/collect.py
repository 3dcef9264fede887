"""Run every benchmark, each in a process of its own, and write the table under docs/."""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from deepcrit.core.machine import processor

HERE = Path(__file__).resolve().parent
BENCHMARKS = (
    "propagation",
    "power_law_fits",
    "interval_coverage",
    "mean_field",
    "training",
    "resnets",
    "jacobians",
    "criticality_loss",
    "mixed_models",
    "stable_laws",
    "stable_coverage",
    "heavy_tails",
    "weight_tails",
    "graphs",
    "diagnosis",
    "cost",
)
HEADER = """# Benchmarks

Measured by `make benchmarks` on {machine}, {cores} cores. Each number stands beside what a user would otherwise
run, in the same run on the same cores; an empty alternative means an absolute target. Compilation is not timed.

| quantity | deepcrit | alternative | unit | ratio | target | met |
|---|---|---|---|---|---|---|
"""


def rows_of(script: Path, arguments: Sequence[str]) -> tuple[list[str], bool]:
    """Rows that a benchmark adds to the page, or one that says why there are none; and whether it ended well.

    In a process of its own, so that threads, gradients and random state that it sets are nobody else's.
    """
    done = subprocess.run([sys.executable, str(script), *arguments], capture_output=True, encoding="utf-8", check=False)
    sys.stderr.write(done.stderr)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or ["without a word"]
        return [f"| **`{script.name}` failed**: {said[-1].replace('|', '&#124;')} | | | | | | |"], False
    return [_row(row) for row in pd.read_csv(io.StringIO(done.stdout), sep="\t").itertuples()], True


def _row(row: object) -> str:
    """A row of a benchmark's table as one of the page."""
    values = {name: None if pd.isna(value) else value for name, value in row._asdict().items()}  # type: ignore[attr-defined]
    numbers = [
        f"{values[name]:.3g}" if values[name] is not None else "" for name in ("deepcrit", "alternative", "ratio")
    ]
    met = {None: "", True: "yes", False: "no"}[values["met"]]
    unit, target = (values[name] or "" for name in ("unit", "target"))
    return f"| {values['quantity']} | {numbers[0]} | {numbers[1]} | {unit} | {numbers[2]} | {target} | {met} |"


def main(output: Path, scripts: Sequence[Path], arguments: Sequence[str]) -> int:
    """Collect the tables of benchmarks into one page; 1 if one failed, which the page says beside the others."""
    lines, failed = [], []
    for script in scripts:
        print(f"{script.stem} ...", flush=True)
        rows, well = rows_of(script, arguments)
        lines += rows
        if not well:
            failed.append(script.name)
    header = HEADER.format(machine=processor(), cores=len(os.sched_getaffinity(0)))
    output.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument(
        "--toy", action="store_true", help="sizes that take seconds, which only show that all of it runs"
    )
    options = parser.parse_args()
    sys.exit(main(options.output, [HERE / f"{name}.py" for name in BENCHMARKS], ["--toy"] if options.toy else []))
