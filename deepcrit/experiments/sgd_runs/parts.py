"""What shards of an analysis of the runs have found, put together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from deepcrit.core.provenance import check_provenance
from deepcrit.core.schema import Schema
from deepcrit.core.tables import read_parquet


def merged_by_run(parts: Sequence[str], runs: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The rows of all shards in the order of the runs, those of a run as they were.

    Args:
        parts: tables of the schema, with a column ``run``.
        runs: schema ``run_outcomes``.
        schema: of the parts.

    Raises:
        TableError: naming a part that is not whole, or is of other runs or other code than the first.
    """
    check_provenance(parts)
    table = pd.concat([read_parquet(part, schema) for part in parts], ignore_index=True)
    order = pd.Series(np.arange(len(runs)), index=runs["run"])
    return table.iloc[np.argsort(order[table["run"]].to_numpy(), kind="stable")]
