"""Laws of a cost against training time: logarithmic ageing and its rivals."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from scipy.optimize import least_squares
from scipy.stats import spearmanr

from deepcrit.core.arrays import Floats

_LEAST_ITERATIONS = 6  # of which three parameters and a deviation are fitted
_SCALES = (0.1, 0.3, 0.5, 0.7, 0.9)  # quantiles of ln t from which a time scale is searched
_ONSET = 0.1  # of what the cost comes to


def ageing(iterations: Floats, costs: Floats) -> dict[str, Any]:
    """Fits to a cost at iterations from the first on, and when it sets in; columns of ``coupling_ageing``.

    Args:
        iterations: ascending, shape (n,); zero is before training, and not fitted.
        costs: at each of them.
    """
    trained = iterations > 0
    t, y = iterations[trained].astype(np.float64), costs[trained]
    found: dict[str, Any] = {"iterations": int(t.size), "best": "", "reason": ""}
    if not trained.all():
        found["initial_cost"] = float(costs[~trained][0])
    if t.size < _LEAST_ITERATIONS:
        return found | {"reason": f"{t.size} iterations, fewer than {_LEAST_ITERATIONS}"}
    if np.ptp(y) == 0.0:
        return found | {"reason": "the cost does not change"}
    if y[-1] < 0:
        found["onset"] = float(iterations[np.argmax(costs <= _ONSET * y[-1])])
    logarithm = np.polyfit(np.log(t), y, 1)
    logs = np.log(t)
    squares = {
        "logarithm": float(((y - np.polyval(logarithm, logs)) ** 2).sum()),
        "power": _least_squares(lambda b: np.exp(b * logs), y, [-1.0, -0.3, 0.1, 0.3, 1.0], 3.0),
        # b of exp(-t/b) is searched by its logarithm
        "exponential": _least_squares(lambda b: np.exp(-t / np.exp(b)), y, np.quantile(logs, _SCALES), 20.0),
    }
    parameters = {"logarithm": 3, "power": 4, "exponential": 4}  # the deviation is one
    criteria = {
        law: t.size * np.log(max(squares[law], 1e-300) / t.size) + parameters[law] * np.log(t.size) for law in squares
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        correlation = float(spearmanr(t, y).statistic)
    return found | {
        "slope": float(-logarithm[0]),
        "determination": 1.0 - squares["logarithm"] / float(((y - y.mean()) ** 2).sum()),
        "rank_correlation": correlation,
        **{f"bic_{law}": float(criterion) for law, criterion in criteria.items()},
        "best": min(criteria, key=lambda law: criteria[law]),
    }


def _least_squares(shape: Callable[[float], Floats], y: Floats, starts: Iterable[float], largest: float) -> float:
    """Smallest sum of squares of c + a f(b), which is linear in c and a, so that b alone is searched."""

    def residuals(b: Floats) -> Floats:
        design = np.stack([np.ones_like(y), shape(float(b[0]))], axis=1)
        return np.asarray(design @ np.linalg.lstsq(design, y, rcond=None)[0] - y)

    return min(2.0 * float(least_squares(residuals, [start], bounds=(-largest, largest)).cost) for start in starts)
