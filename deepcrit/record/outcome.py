"""An outcome: verdicts, and the tables that they were judged from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from deepcrit.claims.schemas import SCOREBOARD
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv

__all__ = ["BOARD", "PROVENANCE", "RECORDED_RUNS", "Outcome", "outcome_in"]

BOARD, PROVENANCE = "scoreboard.tsv", "provenance.tsv"
RECORDED_RUNS = "runs"  # in a record, the folder with a folder for each run


@dataclass
class Outcome:
    """A scoreboard with the tables behind it.

    Attributes:
        name: what it is called in messages.
        verdicts: rows of schema ``scoreboard``, by claim.
        folders: where the tables of each scale are, as ``experiment/schema.tsv``.
    """

    name: str
    verdicts: Mapping[str, Mapping[str, object]]
    folders: Mapping[str, Path]
    _read: dict[Path, pd.DataFrame] = field(default_factory=dict)

    def tables_of(self, claim: str, names: list[str]) -> dict[str, pd.DataFrame]:
        """Those of these tables, ``experiment/schema``, that are there for a claim.

        Raises:
            TableError: if one is not whole, or is of another schema.
        """
        folder = self.folders[str(self.verdicts[claim]["scale"])]
        paths = {name: folder / f"{name}.tsv" for name in names}
        for path in paths.values():
            if path not in self._read and path.is_file():
                self._read[path] = read_tsv(path, SCHEMAS[path.stem])
        return {name: self._read[path] for name, path in paths.items() if path in self._read}


def outcome_in(directory: Path) -> Outcome:
    """What a directory of results, or a record, holds.

    Raises:
        FileNotFoundError: if it has no scoreboard.
        TableError: if its scoreboard is not whole.
    """
    rows = read_tsv(directory / BOARD, SCOREBOARD).to_dict("records")
    verdicts = {str(row["claim"]): {str(name): value for name, value in row.items()} for row in rows}
    scales = {str(row["scale"]) for row in rows}
    runs = directory / RECORDED_RUNS
    return Outcome(str(directory), verdicts, {scale: runs / scale if runs.is_dir() else directory for scale in scales})
