"""Real images beside Gaussian inputs: survival of avalanches, its difference, and what sharing networks costs."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import ttest_ind_from_stats

from deepcrit.avalanches.agreement import survival_by_network
from deepcrit.avalanches.schemas import AVALANCHES, BLOCKS
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.data import mnist
from deepcrit.data.idx import read_idx
from deepcrit.experiments.real_inputs.schemas import (
    DERIVED_OFFSETS,
    INPUT_COMPARISON,
    INPUT_INDEPENDENCE,
    INPUT_SURVIVAL,
)
from deepcrit.physics.activations import activation
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import transfer_law
from deepcrit.stats.design_effect import shared_sample

KINDS = ("gaussian", "mnist")
AVERAGED_IMAGES = 2000  # of which mean(phi(z0)^2), all but equal for all, is averaged


def main(
    samples: dict[str, str], images: str, offsets: str, outputs: dict[str, str], cases: dict[str, dict[str, Any]],
    width: int, strength: float, seed: int,
) -> None:  # fmt: skip
    """Three tables over all cases.

    Args:
        samples: directory of each sample, keyed ``{case}_{inputs}``.
        images: the image file.
        offsets: derived weight variances.
        outputs: survival, comparison and independence.
        cases: activation, ensemble and depth of each case.
        width: N.
        strength: norm of every input.
        seed: root seed.
    """
    variances = read_tsv(offsets, DERIVED_OFFSETS).set_index("case")["weight_variance"]
    pictures = mnist.images_at_strength(read_idx(Path(images))[:AVERAGED_IMAGES], strength)
    survival, comparison, independence = [], [], []
    for case, keys in cases.items():
        layers = np.unique(np.geomspace(1, keys["depth"], 25).round().astype(int))
        fractions = {}
        for inputs in KINDS:
            directory = samples[f"{case}_{inputs}"]
            avalanches = read_parquet(f"{directory}/avalanches.parquet", AVALANCHES)
            blocks = read_parquet(f"{directory}/blocks.parquet", BLOCKS)
            fractions[inputs] = survival_by_network(avalanches, blocks, layers)
            error = fractions[inputs].std(axis=0, ddof=1) / np.sqrt(len(blocks))
            mean = fractions[inputs].mean(axis=0)
            survival += [(case, inputs, *row) for row in zip(layers, mean, error, strict=True)]
            shared = int(blocks["launched"].iloc[0])
            for column, layer in enumerate(layers):
                if error[column] == 0.0:
                    continue
                rng = generator(seed_key(seed, "compare_inputs", f"{case}_{inputs}", int(layer)))
                worth = shared_sample(fractions[inputs][:, column], shared, rng)
                independence.append(
                    (case, inputs, layer, worth.n, worth.effective_n, worth.intraclass_correlation,
                     worth.ci_low, worth.ci_high, "percentile bootstrap by network")
                )  # fmt: skip
        if keys["ensemble"] == "gaussian":
            spec = NetworkSpec(
                width, keys["depth"], variances[case], activation=keys["activation"], input_strength=strength
            )
            phi = activation(keys["activation"])
            of_images = float((phi(pictures) ** 2).mean())
            for inputs, start in (("law, gaussian", None), ("law, mnist", of_images)):
                alive = transfer_law(spec, start).alive
                survival += [(case, inputs, layer, alive[layer], 0.0) for layer in layers]
        for column in (0, len(layers) // 2):
            means = [float(fractions[inputs][:, column].mean()) for inputs in KINDS]
            spreads = [float(fractions[inputs][:, column].std(ddof=1)) for inputs in KINDS]
            networks = len(fractions["gaussian"])
            test = ttest_ind_from_stats(means[0], spreads[0], networks, means[1], spreads[1], networks, equal_var=False)
            error = np.hypot(*spreads) / np.sqrt(networks)
            comparison.append((case, f"P(D >= {layers[column]})", *means, error, test.pvalue, networks))
    columns = ["case", "inputs", "duration", "alive", "standard_error"]
    write_tsv(pd.DataFrame(survival, columns=columns), outputs["survival"], INPUT_SURVIVAL)
    columns = ["case", "quantity", "gaussian", "mnist", "standard_error", "p_value", "networks"]
    write_tsv(pd.DataFrame(comparison, columns=columns), outputs["comparison"], INPUT_COMPARISON)
    columns = [
        "case",
        "inputs",
        "layer",
        "n",
        "effective_n",
        "intraclass_correlation",
        "ci_low",
        "ci_high",
        "ci_method",
    ]
    write_tsv(pd.DataFrame(independence, columns=columns), outputs["independence"], INPUT_INDEPENDENCE)


if "snakemake" in globals():
    run(main, snakemake)
