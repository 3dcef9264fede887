"""About how long a run will take, before it starts.

Jobs take as long as they took here before at the same scale or, failing that, as long as :mod:`deepcrit.app.cost`
predicts for their work and the speed of this machine.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from deepcrit.app.cost.speed import REFERENCE, seconds_of
from deepcrit.app.cost.totals import counted_config, works
from deepcrit.app.launch.engine import Job

SCOREBOARD = Path("results/scoreboard.tsv")
COMPILE = 40.0  # seconds to compile the inner loops, once after they changed
CALIBRATED = 30.0  # predicted seconds from which measuring this machine's speed is worth while


class Estimate:
    """Seconds of every job of a run, and of what is left of it.

    Args:
        jobs: jobs to do.
        config: the validated configuration.
        cores: jobs at a time.
        root: the directory of the Snakefile.

    Attributes:
        note: a sentence on what is counted, empty if there is nothing to say.
    """

    def __init__(self, jobs: Iterable[Job], config: Mapping[str, Any], cores: int, root: Path) -> None:
        known = list(jobs)
        measured = measured_seconds(known, config["scale"], root)
        counted, note = counted_config(config, root)
        self.note = note if any(job.rule == "measure_dynamics" for job in known) else ""
        predicted = {
            job.title: seconds_of(work)
            for job, work in zip(known, works(known, counted), strict=True)
            if job.title not in measured
        }
        slowness = machine_slowness() if sum(predicted.values()) > CALIBRATED else 1.0
        self.cores = max(1, cores)
        self.compile = 0.0 if any(root.glob("deepcrit/propagation/__pycache__/*.nbi")) else COMPILE
        self.seconds = measured | {title: slowness * seconds for title, seconds in predicted.items()}

    def left(self, finished: set[str]) -> float:
        """Seconds until all is done, once the jobs with these titles are."""
        waiting = [seconds for title, seconds in self.seconds.items() if title not in finished]
        if not waiting:
            return 0.0
        # cores idle when there are more of them than jobs, so that the longest job is a lower bound
        compiling = self.compile * len(waiting) / len(self.seconds)
        return max(sum(waiting) / self.cores, *waiting) + compiling


def measured_seconds(jobs: Iterable[Job], scale: str, root: Path) -> dict[str, float]:
    """Seconds that jobs took here, if the scoreboard says that what is here was made at this scale."""
    try:
        with (root / SCOREBOARD).open(newline="", encoding="utf-8") as stream:
            if next(csv.DictReader(stream, delimiter="\t"))["scale"] != scale:
                return {}
    except (OSError, StopIteration, KeyError, ValueError):
        return {}
    seconds = {}
    for job in jobs:
        if job.benchmark:
            try:
                with (root / job.benchmark).open(newline="", encoding="utf-8") as stream:
                    seconds[job.title] = float(next(csv.DictReader(stream, delimiter="\t"))["s"])
            except (OSError, StopIteration, KeyError, ValueError):
                continue
    return seconds


def machine_slowness() -> float:
    """How much longer this machine takes than the reference machine, from a fraction of a second of radial chains.

    A run need not wait for the calibration of all operations, which takes as long as its shortest jobs.
    """
    # importing compiled code takes a second, which a run with nothing to do is spared
    import numpy as np

    from deepcrit.physics.propagation.radial import simulate_radial
    from deepcrit.physics.propagation.spec import NetworkSpec

    spec = NetworkSpec(width=100, depth=500, weight_variance=1.005)
    rng = np.random.default_rng(0)
    simulate_radial(spec, 10, rng, (20, 100))
    began = time.perf_counter()
    block = simulate_radial(spec, 100_000, rng, (20, 100))
    return (time.perf_counter() - began) / (REFERENCE["radial_step"] * (block.duration.sum() + block.launched))
