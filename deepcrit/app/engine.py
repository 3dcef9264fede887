"""Snakemake in this process: what a run would do, and what it does as events instead of text.

Snakemake hands events (a job starts, finishes, fails) to logger plugins, and its graph of jobs to scheduler plugins;
those defined here pass both on. Nothing is read of the files that Snakemake keeps for itself, so that it does not
matter how it keeps them. Everything that is printed, such as the tracebacks of failing jobs, goes to a file.
"""

from __future__ import annotations

import csv
import difflib
import os
import re
import signal
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from logging import ERROR, LogRecord
from pathlib import Path
from typing import Any, NamedTuple

from snakemake_interface_logger_plugins.base import LogHandlerBase

import deepcrit
from deepcrit.app.location import refusal

PLUGIN = "deepcrit"
_RATE = "--max-jobs-per-timespan"
# one thread a job: results do not depend on how many cores there are, and cores are shared by Snakemake alone
SINGLE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
UPDATED = {"updated input files", "input files updated by another job"}  # reasons that are due to inputs alone
LAST_LINES = 20

Listener = Callable[[LogRecord], None]


class LaunchError(RuntimeError):
    """A run that cannot start as it was asked for."""


class Taken(NamedTuple):
    """What a job took: seconds of wall time, and MB of memory at most."""

    seconds: float
    memory: float


@dataclass(frozen=True)
class Job:
    """A job of Snakemake.

    Attributes:
        rule: name of its rule.
        wildcards: values of its wildcards.
        benchmark: path of its benchmark, if it has one.
        outputs: paths of what it makes.
        inputs: paths of what it is made from.
        logs: paths of its logs.
        made: when outputs were last modified as the job that made them ended, of those that were made.
        layer: no job needs another of its layer, or of a later one.
        due: whether it is to be done.
        updated: the inputs for which it is to be done; None if for another reason.
    """

    rule: str
    wildcards: Mapping[str, str]
    benchmark: str | None = None
    outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    made: Mapping[str, float] = field(default_factory=dict)
    layer: int = 0
    due: bool = True
    updated: frozenset[str] | None = None

    @classmethod
    def announced(cls, record: LogRecord) -> Job:
        """The job that a record of the event JOB_INFO announces."""
        fields: dict[str, Any] = record.__dict__
        outputs, inputs, logs = (tuple(map(str, fields.get(key) or ())) for key in ("output", "input", "log"))
        return cls(fields["rule_name"], dict(fields["wildcards"] or {}), fields.get("benchmark"), outputs, inputs, logs)

    @property
    def title(self) -> str:
        """Rule and wildcards, as they are printed."""
        names = {"width": "N", "shard": "shard "}
        values = [names.get(key, "") + str(value) for key, value in self.wildcards.items()]
        return " ".join([self.rule, *(value for value in values if value != "gaussian_avalanches")])

    def taken(self, root: Path) -> Taken | None:
        """What its last run took, if it left a benchmark."""
        try:
            with (root / (self.benchmark or "")).open(newline="", encoding="utf-8") as stream:
                row = next(csv.DictReader(stream, delimiter="\t"))
                # a job that ends at once is gone before its memory is looked at
                return Taken(float(row["s"]), float(row["max_rss"].replace("NA", "nan")))
        except (OSError, StopIteration, KeyError, ValueError):
            return None


class Planned(NamedTuple):
    """All jobs that targets need, in an order in which they can be done, and whether a lock is in the way."""

    jobs: list[Job]
    locked: bool


class LogHandler(LogHandlerBase):
    """A logger plugin that hands every record to its ``listener``, in place of what Snakemake prints."""

    listener: Listener
    writes_to_stream = True
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def emit(self, record: LogRecord) -> None:
        """Hand the record on."""
        self.listener(record)


def event_of(record: LogRecord) -> str:
    """Name of a record's event, in lower case; empty for mere text."""
    return str(getattr(record, "event", None) or "")


def overlaid(configfiles: Sequence[str]) -> list[str]:
    """Arguments of Snakemake for overlays of config.yaml."""
    return ["--configfile", *configfiles] if configfiles else []


