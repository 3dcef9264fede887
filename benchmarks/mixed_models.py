"""Fits of a random intercept against MixedLM of statsmodels: how long, and how near the least criterion they end."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sizes import size
from statsmodels.regression.mixed_linear_model import MixedLM
from statsmodels.tools.sm_exceptions import ConvergenceWarning, SingularMatrixWarning

from deepcrit.stats.mixedmodels import fit_random_intercept

GROUPS, ROWS = 21, 5  # the settings and networks of Fig. 4 of vock2025
SETS = size(20, 2)


def _set(rng: np.random.Generator, between: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Accuracies of the settings, with two standard predictors."""
    groups = np.repeat(np.arange(GROUPS), ROWS)
    x = rng.normal(size=(groups.size, 2))
    return x @ [1.0, -0.5] + between * rng.normal(size=GROUPS)[groups] + rng.normal(size=groups.size), x, groups


def _timed(fit: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of a fit, and its -2 log of the restricted likelihood."""
    begin = time.perf_counter()
    criterion = fit()
    return time.perf_counter() - begin, criterion


def _statsmodels(y: np.ndarray, x: np.ndarray, groups: np.ndarray) -> float:
    with warnings.catch_warnings():
        # at the boundary it says so, which the numbers show
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", SingularMatrixWarning)
        return float(-2.0 * MixedLM(y, np.column_stack([np.ones(y.size), x]), groups=groups).fit().llf)


def run() -> pd.DataFrame:
    """Median seconds of a fit, and the greatest excess of a criterion, with and without variance between groups."""
    rows = []
    for between in (1.0, 0.0):
        rng = np.random.default_rng(1)
        timed = []
        for _ in range(SETS):
            data = _set(rng, between)
            ours, theirs = (
                _timed(lambda data=data: fit_random_intercept(*data).criterion),
                _timed(lambda data=data: _statsmodels(*data)),
            )
            timed.append((*ours, *theirs))
        seconds, criterion, their_seconds, their_criterion = np.array(timed).T
        name = f"random intercept, {GROUPS} groups of {ROWS}, variance between groups {between:g}; statsmodels"
        rows += [
            (name, np.median(seconds), np.median(their_seconds), "s a fit",
             np.median(their_seconds) / np.median(seconds), "", None),
            (f"{name}: greatest criterion above the least found",
             (criterion - np.minimum(criterion, their_criterion)).max(),
             (their_criterion - np.minimum(criterion, their_criterion)).max(),
             "1", None, "< 1e-9", bool((criterion <= their_criterion + 1e-9).all())),
        ]  # fmt: skip
    columns = ["quantity", "deepcrit", "alternative", "unit", "ratio", "target", "met"]
    return pd.DataFrame(rows, columns=columns).assign(benchmark="mixed models")


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
