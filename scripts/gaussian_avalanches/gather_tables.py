"""Put one table of every sample and width under another."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv, write_tsv


def main(parts: Sequence[str], gathered: str, table: str) -> None:
    """Concatenate tables of one schema, in the order given."""
    schema = SCHEMAS[table]
    write_tsv(pd.concat([read_tsv(part, schema) for part in parts], ignore_index=True), gathered, schema)


if "snakemake" in globals():
    run(main, snakemake)
