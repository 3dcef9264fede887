"""Files appear whole or not at all."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def arriving(path: Path) -> Iterator[BinaryIO]:
    """A file to write beside `path`: renamed to it when the block ends well, removed when anything is raised.

    Anything includes KeyboardInterrupt and SystemExit. What is at `path` already stays until it is replaced.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}.part")
    try:
        with aside.open("xb") as file:
            yield file
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
