"""Responses of networks of one width to stimuli of all strengths, and their dynamic range, at many couplings."""

from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.grids import regular_grid
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.uniform_networks.propagation import propagate_signals
from deepcrit.experiments.uniform_networks.response import dynamic_range, median_interval, typical
from deepcrit.experiments.uniform_networks.schemas import (
    COUPLING_GAPS,
    CRITICAL_COUPLINGS,
    DYNAMIC_RANGES,
    RESPONSES,
)
from deepcrit.experiments.uniform_networks.spec import UniformSpec, growth_coupling


def main(
    couplings: str, outputs: Mapping[str, str], spec: Mapping[str, Any], responses: Mapping[str, Any], seed: int
) -> None:
    """Ranges are medians over networks; the responses kept are those of the first.

    An average over networks would have a wider range than any of them: near the transition their responses rise at
    stimuli that are orders of magnitude apart.
    """
    width, networks = responses["width"], responses["networks"]
    of = UniformSpec(width=width, networks=networks, seed=seed, **spec)
    relative = np.array(responses["relative_couplings"])
    kappa = relative * growth_coupling(of)
    log10 = regular_grid(**responses["log_stimuli"])
    columns = np.repeat(kappa, len(log10)), np.tile(log10 * np.log(10.0), len(kappa))
    # a queue of length one: whole layers are large
    last = deque(propagate_signals(of, *columns), maxlen=1).pop()
    # relative to the largest: activities of weak couplings are too small for a float
    logs = last.log_activity.reshape(networks, len(kappa), len(log10))
    scaled = np.exp(logs - logs.max(axis=2, keepdims=True))
    found = [[dynamic_range(log10, curve) for curve in of_network] for of_network in scaled]
    decibels = np.array([[each.decibels for each in of_network] for of_network in found])

    shape = {"width": width, "networks": networks}
    rows, curves = [], []
    for k, (ratio, coupling) in enumerate(zip(relative, kappa, strict=True)):
        where = {**shape, "relative_coupling": ratio, "coupling": coupling}
        first = found[0][k]
        low, high = median_interval(decibels[:, k])
        rows.append(
            {
                **where,
                "low_stimulus": first.stimuli[0],
                "high_stimulus": first.stimuli[1],
                "low_response": first.responses[0],
                "high_response": first.responses[1],
                "dynamic_range": typical(decibels[:, k]),
                "ci_low": low,
                "ci_high": high,
                "ci_method": "order statistics of networks",
            }
        )
        curves.append(pd.DataFrame({**where, "stimulus": 10.0**log10, "response": scaled[0, k]}))
    write_tsv(pd.concat(curves), outputs["responses"], RESPONSES)
    write_tsv(pd.DataFrame(rows), outputs["ranges"], DYNAMIC_RANGES)

    known = read_tsv(couplings, CRITICAL_COUPLINGS).set_index("definition")["coupling"]
    critical = known["largest_singular_value"]
    # the peak is known to the spacing of the couplings, and no better than it moves when one network is left out
    peaks = [_peak(np.delete(decibels, left_out, axis=0)) for left_out in range(networks)]
    low, high = max(min(peaks) - 1, 0), min(max(peaks) + 1, len(kappa) - 1)
    gap = {
        **shape,
        "quantity": "widest_range",
        "value": kappa[_peak(decibels)] / critical - 1.0,
        "ci_low": kappa[low] / critical - 1.0,
        "ci_high": kappa[high] / critical - 1.0,
        "ci_method": "peaks with one network left out, and the next coupling on either side",
        "what": "coupling of the widest dynamic range over the critical one, less one",
    }
    write_tsv(pd.DataFrame([gap]), outputs["gaps"], COUPLING_GAPS)


def _peak(decibels: np.ndarray) -> int:
    """Index of the coupling at which the median over networks is largest."""
    return int(np.nanargmax([typical(at_coupling) for at_coupling in decibels.T]))


if "snakemake" in globals():
    run(main, snakemake)
