"""How large a benchmark is: as reported, or with ``--toy`` so small that it only shows that all of it runs."""

from __future__ import annotations

import sys
from typing import TypeVar

TOY = "--toy" in sys.argv[1:]
Size = TypeVar("Size")


def size(reported: Size, toy: Size) -> Size:
    """The one of the two that this process measures; worker processes are given the same arguments."""
    return toy if TOY else reported
