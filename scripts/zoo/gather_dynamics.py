"""Put the networks of all shards in one order, and average dynamics over inputs."""

from collections.abc import Mapping, Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.resnets.blocks import read_shards
from deepcrit.experiments.zoo.averages import average_dynamics
from deepcrit.experiments.zoo.schemas import DYNAMICS, DYNAMICS_INPUTS, DYNAMICS_STATUS
from deepcrit.pretrained.sources import SOURCES


def main(inputs: Mapping[str, Sequence[str]], outputs: Mapping[str, str]) -> None:
    """Tables do not depend on the number of shards, the times in that of reasons apart."""
    measured, states = (
        _in_order(read_shards(paths, schema)[0], extra)
        for paths, schema, extra in (
            (inputs["inputs"], DYNAMICS_INPUTS, ["image"]),
            (inputs["status"], DYNAMICS_STATUS, []),
        )
    )
    write_tsv(average_dynamics(measured), outputs["dynamics"], DYNAMICS)
    write_tsv(measured, outputs["inputs"], DYNAMICS_INPUTS)
    write_tsv(states, outputs["status"], DYNAMICS_STATUS)


def _in_order(rows: pd.DataFrame, extra: list[str]) -> pd.DataFrame:
    place = rows["source"].map({source: place for place, source in enumerate(SOURCES)})
    ordered = rows.assign(place=place).sort_values(["place", "model", "weights", *extra], ignore_index=True)
    return ordered.drop(columns="place")


if "snakemake" in globals():
    run(main, snakemake)
