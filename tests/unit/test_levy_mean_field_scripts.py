"""The scripts of mean field and spectra of heavy-tailed networks, from configuration to verdicts and the figure."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import ConfigError, load_config, validate
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import Paper, load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.section import ORDERED_GAINS
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.levy_mean_field.schemas import (
    LEVY_LANDMARKS,
    MATRIX_SPECTRA,
    ORDERED_LINES,
    PHASE_BOUNDARIES,
    PSEUDOLENGTHS,
    SPECTRAL_TAILS,
)
from deepcrit.physics.heavytails import line_gain

# those that a coarse grid and narrow networks do not decide differently
JUDGED = {
    "qu2022.mf.gaussian_limit": "reproduced",
    "qu2022.mf.tail_constant": "reproduced",
    "qu2022.fig2b.gauss_max": "reproduced",
    "qu2022.fig2b.extended_region": "reproduced",
    "qu2022.fig2b.closes": "reproduced",
    "qu2022.fig2b.independent_of_f": "undecided",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables, as the smallest scale asks for them."""
    path = tmp_path_factory.mktemp("levy_mean_field")
    config = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")
    keys, seed = config["levy_mean_field"], config["seed"]

    def table(name: str) -> str:
        return str(path / f"{name}.tsv")

    script("levy_mean_field/measure_pseudolengths").main(table("pseudolengths"), keys["pseudolengths"], seed)
    spectra = ("radial_densities", "drawn_eigenvalues", "matrix_spectra", "spectral_tails")
    script("levy_mean_field/measure_eigenvalues").main(*map(table, spectra), keys["spectra"], seed)
    phases = ("ordered_lines", "phase_diagram", "phase_boundaries")
    grid = (keys[key] for key in ("alphas", "gains", "log_powers", "shifted_powers"))
    later = str(ROOT / "published" / "qu2022_later_edge.tsv")
    script("levy_mean_field/compute_phases").main(later, *map(table, phases), *grid)
    script("levy_mean_field/find_levy_landmarks").main(
        table("phase_boundaries"), table("levy_landmarks"), keys["samples"], seed
    )
    return path


def test_verdicts(results: Path) -> None:
    """What follows from theory is judged at the smallest scale as at any; no claim lacks a column or has two rows."""
    paper = load_claims(ROOT / "claims" / "qu2022.yaml")
    ours = [c for c in paper.claims if c.parts() and all("levy_mean_field" in p.measure.table for p in c.parts())]
    tables = {f"levy_mean_field/{path.stem}": read_tsv(path, SCHEMAS[path.stem]) for path in results.glob("*.tsv")}
    board = judge_paper(Paper(paper=paper.paper, title=paper.title, claims=ours), tables, "smoke")
    verdicts = board.set_index("claim")["verdict"].to_dict()
    assert len(verdicts) == 15
    assert {name: verdicts[name] for name in JUDGED} == JUDGED


def test_figure(results: Path, tmp_path: Path) -> None:
    """Figure and caption are made from these tables."""
    config = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")
    assert "at alpha = 1.2 and 2.0" in caption_of("qu2022_fig2", results, tmp_path, config)


def test_fixed_points_of_simulated_networks(results: Path) -> None:
    """At g = 1.5 networks of 200 neurons are within a fifth of the map; where q* = 0 no difference is stated."""
    table = read_tsv(results / "pseudolengths.tsv", PSEUDOLENGTHS).set_index(["alpha", "gain"])
    assert table.loc[(slice(None), 1.5), "relative_difference"].abs().max() < 0.2
    assert np.isnan(table.loc[(2.0, 0.75), "relative_difference"])


def test_eigenvalues_follow_theory(results: Path) -> None:
    """Radial distributions of matrices of 100 rows are within 0.06 of cavity theory, and medians fall into chaos."""
    table = read_tsv(results / "matrix_spectra.tsv", MATRIX_SPECTRA)
    assert table.loc[table["quantity"] == "largest_difference", "value"].max() < 0.06
    change = table[table["quantity"] == "median_change"]
    assert (change["ci_high"] < 0).all()
    theory = table[table["quantity"] == "characteristic_radius"]
    assert set(theory["ci_method"]) == {"none, a quadrature"}


