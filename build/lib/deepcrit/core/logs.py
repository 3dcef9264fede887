"""One place that decides how a run is logged."""

import logging
import sys
import threading
from pathlib import Path
from types import TracebackType

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_installed: logging.Handler | None = None


def log_to(path: str | Path | None) -> None:
    """Send every log record of level INFO and above, with its time, to the file `path` (None: to stderr).

    An exception that nothing catches, in the main thread or another, is recorded with its traceback in the
    log and still appears on stderr. A second call replaces the first; handlers installed by others are left
    alone. The file is begun anew and its directory is made where missing.
    """
    global _installed
    handler: logging.Handler
    if path is None:
        handler = logging.StreamHandler()
    else:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter(_FORMAT))

    root = logging.getLogger()
    if _installed is not None:
        root.removeHandler(_installed)
        _installed.close()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    _installed = handler

    sys.excepthook = _record_uncaught
    threading.excepthook = _record_uncaught_in_thread


def _record_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None, where: str = ""
) -> None:
    if isinstance(_installed, logging.FileHandler):
        logging.getLogger().critical("uncaught %s%s", kind.__name__, where, exc_info=(kind, error, traceback))
    sys.__excepthook__(kind, error, traceback)


def _record_uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is None or issubclass(arguments.exc_type, SystemExit):
        return
    where = f" in thread {arguments.thread.name}" if arguments.thread is not None else ""
    _record_uncaught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback, where)
