"""Locks of files, which not every file system has."""

from __future__ import annotations

import errno
import fcntl
from typing import IO, Any

_NO_FILE_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)


def lock_file(file: IO[Any], wait: bool = True) -> bool:
    """Lock an open file against other processes, until it is closed.

    Args:
        file: any open file.
        wait: for a process that holds it already.

    Returns:
        Whether it is locked; False where the file system has no locks.

    Raises:
        BlockingIOError: if another process holds it and is not waited for.
        OSError: for whatever else prevents it.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        if error.errno not in _NO_FILE_LOCKS:
            raise
        return False
    return True
