"""What the jobs of a run cost on this machine, by rule, by experiment and in sum, before any of them runs."""

from __future__ import annotations

import copy
import csv
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from deepcrit.app.config import load_checked
from deepcrit.app.engine import Job, overlaid, plan_jobs, project_root
from deepcrit.app.plan import Plan
from deepcrit.app.plan.costs import cost_of
from deepcrit.core.cost import LAYER, Cost
from deepcrit.data.files import WEIGHTS
from deepcrit.experiments.zoo.cost import PACKAGES, named
from deepcrit.pretrained.classifiers import CLASSIFIERS

_HEADINGS = ("rule", "jobs", "seconds each", "core hours", "memory MB", "disk MB")


class Costs(NamedTuple):
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


def machine_slowness() -> float:
    """How much longer this machine takes than the reference machine, from a fraction of a second of radial chains.

    Processor time is what counts, so that other work on the machine matters little.
    """
    # importing compiled code takes a second, which a run with nothing to do is spared
    import numpy as np

    from deepcrit.physics.propagation.radial import simulate_radial
    from deepcrit.physics.propagation.spec import NetworkSpec

    spec, rng = NetworkSpec(width=100, depth=500, weight_variance=1.005), np.random.default_rng(0)
    simulate_radial(spec, 10, rng, (20, 100))
    began = time.process_time()
    block = simulate_radial(spec, 100_000, rng, (20, 100))
    return (time.process_time() - began) / (LAYER * (block.duration.sum() + block.launched))


def counted_config(config: Mapping[str, Any], root: Path) -> tuple[dict[str, Any], str]:
    """The configuration whose cost is counted, and a sentence on trained weights, empty where none are asked for.

    The scale of the paper counts all weights. Any other counts them if there are some already, fetched or in a local
    directory: whether a server would answer is not asked. Those of packages, which stand beside them, tell nothing.
    """
    counted = copy.deepcopy(dict(config))
    if counted["zoo"]["trained"] == []:
        return counted, ""
    known = [CLASSIFIERS[name] for name in named(counted["zoo"]["trained"])]
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
    counted["weight_tails"]["networks"] = []
    return counted, (
        "Trained weights of zoo.trained are not counted: none are there yet. Where their server answers, they are "
        f"{fetched}."
    )


def job_costs(jobs: Iterable[Job], config: Mapping[str, Any]) -> list[Cost]:
    """Cost of every job on the reference machine, by a configuration as :func:`counted_config` gives it."""
    plan = Plan(config)
    return [cost_of(job.rule, plan, SimpleNamespace(**job.wildcards)) for job in jobs]


def costs(jobs: Sequence[Job], config: Mapping[str, Any], slowness: float, name: Callable[[Job], str]) -> list[Costs]:
    """Costs of jobs that have a name in common, the most expensive first.

    Args:
        jobs: of a dry run.
        config: the configuration, as :func:`counted_config` gives it.
        slowness: of the machine.
        name: what a job counts for.
    """
    found = dict[str, list[Cost]]()
    for job, cost in zip(jobs, job_costs(jobs, config), strict=True):
        found.setdefault(name(job), []).append(cost._replace(seconds=slowness * cost.seconds))
    rows = []
    for each, values in found.items():
        seconds, memory, disk, _ = zip(*values, strict=True)
        rows.append(Costs(each, len(values), max(seconds), sum(seconds), max(memory), sum(disk)))
    return sorted(rows, key=lambda row: row.seconds, reverse=True)


def total(rows: Sequence[Costs]) -> Costs:
    """Sum of costs, and their largest memory."""
    _, jobs, longest, seconds, memory, disk = zip(*rows, strict=True) if rows else ((), (), (), (), (), ())
    return Costs("all", sum(jobs), max(longest, default=0.0), sum(seconds), max(memory, default=0.0), sum(disk))


def experiments(root: Path) -> Callable[[Job], str]:
    """Experiment of a job: the folder that its script is in, or what its avalanches are of."""
    folders = {path.stem: path.parent.name for path in (root / "scripts").glob("*/*.py")}

    def of(job: Job) -> str:
        # rules of data sets share a script
        return job.wildcards.get("experiment", folders.get(job.rule, "data"))

    return of


def cost_table(rows: Sequence[Costs]) -> str:
    """The costs as text, with their sum."""
    cells = [list(_HEADINGS)]
    for row in [*rows, total(rows)]:
        numbers = (f"{row.each:.3g}", f"{row.core_hours:.3g}", f"{row.memory:.0f}", f"{row.disk:.0f}")
        cells.append([row.name, str(row.jobs), *numbers])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    cells.insert(1, ["-" * width for width in widths])
    return "\n".join("  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in cells)


def write_table(rows: Sequence[Costs], path: Path) -> None:
    """The costs as a table with tabs, one row a rule."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(["rule", "jobs", "seconds_each", "seconds_longest", "core_seconds", "memory_mb", "disk_mb"])
        for row in rows:
            numbers = (row.each, row.longest, row.seconds, row.memory, row.disk)
            writer.writerow([row.name, row.jobs, *(f"{number:.4g}" for number in numbers)])


def planned(targets: Sequence[str], configfiles: Sequence[str], root: Path) -> list[Job]:
    """Every job that targets need, whether or not its outputs are there; what only asks for others is none.

    Raises:
        LaunchError: if Snakemake cannot plan them.
    """
    aside = root / ".snakemake" / "log" / f"cost.{os.getpid()}.printed.log"
    # no lock: nothing is written, and a run may be at work
    found = plan_jobs(targets, ["--cores", "1", *overlaid(configfiles), "--nolock"], aside)
    return [job for job in found.jobs if job.outputs]


def predict(targets: Sequence[str], configfiles: Sequence[str], tsv: Path | None) -> int:
    """The command ``deepcrit cost``: print the cost by rule, their sum and what is counted; the exit status."""
    root = project_root()
    config = load_checked(root, configfiles)
    counted, note = counted_config(config, root)
    rows = costs(planned(targets, configfiles, root), counted, machine_slowness(), lambda job: job.rule)
    whole = total(rows)
    print(cost_table(rows))
    print(
        f"\n{whole.jobs} jobs at scale {config['scale']}: {whole.core_hours:.3g} core-hours, the longest job "
        f"{whole.longest / 3600:.2g} hours, at most {whole.memory / 1000:.2g} GB a job, "
        f"{whole.disk / 1000:.2g} GB on disk."
    )
    if note and any(row.name == "measure_dynamics" for row in rows):
        print(note)
    if tsv:
        write_table(rows, tsv)
    return 0
