"""The sequence of a run: check, recover, plan, estimate, execute, show."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from deepcrit.app import engine
from deepcrit.app.config import load_checked
from deepcrit.app.engine import LaunchError, overlaid, project_root
from deepcrit.app.launch.alterations import altered_results, lost_results, to_do
from deepcrit.app.launch.ownership import held, is_query
from deepcrit.app.launch.progress import Progress, duration, signals_noted
from deepcrit.app.launch.scoreboard import board, scoreboard, whereabouts
from deepcrit.app.launch.unmeasured import measure_classifiers, unmeasured_own_models

# arguments of Snakemake by which its user decides himself on cores or an executor, or on what there is of anything
OWN_CORES = ("--cores", "-c", "--jobs", "-j", "--profile", "--executor", "-e")
OWN_RESOURCES = ("--profile", "--executor", "-e", "--resources", "--res")


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

    def decides(self, options: Sequence[str]) -> bool:
        """Whether one of these is among the further arguments."""
        return any(part.split("=")[0] in options for part in self.extra)

    @property
    def arguments(self) -> list[str]:
        """The command line of Snakemake that does the same, behind the targets."""
        cores = [] if self.decides(OWN_CORES) else ["--cores", self.cores]
        return [*cores, *overlaid(self.configfiles), *self.extra]


def run_workflow(options: RunOptions) -> int:
    """Bring the targets up to date, and show them.

    Returns:
        exit status: Snakemake's, or 1 if an own model could not be measured.

    Raises:
        ConfigError: if the configuration cannot be run.
        HeldError: if another run is at work here.
        LaunchError: if this is not the place, the targets cannot be planned, or the machine is too small for them.
        KeyboardInterrupt: if it was told to stop.
    """
    root = project_root()
    config = load_checked(root, options.configfiles)
    engine.prepare_environment()
    with signals_noted() as stopped:
        try:
            if options.only_looks:
                return _plan_and_run(options, config, root, stopped)
            with held(root) as cleared:
                _say(*cleared)
                status = _plan_and_run(options, config, root, stopped)
        except LaunchError:
            if stopped():
                raise KeyboardInterrupt from None
            raise
    if status == 0:
        show(root, options.targets, config["scale"])
        unmeasured = unmeasured_own_models(root, config) if measure_classifiers(options.targets) else []
        _say(*unmeasured)
        status = int(bool(unmeasured))
    return status


def show(root: Path, targets: Sequence[str], scale: str) -> None:
    """Print the scoreboard and where everything is or, if less was asked for, what was found of that, and where it is.

    Of figures that were asked for, the claims are judged that need no other tables than those that are there.
    """
    if "all" not in targets:
        # tables and claims take a second to import, which runs of other targets are spared
        from deepcrit.app.launch.verdicts import verdicts_on
        from deepcrit.app.plan import FIGURES, paper_of

        shown = {name: [f"{paper_of(name)}.{claim}" for claim in figure.claims] for name, figure in FIGURES.items()}
        rows, awaiting = verdicts_on(root, [target for target in targets if target in shown], shown, scale)
        if rows:
            print(f"\n{board(rows, colour=sys.stdout.isatty())}\n")
        if awaiting:
            print(f"{awaiting} more claims of these figures need tables of others: deepcrit run all\n")
        paths = [whereabouts(root, targets), *(target for target in targets if (root / target).is_file())]
        print("\n".join(path for path in paths if path))
        return
    print()
    with contextlib.suppress(FileNotFoundError):
        print(scoreboard(root, colour=sys.stdout.isatty()), end="\n\n")
    print(whereabouts(root))


def _plan_and_run(options: RunOptions, config: Mapping[str, Any], root: Path, stopped: Callable[[], bool]) -> int:
    """Plan, estimate, run. What was finished and is gone is made before all else, in the order of the plan.

    Within one run, Snakemake takes what is made again for new, and all that was made from it for outdated. A later run
    compares checksums: if it comes out as it was, what was made from it is kept.

    Raises:
        KeyboardInterrupt: if it was told to stop.
        LaunchError: if something that was to be made again is still gone.
    """
    aside = root / ".snakemake" / "log" / f"{time.strftime('%Y-%m-%dT%H%M%S')}.{os.getpid()}.printed.log"
    planned = engine.plan_jobs(options.targets, options.arguments, aside)
    if stopped():
        raise KeyboardInterrupt
    altered = altered_results(root, planned.jobs)
    if any(altered) and not options.only_looks:
        _say(*altered.mend(root))
        return _plan_and_run(options, config, root, stopped)
    # what is asked for by name Snakemake makes anyway
    lost = lost_results(root, planned.jobs, altered.damaged) - ({*options.targets} - {*altered.damaged})
    jobs = to_do(planned.jobs, altered, lost)
    if not options.only_looks:
        if planned.locked:
            engine.call([*options.targets, *options.arguments, "--unlock"], aside, lambda record: None)
            _say("removed the lock of a run that was killed")
        if lost:
            layers = [job.layer for job in jobs if not lost.isdisjoint(job.outputs)]
            for layer in dict.fromkeys(layers):
                names = [name for job in jobs if job.layer == layer for name in job.outputs if name in lost]
                status = _plan_and_run(replace(options, targets=names), config, root, stopped)
                if status != 0:
                    return status
                missing = [name for name in names if not (root / name).exists()]
                if missing:
                    raise LaunchError(f"{missing[0]} was not made again, though its job ended well")
            return _plan_and_run(options, config, root, stopped)
    if not jobs:
        _say("nothing to do, everything is up to date.")
        return 0
    estimate = _estimate(options, jobs, config, root)
    if options.only_looks:
        print("\n".join(f"  {job.title}" for job in jobs))
        return 0
    sys.stdout.flush()
    with os.fdopen(os.dup(2), "w", encoding=sys.stderr.encoding, errors="replace") as terminal:
        progress = Progress(len(jobs), estimate, terminal, stopped)
        status = engine.call([*options.targets, *options.arguments], aside, progress)
        progress.close()
    if progress.interrupted:
        raise KeyboardInterrupt
    if status != 0:
        return _failed(status, progress, aside)
    aside.unlink(missing_ok=True)
    return 0


def _estimate(
    options: RunOptions, jobs: Sequence[engine.Job], config: Mapping[str, Any], root: Path
) -> Callable[[set[str]], float]:
    """Say how long it will take, and what does not fit this machine; the seconds that are left after some jobs."""
    # psutil, Snakemake and inner loops take their time to import, which a run with nothing to do is spared
    from deepcrit.app.launch.estimate import RunEstimate

    cores = _cores(options)
    estimate = RunEstimate(jobs, config, cores, root)
    number = "1 job" if len(jobs) == 1 else f"{len(jobs)} jobs"
    on = "1 core" if cores == 1 else f"{cores} cores"
    _say(f"{number} to do at scale {config['scale']}, {duration(estimate.left())} on {on}.", estimate.note)
    if not options.decides(OWN_RESOURCES):
        _say(estimate.hold_against_machine(root))
    return estimate.left


def _say(*sentences: str) -> None:
    for sentence in filter(None, sentences):
        print(f"deepcrit: {sentence}")


def _failed(status: int, progress: Progress, aside: Path) -> int:
    """Say what went wrong, once, and how to go on."""
    if progress.failed:
        which = "\n".join(f"  {title}" for title in dict.fromkeys(progress.failed))
        print(
            f"deepcrit: stopped, because these jobs failed:\n{which}\n"
            "What was finished is kept: the same command goes on from there.\n"
            "Everything that Snakemake and its jobs said is in .snakemake/log/.",
            file=sys.stderr,
        )
        return status
    told = list(dict.fromkeys(progress.messages)) or engine.last_printed(aside)
    print("\n".join(["deepcrit: stopped by Snakemake:", *told]), file=sys.stderr)
    aside.unlink(missing_ok=True)
    return status


def _cores(options: RunOptions) -> int:
    """Jobs at a time, as far as it is known."""
    wanted = options.cores
    for before, after in zip(options.extra, options.extra[1:], strict=False):
        if before in ("--cores", "-c", "--jobs", "-j"):
            wanted = after
    return int(wanted) if wanted.isdigit() else len(os.sched_getaffinity(0))
