"""List torchvision's classifiers with what it says of them, and their year and group as printed."""

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.zoo.schemas import MODELS, PUBLISHED_MODELS, WEIGHT_SETS
from deepcrit.pretrained.catalogue import count_modules, weight_sets


def main(published: str, models: str, sets: str) -> None:
    """One row a classifier, with its first set of weights, and one row a set.

    Raises:
        ValueError: naming the classifiers that torchvision or the published list has and the other has not.
    """
    printed = read_tsv(published, PUBLISHED_MODELS).drop(columns="source")
    found = weight_sets()
    unlike = sorted(set(printed["model"]) ^ set(found["model"]))
    if unlike:
        raise ValueError(f"{published}: found other classifiers than torchvision has, expected the same: {unlike}")
    first = found.drop_duplicates("model")[["model", "weights", "accuracy", "parameters"]]
    counts = [(model, *count_modules(model)[:2]) for model in printed["model"]]
    sizes = pd.DataFrame(counts, columns=["model", "modules", "all_modules"])
    number = found.groupby("model").size().rename("weight_sets").reset_index()
    table = printed.merge(first, on="model").merge(sizes, on="model").merge(number, on="model")
    write_tsv(table, models, MODELS)
    write_tsv(found, sets, WEIGHT_SETS)


if "snakemake" in globals():
    run(main, snakemake)
