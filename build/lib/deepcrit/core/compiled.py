"""Compiled inner loops: numba's njit, which goes on where what it compiled cannot be kept."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

import numba

logger = logging.getLogger(__name__)


def njit(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """``numba.njit``; with ``cache=True``, each process compiles where neither the library nor a cache can be written.

    Args:
        options: of ``numba.njit``.

    Raises:
        RuntimeError: as numba does, but for want of a place to write.
    """

    def compiled(function: Callable[..., Any]) -> Any:
        try:
            return numba.njit(**options)(function)
        except RuntimeError as error:
            if "no locator available" not in str(error):
                raise
        _told()
        return numba.njit(**options | {"cache": False})(function)

    return compiled


@cache
def _told() -> None:
    logger.warning(
        "neither the library nor a cache of yours can be written: inner loops are compiled anew in every process, some "
        "seconds each; NUMBA_CACHE_DIR or XDG_CACHE_HOME names a directory that can"
    )
