"""Gather the tables of all widths, and fit the critical coupling against width."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm

from deepcrit.core.jobs import run
from deepcrit.core.schema import Schema
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.uniform_networks.critical import fit_width, margin_of
from deepcrit.experiments.uniform_networks.schemas import (
    COUPLING_FITS,
    COUPLING_GAPS,
    COUPLING_SWEEP,
    CRITICAL_COUPLINGS,
    LAYER_ACTIVITY,
)

GATHERED = {"sweep": COUPLING_SWEEP, "couplings": CRITICAL_COUPLINGS, "gaps": COUPLING_GAPS, "activity": LAYER_ACTIVITY}


def main(inputs: Mapping[str, Sequence[str]], outputs: Mapping[str, str]) -> None:
    """Both hold paths by the keys of ``GATHERED``, outputs also ``fits``; widths are in ascending order."""
    for name, schema in GATHERED.items():
        frame = _gathered(inputs[name], schema)
        if name == "couplings":
            frame = pd.concat([_with_steps(of) for _, of in frame.groupby("definition", sort=False)])
            write_tsv(_fitted(frame), outputs["fits"], COUPLING_FITS)
        write_tsv(frame, outputs[name], schema)


def _gathered(paths: Sequence[str], schema: Schema) -> pd.DataFrame:
    return pd.concat([read_tsv(path, schema) for path in paths], ignore_index=True)


def _errors(of: pd.DataFrame) -> np.ndarray:
    """Standard errors of couplings, from their intervals, which are symmetric to first order."""
    return (of["ci_high"] - of["ci_low"]).to_numpy() / (2.0 * norm.ppf(0.975))


def _with_steps(of: pd.DataFrame) -> pd.DataFrame:
    """Differences from width to width; networks of different widths are independent."""
    step = of["coupling"].diff()
    squares = _errors(of) ** 2
    half = margin_of(1.0) * np.sqrt(squares + np.append(np.nan, squares[:-1]))
    return of.assign(step=step, step_low=step - half, step_high=step + half)


def _fitted(couplings: pd.DataFrame) -> pd.DataFrame:
    """One row a definition of the critical coupling and a parameter."""
    rows = []
    for definition, of in couplings.groupby("definition", sort=False):
        widths, values = of["width"].to_numpy(float), of["coupling"].to_numpy()
        fit = fit_width(widths, values, _errors(of))
        for name, value, error in zip(("c0", "c1", "kappa"), fit.parameters, fit.standard_errors, strict=True):
            rows.append(
                {
                    "definition": definition,
                    "parameter": name,
                    "value": value,
                    "ci_low": value - margin_of(error),
                    "ci_high": value + margin_of(error),
                    "ci_method": "normal, from the errors of the couplings",
                    "widths": len(of),
                    "largest_residual": np.max(np.abs(fit.fitted / values - 1.0)),
                }
            )
    return pd.DataFrame(rows)


if "snakemake" in globals():
    run(main, snakemake)
