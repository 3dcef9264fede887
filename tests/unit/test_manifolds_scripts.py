"""The scripts of circles through heavy-tailed networks, from configuration to verdicts and figures."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import ConfigError, load_config, validate
from deepcrit.app.plan import Plan
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import Paper, load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.levy_mean_field.schemas import ORDERED_LINES, PHASE_BOUNDARIES
from deepcrit.experiments.manifolds.schemas import (
    CIRCLE_PROJECTIONS,
    CIRCLE_SUMMARY,
    CROSSOVER_WIDTHS,
    DISTANCE_CONTRASTS,
    DISTANCE_PLANE,
)


def smoke() -> dict[str, Any]:
    return load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")


def make_tables(path: Path, shards: int) -> Path:
    """All tables as the smallest scale asks for them, shared out among some shards."""
    config = smoke()
    config["execution"]["shards"]["manifolds"] = shards
    plan, seed = Plan(config).manifolds, config["seed"]
    spectra, projections, variations = ([str(path / f"{n}.{t}.tsv") for n in range(shards)] for t in "spv")
    for shard in range(shards):
        wildcards = SimpleNamespace(shard=str(shard))
        script("manifolds/propagate_circles").main(
            spectra[shard], projections[shard], plan.networks_in("circles")(wildcards), plan.circles(), seed
        )
        script("manifolds/measure_distances").main(
            variations[shard], plan.networks_in("distances")(wildcards), plan.distances(), seed
        )
    tables = path / "tables"
    tables.mkdir()
    script("manifolds/summarise_circles").main(
        spectra, projections, str(tables / "circle_projections.tsv"), str(tables / "circle_summary.tsv")
    )
    write_lines(tables)
    outputs = (str(tables / f"{name}.tsv") for name in ("distance_plane", "distance_contrasts", "crossover_widths"))
    script("manifolds/contrast_distances").main(
        variations, str(tables / "ordered_lines.tsv"), str(tables / "phase_boundaries.tsv"), *outputs,
        plan.distances(), seed,
    )  # fmt: skip
    return tables


def write_lines(tables: Path) -> None:
    """An ordered line from g = 0.5 to 1 and a region that ends at g = 2, and at 1 for alpha = 2, in both readings."""
    alphas, gains = [1.0, 1.5, 2.0], [0.5, 0.75, 1.0]
    lines = [
        {"alpha": alpha, "line": line, "gain": gain, "pseudolength": 0.01, "above_one": 0.01, "over_fixed_point": 0.0}
        for line in ("fixed_point", "radius")
        for alpha, gain in zip(alphas, gains, strict=True)
    ]
    ends = [
        {"alpha": alpha, "radii": radii, "line": line, "family": "shifted", "power": 11, "line_gain": gain,
         "upper_gain": 2.0 if alpha < 2 else 1.0, "region_width": (2.0 if alpha < 2 else 1.0) - gain}
        for radii, line in (("all", "fixed_point"), ("window", "radius"))
        for alpha, gain in zip(alphas, gains, strict=True)
    ]  # fmt: skip
    write_tsv(pd.DataFrame(lines), tables / "ordered_lines.tsv", ORDERED_LINES)
    write_tsv(pd.DataFrame(ends), tables / "phase_boundaries.tsv", PHASE_BOUNDARIES)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tables(tmp_path_factory.mktemp("manifolds"), 2)


def test_tables_do_not_depend_on_shards(results: Path, tmp_path: Path) -> None:
    """Three shards give the same bytes as two."""
    again = make_tables(tmp_path, 3)
    for path in results.glob("*.tsv"):
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_every_claim_is_judged(results: Path) -> None:
    """No claim lacks a column or meets two rows, and those on gains and layers of this scale have a verdict."""
    paper = load_claims(ROOT / "claims" / "qu2022.yaml")
    ours = [c for c in paper.claims if c.parts() and all("manifolds" in p.measure.table for p in c.parts())]
    tables = {f"manifolds/{path.stem}": read_tsv(path, SCHEMAS[path.stem]) for path in results.glob("*.tsv")}
    board = judge_paper(Paper(paper=paper.paper, title=paper.title, claims=ours), tables, "smoke")
    verdicts = board.set_index("claim")["verdict"]
    assert len(verdicts) == 19
    assert verdicts["qu2022.fig5a.emerges"] in ("reproduced", "undecided")
    assert verdicts["qu2022.figS1.alpha150_chaotic"] == "not testable here"


@pytest.mark.parametrize(
    ("figure", "quoted"), [("qu2022_fig4", "after 12 layers"), ("qu2022_fig5", "averaged over 3 networks of N = 60")]
)
def test_figures(results: Path, tmp_path: Path, figure: str, quoted: str) -> None:
    """Figures and captions are made from these tables."""
    assert quoted in caption_of(figure, results, tmp_path, smoke())


def test_circles_shrink_and_spread(results: Path) -> None:
    """At alpha = 2 the linear circle keeps two components; in the chaotic regime the first holds less than at g = 1."""
    table = read_tsv(results / "circle_summary.tsv", CIRCLE_SUMMARY)
    at = table[table["alpha"] == 2].set_index(["gain", "quantity"])["value"]
    assert at[0.15, "log10_total"] < -6
    assert at[0.15, "share_of_two"] > 0.999
    assert at[3.0, "share_1"] < at[1.0, "share_1"]
    assert at[1.0, "share_over_chaotic"] > 0 == at[3.0, "share_over_chaotic"]


def test_projections_are_those_of_the_first_network(results: Path) -> None:
    """A whole circle for each index and drawn gain, of unit norm along each component."""
    table = read_tsv(results / "circle_projections.tsv", CIRCLE_PROJECTIONS)
    keys = smoke()["manifolds"]["circles"]
    points = table.groupby(["alpha", "gain"])
    assert len(points) == len(keys["alphas"]) * len(keys["drawn_gains"])
    assert (points.size() == keys["angles"]).all()
    np.testing.assert_allclose(points["first"].apply(lambda values: (values**2).sum()), 1, rtol=1e-9)


def test_plane_holds_every_point(results: Path) -> None:
    """One row an index, gain and layer, networks of other widths left out."""
    table = read_tsv(results / "distance_plane.tsv", DISTANCE_PLANE)
    assert len(table) == 3 * 12 * 2
    assert (table["width"] == 60).all()
    assert (table["networks"] == 3).all()


def test_contrasts_of_both_readings_agree_where_their_lines_do(results: Path) -> None:
    """With the same lines in both readings every contrast but the resampled ends is the same."""
    table = read_tsv(results / "distance_contrasts.tsv", DISTANCE_CONTRASTS)
    values = table.pivot_table("value", "quantity", "reading")
    np.testing.assert_array_equal(values["text"], values["code"])
    assert values.loc["overlap", "text"] <= 1


def test_widths_are_regressed(results: Path) -> None:
    """One range a width, and the slope through all networks."""
    table = read_tsv(results / "crossover_widths.tsv", CROSSOVER_WIDTHS)
    assert table["width"].tolist() == [20, 40, 60, 0]
    assert table.loc[table["quantity"] == "slope", "networks"].item() == 9


@pytest.mark.parametrize(
    ("section", "change", "message"),
    [
        ("circles", {"alphas": [0.0]}, r"manifolds.circles.alphas.0: .*greater than or equal to 1"),
        ("circles", {"drawn_gains": [0.25, 1.0, 2.0]}, r"drawn_gains: found 2.0, expected one of gains"),
        ("distances", {"gains": {"start": 1.5, "stop": 3.0, "step": 0.5}}, r"both sides of the ordered line"),
        ("distances", {"layers": [10, 5]}, r"layers: found \[10, 5\], expected ascending values"),
    ],
)
def test_impossible_settings_are_named(section: str, change: dict[str, Any], message: str) -> None:
    """The key, what was found, and what was expected."""
    config = load_config(ROOT / "config.yaml")
    config["manifolds"][section].update(change)
    with pytest.raises(ConfigError, match=message):
        validate(config)
