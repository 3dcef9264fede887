"""Weights followed through training: changes of series of known shape, training that is resumed, and what diverges."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from made_up_digits import write_digits
from workflow_scripts import caption_of, script

from deepcrit.app.config import load_config
from deepcrit.app.plan import Plan
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import Paper, load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_parquet, read_tsv
from deepcrit.experiments.tail_training.changes import effective_number, find_change
from deepcrit.experiments.tail_training.plan import FC5, FC5_RATE
from deepcrit.experiments.tail_training.schemas import TAIL_HISTOGRAM, TAIL_HISTORY
from deepcrit.experiments.tail_training.statistics import heavy_from, largest_spike
from deepcrit.training.checkpoints import CheckpointError

ROOT = Path(__file__).resolve().parents[2]
SEED = 3


def ramp(n: int, start: int, end: int, noise: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A series that falls from 2 to 1.6, with white noise."""
    epochs = np.arange(n, dtype=float)
    return epochs, 2 - 0.4 * np.clip((epochs - start) / (end - start), 0, 1) + noise * rng.standard_normal(n)


def test_a_ramp_without_noise_is_found_exactly() -> None:
    """Both ends, both levels, and intervals of no width."""
    found = find_change(*ramp(60, 21, 30, 0.0, np.random.default_rng(1)))
    assert (found.departure, found.departure_low, found.departure_high) == (21, 21, 21)
    assert (found.settled, found.settled_low, found.settled_high) == (30, 30, 30)
    assert (found.before, found.after) == pytest.approx((2.0, 1.6))


def test_intervals_cover_where_a_series_departs() -> None:
    """At least 90% of 60 series each; nominal are 95%, and epochs are whole."""
    held = np.zeros(2)
    for seed in range(60):
        found = find_change(*ramp(80, 30, 40, 0.04, np.random.default_rng(seed)))
        held += [found.departure_low <= 30 <= found.departure_high, found.settled_low <= 40 <= found.settled_high]
    assert (held >= 54).all()


def test_noise_alone_is_rarely_a_change() -> None:
    """White noise, and a random walk, whose epochs are worth few: at most a fifth of series; a flat one is none."""
    epochs = np.arange(60.0)
    white = sum(find_change(epochs, np.random.default_rng(seed).standard_normal(60)).found for seed in range(40))
    assert white <= 8
    assert not find_change(epochs, np.full(60, 2.0)).found
    assert np.isnan(find_change(epochs, np.full(60, 2.0)).departure)


def test_drifting_residuals_are_worth_few_epochs() -> None:
    """n for white noise, n (1 - r)/(1 + r) for an autoregressive series, three at least."""
    rng = np.random.default_rng(2)
    noise = rng.standard_normal(4000)
    assert effective_number(noise) == pytest.approx(4000, rel=0.1)
    series = np.empty(4000)
    series[0] = 0.0
    for place in range(1, 4000):
        series[place] = 0.8 * series[place - 1] + noise[place]
    assert effective_number(series) == pytest.approx(4000 * 0.2 / 1.8, rel=0.3)
    assert effective_number(np.ones(5)) == 3


@pytest.mark.parametrize("values", [np.ones(4), np.array([1.0, 2.0, np.nan, 4.0, 5.0])])
def test_series_that_are_too_short_or_broken_are_refused(values: np.ndarray) -> None:
    """With what was found."""
    with pytest.raises(ValueError, match="expected five finite ones"):
        find_change(np.arange(len(values), dtype=float), values)


def test_the_epoch_of_heavy_tails_is_one_from_which_they_stay() -> None:
    """A dip that ends does not count, nor does a series that is light at the end."""
    epochs = np.arange(5.0)
    assert heavy_from(epochs, np.array([2, 1.9, 2, 1.9, 1.8]), 1.95) == 3
    assert heavy_from(epochs, np.full(5, 1.5), 1.95) == 0
    assert np.isnan(heavy_from(epochs, np.array([2, 1.9, 1.9, 1.9, 2.0]), 1.95))


