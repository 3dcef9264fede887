"""What a terminal shows while jobs run: how far it is, and every failure with the end of its log."""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Callable
from logging import ERROR, LogRecord
from pathlib import Path
from typing import TextIO

from deepcrit.app.launch.engine import Job, event_of

LINES_OF_LOG = 12
INTERRUPTED = "Terminating processes on user request"  # how Snakemake begins when it is told to stop
SECONDS_BETWEEN_LINES = 15.0  # where the line cannot be rewritten


def duration(seconds: float) -> str:
    """A length of time as a person would say it.

    >>> duration(4), duration(200), duration(9000)
    ('a few seconds', '3 minutes', '2.5 hours')
    """
    if seconds < 20:
        return "a few seconds"
    if seconds < 90:
        return f"{max(20, round(seconds / 10) * 10)} seconds"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} hours"


class Progress:
    """Listens to Snakemake and keeps the reader informed.

    Attributes:
        failed: jobs that failed and were not retried to a good end.
        messages: what Snakemake itself complained about.
        interrupted: it was told to stop, so that jobs end early and not by a fault of theirs.
    """

    def __init__(self, total: int, remaining: Callable[[set[str]], float], stream: TextIO | None = None) -> None:
        """Begin.

        Args:
            total: jobs to do.
            remaining: seconds that are left once the jobs with these titles are done.
            stream: where to write, by default standard error.
        """
        self.failed: list[str] = []
        self.messages: list[str] = []
        self.interrupted = False
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._total = total
        self._done = 0
        self._remaining = remaining
        self._running: dict[int, str] = {}
        self._finished: set[str] = set()
        self._shown = ""
        self._started = self._printed = time.monotonic()

    def __call__(self, record: LogRecord) -> None:
        """Take one record."""
        event = event_of(record)
        if event == "job_info":
            self._running[record.__dict__["jobid"]] = Job.of(record).title
        elif event == "job_finished":
            title = self._running.pop(record.__dict__["job_id"], "")
            self._finished.add(title)
            self.failed = [name for name in self.failed if name != title]
        elif event == "progress":
            self._done, self._total = record.__dict__["done"], record.__dict__["total"]
            self._show(self._done == self._total)
            return
        elif event == "job_error":
            if not self.interrupted:
                self._fail(record)
        elif record.getMessage().startswith(INTERRUPTED):
            self.interrupted = True
        elif record.levelno >= ERROR:
            self.messages.append(record.getMessage())
        self._show(False)

    def close(self) -> None:
        """Leave the cursor on an empty line."""
        if self._live:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def say(self, text: str) -> None:
        """Print something that stays."""
        self.close()
        self._stream.write(text + "\n")
        self._stream.flush()

    def _fail(self, record: LogRecord) -> None:
        title = self._running.pop(record.__dict__["jobid"], record.__dict__["rule_name"])
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
        else:
            text += f", about {duration(self._left(now))} left"
            if self._running and self._live:
                text += f"; now {', '.join(self._running.values())}"
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

    def _left(self, now: float) -> float:
        """Seconds left: as estimated, corrected by how well the estimate did so far."""
        whole, left = self._remaining(set()), self._remaining(self._finished)
        gone = whole - left
        if gone < 0.1 * whole:
            return left
        return left * min(max((now - self._started) / gone, 0.2), 5.0)


def end_of_log(path: Path) -> list[str]:
    """The last lines of a job's log: the error alone where there is one, or that there is nothing."""
    try:
        lines = [line for line in path.read_text(errors="replace").splitlines() if line.strip()]
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
