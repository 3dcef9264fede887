"""The scripts of training, from a grid to windows and figures, on made-up digits."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from made_up_digits import write_digits
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import load_config
from deepcrit.app.plan import Plan
from deepcrit.core.tables import TableError, read_tsv
from deepcrit.experiments.trainability.schemas import RETESTS, TRAINING_HISTORY, TRAINING_OUTCOMES, WINDOWS
from deepcrit.training.checkpoints import CheckpointError, save_checkpoint

CONFIG = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")
SECTION = CONFIG["trainability"]
PLAN = Plan(CONFIG).trainability
SEED = 5


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise with a bright row that tells the class."""
    path = tmp_path_factory.mktemp("mnist")
    rng = np.random.default_rng(1)
    write_digits(path, rng, rng.integers(0, 10, 1280), rng.integers(0, 10, 256))
    return path


def train(directory: Path, mnist: Path, sample: str, shards: int, together: int = 16) -> list[str]:
    """Histories of all shards of a training whose manifest is there."""
    histories = []
    for shard in range(shards):
        histories.append(str(directory / f"{sample}_{shard}_{shards}.parquet"))
        script("trainability/train_networks").main(
            str(directory / f"{sample}.manifest.tsv"), [str(mnist / "any")], histories[-1],
            str(directory / "checkpoints"), shard, shards, together, PLAN.training_keys(SimpleNamespace(sample=sample)),
            SEED, "code",
        )  # fmt: skip
    return histories


def merge(directory: Path, sample: str, histories: list[str]) -> Path:
    """Outcomes of a training, merged from its shards."""
    outcomes = directory / f"{sample}.outcomes.tsv"
    script("trainability/merge_training").main(
        str(directory / f"{sample}.manifest.tsv"), histories, str(directory / f"{sample}.history.tsv"), str(outcomes),
        sample, PLAN.training_keys(SimpleNamespace(sample=sample)),
    )  # fmt: skip
    return outcomes


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, mnist: Path) -> Path:
    """All tables of training at the smallest scale."""
    path = tmp_path_factory.mktemp("training")
    outcomes = []
    for sample in ("plane", "widths"):
        grid = PLAN.grid(SimpleNamespace(sample=sample))
        script("trainability/initialise_training").main(
            str(path / f"{sample}.manifest.tsv"), sample, grid, SEED
        )  # fmt: skip
        outcomes.append(merge(path, sample, train(path, mnist, sample, 1)))
    script("trainability/choose_retests").main(
        str(path / "widths.manifest.tsv"), str(outcomes[1]), str(path / "retests.manifest.tsv"),
        SECTION["widths"]["retested_per_width"],
    )  # fmt: skip
    outcomes.append(merge(path, "retests", train(path, mnist, "retests", 2)))
    steps = {sample: SECTION[sample]["weight_variances"]["step"] for sample in ("plane", "widths")}
    script("trainability/measure_windows").main(
        [str(part) for part in outcomes],
        *(str(path / f"{name}.tsv") for name in ("outcomes", "windows", "retests", "rank_correlations")),
        steps, SECTION["plane"]["trained_accuracy"], {sample: PLAN.protocol(sample) for sample in steps},
    )  # fmt: skip
    return path


def test_every_network_has_an_outcome(results: Path) -> None:
    """Of every point of the grids one row, with accuracies between 0 and 1, and some networks learn."""
    outcomes = read_tsv(results / "outcomes.tsv", TRAINING_OUTCOMES)
    expected = {
        sample: len(pd.read_csv(results / f"{sample}.manifest.tsv")) for sample in ("plane", "widths", "retests")
    }
    assert outcomes["sample"].value_counts().to_dict() == {name: n for name, n in expected.items() if n}
    assert outcomes["train_accuracy"].between(0, 1).all()
    assert outcomes["train_accuracy"].max() > 0.5
    assert not outcomes["diverged"].any()
    retests = outcomes[outcomes["sample"] == "retests"]
    missed = outcomes[(outcomes["sample"] == "widths") & ~outcomes["reached"]]
    assert set(retests["point"]) <= set(missed["point"])
    assert read_tsv(results / "retests.tsv", RETESTS)["retested"].item() == len(retests)


def test_windows_cover_every_width_and_bias(results: Path) -> None:
    """One row a width and bias variance of each grid."""
    windows = read_tsv(results / "windows.tsv", WINDOWS)
    biases = len(SECTION["plane"]["log_bias_variances"]) + 1
    assert windows["sample"].value_counts().to_dict() == {
        "plane": biases,
        "widths": len(SECTION["widths"]["widths"]),
    }


def test_shards_and_groups_change_no_table(results: Path, mnist: Path, tmp_path: Path) -> None:
    """Three shards of groups of two give the tables of one shard of groups of sixteen, byte for byte."""
    (tmp_path / "plane.manifest.tsv").write_bytes((results / "plane.manifest.tsv").read_bytes())
    merge(tmp_path, "plane", train(tmp_path, mnist, "plane", 3, together=2))
    for table in ("history", "outcomes"):
        assert (tmp_path / f"plane.{table}.tsv").read_bytes() == (results / f"plane.{table}.tsv").read_bytes()
    assert not list((tmp_path / "checkpoints").iterdir())


def test_an_empty_shard_is_a_table_without_rows(mnist: Path, tmp_path: Path, results: Path) -> None:
    """More shards than networks to retest is no error."""
    networks = (results / "widths.manifest.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "retests.manifest.tsv").write_text("".join(networks[:2]), encoding="utf-8")
    histories = train(tmp_path, mnist, "retests", 2)
    merge(tmp_path, "retests", histories)
    history = read_tsv(tmp_path / "retests.history.tsv", TRAINING_HISTORY)
    assert len(set(history["point"])) == 1


def test_a_foreign_shard_is_refused(results: Path, mnist: Path, tmp_path: Path) -> None:
    """A shard of another manifest is named before anything is merged."""
    manifest = (results / "plane.manifest.tsv").read_text(encoding="utf-8")
    (tmp_path / "plane.manifest.tsv").write_text(manifest, encoding="utf-8")
    histories = train(tmp_path, mnist, "plane", 1)
    (tmp_path / "plane.manifest.tsv").write_text(manifest.replace("0.5\t0\t", "0.6\t0\t", 1), encoding="utf-8")
    with pytest.raises(TableError, match=r"plane_0_1\.parquet: found config_digest"):
        merge(tmp_path, "plane", histories)


def test_a_foreign_checkpoint_is_refused(results: Path, mnist: Path, tmp_path: Path) -> None:
    """A checkpoint that another training left is named, and not gone on from."""
    (tmp_path / "plane.manifest.tsv").write_bytes((results / "plane.manifest.tsv").read_bytes())
    (tmp_path / "checkpoints").mkdir()
    save_checkpoint(tmp_path / "checkpoints" / "0_0.pt", "of another training", {"epoch": 1, "left": [], "rows": []})
    with pytest.raises(CheckpointError, match=r"0_0\.pt: found a checkpoint of another configuration, code or device"):
        train(tmp_path, mnist, "plane", 1)


def test_figure(results: Path, tmp_path: Path) -> None:
    """The figure and its caption are made from these tables, and the caption says what is smaller than published."""
    assert "Smaller than published" in caption_of("ghavasieh2025_fig3cf", results, tmp_path, CONFIG)
