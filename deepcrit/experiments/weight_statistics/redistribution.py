"""A model of connections that are removed at random and whose strength returns, in part to those that are strong.

At every step one connection loses all its strength. With probability P_C it returns to all in proportion to their
strengths, else evenly. In the limit of many connections strengths grow between removals as dw/ds = P_C w + 1 - P_C,
with mean one and s in removals for each connection, up to ages that are exponential: a Lomax law, whose density falls
as w^-a with a = 1 + 1/P_C. The paper names the model and prints no rule; this one is the continuous form of Lynn et al.
(2024).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import linregress

from deepcrit.avalanches.powerlaws import fit_continuous, scan_xmin
from deepcrit.avalanches.powerlaws.xmin import log_spaced_candidates
from deepcrit.core.arrays import Floats
from deepcrit.core.compiled import njit
from deepcrit.experiments.weight_statistics.schemas import (
    LEAST_DISTANCE,
    REDISTRIBUTION_FITS,
    REDISTRIBUTION_RELATION,
)
from deepcrit.stats.intervals import student_interval

_FIXED = {"mean strength": 1.0, "five mean strengths": 5.0, "twenty mean strengths": 20.0}
_LEAST_TAIL = 100


@njit(cache=True, error_model="numpy")
def _redistribute(strengths: Floats, removed: Any, proportional: Any) -> None:
    n = strengths.size
    total, scale, shift = strengths.sum(), 1.0, 0.0  # strengths are scale * kept + shift
    for step in range(removed.size):
        place = removed[step]
        lost = scale * strengths[place] + shift
        strengths[place] = -shift / scale
        if proportional[step]:
            if lost < total:
                scale *= total / (total - lost)
                shift *= total / (total - lost)
        else:
            shift += lost / n
        if scale > 1e6 or step == removed.size - 1:
            for i in range(n):
                strengths[i] = max(scale * strengths[i] + shift, 0.0)
            scale, shift = 1.0, 0.0
            factor = total / strengths.sum()
            for i in range(n):
                strengths[i] *= factor


def redistributed_strengths(probability: float, connections: int, sweeps: int, rng: np.random.Generator) -> Floats:
    """Strengths of one matrix, of mean one, after ``sweeps`` removals for each connection, shape (connections,).

    Args:
        probability: P_C.
        connections: of the matrix; all begin alike.
        sweeps: until which all have been removed, but for exp(-sweeps) of them.
        rng: of the removals.
    """
    strengths, steps = np.ones(connections), connections * sweeps
    _redistribute(strengths, rng.integers(0, connections, steps), rng.random(steps) < probability)
    return strengths


def redistribution_exponents(strengths: Mapping[float, Floats]) -> pd.DataFrame:
    """Power laws above several xmin; schema ``redistribution_fits``.

    Args:
        strengths: by P_C, of all matrices.
    """
    rows = []
    for probability, values in strengths.items():
        positive = np.sort(values[values > 0])
        least = scan_xmin(
            positive, log_spaced_candidates(positive, 60, _LEAST_TAIL), None, None, _LEAST_TAIL, True
        ).xmin  # fmt: skip
        for rule, xmin in {LEAST_DISTANCE: least, **_FIXED}.items():
            tail = int((positive >= xmin).sum())
            if tail < _LEAST_TAIL:
                continue
            row = {"probability": probability, "xmin_rule": rule, "xmin": xmin, "tail": tail}
            found = fit_continuous(positive, xmin, None, assume_sorted=True)
            rows.append(
                row | {"exponent": found.exponent, "ci_low": found.ci_low, "ci_high": found.ci_high,
                       "ci_method": "profile likelihood, independent connections"}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=[column.name for column in REDISTRIBUTION_FITS.columns])


def redistribution_relation(fits: pd.DataFrame, least: float) -> pd.DataFrame:
    """Exponents against 1/P_C by least squares, for each rule of xmin; schema ``redistribution_relation``.

    Args:
        fits: schema ``redistribution_fits``.
        least: P_C above which exponents count.
    """
    rows = []
    for rule, part in fits[fits["probability"] > least].groupby("xmin_rule", sort=False):
        if len(part) < 3:
            continue
        line = linregress(1.0 / part["probability"], part["exponent"])
        for name, value, error in (
            ("slope", line.slope, line.stderr), ("intercept", line.intercept, line.intercept_stderr)
        ):  # fmt: skip
            found = student_interval(float(value), float(error), len(part) - 2)
            rows.append(
                {"xmin_rule": rule, "parameter": name, "points": len(part), "value": found.value,
                 "ci_low": found.ci_low, "ci_high": found.ci_high, "ci_method": "Student over probabilities"}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=[column.name for column in REDISTRIBUTION_RELATION.columns])
