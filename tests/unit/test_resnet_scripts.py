"""The scripts that fit and draw avalanches in classifiers, from synthetic avalanches to verdicts and a caption."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from workflow_scripts import caption_of, script

from deepcrit.app.config import load_config
from deepcrit.avalanches.powerlaws import sample_discrete
from deepcrit.avalanches.schemas import EXPONENTS
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import Paper, load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv, write_parquet, write_tsv
from deepcrit.experiments.resnets.schemas import DEPTHS, LAUNCHES, LAYER_AVALANCHES, LAYER_COUNTS

ROOT = Path(__file__).resolve().parents[2]
LAYERS = {"resnet18": 60, "resnet50": 158, "resnet152": 464}
NETWORKS = 8


def synthetic(model: str, rng: np.random.Generator) -> pd.DataFrame:
    """Avalanches of directed percolation: durations of exponent 2, sizes D^2; long ones are censored."""
    parts = []
    for multiplier in range(4):
        duration = sample_discrete(rng, 20_000, 2.0, 1, 2 * LAYERS[model]).astype(np.int64)
        size = duration**2.0 * rng.uniform(0.8, 1.2, len(duration))
        censored = duration >= LAYERS[model]
        columns = {"multiplier": multiplier, "duration": duration.clip(max=LAYERS[model]), "size": size}
        parts.append(pd.DataFrame(columns | {"size_rms": 100 * size, "censored": censored}))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(network=np.arange(len(table)) % NETWORKS, block=0).sort_values("network")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables of classifiers, from synthetic avalanches."""
    path = tmp_path_factory.mktemp("resnets")
    rng = np.random.default_rng(0)
    depths = [(model, layers, "", 32) for model, layers in LAYERS.items()]
    write_tsv(pd.DataFrame(depths, columns=[c.name for c in DEPTHS.columns]), path / "depths.tsv", DEPTHS)
    samples, avalanches, launches = [], [], []
    for model in LAYERS:
        table = synthetic(model, rng)
        counts = table.groupby(["network", "block", "multiplier"], as_index=False).agg(
            started=("duration", "size"), censored=("censored", "sum")
        )
        samples.append(("gaussian", model))
        avalanches.append(str(path / f"{model}.avalanches"))
        launches.append(str(path / f"{model}.launches"))
        write_parquet(table, avalanches[-1], LAYER_AVALANCHES, {})
        write_parquet(counts.assign(launched=40_000), launches[-1], LAUNCHES, {})
    outputs = {name: str(path / f"layer_{name}.tsv") for name in ("fits", "counts", "densities", "sizes")}
    keys = load_config(ROOT / "config.yaml")["resnets"]
    script("resnets/fit_resnets").main(
        str(path / "depths.tsv"), samples, avalanches, launches, outputs, keys["fits"], keys["bin_minimum"], 1
    )
    values = {column.name: "" if column.kind == "text" else 1.0 for column in EXPONENTS.columns}
    gaussian = {"sample": "radial", "width": 1000, "range": "declared", "ks_distance": 0.004}
    rows = [values | gaussian | {"observable": observable} for observable in ("size", "duration")]
    write_tsv(pd.DataFrame(rows), path / "exponents.tsv", EXPONENTS)
    script("resnets/compare_straightness").main(
        outputs["fits"], str(path / "exponents.tsv"), str(path / "straightness.tsv")
    )
    script("resnets/compare_versions").main(outputs["fits"], str(path / "version_gaps.tsv"))
    return path


def test_verdicts(results: Path) -> None:
    """Avalanches of directed percolation reproduce what is claimed of them, and nothing that is not so."""
    paper = load_claims(ROOT / "claims" / "ghavasieh2025.yaml")
    ours = [claim for claim in paper.claims if claim.id.split(".")[1].startswith("fig4")]
    names = ("depths", "layer_fits", "straightness", "version_gaps")
    tables = {f"resnets/{name}": read_tsv(results / f"{name}.tsv", SCHEMAS[name]) for name in names}
    board = judge_paper(Paper(paper=paper.paper, title=paper.title, claims=ours), tables, "default")
    verdicts = board.set_index("claim")["verdict"]
    verdicts.index = verdicts.index.str.removeprefix("ghavasieh2025.")
    assert len(verdicts) == 13
    same = [
        "fig4.depth_resnet18", "fig4.depth_resnet50", "fig4.depth_resnet152", "fig4a.size_powerlaw",
        "fig4b.duration_powerlaw", "fig4c.gamma", "fig4d.cluster", "fig4.class",
    ]  # fmt: skip
    assert set(verdicts[same]) == {"reproduced"}
    # all have the same exponents
    assert verdicts["fig4d.versions_close"] != "differs"
    # they are as clean as any, and nothing runs away
    assert "reproduced" not in set(verdicts[["fig4.weaker_than_gaussian", "fig4c.runaway"]])


def test_censored_avalanches_are_counted(results: Path) -> None:
    """What is alive at the last layer stands in the counts, and in no fit."""
    counts = read_tsv(results / "layer_counts.tsv", LAYER_COUNTS)
    assert len(counts) == 12
    assert (counts["censored"] > 0).all()
    assert set(counts["launched"]) == {40_000 * NETWORKS}
    longest = pd.read_csv(results / "layer_sizes.tsv", sep="\t").groupby("model")["duration"].max()
    assert all(longest[model] < layers for model, layers in LAYERS.items())


def test_no_row_without_the_widest_gaussian_networks(results: Path, tmp_path: Path) -> None:
    """Where width 1000 was not made there is nothing to compare with, and the table has no rows."""
    narrow = read_tsv(results / "exponents.tsv", EXPONENTS).assign(width=200)
    write_tsv(narrow, tmp_path / "exponents.tsv", EXPONENTS)
    script("resnets/compare_straightness").main(
        str(results / "layer_fits.tsv"), str(tmp_path / "exponents.tsv"), str(tmp_path / "straightness.tsv")
    )
    assert len((tmp_path / "straightness.tsv").read_text(encoding="utf-8").splitlines()) == 1


def test_versions_are_compared_pair_by_pair(results: Path) -> None:
    """Each pair of models once, the first less the second, with both intervals' half widths added in squares."""
    gaps = read_tsv(results / "version_gaps.tsv", SCHEMAS["version_gaps"])
    fits = read_tsv(results / "layer_fits.tsv", SCHEMAS["layer_fits"])
    point = ["case", "normalisation", "multiplier", "quantity"]
    of = fits.set_index([*point, "model"])
    assert len(gaps)
    assert not gaps.duplicated([*point, "first", "second"]).any()
    assert (gaps["multiplier"] >= 0).all()
    for _, gap in gaps.dropna(subset="difference").iterrows():
        first, second = (of.loc[(*gap[point], gap[model])] for model in ("first", "second"))
        assert gap["difference"] == pytest.approx(first["value"] - second["value"])
        below = (first["value"] - first["ci_low"]) ** 2 + (second["ci_high"] - second["value"]) ** 2
        assert gap["ci_low"] == pytest.approx(gap["difference"] - below**0.5)


def test_figure(results: Path, tmp_path: Path) -> None:
    """The figure and its caption are made from these tables, and the caption quotes sizes, samples and readings."""
    config = load_config(ROOT / "config.yaml")
    config["resnets"]["image_size"] = 48
    text = caption_of("ghavasieh2025_fig4", results, tmp_path, config)
    assert "Gaussian images of 48 x 48 pixels (torchvision's classifiers are made for 224)" in text
    assert "resnet18, random weights, eval mode, Gaussian images, ||x|| / sqrt N: tau_d = " in text
