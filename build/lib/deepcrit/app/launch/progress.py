"""What a terminal shows while jobs run: how far it is, and every failure with the end of its log."""

from __future__ import annotations

import math
import re
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging import ERROR, WARNING, LogRecord
from pathlib import Path
from typing import TextIO

from deepcrit.app.engine import Job, LogHandler, event_of

LINES_OF_LOG = 12
INTERRUPTED = "Terminating processes on user request"  # how Snakemake begins when it is told to stop
SECONDS_BETWEEN_LINES = 15.0  # where the line cannot be rewritten
NOTHING = "Nothing to be done"  # how Snakemake begins when there is nothing
SIGNAL_ARRIVES = 0.2  # seconds in which a signal that ended a job has reached this process, too
UNITS = (("minute", 60), ("hour", 3600), ("day", 86400), ("month", 2629800), ("year", 31557600))


def duration(seconds: float) -> str:
    """A length of time as a person would say it.

    >>> duration(4), duration(44), duration(200), duration(9000), duration(1e8)
    ('a few seconds', 'about 40 seconds', 'about 3 minutes', 'about 2.5 hours', 'about 3 years')
    """
    if seconds < 12:
        return "a few seconds"
    if seconds < 90:
        return f"about {round(seconds / 10) * 10} seconds"
    name, length = next(unit for unit in reversed(UNITS) if seconds >= 1.5 * unit[1])
    number = seconds / length
    # halves as long as they say something
    halves = number < 4 and name != "minute"
    return f"about {round(2 * number) / 2 if halves else round(number):g} {name}s"


@contextmanager
def signals_noted() -> Iterator[Callable[[], bool]]:
    """Yields what says whether this process was told to stop, from the moment at which the signal arrives.

    Ctrl-C reaches jobs and Snakemake alike, and a job may end before Snakemake has understood why.
    """
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.setblocking(False)
        before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)

        def told() -> bool:
            try:
                return bool({signal.SIGINT, signal.SIGTERM} & {*reader.recv(4096, socket.MSG_PEEK)})
            except BlockingIOError:
                return False

        try:
            yield told
        finally:
            signal.set_wakeup_fd(before)


class Progress:
    """Listens to Snakemake and keeps the reader informed: a line for every job, and how far the run is.

    Attributes:
        failed: jobs that failed and were not retried to a good end.
        messages: what Snakemake itself complained about.
    """

    def __init__(
        self,
        total: int = 0,
        remaining: Callable[[set[str]], float] | None = None,
        stream: TextIO | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """Begin.

        Args:
            total: jobs to do.
            remaining: seconds that are left once the jobs with these titles are done, if that is estimated.
            stream: where to write, by default standard error.
            stopped: whether the run was told to stop, so that jobs end early and not by a fault of theirs.
        """
        self.failed: list[str] = []
        self.messages: list[str] = []
        self._told, self._stopped = False, stopped
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._total = total
        self._done = 0
        self._remaining = remaining
        self._running: dict[int, Job] = {}
        self._finished: set[str] = set()
        self._shown = ""
        self._started = self._printed = time.monotonic()

    @property
    def interrupted(self) -> bool:
        """Whether the run was told to stop."""
        return self._told or self._stopped()

    def __call__(self, record: LogRecord) -> None:
        """Take one record."""
        event = event_of(record)
        if event == "job_info":
            self._running[record.__dict__["jobid"]] = Job.announced(record)
        elif event == "job_finished":
            self._finish(self._running.pop(record.__dict__["job_id"], None))
        elif event == "progress":
            self._done, self._total = record.__dict__["done"], record.__dict__["total"]
            self._show(self._done == self._total)
            return
        elif event == "job_error":
            self._fail(record)
        elif record.getMessage().startswith(INTERRUPTED):
            self._told = True
        elif record.levelno >= ERROR:
            self.messages.append(record.getMessage())
        self._show(False)

    def close(self) -> None:
        """Leave the cursor on an empty line."""
        if self._live:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = ""

    def say(self, text: str) -> None:
        """Print something that stays."""
        self.close()
        self._stream.write(text + "\n")
        self._stream.flush()

    def _finish(self, job: Job | None) -> None:
        if job is None:
            return
        self._finished.add(job.title)
        self.failed = [name for name in self.failed if name != job.title]
        if taken := job.taken(Path()):
            memory = "" if math.isnan(taken.memory) else f"{taken.memory:6.0f} MB"
            self.say(f"{job.title:<64} {taken.seconds:7.1f} s {memory}".rstrip())

    def _fail(self, record: LogRecord) -> None:
        time.sleep(SIGNAL_ARRIVES)
        if self.interrupted:
            return
        job = self._running.pop(record.__dict__["jobid"], None)
        title = job.title if job else record.__dict__["rule_name"]
        self.failed.append(title)
        lines = [f"\nFAILED  {title}"]
        for log in record.__dict__["log"]:
            lines.append(f"  log: {log}")
            lines.extend(f"  | {line}" for line in end_of_log(Path(log)))
        self.say("\n".join(lines) + "\n")

    def _show(self, last: bool) -> None:
        now = time.monotonic()
        if not self._live and not last and now - self._printed < SECONDS_BETWEEN_LINES:
            return
        text = f"{self._done} of {self._total} jobs done"
        if self._done == self._total:
            text += f" in {duration(now - self._started)}"
        elif self._remaining:
            text += f", {duration(self._left(now, self._remaining))} left"
        if self._running and self._live:
            text += f"; now {', '.join(job.title for job in self._running.values())}"
        if text == self._shown or (self._done == self._total and not last):
            return
        self._printed = now
        self._shown = text
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write("\r\x1b[K" + text[:width] + ("\n" if last else ""))
        else:
            self._stream.write(text + "\n")
        self._stream.flush()

    def _left(self, now: float, remaining: Callable[[set[str]], float]) -> float:
        """Seconds left: as estimated, corrected by how well the estimate did so far."""
        whole, left = remaining(set()), remaining(self._finished)
        gone = whole - left
        if gone < 0.1 * whole:
            return left
        return left * min(max((now - self._started) / gone, 0.2), 5.0)


class PlainHandler(LogHandler):
    """``snakemake --logger deepcrit``: the same lines for plain Snakemake, and what it has to say itself."""

    def __post_init__(self) -> None:
        """Begin to listen."""
        self._progress = Progress()
        self.listener = self._listen

    def _listen(self, record: LogRecord) -> None:
        event = event_of(record)
        if event == "job_info" and self.common_settings.dryrun:
            self._progress.say(f"  {Job.announced(record).title}")
        elif event in ("", "run_info", "error"):
            told = record.getMessage()
            if event == "run_info" or record.levelno >= WARNING or told.startswith(NOTHING):
                self._progress.say(told)
        if not self.common_settings.dryrun:
            self._progress(record)


def end_of_log(path: Path) -> list[str]:
    """The last lines of a job's log: the error alone where there is one, or that there is nothing."""
    try:
        lines = [line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    except OSError:
        lines = []
    if not lines:
        return ["(empty: the job was killed, or stopped before its script began)"]
    # the exception stands after the indented frames of the last traceback
    frames = [at for at, line in enumerate(lines) if re.match(r'  File "', line)]
    if frames:
        end = next((at for at in range(frames[-1] + 1, len(lines)) if not lines[at].startswith(" ")), len(lines) - 1)
        lines = lines[end:]
    return lines[-LINES_OF_LOG:]
