"""The log of a run: progress with its time, and the exception that ended it."""

import re
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import logging, threading
from deepcrit.core.logs import log_to
log_to({path!r})
logging.getLogger("somewhere").info("progress")
{ending}
"""


def run(path: str | None, ending: str) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(path=path, ending=ending)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)


def test_log_has_progress_and_the_uncaught_exception(tmp_path: Path) -> None:
    """Progress goes to the file with its time; the exception goes there and to stderr."""
    log = tmp_path / "new" / "run.log"
    ended = run(str(log), "raise ValueError('the end')")
    assert ended.returncode == 1
    text = log.read_text(encoding="utf-8")
    assert re.search(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO +somewhere: progress$", text, re.MULTILINE)
    assert "uncaught ValueError" in text
    assert "Traceback" in text
    for record in (text, ended.stderr):
        assert record.count("ValueError: the end") == 1
    assert "progress" not in ended.stderr


def test_exception_in_a_thread_is_recorded(tmp_path: Path) -> None:
    """A thread that dies leaves its traceback in the log too."""
    log = tmp_path / "run.log"
    ending = "t = threading.Thread(target=lambda: 1 / 0, name='worker'); t.start(); t.join()"
    ended = run(str(log), ending)
    assert "uncaught ZeroDivisionError in thread worker" in log.read_text(encoding="utf-8")
    assert ended.stderr.count("ZeroDivisionError: ") == 1


def test_without_a_path_the_log_is_stderr() -> None:
    """With no file everything is on stderr, the exception once."""
    ended = run(None, "raise ValueError('the end')")
    assert "INFO    somewhere: progress" in ended.stderr
    assert ended.stderr.count("ValueError: the end") == 1


def test_second_call_replaces_the_first(tmp_path: Path) -> None:
    """A run that turns to another log writes nothing more to the old one, and nothing twice."""
    ending = f"log_to({str(tmp_path / 'second')!r}); logging.info('more')"
    run(str(tmp_path / "first"), ending)
    assert "more" not in (tmp_path / "first").read_text(encoding="utf-8")
    assert (tmp_path / "second").read_text(encoding="utf-8").count("more") == 1
