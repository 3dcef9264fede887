"""The sequence of a run: check, recover, plan, estimate, execute, show."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import deepcrit
from deepcrit.app.config import checked, load
from deepcrit.app.launch.alterations import lost_results, mend_altered
from deepcrit.app.launch.ownership import held, is_query
from deepcrit.app.launch.scoreboard import scoreboard, whereabouts
from deepcrit.app.launch.unmeasured import unmeasured_own_models

# arguments of Snakemake by which its user decides on cores or an executor himself
OWN_CORES = ("--cores", "-c", "--jobs", "-j", "--profile", "--executor", "-e")
LAST_LINES = 20


class LaunchError(RuntimeError):
    """A run that cannot start where it was asked for."""


@dataclass(frozen=True)
class RunOptions:
    """What is asked of a run.

    Attributes:
        targets: rules or files.
        cores: jobs at a time, or ``all``.
        configfiles: overlays of config.yaml.
        dry_run: only say what would be done.
        extra: further arguments of Snakemake, of which one may ask for a dry run, too.
    """

    targets: Sequence[str] = ("all",)
    cores: str = "all"
    configfiles: Sequence[str] = ()
    dry_run: bool = False
    extra: Sequence[str] = field(default_factory=tuple)

    @property
    def only_looks(self) -> bool:
        """Whether nothing is to be changed, by whichever of the two."""
        return self.dry_run or is_query(self.extra)

    @property
    def arguments(self) -> list[str]:
        """The command line of Snakemake that does the same."""
        own = any(part.split("=")[0] in OWN_CORES for part in self.extra)
        return [
            *self.targets,
            *([] if own else ["--cores", self.cores]),
            *(["--configfile", *self.configfiles] if self.configfiles else []),
            *self.extra,
        ]


def project_root() -> Path:
    """The directory of the Snakefile, which is the current one.

    Raises:
        LaunchError: if there is no Snakefile, or if it belongs to another copy of deepcrit than this.
    """
    root = Path.cwd()
    if not (root / "Snakefile").is_file():
        raise LaunchError(f"{root} holds no Snakefile. Change to the directory of the repository first.")
    library = Path(deepcrit.__file__).resolve().parent
    if (root / "deepcrit").is_dir() and library != (root / "deepcrit").resolve():
        raise LaunchError(
            f"this command uses the library in {library}, not the one in {root}. "
            f"Run make in {root} first, then .venv/bin/deepcrit there."
        )
    return root


def checked_config(root: Path, configfiles: Sequence[str]) -> dict[str, Any]:
    """The configuration with its overlays.

    Raises:
        ConfigError: if it cannot be run.
        OSError: if a file cannot be read.
    """
    return checked(load(root / "config.yaml", *configfiles))


def run(options: RunOptions) -> int:
    """Bring the targets up to date, and show them.

    Returns:
        exit status: Snakemake's, or 1 if an own model could not be measured.

    Raises:
        ConfigError: if the configuration cannot be run.
        HeldError: if another run is at work here.
        LaunchError: if this is not the place.
    """
    root = project_root()
    config = checked_config(root, options.configfiles)
    if options.only_looks:
        return _plan_and_run(options, config, root)
    with held(root) as cleared:
        mended = mend_altered(root)
        for sentence in (*cleared, *mended.sentences):
            print(f"deepcrit: {sentence}")
        status = _plan_and_run(options, config, root, frozenset(mended.removed))
    if status == 0:
        show(root, options.targets)
        unmeasured = unmeasured_own_models(root, config, options.targets)
        for sentence in unmeasured:
            print(f"deepcrit: {sentence}", file=sys.stderr)
        status = int(bool(unmeasured))
    return status


def show(root: Path, targets: Sequence[str]) -> None:
    """Print the scoreboard and where everything is or, if less was asked for, where that is."""
    if "all" not in targets:
        paths = [whereabouts(root, targets), *(target for target in targets if (root / target).is_file())]
        print("\n".join(path for path in paths if path))
        return
    print()
    with contextlib.suppress(FileNotFoundError):
        print(scoreboard(root, colour=sys.stdout.isatty()), end="\n\n")
    print(whereabouts(root))


def _plan_and_run(
    options: RunOptions, config: dict[str, Any], root: Path, removed: frozenset[str] = frozenset()
) -> int:
    """Plan, estimate, run. What was finished and is gone is made before all else, in the order of the plan.

    Within one run, Snakemake takes what is made again for new, and all that was made from it for outdated. A later run
    compares checksums: if it comes out as it was, what was made from it is kept.
    """
    # Snakemake takes most of a second to import, which a refused run is spared
    from deepcrit.app.launch import engine
    from deepcrit.app.launch.estimate import Estimate
    from deepcrit.app.launch.progress import Progress, duration

    engine.prepare_environment()
    aside = root / ".snakemake" / "log" / f"{time.strftime('%Y-%m-%dT%H%M%S')}.{os.getpid()}.printed.log"
    status, jobs, messages = engine.planned_jobs(options.arguments, aside)
    if status != 0:
        return _failed(status, [], messages, aside)
    if not jobs:
        _forget(aside)
        print("deepcrit: nothing to do, everything is up to date.")
        return 0
    lost = frozenset() if options.only_looks else removed | lost_results(root, jobs)
    again = [job for job in jobs if not lost.isdisjoint(job.outputs)]
    if again:
        _forget(aside)
        # side by side where they follow each other and are of one rule, whose jobs never need each other
        for _, alike in itertools.groupby(again, key=lambda job: job.rule):
            names = [name for job in alike for name in job.outputs if name in lost]
            status = _plan_and_run(replace(options, targets=names), config, root)
            if status != 0:
                return status
            missing = [name for name in names if not (root / name).exists()]
            if missing:
                raise LaunchError(f"{missing[0]} was not made again, though its job ended well")
        return _plan_and_run(options, config, root)
    cores = _cores(options)
    estimate = Estimate(jobs, config, cores, root)
    number = "1 job" if len(jobs) == 1 else f"{len(jobs)} jobs"
    on = "1 core" if cores == 1 else f"{cores} cores"
    print(f"deepcrit: {number} to do at scale {config['scale']}, about {duration(estimate.left(set()))} on {on}.")
    if estimate.note:
        print(f"deepcrit: {estimate.note}")
    if options.only_looks:
        print("\n".join(f"  {job.title}" for job in jobs))
        _forget(aside)
        return 0
    sys.stdout.flush()
    with os.fdopen(os.dup(2), "w") as terminal:
        progress = Progress(len(jobs), estimate.left, terminal)
        status = engine.call(options.arguments, aside, progress)
        progress.close()
    if progress.interrupted:
        raise KeyboardInterrupt
    if status != 0:
        return _failed(status, progress.failed, progress.messages, aside)
    _forget(aside)
    return 0


def _failed(status: int, failed: Sequence[str], messages: Sequence[str], aside: Path) -> int:
    """Say what went wrong, once, and how to go on."""
    if failed:
        which = "\n".join(f"  {title}" for title in dict.fromkeys(failed))
        print(
            f"deepcrit: stopped, because these jobs failed:\n{which}\n"
            "What was finished is kept: the same command goes on from there.\n"
            "Everything that Snakemake and its jobs said is in .snakemake/log/.",
            file=sys.stderr,
        )
        return status
    told = list(dict.fromkeys(messages))
    if not told and aside.is_file():
        printed = aside.read_text(errors="replace").splitlines()
        # a wrong argument is answered with pages of usage before the error
        told = [line for line in printed if ": error: " in line] or printed[-LAST_LINES:]
    print("\n".join(["deepcrit: stopped by Snakemake:", *told]), file=sys.stderr)
    _forget(aside)
    return status


def _forget(aside: Path) -> None:
    """Remove what was printed aside by a run of which nothing needs explaining."""
    aside.unlink(missing_ok=True)


def _cores(options: RunOptions) -> int:
    """Jobs at a time, as far as it is known."""
    wanted = options.cores
    for before, after in zip(options.extra, options.extra[1:], strict=False):
        if before in ("--cores", "-c", "--jobs", "-j"):
            wanted = after
    if wanted.isdigit():
        return int(wanted)
    return len(os.sched_getaffinity(0))
