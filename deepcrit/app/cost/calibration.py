"""The speed of this machine: seconds of each operation, with as many at work as jobs would be."""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from scipy.optimize import nnls

from deepcrit.app.cost.speed import REFERENCE, seconds_of

Timed = tuple[dict[str, float], float]
PRIOR = 0.3  # weight of the reference machine's proportions, against a probe that measures them apart


def calibrate(processes: int) -> dict[str, float]:
    """Seconds of every operation of :data:`deepcrit.app.cost.speed.REFERENCE`.

    Processor time is what counts, so that other work on the machine matters little; processes run at once, because
    cores that share caches and units slow each other down.

    Args:
        processes: how many measure at the same time.
    """
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        measured = list(pool.map(_measure, range(processes)))
    return solve(list(itertools.chain.from_iterable(measured)))


def solve(timed: list[Timed]) -> dict[str, float]:
    """Seconds of every operation from work and its seconds, none of them negative.

    Seconds are least squares of relative errors. Operations that were only measured together are kept near what they
    would take if all of a probe's were slower than the reference by the same factor. What was not measured is slower by
    the median of all probes.
    """
    measured = [name for name in REFERENCE if any(name in work for work, _ in timed)]
    slower = [seconds / seconds_of(work) for work, seconds in timed]
    alike = np.array(
        [
            np.median([factor for (work, _), factor in zip(timed, slower, strict=True) if name in work])
            for name in measured
        ]
    )
    rows = np.array([[work.get(name, 0.0) * REFERENCE[name] / seconds for name in measured] for work, seconds in timed])
    prior = PRIOR * np.eye(len(measured))
    targets = np.concatenate([np.ones(len(timed)), np.full(len(measured), PRIOR)])
    corrections, _ = nnls(np.vstack([rows * alike, prior]), targets)
    factors = dict.fromkeys(REFERENCE, float(np.median(slower))) | dict(
        zip(measured, (corrections * alike).tolist(), strict=True)
    )
    return {name: seconds * factors[name] for name, seconds in REFERENCE.items()}


def _measure(_: int) -> list[Timed]:
    """Work and processor seconds of every probe, in a process of its own."""
    import torch
    from threadpoolctl import threadpool_limits

    # compiles and loads what rules compile and load; a run that needs no calibration is spared it
    from deepcrit.app.cost.probes import probes

    torch.set_num_threads(1)
    timed = []
    with threadpool_limits(1):
        for probe in probes():
            probe.run()
            began = time.process_time()
            work: dict[str, float] = {}
            for _ in range(probe.repeats):
                for name, count in probe.run().items():
                    work[name] = work.get(name, 0.0) + count
            timed.append((work, time.process_time() - began))
    return timed
