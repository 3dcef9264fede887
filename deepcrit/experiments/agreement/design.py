"""Which networks there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from deepcrit.core.seeds import seed_key


def agreement_design(design: Mapping[str, Any], root_seed: int) -> pd.DataFrame:
    """One row a network, schema ``agreement_manifest``: all alphas and gains without bias, and Gaussian ones with it.

    Args:
        design: keys of the configuration that say which networks there are.
        root_seed: of the configuration.
    """
    rows = []
    for alpha, bias in [*((alpha, 0.0) for alpha in design["alphas"]), (max(design["alphas"]), design["bias"])]:
        for gain in design["gains"]:
            cell = f"a{alpha:g}/g{gain:g}/b{bias:g}"
            for draw in range(design["seeds"]):
                key = seed_key(root_seed, "agreement", cell, draw)
                row = {"cell": cell, "alpha": alpha, "gain": gain, "bias": bias}
                rows.append({"point": f"{cell}/{draw}", "seed_key": key, **row})
    return pd.DataFrame(rows)
