"""Run every benchmark and write the table under docs/."""

import argparse
import platform
from pathlib import Path

import cost
import criticality_loss
import interval_coverage
import jacobians
import mean_field
import mixed_models
import pandas as pd
import power_law_fits
import propagation
import resnets
import training

HEADER = """# Benchmarks

Measured by `make benchmarks` on {machine}, {cores}. Each number stands beside what a user would otherwise
run, in the same run on the same cores; an empty alternative means an absolute target. Compilation is not timed.

"""


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def main(output: Path) -> None:
    """Collect the tables of all benchmarks into one page."""
    benchmarks = (
        propagation,
        power_law_fits,
        interval_coverage,
        mean_field,
        training,
        resnets,
        jacobians,
        criticality_loss,
        mixed_models,
        cost,
    )
    tables = [benchmark.run() for benchmark in benchmarks]
    table = pd.concat(tables, ignore_index=True)
    lines = ["| quantity | deepcrit | alternative | unit | ratio | target | met |", "|---|---|---|---|---|---|---|"]
    for row in table.itertuples():
        numbers = ["" if pd.isna(value) else f"{value:.3g}" for value in (row.deepcrit, row.alternative, row.ratio)]
        met = "" if pd.isna(row.met) else ("yes" if row.met else "no")
        lines.append(
            f"| {row.quantity} | {numbers[0]} | {numbers[1]} | {row.unit} | {numbers[2]} | {row.target} | {met} |"
        )
    cores = f"{propagation.CORES} cores"
    output.write_text(HEADER.format(machine=processor(), cores=cores) + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    main(parser.parse_args().output)
