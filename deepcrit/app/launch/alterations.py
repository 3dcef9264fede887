"""Results that something altered after the job that made them had ended: truncated, edited, restored, deleted.

Snakemake records when each result was last modified as its job ended, and looks no further as long as a result is newer
than what it was made from. Half a table is such a result. Parquet tables carry checksums, by which one that was merely
touched or copied is told from one that is damaged; any other result that was altered is made again. A whole table of
the future, from which Snakemake would let nothing be made, gets back the time at which it was made.
"""

from __future__ import annotations

import json
import math
import os
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from deepcrit.core.tables import is_whole

if TYPE_CHECKING:
    from deepcrit.app.launch.engine import Job

COARSEST_CLOCK = 2.0  # seconds to which archives and file systems round times


class Mended(NamedTuple):
    """What was done about results that were altered, by name."""

    removed: list[str]
    redated: list[str]

    @property
    def sentences(self) -> list[str]:
        """One for each."""
        return [
            *(f"removed {name}, which was altered after it was made, to make it again" for name in self.removed),
            *(f"set back the time of {name}, which lay in the future" for name in self.redated),
        ]


def mend_altered(root: Path) -> Mended:
    """Remove results that were altered, so that they are made again. To be called only when no owner is alive."""
    mended = Mended([], [])
    for name, recorded in sorted(_records(root)):
        path = root / name
        if not path.is_file() or abs(path.stat().st_mtime - recorded) <= COARSEST_CLOCK:
            continue
        if path.suffix != ".parquet" or not is_whole(path):
            path.unlink()
            mended.removed.append(name)
        elif path.stat().st_mtime > time.time():
            os.utime(path, (recorded, recorded))
            mended.redated.append(name)
    return mended


def lost_results(root: Path, jobs: Sequence[Job]) -> set[str]:
    """Results that were finished and are gone, while something that was made from them is there.

    What a job removed in order to make it again is not among them: it is unfinished work like any other.

    Args:
        root: the repository.
        jobs: those that would be done, with what they are made from.
    """
    gone = [
        (name, job.outputs)
        for job in jobs
        if job.outputs and all((root / output).exists() for output in job.outputs)
        for name in job.inputs
        if not (root / name).exists()
    ]
    if not gone:
        return set()
    ended = dict(_records(root))
    begun = {name for name, _ in _entries(root, "incomplete")}
    # a job that failed is recorded, too, but after all that was made from an earlier success
    return {
        name
        for name, outputs in gone
        if name in ended
        and name not in begun
        and all(ended[name] <= ended.get(output, -math.inf) for output in outputs)
    }


def _records(root: Path) -> Iterator[tuple[str, float]]:
    """Results that Snakemake has a record of, each with its time of modification when its job ended."""
    for name, path in _entries(root, "metadata"):
        try:
            recorded = json.loads(path.read_text())["endtime"]
        except (ValueError, KeyError):
            # a record that is not whole itself; Snakemake makes such results again
            continue
        if recorded is not None:
            yield name, float(recorded)


def _entries(root: Path, kind: str) -> Iterator[tuple[str, Path]]:
    """Results of which Snakemake keeps a file of that kind, each with that file."""
    directory = root / ".snakemake" / kind
    for path in directory.rglob("*"):
        if not path.is_file():
            continue
        # a long name is cut into directories, each marked by an @
        encoded = "".join(part.removeprefix("@") for part in path.relative_to(directory).parts)
        try:
            name = urlsafe_b64decode(encoded).decode()
        except ValueError:
            continue  # not a file of Snakemake's
        if name.startswith("results/"):
            yield name, path
