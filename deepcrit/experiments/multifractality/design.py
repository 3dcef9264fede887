"""Which random Jacobians are measured."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.seeds import seed_key


def jacobian_manifest(
    alphas: Sequence[float], gain: float, widths: Sequence[int], matrices: Sequence[int], root_seed: int
) -> pd.DataFrame:
    """One row a random Jacobian, schema ``jacobian_manifest``."""
    rows = [
        {
            "seed_key": seed_key(root_seed, "multifractality", f"N{width}/a{alpha:g}", matrix),
            "alpha": alpha,
            "gain": gain,
            "width": width,
            "matrix": matrix,
        }
        for alpha in alphas
        for width, count in zip(widths, matrices, strict=True)
        for matrix in range(count)
    ]
    return pd.DataFrame(rows)
