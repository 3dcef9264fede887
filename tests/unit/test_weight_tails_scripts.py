"""The scripts that measure weights, from files of one's own to shares, figure and verdicts."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from workflow_scripts import caption_of, script

from deepcrit.app.config import load_config
from deepcrit.app.plan import Plan
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import Paper, load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import TableError, read_tsv
from deepcrit.stats import stable

ROOT = Path(__file__).resolve().parents[2]
CONFIG = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two networks of one's own: one of stable weights, one of Gaussian."""
    directory = tmp_path_factory.mktemp("own")
    rng = np.random.default_rng(1)
    for name, alpha in (("heavy", 1.5), ("light", 2.0)):
        state = {f"layer{place}.weight": stable.sample(rng, (40 + place, 50), alpha, 0.05) for place in range(3)}
        torch.save({key: torch.from_numpy(value) for key, value in state.items()}, directory / f"{name}.pth")
    return directory


def measured(own: Path, directory: Path, shards: int, **changes: Any) -> Path:
    """Directory with all tables."""
    settings = Plan(CONFIG).weight_tails.measured() | {"networks": [], "packages": [], "directory": str(own)} | changes
    parts = {
        table: [str(directory / f"{n}.{table}.parquet") for n in range(shards)] for table in ("tensors", "networks")
    }
    for shard in range(shards):
        outputs = {table: paths[shard] for table, paths in parts.items()}
        script("weight_tails/measure_tensors").main(
            outputs, settings, str(directory / "cache"), "", 1.0, 7, shard, shards, "code"
        )
    tables = {name: str(directory / f"weight_{name}.tsv") for name in ("band", "tensors", "networks", "shares")}
    grids = ({"start": 1.0, "stop": 2.0, "step": 0.5}, {"start": 0.4, "stop": 3.0, "step": 1.3})
    script("weight_tails/locate_band").main(tables["band"], *grids)
    script("weight_tails/share_tensors").main(
        parts["tensors"], parts["networks"], *tables.values(), Plan(CONFIG).weight_tails.levels()
    )
    example, histogram = (str(directory / f"weight_{name}.tsv") for name in ("example", "histogram"))
    script("weight_tails/bin_example").main(tables["tensors"], example, histogram, str(directory), "", str(own), 1.0)
    script("weight_tails/list_architectures").main(
        str(directory / "weight_architectures.tsv"), str(directory / "weight_counts.tsv")
    )
    return directory


@pytest.fixture(scope="module")
def tables(own: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return measured(own, tmp_path_factory.mktemp("one"), 1)


def test_shards_change_no_table(own: Path, tables: Path, tmp_path: Path) -> None:
    """Networks that are measured by two jobs give the same bytes as by one."""
    two = measured(own, tmp_path, 2)
    for table in ("tensors", "networks", "shares", "example", "histogram"):
        name = f"weight_{table}.tsv"
        assert (two / name).read_bytes() == (tables / name).read_bytes(), table


def test_shards_of_another_configuration_are_refused(own: Path, tables: Path, tmp_path: Path) -> None:
    """Such as one that was left from before a change."""
    other = measured(own, tmp_path, 1, goodness_replicates=4)
    with pytest.raises(TableError, match="config_digest"):
        script("weight_tails/share_tensors").main(
            [str(tables / "0.tensors.parquet"), str(other / "0.tensors.parquet")], [], str(tables / "weight_band.tsv"),
            "", "", "", {},
        )  # fmt: skip


def test_shares_and_figure_follow(tables: Path, tmp_path: Path) -> None:
    """Half of the networks are heavy-tailed, Gaussian tensors are not, and the caption says what was measured."""
    shares = read_tsv(tables / "weight_shares.tsv", SCHEMAS["weight_shares"])
    rows = shares[shares["judged"] & (shares["weighting"] == "networks")].set_index(["statistic", "method"])
    assert rows.loc[("heavy-tailed", "maximum likelihood"), ["share", "null_share"]].tolist() == [0.5, 0.0]
    assert set(rows["standing"]) == {"networks that stand in"}
    caption = caption_of("qu2022_fig1ac", tables, tmp_path, CONFIG)
    assert "6 tensors of 2 networks: heavy.pth (3, stands in), light.pth (3, stands in)." in caption
    assert "They are not the ten networks" in caption


def judged(tables: Path) -> dict[str, dict[str, Any]]:
    """Verdicts on the claims of Fig. 1a to 1c."""
    paper = load_claims(ROOT / "claims" / "qu2022.yaml")
    names = {part.measure.table for claim in paper.claims for part in claim.parts()}
    chosen = [c for c in paper.claims if all(p.measure.table.startswith("weight_tails/") for p in c.parts())]
    frames = {
        name: read_tsv(tables / f"{name.split('/')[1]}.tsv", SCHEMAS[name.split("/")[1]])
        for name in names
        if name.startswith("weight_tails/")
    }
    found = judge_paper(Paper(paper=paper.paper, title=paper.title, claims=chosen), frames, "smoke")
    return {row["claim"].removeprefix("qu2022."): row for row in found.to_dict("records")}


def test_what_stands_in_is_told_and_decides_nothing(tables: Path) -> None:
    """Architectures are judged; what is claimed of trained weights is not, without those weights."""
    found = judged(tables)
    verdicts = {name: row["verdict"] for name, row in found.items()}
    assert verdicts["fig1.n_matrices"] == verdicts["fig1a.entries"] == "reproduced"
    for name in ("fig1a.alexnet_stable", "fig1b.frac_alpha", "fig1.frac_shapiro", "fig1.ks_ratio", "fig1c.scale_range"):
        assert verdicts[name] == "not testable here", name
        assert "seen all the same" in found[name]["reason"], name


def test_weights_of_all_ten_are_judged(tables: Path, tmp_path: Path) -> None:
    """Where they are there, the same shares decide."""
    for path in tables.glob("weight_*.tsv"):
        text = path.read_text(encoding="utf-8").replace("networks that stand in", "all ten networks named")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    verdicts = {name: row["verdict"] for name, row in judged(tmp_path).items()}
    # of two networks an interval is wide
    assert {verdicts[name] for name in ("fig1b.frac_alpha", "fig1.frac_shapiro", "fig1.ks_ratio")} == {"undecided"}
    assert verdicts["fig1c.scale_range"] in ("undecided", "differs")
