"""The tensor that Fig. 1a shows, or the one that stands in for it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from deepcrit.experiments.weight_tails.networks import EXAMPLE, EXAMPLE_ENTRIES

AS_SHOWN, IN_ITS_PLACE = "the one that is shown", "another tensor that stands in"


def choose_example(tensors: pd.DataFrame) -> pd.Series:
    """The row of schema ``weight_tensors`` that is shown: the published one, else the one nearest to it in size."""
    trained = tensors[(tensors["draw"] == 0) & tensors["fitted"]]
    network, tensor = EXAMPLE
    shown = trained[(trained["network"] == network) & (trained["tensor"] == tensor)]
    if len(shown):
        return shown.iloc[0]
    distance = np.log(trained["n"] / EXAMPLE_ENTRIES).abs()
    return trained.loc[distance.idxmin()]


def example_row(chosen: pd.Series) -> pd.DataFrame:
    """Schema ``weight_example``."""
    standing = AS_SHOWN if (chosen["network"], chosen["tensor"]) == EXAMPLE else IN_ITS_PLACE
    columns = ["n", "alpha", "alpha_low", "alpha_high", "scale", "mean", "sd", "over_normal", "best"]
    return pd.DataFrame([{**chosen[["network", "tensor"]], "standing": standing, **chosen[columns]}])
