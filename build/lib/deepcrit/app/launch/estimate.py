"""How long a run will take, and whether this machine is large enough for it, before it starts.

Jobs take as long as they took here before at the same scale or, failing that, as long as is predicted for the speed of
this machine.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from deepcrit.app.cost import counted_config, job_costs, machine_slowness
from deepcrit.app.engine import Job, LaunchError
from deepcrit.app.launch.scoreboard import SCOREBOARD_PATH
from deepcrit.core.cost import Cost

_START = 5.0  # seconds until the first job begins
BETWEEN = 0.3  # seconds of Snakemake's own for each job, whatever the cores
COMPILE = 40.0  # seconds to compile the inner loops, once after they changed
CALIBRATED = 30.0  # predicted seconds from which measuring this machine's speed is worth while
LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container


class RunEstimate:
    """Seconds of every job of a run, and of what is left of it.

    Args:
        jobs: jobs to do.
        config: the validated configuration.
        cores: jobs at a time.
        root: the directory of the Snakefile.

    Attributes:
        note: a sentence on what is counted, empty if there is nothing to say.
        costs: of every job, on the reference machine.
    """

    def __init__(self, jobs: Sequence[Job], config: Mapping[str, Any], cores: int, root: Path) -> None:
        jobs = [job for job in jobs if job.outputs]  # others only ask for some
        counted, note = counted_config(config, root)
        self.note = note if any(job.rule == "measure_dynamics" for job in jobs) else ""
        self.costs = dict(zip([job.title for job in jobs], job_costs(jobs, counted), strict=True))
        self.cores = max(1, cores)
        measured = measured_seconds(jobs, config["scale"], root)
        predicted = {title: cost.seconds for title, cost in self.costs.items() if title not in measured}
        slowness = machine_slowness() if sum(predicted.values()) > CALIBRATED else 1.0
        self.compile = 0.0 if any(root.glob("deepcrit/**/__pycache__/*.nbi")) else COMPILE
        self.seconds = measured | {title: slowness * seconds for title, seconds in predicted.items()}

    def left(self, finished: Collection[str] = ()) -> float:
        """Seconds until all is done, once the jobs with these titles are."""
        waiting = [seconds for title, seconds in self.seconds.items() if title not in finished]
        if not waiting:
            return 0.0
        # cores idle when there are more of them than jobs, so that the longest job is a lower bound
        beside = (_START + self.compile) * len(waiting) / len(self.seconds) + BETWEEN * len(waiting)
        return max(sum(waiting) / self.cores, *waiting) + beside

    def hold_against_machine(self, root: Path) -> str:
        """Memory and disk that are wanted, against those of this machine.

        Returns:
            a sentence if jobs fit one by one and not all cores at once; else nothing.

        Raises:
            LaunchError: if a job wants more memory than there is, or all outputs more disk.
        """
        title, largest = max(self.costs.items(), key=lambda item: item[1].memory)
        there, free = memory_of_machine(), shutil.disk_usage(root).free / 1e6
        if largest.memory > there:
            raise LaunchError(_too_small(title, "memory", largest.memory, there, largest))
        wanted = sum(cost.disk for cost in self.costs.values())
        if wanted > free:
            title, largest = max(self.costs.items(), key=lambda item: item[1].disk)
            raise LaunchError(_too_small("this run", "disk", wanted, free, largest))
        together = sum(sorted((cost.memory for cost in self.costs.values()), reverse=True)[: self.cores])
        if together <= there:
            return ""
        fewer = max(1, int(there / largest.memory))
        return (
            f"{self.cores} jobs at a time may take {together / 1000:.2g} GB of memory, and this machine has "
            f"{there / 1000:.2g} GB: --cores {fewer} takes less."
        )


def memory_of_machine() -> float:
    """Memory of this machine, or of the container it is, in MB."""
    limit = LIMIT.read_text(encoding="utf-8").strip() if LIMIT.is_file() else "max"
    there = psutil.virtual_memory().total
    return min(there, int(limit) if limit.isdigit() else there) / 1e6


def _too_small(who: str, what: str, wanted: float, there: float, largest: Cost) -> str:
    smaller = f" {largest.key} makes it smaller." if largest.key else ""
    return (
        f"{who} wants {wanted / 1000:.2g} GB of {what}, and this machine has {there / 1000:.2g} GB.{smaller} "
        "To run it all the same, end the command with -- --resources mem_mb=1000000."
    )


def measured_seconds(jobs: Sequence[Job], scale: str, root: Path) -> dict[str, float]:
    """Seconds that jobs took here, if the scoreboard says that what is here was made at this scale."""
    try:
        with (root / SCOREBOARD_PATH).open(newline="", encoding="utf-8") as stream:
            if next(csv.DictReader(stream, delimiter="\t"))["scale"] != scale:
                return {}
    except (OSError, StopIteration, KeyError, ValueError):
        return {}
    return {job.title: taken.seconds for job in jobs if (taken := job.taken(root))}