def test_tails_follow_the_power_of_their_index(results: Path) -> None:
    """The density falls nearly as exp(-c |z|^alpha), alpha = 1.2."""
    tails = read_tsv(results / "spectral_tails.tsv", SPECTRAL_TAILS)
    assert (tails["power"] - tails["alpha"]).abs().max() < 0.1
    assert (tails["r_squared"] > 0.99).all()


def test_lines_hold_what_defines_them(results: Path) -> None:
    """q* = 0.01 on one line, a hundredth to the power alpha of all eigenvalues beyond one on the other."""
    lines = read_tsv(results / "ordered_lines.tsv", ORDERED_LINES).set_index("line")
    np.testing.assert_allclose(lines.loc["fixed_point", "pseudolength"], 0.01, rtol=1e-9)
    heavy = lines.loc["radius"].query("alpha < 2")
    np.testing.assert_allclose(heavy["above_one"], 0.01 ** heavy["alpha"], rtol=1e-6)
    # of the published edges those whose alpha is in the grid
    assert lines.loc["later_edge", "alpha"].tolist() == [1.5, 2.0]


def test_the_gaussian_region_is_a_point(results: Path) -> None:
    """At alpha = 2 no power of either function has a region, in either reading."""
    ends = read_tsv(results / "phase_boundaries.tsv", PHASE_BOUNDARIES)
    assert (ends.loc[ends["alpha"] == 2, "region_width"] == 0).all()
    assert (ends.loc[(ends["alpha"] < 2) & (ends["radii"] == "window"), "region_width"] > 0).all()


def test_order_parameter_of_the_printed_scale(results: Path) -> None:
    """Sampled S' of the printed scale give 2/Gamma(1 + alpha), within four standard errors of 1e4 samples."""
    table = read_tsv(results / "levy_landmarks.tsv", LEVY_LANDMARKS)
    found = table[table["quantity"].str.startswith("y0_")]
    assert len(found) == 4
    assert (found["value"].abs() < 2 * (found["ci_high"] - found["ci_low"])).all()


def test_the_ordered_line_lies_where_the_configuration_is_checked_for_it() -> None:
    """Both ends of the line, in both readings, are the gains that a grid must straddle."""
    gains = [line_gain(alpha, reading) for alpha in (1.0, 2.0) for reading in ("fixed_point", "radius")]
    assert ORDERED_GAINS[0] < min(gains) < ORDERED_GAINS[0] + 0.001
    assert max(gains) == pytest.approx(ORDERED_GAINS[1], abs=0.001)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gains": {"start": 0.6}}, r"gains: found 0.6 to 3.0, expected gains on both sides of the ordered line"),
        ({"gains": {"start": 0.0}}, r"gains: found 0.0 to 3.0, expected gains above 0"),
        ({"alphas": {"stop": 2.05}}, r"alphas: found 1.0 to 2.05, expected indices of stability within \[1, 2\]"),
        ({"pseudolengths": {"alphas": [2.5]}}, r"pseudolengths.alphas.0: .*less than or equal to 2"),
        ({"pseudolengths": {"gains": [0.0]}}, r"pseudolengths.gains.0: .*greater than 0"),
        ({"spectra": {"drawn_gain": 1.0}}, r"drawn_gain: found 1.0, expected one of gains"),
    ],
)
def test_impossible_settings_are_named(changes: dict[str, Any], message: str) -> None:
    """An index outside its range, a gain of zero, a grid beside the ordered line: the key, what was found, expected."""
    config = load_config(ROOT / "config.yaml")
    for key, change in changes.items():
        config["levy_mean_field"][key].update(change)
    with pytest.raises(ConfigError, match=message):
        validate(config)
