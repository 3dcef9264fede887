"""Tables as claims name them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv


def read_tables(paths: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Tables by the name that claims call them: that at .../experiment/schema.tsv is experiment/schema."""
    return {f"{Path(path).parent.name}/{Path(path).stem}": read_tsv(path, SCHEMAS[Path(path).stem]) for path in paths}
