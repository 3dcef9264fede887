"""What tables hold, told by the page of documentation and by ``deepcrit describe``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from workflow_rules import rules, script_of

from deepcrit.app.cli import main
from deepcrit.app.describe import DescribeError, describe, tables_page, writers
from deepcrit.avalanches.schemas import TRANSFER
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import TableError, write_parquet, write_tsv
from deepcrit.experiments.mean_field.schemas import LANDMARKS
from deepcrit.experiments.trainability.schemas import TRAINING_MANIFEST

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_has_not_drifted() -> None:
    """docs/tables.md is what the schemas and scripts say; make docs writes it anew."""
    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == tables_page(), "run make docs"


def test_every_table_is_told_of() -> None:
    """Each declared table has its section on the page, and each of its columns a row with a meaning."""
    sections = {block.split("\n")[0]: block for block in tables_page().split("\n### ")}
    for name, schema in SCHEMAS.items():
        rows = [line for line in sections[name].split("\n") if line.startswith("| `")]
        assert [row.split("`")[1] for row in rows] == [column.name for column in schema.columns], name
        assert all(column.what for column in schema.columns), name


def test_writers_are_those_of_the_workflow() -> None:
    """What is read out of scripts agrees with the outputs of Snakemake's rules, for all that bear a table's name."""
    checked = set()
    for rule in rules().values():
        for table in {Path(str(output)).stem.split(".")[-1] for output in rule.output} & set(SCHEMAS):
            # manifests of trained networks are other tables, in files of the same name
            if table != "manifest":
                assert script_of(rule) in {writer.script for writer in writers(ROOT)[table]}, (rule.name, table)
                checked.add(table)
    assert len(checked) > len(SCHEMAS) / 2
    assert set(SCHEMAS) - set(writers(ROOT)) == {"published_models", "later_edge"}  # which are given


def test_a_table_that_is_only_read_has_no_such_writer() -> None:
    """A script that reads a table is not said to write it, one that does both is."""
    by = {table: {writer.rule for writer in made} for table, made in writers(ROOT).items()}
    assert "draw_figure" not in {rule for rules_of in by.values() for rule in rules_of}
    assert by["plane"] == {"compute_plane"}  # which find_landmarks reads
    assert by["launches"] == {"launch_avalanches", "merge_launches"}
    assert by["avalanches"] == {"simulate_avalanches", "merge_avalanches"}  # by way of a constant of the library


@pytest.mark.parametrize("name", ["landmarks", "mean_field/landmarks", "results/mean_field/landmarks.tsv"])
def test_a_table_by_its_name(name: str) -> None:
    """Alone, after its experiment, or as a file that may not be there yet."""
    told = describe(name, ROOT)
    assert "mean_field/landmarks\nwritten by  find_landmarks (scripts/mean_field/find_landmarks.py)" in told
    assert "quantity  text     1     which number\n" in told


def test_units_and_missing_values_are_told() -> None:
    """A unit that is none stands there, and so does what may be missing."""
    told = describe("finite_width_decay", ROOT)
    assert "decay_rate           float64                  1/layers  rate at which" in told
    assert "ci_low               float64, may be missing  1" in told


def test_a_table_by_its_file(tmp_path: Path) -> None:
    """A file is known by what is in it, whatever it is called."""
    rows = pd.DataFrame({"quantity": ["a"], "value": [1.0], "what": ["b"]})
    write_tsv(rows, tmp_path / "widest.tsv", LANDMARKS)
    assert describe(str(tmp_path / "widest.tsv"), ROOT).startswith("mean_field/landmarks\n")
    empty = pd.DataFrame(columns=[column.name for column in TRAINING_MANIFEST.columns])
    write_tsv(empty, tmp_path / "manifest.tsv", TRAINING_MANIFEST)  # as other tables are called
    assert describe(str(tmp_path / "manifest.tsv"), ROOT).startswith("trainability/training_manifest\n")
    law = pd.DataFrame({"duration": [1], "probability": [0.5], "alive": [1.0], "mean_size": [0.1]})
    write_parquet(law, tmp_path / "N25.parquet", TRANSFER, {})
    assert describe(str(tmp_path / "N25.parquet"), ROOT).startswith("avalanches/transfer\n")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("lndmarks", "  landmarks"),
        ("mean_field/landmark", "  mean_field/landmarks"),
        ("trainability/manifest", "  trainability/training_manifest"),  # not the manifest of avalanches
        ("zoo/landmarks", "  mean_field/landmarks"),
    ],
)
def test_a_typo_gets_the_nearest_names(name: str, nearest: str) -> None:
    """What is not there is refused by name, with what may have been meant."""
    with pytest.raises(DescribeError, match="no table is called") as refused:
        describe(name, ROOT)
    assert repr(name) in str(refused.value)
    assert nearest in str(refused.value).split("\n")


def test_files_that_hold_no_table_are_refused(tmp_path: Path) -> None:
    """With the columns that were found, or as what is not whole."""
    path = tmp_path / "other.tsv"
    path.write_text("a\tb\n1\t2\n", encoding="utf-8")
    with pytest.raises(DescribeError, match=r"other\.tsv: holds no declared table, found columns \['a', 'b'\]"):
        describe(str(path), ROOT)
    torn = tmp_path / "torn.parquet"
    torn.write_bytes(b"PAR1")
    with pytest.raises(TableError, match=r"torn\.parquet: not a whole Parquet table"):
        describe(str(torn), ROOT)


def test_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It prints the table, and refuses with status 2."""
    monkeypatch.chdir(ROOT)
    assert main(["describe", "landmarks"]) == 0
    assert capsys.readouterr().out == describe("landmarks", ROOT)
    assert main(["describe", "lndmarks"]) == 2
    assert capsys.readouterr().err.startswith("deepcrit: no table is called 'lndmarks'")
