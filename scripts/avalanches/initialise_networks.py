"""Write the manifest of one sample: a seed key for every network or block of avalanches, no weights."""

from typing import Any

from deepcrit.avalanches.blocks import make_manifest
from deepcrit.avalanches.schemas import MANIFEST
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.real_inputs.schemas import DERIVED_OFFSETS


def main(
    offsets: str | None, manifest: str, settings: dict[str, Any], seed: int, experiment: str, sample: str, width: int
) -> None:
    """Take the weight variance from the sample's settings or, where it is derived, from a table of offsets."""
    weight_variance = settings["weight_variance"]
    if offsets:
        derived = read_tsv(offsets, DERIVED_OFFSETS).set_index("case")
        weight_variance = float(derived.loc[settings["case"], "weight_variance"])
    table = make_manifest(settings, width, weight_variance, seed, experiment, sample)
    write_tsv(table, manifest, MANIFEST)


if "snakemake" in globals():
    run(main, snakemake)
