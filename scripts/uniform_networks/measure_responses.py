"""Responses of networks of one width to stimuli of all strengths, and their dynamic range, at many couplings."""

from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.jackknife import jackknife
from deepcrit.logs import log_to
from deepcrit.meanfield.grids import regular_grid
from deepcrit.schemas.uniform_networks import COUPLING_GAPS, CRITICAL_COUPLINGS, DYNAMIC_RANGES, RESPONSES
from deepcrit.tables import read_tsv, write_tsv
from deepcrit.uniform_networks.propagation import propagate_signals
from deepcrit.uniform_networks.response import dynamic_range
from deepcrit.uniform_networks.spec import UniformSpec, growth_coupling


def main(
    couplings: str, tables: Mapping[str, str], spec: Mapping[str, Any], responses: Mapping[str, Any], seed: int
) -> None:
    """Ranges are those of the response averaged over networks, intervals leave out one network at a time."""
    width, networks = responses["width"], responses["networks"]
    of = UniformSpec(width=width, networks=networks, seed=seed, **spec)
    relative = np.array(responses["relative_couplings"])
    kappa = relative * growth_coupling(of)
    log10 = regular_grid(**responses["log_stimuli"])
    columns = np.repeat(kappa, len(log10)), np.tile(log10 * np.log(10.0), len(kappa))
    # a queue of length one: whole layers are large
    last = deque(propagate_signals(of, *columns), maxlen=1).pop()
    # relative to the largest of each coupling: activities of weak couplings are too small for a float
    logs = last.log_activity.reshape(networks, len(kappa), len(log10))
    peak = logs.max(axis=(0, 2), keepdims=True)
    scaled = np.exp(logs - peak)

    shape = {"width": width, "networks": networks}
    rows, curves = [], []
    for k, (ratio, coupling) in enumerate(zip(relative, kappa, strict=True)):
        where = {**shape, "relative_coupling": ratio, "coupling": coupling}
        mean = scaled[:, k].mean(axis=0)
        found = dynamic_range(log10, mean)
        interval = jackknife(lambda kept, k=k: dynamic_range(log10, scaled[kept, k].mean(axis=0)).decibels, networks)
        rows.append(
            {
                **where,
                "low_stimulus": found.stimuli[0],
                "high_stimulus": found.stimuli[1],
                "low_response": found.responses[0] / mean.max(),
                "high_response": found.responses[1] / mean.max(),
                "dynamic_range": found.decibels,
                "ci_low": interval.ci_low,
                "ci_high": interval.ci_high,
                "ci_method": "jackknife over networks",
            }
        )
        curves.append(pd.DataFrame({**where, "stimulus": 10.0**log10, "response": mean / mean.max()}))
    write_tsv(pd.concat(curves), tables["responses"], RESPONSES)
    write_tsv(pd.DataFrame(rows), tables["ranges"], DYNAMIC_RANGES)

    known = read_tsv(couplings, CRITICAL_COUPLINGS).set_index("definition")["coupling"]
    critical = known["largest_singular_value"]

    def peak_of(kept: np.ndarray) -> int:
        return int(
            np.nanargmax([dynamic_range(log10, scaled[kept, k].mean(axis=0)).decibels for k in range(len(kappa))])
        )

    # the peak is known to the spacing of the couplings, and no better than it moves when one network is left out
    peaks = [peak_of(np.arange(networks) != left_out) for left_out in range(networks)]
    low, high = max(min(peaks) - 1, 0), min(max(peaks) + 1, len(kappa) - 1)
    gap = {
        **shape,
        "quantity": "widest_range",
        "value": kappa[peak_of(np.ones(networks, bool))] / critical - 1.0,
        "ci_low": kappa[low] / critical - 1.0,
        "ci_high": kappa[high] / critical - 1.0,
        "ci_method": "peaks with one network left out, and the next coupling on either side",
        "what": "coupling of the widest dynamic range over the critical one, less one",
    }
    write_tsv(pd.DataFrame([gap]), tables["gaps"], COUPLING_GAPS)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.couplings,
        {name: snakemake.output[name] for name in ("responses", "ranges", "gaps")},
        snakemake.params.spec,
        snakemake.params.responses,
        snakemake.params.seed,
    )