def test_the_largest_spike_is_that_over_the_epoch_before() -> None:
    """Not the largest loss, which is the first; epochs without a loss are left out."""
    assert largest_spike(np.arange(5.0), np.array([np.nan, 4.0, 0.1, 2.0, 1.0])) == (3, 20)
    assert np.isnan(largest_spike(np.arange(3.0), np.full(3, np.nan))).all()


CONFIG = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")
SECTION = CONFIG["tail_training"] | {
    "width": 8, "images": 60, "batch": 10, "epochs": 12, "learning_rates": [0.1, 0.5], "shown_epoch": 5,
}  # fmt: skip
PLAN = Plan(CONFIG | {"tail_training": SECTION}).tail_training


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    directory, rng = tmp_path_factory.mktemp("mnist"), np.random.default_rng(SEED)
    write_digits(directory, rng, rng.permutation(np.arange(80) % 10), rng.permutation(np.arange(40) % 10))
    return [str(path) for path in sorted(directory.iterdir())]


def trained(directory: Path, digits: list[str], shards: int, together: int = 18, **changes: Any) -> list[list[str]]:
    """Histories and histograms of all shards."""
    directory.mkdir(exist_ok=True)
    runs = str(directory / "tail_runs.tsv")
    rates = changes.pop("learning_rates", SECTION["learning_rates"])
    script("tail_training/list_tail_runs").main(runs, rates, 2, SEED)
    paths = [[str(directory / f"{n}.{kind}.parquet") for n in range(shards)] for kind in ("history", "histogram")]
    for shard in range(shards):
        script("tail_training/train_tails").main(
            runs, digits, paths[0][shard], paths[1][shard], str(directory / "checkpoints"), shard, shards, together,
            PLAN.how() | changes, SEED, "code",
        )  # fmt: skip
    return paths


def gathered(directory: Path, paths: list[list[str]], judged: dict[str, Any]) -> None:
    tables = [str(directory / f"tail_{name}.tsv") for name in ("history", "histogram", "changes", "statistics")]
    script("tail_training/find_changes").main(str(directory / "tail_runs.tsv"), *paths, *tables, judged)


