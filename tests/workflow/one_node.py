"""A SLURM of one node, brought up for some tests and taken down after them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "slurm.sh"
STATE = Path("/run/deepcrit-slurm")
REFUSED = 2  # exit status of the script if this machine cannot have a SLURM
# on one node jobs last seconds, and how they fared is asked as often
QUICK = ("--slurm-init-seconds-before-status-checks", "2")
GONE = 60.0  # seconds in which cancelled jobs must be gone


class NoSlurmError(RuntimeError):
    """This machine cannot have a SLURM; the message says why."""


class OneNode:
    """The running SLURM."""

    arguments = ("--profile", "slurm", *QUICK)

    def kill_daemons(self) -> None:
        """Kill -9 of controller and node; jobs go on."""
        for daemon in ("slurmctld", "slurmd"):
            os.kill(int((STATE / f"{daemon}.pid").read_text(encoding="utf-8")), signal.SIGKILL)

    def revive(self) -> None:
        """Start them again, and cancel what was submitted, as one does before another run."""
        subprocess.run(["bash", str(SCRIPT), "up"], check=True, capture_output=True)
        subprocess.run(["scancel", "--partition=main"], check=True)
        deadline = time.monotonic() + GONE
        while subprocess.run(["squeue", "-h"], check=True, capture_output=True).stdout.strip():
            assert time.monotonic() < deadline, "jobs outlive their cancellation"
            time.sleep(0.5)


@contextmanager
def one_node() -> Iterator[OneNode]:
    """A SLURM while the context lasts.

    Raises:
        NoSlurmError: if there can be none here.
    """
    up = subprocess.run(["bash", str(SCRIPT), "up"], capture_output=True, encoding="utf-8", check=False)
    if up.returncode == REFUSED:
        raise NoSlurmError(up.stderr.strip().splitlines()[-1])
    assert up.returncode == 0, up.stderr
    try:
        yield OneNode()
    finally:
        subprocess.run(["bash", str(SCRIPT), "down"], check=True)


@contextmanager
def one_node_if_possible() -> Iterator[OneNode | None]:
    """The same, or nothing where there can be none."""
    with ExitStack() as stack:
        try:
            node = stack.enter_context(one_node())
        except NoSlurmError:
            node = None
        yield node
