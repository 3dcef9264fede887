"""What Snakemake would ask for each job of the workflow, from a dry run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

# MB that the two Snakemakes take which start a job's script on a cluster
STARTING = 410


@dataclass(frozen=True)
class Asked:
    """A job: its rule, first output, file of its benchmark, memory in MB and minutes."""

    rule: str
    output: str
    benchmark: str
    megabytes: int
    minutes: int


def asked_jobs(printed: str) -> list[Asked]:
    """Every job with a benchmark (targets have none) in what a dry run or a job printed, indented or not."""
    found = []
    for block in re.split(r"\n(?= *(?:local)?rule \w+:)", "\n" + printed)[1:]:
        fields = dict(re.findall(r"^ +(\w+): (.*)$", block, re.MULTILINE))
        if "benchmark" in fields:
            asks = dict(ask.split("=") for ask in fields["resources"].split(", "))
            rule = block.split()[1].rstrip(":")
            output = fields["output"].split(", ")[0]
            found.append(Asked(rule, output, fields["benchmark"], int(asks["mem_mb"]), int(asks["runtime"])))
    return found


def largest_use(benchmark: Path) -> float:
    """Largest resident memory in MB that a benchmark file reports of its job's script."""
    header, *rows = benchmark.read_text(encoding="utf-8").splitlines()
    column = header.split("\t").index("max_rss")
    return max(float(row.split("\t")[column]) for row in rows)
