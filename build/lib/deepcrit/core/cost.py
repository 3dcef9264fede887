"""What a job costs: the words in which each experiment says it, in the ``cost.py`` of its folder.

Seconds are those of the reference machine, two cores of an x86 server with AVX2, both at work. A prediction is meant to
be within a factor of two.
"""

from __future__ import annotations

from typing import NamedTuple

START, TORCH_START = 1.5, 4.5  # seconds to start a job and import what it needs, without torch and with it
LIBRARIES, TORCH = 250.0, 650.0  # MB that a script takes with numpy, numba and pandas, and with torch besides
LAYER = 3.6e-8  # seconds of a layer of a radial chain, by which machines are compared
SINGLE = 4e-6  # MB of a number in single precision


class Cost(NamedTuple):
    """Of one job; by default that of a rule which reads and writes tables of some hundred rows.

    Attributes:
        seconds: of one core, its start included.
        memory: at most, in MB.
        disk: that its outputs take, compressed as they are, in MB.
        key: of the configuration, by which it becomes smaller.
    """

    seconds: float = 2.5
    memory: float = LIBRARIES
    disk: float = 0.06
    key: str = ""
