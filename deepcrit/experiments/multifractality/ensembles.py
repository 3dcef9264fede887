"""Fractal dimensions of random Jacobians, and what they tend to as N grows."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.seeds import generator, seed_key
from deepcrit.experiments.multifractality.schemas import EVERY_VECTOR, FIFTHS
from deepcrit.physics.heavytails import (
    delocalised_dimensions,
    dimensions,
    random_jacobian,
    right_eigenvectors,
    stable_dimensions,
    stable_vectors,
)
from deepcrit.physics.heavytails.multifractality import POWERS
from deepcrit.stats.intervals import mean_interval, student_interval

_STABLE_ENTRIES = 400_000  # drawn for each null of stable vectors


def matrix_dimensions(row: Any) -> pd.DataFrame:
    """D_q over the right eigenvectors of one W D at the fixed point, schema ``matrix_dimensions``.

    All powers over all eigenvectors, and q = 2 over fifths of them, ordered by the moduli of their eigenvalues.

    Args:
        row: of the manifest.
    """
    found, vectors = right_eigenvectors(random_jacobian(generator(row.seed_key), int(row.width), row.alpha, row.gain))
    each = dimensions(vectors, POWERS)
    # the last of the powers is two
    fifth = np.argsort(np.argsort(np.abs(found))) * FIFTHS // len(found) + 1
    parts = [
        (EVERY_VECTOR, POWERS, each),
        *((part, POWERS[-1:], each[-1:, fifth == part]) for part in range(1, FIFTHS + 1)),
    ]
    tables = [
        pd.DataFrame(
            {
                "fifth": part,
                "power": powers,
                "mean": values.mean(axis=1),
                "spread": values.std(axis=1, ddof=1),
                "vectors": values.shape[1],
            }
        )
        for part, powers, values in parts
    ]
    place = {name: getattr(row, name) for name in ("alpha", "gain", "width", "matrix")}
    return pd.concat(tables).assign(**place)


def random_dimensions(matrices: pd.DataFrame, root_seed: int) -> pd.DataFrame:
    """Averages over matrices, beside three nulls, schema ``random_dimensions``.

    Args:
        matrices: schema ``matrix_dimensions``.
        root_seed: for the null of stable vectors.
    """
    places = matrices[["alpha", "width"]].drop_duplicates()
    nulls = {
        (alpha, width): _nulls(alpha, width, root_seed)
        for alpha, width in zip(places["alpha"], places["width"], strict=True)
    }
    rows = []
    for (alpha, gain, width, fifth, power), of in matrices.groupby(
        ["alpha", "gain", "width", "fifth", "power"], sort=True
    ):
        mean = mean_interval(of["mean"])
        at = int(np.argmin(np.abs(POWERS - of["power"].iloc[0])))
        rows.append(
            {
                "alpha": alpha,
                "gain": gain,
                "width": width,
                "fifth": fifth,
                "power": power,
                "matrices": len(of),
                "dimension": mean.value,
                "ci_low": mean.ci_low,
                "ci_high": mean.ci_high,
                "ci_method": "Student over matrices",
                "between": of["mean"].std(ddof=1),
                "spread": of["spread"].mean(),
                **{name: float(values[at]) for name, values in nulls[alpha, width].items()},
            }
        )
    return pd.DataFrame(rows)


def _nulls(alpha: float, width: int, root_seed: int) -> dict[str, Any]:
    rng = generator(seed_key(root_seed, "multifractality", f"stable vectors/N{width}/a{alpha:g}", 0))
    vectors = stable_vectors(rng, width, max(_STABLE_ENTRIES // width, 2), alpha)
    return {
        "real_null": delocalised_dimensions(width, False),
        "complex_null": delocalised_dimensions(width, True),
        "stable_null": dimensions(vectors).mean(axis=1),
        "stable_limit": stable_dimensions(alpha),
    }


def dimension_scaling(matrices: pd.DataFrame) -> pd.DataFrame:
    """What D_q tends to: slopes of D_q ln N = -ln IPR_q/(q - 1) in ln N, schema ``dimension_scaling``.

    IPR_q ~ c N^((1-q) D_q) leaves ln c in D_q ln N, which the slope is free of. Means over the matrices of a width are
    weighted by their errors. Slopes between neighbouring widths tell whether the power law holds yet.

    Args:
        matrices: schema ``matrix_dimensions``.
    """
    rows = []
    for (alpha, gain, fifth, power), of in matrices.groupby(["alpha", "gain", "fifth", "power"], sort=True):
        if power in (0, 1):
            continue
        widths = sorted(of["width"].unique())
        for chosen in [widths, *map(list, pairwise(widths))] if power == POWERS[-1] else [widths]:
            rows.append(
                {
                    "alpha": alpha,
                    "gain": gain,
                    "fifth": fifth,
                    "power": power,
                    "between_widths": "all" if chosen is widths else f"{chosen[0]} to {chosen[1]}",
                    **_slope(of[of["width"].isin(chosen)]),
                    "stable_limit": float(stable_dimensions(of["alpha"].iloc[0], of["power"].iloc[:1])[0]),
                }
            )
    return pd.DataFrame(rows)


def _slope(of: pd.DataFrame) -> dict[str, Any]:
    by_width = of.groupby("width")["mean"].agg(["mean", "std", "count"])
    log_size = np.log(by_width.index.to_numpy(float))
    errors = by_width["std"].to_numpy() / np.sqrt(by_width["count"].to_numpy()) * log_size
    weights = 1 / np.maximum(errors, 1e-12) ** 2
    values = by_width["mean"].to_numpy() * log_size
    centre = np.average(log_size, weights=weights)
    leverage = (weights * (log_size - centre) ** 2).sum()
    slope = float((weights * (log_size - centre) * values).sum() / leverage)
    found = student_interval(slope, float(leverage**-0.5), int((by_width["count"] - 1).sum()))
    return {
        "limit": slope,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "ci_method": "Student over matrices",
        "matrices": len(of),
    }
