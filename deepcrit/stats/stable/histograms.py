"""Histograms of values beside the stable and the normal law that were fitted to them."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from deepcrit.stats.stable.laws import survival

_BINS, _HALF_WIDTH, _PER_DECADE = 121, 6.0, 8


def histograms_beside_laws(values: NDArray[Any], alpha: float, scale: float) -> pd.DataFrame:
    """The body in equal bins of the value, the tail in logarithmic bins of the distance from the mean.

    Args:
        values: of any shape.
        alpha: tail index of the stable law, which is centred at the mean.
        scale: of that law; the normal one has the standard deviation of the values.

    Returns:
        Columns `deepcrit.stats.schemas.HISTOGRAM_COLUMNS`.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import stable
        >>> values = stable.sample(np.random.default_rng(1), 5000, alpha=1.5)
        >>> "stable" in " ".join(stable.histograms_beside_laws(values, 1.5, 1.0).columns)
        True
    """
    w = values.ravel().astype(np.float64)
    mean, sd = float(w.mean()), float(w.std())
    body = mean + sd * np.linspace(-_HALF_WIDTH, _HALF_WIDTH, _BINS + 1)
    distance = np.abs(w - mean)
    decades = np.log10(distance.max() / (0.1 * sd))
    tail = 0.1 * sd * 10 ** np.linspace(0, decades, max(2, round(_PER_DECADE * decades)) + 1)
    tail[-1] = np.nextafter(distance.max(), np.inf)
    rows = []
    for axis, x, edges, sides in (("value", w, body, 1.0), ("distance", distance, tail, 2.0)):
        counts = np.histogram(x, edges)[0]
        width = np.diff(edges)
        from_mean = edges - mean if axis == "value" else edges
        laws = (
            -sides * np.diff(survival(from_mean, alpha, scale)) / width,
            -sides * np.diff(ndtr(-from_mean / sd)) / width,
        )
        rows.append(
            pd.DataFrame(
                {
                    "axis": axis,
                    "low": edges[:-1],
                    "high": edges[1:],
                    "entries": counts,
                    "density": counts / width / w.size,
                    "stable": laws[0],
                    "normal": laws[1],
                }
            )
        )
    return pd.concat(rows, ignore_index=True)