def project_root() -> Path:
    """The directory of the Snakefile, which is the current one.

    Raises:
        LaunchError: if there is no Snakefile, if it belongs to another copy of deepcrit than this, or if Snakemake
            cannot run at this path.
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
    if reason := refusal(root):
        raise LaunchError(reason)
    return root


def plan_jobs(targets: Sequence[str], arguments: Sequence[str], aside: Path) -> Planned:
    """What a run would do, from a dry run.

    Args:
        targets: rules or files.
        arguments: of Snakemake besides.
        aside: file that takes what Snakemake prints, and is gone afterwards.

    Raises:
        LaunchError: if there is no such target, with those of nearly that name, or if Snakemake cannot plan it, with
            its own words.
    """
    found: list[Any] = []
    messages: list[str] = []

    def listen(record: LogRecord) -> None:
        if record.levelno >= ERROR:
            messages.append(record.getMessage())

    # quiet enough not to go through the motions of every job
    dry = ("--dry-run", "--quiet", "rules", "progress")
    status = call([*targets, *arguments, *dry], aside, listen, found.append)
    told = list(dict.fromkeys(messages)) or last_printed(aside)
    aside.unlink(missing_ok=True)
    if status == 0:
        return found[-1]
    unknown = re.search(r"No rule to produce (\S+)", "\n".join(told))
    if unknown is None:
        raise LaunchError("\n".join(["Snakemake cannot plan this:", *told]))
    if "/" in unknown[1]:
        known = [output for job in plan_jobs(["all"], arguments, aside).jobs for output in job.outputs]
    else:
        call(["--list-rules", *arguments], aside, lambda record: None)
        known = re.findall(r"^(\w+)(?: \(|$)", aside.read_text(encoding="utf-8"), re.MULTILINE)
        aside.unlink()
    nearest = difflib.get_close_matches(unknown[1], known, n=5)
    others = "\n".join(["the nearest are", *(f"  {name}" for name in nearest)]) if nearest else "nor nearly so"
    raise LaunchError(f"nothing is called {unknown[1]!r}; {others}")


def last_printed(aside: Path) -> list[str]:
    """The last lines that Snakemake printed: the error alone where it is of arguments, after pages of usage."""
    lines = aside.read_text(encoding="utf-8", errors="replace").splitlines() if aside.is_file() else []
    return [line for line in lines if ": error: " in line] or lines[-LAST_LINES:]


def call(
    arguments: Sequence[str], aside: Path, listener: Listener, planned: Callable[[Planned], None] | None = None
) -> int:
    """Run Snakemake and return its exit status.

    Args:
        arguments: of its command line.
        aside: file that takes whatever it and its jobs print.
        listener: called with every log record, from Snakemake's logging thread.
        planned: called with the jobs of a dry run.
    """
    import snakemake.cli  # which takes most of a second, and a run that is refused is spared
    from snakemake_interface_logger_plugins.registry import LoggerPluginRegistry

    class Handler(LogHandler):
        def __post_init__(self) -> None:
            self.listener = listener

    module = types.ModuleType(f"snakemake_logger_plugin_{PLUGIN}")
    vars(module)["LogHandler"] = Handler
    LoggerPluginRegistry().register_plugin(module.__name__, module)
    terminate = signal.getsignal(signal.SIGTERM)
    try:
        with _printed_aside(aside), _scheduling(planned):
            try:
                parser, parsed = snakemake.cli.parse_args([*arguments, "--logger", PLUGIN])
                if parsed.executor in (None, "local") and _RATE not in {part.partition("=")[0] for part in arguments}:
                    # to keep to a rate, Snakemake looks at all jobs that wait once a second more for every job that has
                    # ended: soon that takes a core, and jobs of this machine have no queue to spare
                    parsed.max_jobs_per_timespan = None
                return 0 if snakemake.cli.args_to_api(parsed, parser) else 1
            except Exception as error:
                snakemake.cli.print_exception(error)
                return 1
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        # Snakemake's handler only tells a scheduler that is done
        signal.signal(signal.SIGTERM, terminate)


@contextmanager
def _scheduling(planned: Callable[[Planned], None] | None) -> Iterator[None]:
    """Tell of the jobs that are planned, as the scheduler of dry runs is handed them; nothing if nobody listens."""
    from snakemake.scheduling import greedy
    from snakemake_interface_scheduler_plugins.registry import SchedulerPluginRegistry

    class Scheduler(greedy.Scheduler):  # type: ignore[misc]
        def __post_init__(self) -> None:
            super().__post_init__()
            if planned:
                planned(Planned(list(_jobs(self.dag)), self.dag.workflow.persistence.locked))

    registry = SchedulerPluginRegistry()
    module = types.ModuleType("greedy")
    vars(module).update(Scheduler=Scheduler, SchedulerSettings=greedy.SchedulerSettings)
    before = registry.plugins["greedy"]
    registry.plugins["greedy"] = registry.load_plugin("greedy", module)
    try:
        yield
    finally:
        registry.plugins["greedy"] = before


def _jobs(dag: Any) -> Iterable[Job]:
    """The jobs of Snakemake's graph, in order."""
    for layer, jobs in enumerate(dag.toposorted()):
        for job in sorted(jobs, key=lambda job: (job.rule.name, [*job.output])):
            records = {str(output): dag.workflow.persistence.metadata(output) for output in job.output}
            reason = dag.reason(job)
            yield Job(
                job.rule.name,
                dict(job.wildcards_dict),
                job.benchmark and str(job.benchmark),
                tuple(map(str, job.output)),
                tuple(map(str, job.input)),
                tuple(map(str, job.log)),
                {name: record["endtime"] for name, record in records.items() if record and record["endtime"]},
                layer,
                dag.needrun(job),
                frozenset(map(str, reason.updated_input | reason.updated_input_run))
                if UPDATED.issuperset(reason.get_names())
                else None,
            )


def prepare_environment() -> None:
    """Environment of the jobs: one thread each, the tools beside this interpreter first, caches that can be written."""
    for name in SINGLE_THREAD:
        os.environ[name] = "1"
    os.environ.setdefault("PYTHONHASHSEED", "0")
    tools = str(Path(sys.executable).parent)
    if tools not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", os.defpath)])
    os.environ["XDG_CACHE_HOME"] = str(cache_home())


def cache_home() -> Path:
    """Where caches are kept: in the home or, without one that can be written, which Snakemake would not bear, here."""
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
        home.mkdir(parents=True, exist_ok=True)
        if os.access(home, os.W_OK):
            return home
    except (OSError, RuntimeError):
        pass  # what follows is for this
    return Path.cwd() / ".snakemake" / "cache"


@contextmanager
def _printed_aside(path: Path) -> Iterator[None]:
    """Send the standard streams of this process and its children to the end of a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    with path.open("ab") as stream:
        try:
            for descriptor in (1, 2):
                os.dup2(stream.fileno(), descriptor)
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for descriptor, original in zip((1, 2), kept, strict=True):
                os.dup2(original, descriptor)
                os.close(original)
