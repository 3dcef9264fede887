"""Count the layers of every model, before any long work."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.resnets.schemas import DEPTHS
from deepcrit.experiments.resnets.tracing import TracedNetwork
from deepcrit.pretrained.networks import layer_calls, operations, random_network


def main(table: str, models: Sequence[str], image_size: int, seed: int) -> None:
    """Hook one forward pass of each model, and hold its traced form to the same layers.

    Raises:
        UnknownModelError: for a name that torchvision has no classifier of.
        ImageSizeError: for images of a size that a model cannot take.
        ValueError: for a model whose traced form calls other layers.
    """
    rows = []
    for model in models:
        network = random_network(model, seed)
        calls = layer_calls(network, image_size)
        if TracedNetwork(network).layers != [call.name for call in calls]:
            raise ValueError(f"{model}: found other layers in its traced form than in a forward pass")
        rows.append((model, len(calls), operations(calls), image_size))
    write_tsv(pd.DataFrame(rows, columns=[column.name for column in DEPTHS.columns]), table, DEPTHS)


if "snakemake" in globals():
    run(main, snakemake)