@pytest.fixture(scope="module")
def tables(digits: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("one")
    gathered(directory, trained(directory, digits, 1), PLAN.judged())
    return directory


def test_shards_and_company_change_no_table(tables: Path, digits: list[str], tmp_path: Path) -> None:
    """Two jobs, each network on its own, give the same bytes as one; checkpoints and kept matrices are gone."""
    gathered(tmp_path, trained(tmp_path, digits, 2, together=1), PLAN.judged())
    for path in tables.glob("tail_*.tsv"):
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name
    assert not list((tmp_path / "checkpoints").iterdir())


def test_history_begins_before_training(tables: Path) -> None:
    """Epoch 0 is the Gaussian state with the scale asked for, and the loss of guessing; the last has accuracies."""
    history = read_tsv(tables / "tail_history.tsv", TAIL_HISTORY)
    assert sorted(history["epoch"].unique()) == list(range(13))
    before = history[(history["epoch"] == 0) & (history["matrix"] == 1)]
    assert before["scale"].to_numpy() == pytest.approx(np.sqrt(1 / 784 / 2), rel=0.05)
    assert before["alpha_high"].eq(2).all()
    assert (before["loss"] > 2).all()
    assert (before["loss"] == before["largest_loss"]).all()
    assert history.groupby("epoch")["test_accuracy"].count().tolist() == [0] * 12 + [12]


def test_killed_training_goes_on_to_the_same_tables(
    digits: list[str], tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the epoch that is shown, too, whose matrix was kept beside the checkpoint."""
    saved = []
    save = torch.save

    def killed(*arguments: Any, **named: Any) -> None:
        save(*arguments, **named)
        saved.append(1)
        if len(saved) == 8:
            raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        trained(tmp_path, digits, 1)
    monkeypatch.setattr(torch, "save", save)
    (history,), (histogram,) = trained(tmp_path, digits, 1)
    whole = tables / "0.history.parquet"
    pd.testing.assert_frame_equal(read_parquet(history, TAIL_HISTORY), read_parquet(whole, TAIL_HISTORY))
    bins = read_parquet(histogram, TAIL_HISTOGRAM)
    pd.testing.assert_frame_equal(bins, read_parquet(tables / "0.histogram.parquet", TAIL_HISTOGRAM))
    assert bins["point"].nunique() == 4


def test_a_checkpoint_of_another_protocol_is_refused(
    digits: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its file, with what to do."""

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("deepcrit.training.shards.write_parquet", killed)
        with pytest.raises(KeyboardInterrupt):
            trained(tmp_path, digits, 1)
    with pytest.raises(CheckpointError, match=r"0_0\.pt: found a checkpoint of another configuration"):
        trained(tmp_path, digits, 1, weight_variance=2.0)


def test_a_network_that_diverges_is_told_and_has_no_change(digits: list[str], tmp_path: Path) -> None:
    """Its history ends with the epoch in which it is lost, and statistics do without it."""
    paths = trained(tmp_path, digits, 1, learning_rates=[3e38], shown_epoch=12)
    history = read_parquet(paths[0][0], TAIL_HISTORY)
    assert history["diverged"].any()
    assert history["alpha"].isna().equals(history["diverged"])
    gathered(tmp_path, paths, PLAN.judged() | {"judged_rate": 3e38})
    statistics = read_tsv(tmp_path / "tail_statistics.tsv", SCHEMAS["tail_statistics"]).set_index(
        ["statistic", "matrix"]
    )
    assert statistics.loc[("departure of alpha", 1), "networks"] == 0


def judged(tables: Path) -> dict[str, str]:
    """Verdicts on the claims of Fig. 1d to 1f."""
    paper = load_claims(ROOT / "claims" / "qu2022.yaml")
    chosen = [c for c in paper.claims if any(p.measure.table.startswith("tail_training/") for p in c.parts())]
    frames = {"tail_training/tail_statistics": read_tsv(tables / "tail_statistics.tsv", SCHEMAS["tail_statistics"])}
    found = judge_paper(Paper(paper=paper.paper, title=paper.title, claims=chosen), frames, "smoke")
    assert len(found) == 7
    return dict(zip(found["claim"].str.removeprefix("qu2022."), found["verdict"], strict=True))


def test_a_smaller_protocol_decides_nothing(tables: Path, tmp_path: Path) -> None:
    """All claims wait for the published protocol; named so, the same numbers decide."""
    assert set(judged(tables).values()) == {"not testable here"}
    text = (tables / "tail_statistics.tsv").read_text(encoding="utf-8")
    (tmp_path / "tail_statistics.tsv").write_text(
        text.replace("a smaller protocol", "the published protocol"), encoding="utf-8"
    )
    assert judged(tmp_path)["fig1.fc5_test"] in ("differs", "undecided")


def test_the_published_protocol_is_that_of_the_overlay() -> None:
    """scales/paper.yaml trains as published, the default does not."""
    for overlay, published in (([], False), ([ROOT / "scales" / "paper.yaml"], True)):
        assert Plan(load_config(ROOT / "config.yaml", *overlay)).tail_training.judged()["published"] == published
    assert FC5["epochs"] == 550
    assert FC5_RATE == 0.1


def test_the_figure_is_drawn(tables: Path, tmp_path: Path) -> None:
    """From the tables alone; the caption says that networks are smaller."""
    caption = caption_of("qu2022_fig1df", tables, tmp_path, CONFIG | {"tail_training": SECTION})
    assert "Smaller than published" in caption
    assert "2 tanh networks at each learning rate" in caption
