"""Put one table of every sample and width under another."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.logs import log_to
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv, write_tsv


def main(parts: Sequence[str], table: str, name: str) -> None:
    """Concatenate tables of one schema, in the order given."""
    schema = SCHEMAS[name]
    write_tsv(pd.concat([read_tsv(part, schema) for part in parts], ignore_index=True), table, schema)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(snakemake.input, snakemake.output[0], snakemake.wildcards.table)
