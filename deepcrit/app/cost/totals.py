"""What the jobs of a run cost, job by job, by rule, by experiment and in sum."""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from deepcrit.app.cost.classified import PACKAGES
from deepcrit.app.cost.disk import megabytes_on_disk
from deepcrit.app.cost.memory import megabytes_of
from deepcrit.app.cost.rules import wildcards_of, work_of
from deepcrit.app.cost.speed import Work, seconds_of
from deepcrit.app.launch.engine import Job
from deepcrit.app.plan import Plan
from deepcrit.data.files import WEIGHTS
from deepcrit.pretrained.classifiers import CLASSIFIERS

HEADINGS = ("rule", "jobs", "seconds each", "core hours", "memory MB", "disk MB")


class Cost(NamedTuple):
    """Of the jobs of one rule, or of more: longest and summed seconds of one core, largest memory, disk in all."""

    name: str
    jobs: int
    longest: float
    seconds: float
    memory: float
    disk: float

    @property
    def each(self) -> float:
        """Mean seconds of a job."""
        return self.seconds / max(1, self.jobs)

    @property
    def core_hours(self) -> float:
        """Hours of one core."""
        return self.seconds / 3600


def counted_config(config: Mapping[str, Any], root: Path) -> tuple[dict[str, Any], str]:
    """The configuration whose cost is counted, and a sentence on trained weights, empty where none are asked for.

    The scale of the paper counts all weights. Any other counts them if there are some already, fetched or in a local
    directory: whether a server would answer is not asked. Those of packages, which stand beside them, tell nothing.
    """
    counted = copy.deepcopy(dict(config))
    if counted["zoo"]["trained"] in ("none", []):
        return counted, ""
    chosen = counted["zoo"]["trained"]
    known = list(CLASSIFIERS.values()) if chosen == "all" else [CLASSIFIERS[name] for name in chosen]
    gigabytes = sum(one.megabytes for one in known) / 1000
    fetched = f"{sum(one.sets for one in known)} files, {gigabytes:.2g} GB"
    local = config["trained_weights"]["local_directory"]
    place = Path(local) if local else root / WEIGHTS
    if config["scale"] == "paper":
        return counted, f"Trained weights of zoo.trained are counted: {fetched}."
    names = [path.name.replace("-", "_") for path in place.glob("*.pth")]
    if any(not name.startswith(tuple(PACKAGES)) for name in names):
        return counted, "Trained weights of zoo.trained are counted, since some are there."
    counted["zoo"]["trained"] = []
    return counted, (
        "Trained weights of zoo.trained are not counted: none are there yet. Where their server answers, they are "
        f"{fetched}."
    )


def works(jobs: Iterable[Job], config: Mapping[str, Any]) -> list[Work]:
    """Work of every job."""
    plan = Plan(config)
    return [work_of(job.rule, plan, wildcards_of(job.wildcards)) for job in jobs]


def costs(
    jobs: Sequence[Job], config: Mapping[str, Any], speed: Mapping[str, float], name: Callable[[Job], str]
) -> list[Cost]:
    """Costs of jobs that have a name in common, the most expensive first.

    Args:
        jobs: of a dry run.
        config: the configuration, as :func:`counted_config` gives it.
        speed: seconds of every operation.
        name: what a job counts for.
    """
    plan, found = Plan(config), dict[str, list[tuple[float, float, float]]]()
    for job, work in zip(jobs, works(jobs, config), strict=True):
        wildcards = wildcards_of(job.wildcards)
        one = (
            seconds_of(work, speed),
            megabytes_of(job.rule, plan, wildcards),
            megabytes_on_disk(job.rule, plan, wildcards),
        )
        found.setdefault(name(job), []).append(one)
    rows = []
    for each, values in found.items():
        seconds, memory, disk = zip(*values, strict=True)
        rows.append(Cost(each, len(values), max(seconds), sum(seconds), max(memory), sum(disk)))
    return sorted(rows, key=lambda row: row.seconds, reverse=True)


def total(rows: Iterable[Cost]) -> Cost:
    """Sum of costs, and their largest memory."""
    rows = list(rows)
    return Cost(
        "all",
        sum(row.jobs for row in rows),
        max((row.longest for row in rows), default=0.0),
        sum(row.seconds for row in rows),
        max((row.memory for row in rows), default=0.0),
        sum(row.disk for row in rows),
    )


def experiments(root: Path) -> Callable[[Job], str]:
    """Experiment of a job: the folder that its script is in, or what its avalanches are of."""
    folders = {path.stem: path.parent.name for path in (root / "scripts").glob("*/*.py")}

    def of(job: Job) -> str:
        # rules of data sets share a script
        return job.wildcards.get("experiment", folders.get(job.rule, "data"))

    return of


def table(rows: Sequence[Cost]) -> str:
    """The costs as text, with their sum."""
    lines = []
    for row in [*rows, total(rows)]:
        numbers = (f"{row.each:.3g}", f"{row.core_hours:.3g}", f"{row.memory:.0f}", f"{row.disk:.0f}")
        lines.append([row.name, str(row.jobs), *numbers])
    cells = [list(HEADINGS), *lines]
    widths = [max(len(line[at]) for line in cells) for at in range(len(HEADINGS))]
    padded = [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(wide) for cell, wide in zip(line[1:], widths[1:], strict=True))]
        )
        for line in cells
    ]
    return "\n".join([padded[0], "  ".join("-" * wide for wide in widths), *padded[1:]])


def write_table(rows: Sequence[Cost], path: Path) -> None:
    """The costs as a table with tabs, one row a rule."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(["rule", "jobs", "seconds_each", "seconds_longest", "core_seconds", "memory_mb", "disk_mb"])
        for row in rows:
            numbers = (row.each, row.longest, row.seconds, row.memory, row.disk)
            writer.writerow([row.name, row.jobs, *(f"{number:.4g}" for number in numbers)])
