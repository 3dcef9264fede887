"""Results that something altered after the job that made them had ended: truncated, edited, restored, deleted.

Snakemake knows when each result was last modified as its job ended, and looks no further as long as a result is newer
than what it was made from. Half a table is such a result. Parquet tables carry checksums, by which one that was merely
touched or copied is told from one that is damaged; any other result that was altered is made again. A whole table of
the future, from which Snakemake would let nothing be made, gets back the time at which it was made.
"""

from __future__ import annotations

import os
import time
from collections.abc import Container, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from deepcrit.app.engine import Job
from deepcrit.core.tables import is_whole

COARSEST_CLOCK = 2.0  # seconds to which archives and file systems round times


class Altered(NamedTuple):
    """Results that were altered: those to be made again, and those to be dated as they were, with that time."""

    damaged: list[str]
    redated: dict[str, float]

    def mend(self, root: Path) -> list[str]:
        """Remove and redate them, and say so. To be called only when no other run is alive."""
        for name in self.damaged:
            (root / name).unlink()
        for name, made in self.redated.items():
            os.utime(root / name, (made, made))
        return [
            *(f"removed {name}, which was altered after it was made, to make it again" for name in self.damaged),
            *(f"set back the time of {name}, which lay in the future" for name in self.redated),
        ]


def altered_results(root: Path, jobs: Iterable[Job]) -> Altered:
    """What was altered of everything that jobs make, done or not."""
    altered = Altered([], {})
    for name, made in sorted((name, made) for job in jobs for name, made in job.made.items()):
        path = root / name
        if not path.is_file() or abs(path.stat().st_mtime - made) <= COARSEST_CLOCK:
            continue
        if path.suffix != ".parquet" or not is_whole(path):
            altered.damaged.append(name)
        elif path.stat().st_mtime > time.time():
            altered.redated[name] = made
    return altered


def lost_results(root: Path, jobs: Sequence[Job], damaged: Container[str]) -> set[str]:
    """Results that were made and are gone, while something that was made from or with them is there.

    Snakemake makes such a result only when something has to be made from it. What a job that failed did not make is
    not lost: it is recorded too, but long after the job's benchmark, which is that of an earlier success.

    Args:
        root: the repository.
        jobs: all that the targets need.
        damaged: results that are there, and to be made again.
    """

    def there(name: str) -> bool:
        return name not in damaged and (root / name).exists()

    kept = {name for job in jobs if any(map(there, job.outputs)) for name in (*job.inputs, *job.outputs)}
    return {
        name
        for job in jobs
        for name, made in job.made.items()
        if not there(name) and (name in damaged or (name in kept and made <= _succeeded(root, job) + COARSEST_CLOCK))
    }


def _succeeded(root: Path, job: Job) -> float:
    """When a job last ended well."""
    path = root / (job.benchmark or "")
    return path.stat().st_mtime if path.is_file() else 0.0


def to_do(jobs: Iterable[Job], altered: Altered, lost: Container[str]) -> list[Job]:
    """Jobs that will be done, taken that what is made again comes out as it was, in their order."""
    same = {*altered.damaged, *altered.redated}
    chosen = []
    for job in jobs:
        again = any(name in lost for name in job.outputs)
        # Snakemake plans with what is there, and would do for damage what need not be done
        spared = not again and job.due and job.updated is not None and set() < job.updated <= same
        if again or (job.due and not spared):
            chosen.append(job)
        if again or spared:
            same.update(job.outputs)
    return chosen
