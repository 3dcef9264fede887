"""The scripts of infinitely wide networks, from the committed configuration to verdicts and figures."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from workflow_scripts import caption_of, script

from deepcrit.app.config import load_config
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import Paper, load_claims
from deepcrit.core.grids import bias_grid, regular_grid
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.mean_field.schemas import FINITE_WIDTH, FINITE_WIDTH_DECAY, FINITE_WIDTH_LINES, PLANE
from deepcrit.physics.meanfield import steady_state

ROOT = Path(__file__).resolve().parents[2]
FAILING = {
    "ghavasieh2025.mf.eq4_condition": "differs",
    "ghavasieh2025.mf.field_prefactor": "differs",
    "ghavasieh2025.fig5.widom_vanish": "differs",
    "ghavasieh2025.mf.corr_decay": "not testable here",  # judged at a width of 1000, which these tables have not
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables of infinitely wide networks, as config.yaml asks for them."""
    path = tmp_path_factory.mktemp("mean_field")
    keys = load_config(ROOT / "config.yaml")["mean_field"]
    plane, lines = str(path / "plane.tsv"), str(path / "critical_lines.tsv")
    phi, biases = keys["activation"], keys["log_bias_variances"]
    script("mean_field/compute_plane").main(plane, phi, keys["weight_variances"], biases)
    depths = str(path / "correlation_depths.tsv")
    script("mean_field/locate_lines").main(lines, depths, phi, biases, keys["correlation_depths"])
    script("mean_field/fit_critical_exponents").main(
        str(path / "critical_exponents.tsv"), str(path / "closed_forms.tsv"), phi, keys["excess_range"],
        keys["field_range"], keys["fit_points"], keys["log_distances"],
    )  # fmt: skip
    few = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")["mean_field"]
    script("mean_field/simulate_finite_width").main(
        str(path / "finite_width.tsv"), str(path / "finite_width_lines.tsv"), phi, few["finite_width"], 1
    )
    script("mean_field/simulate_pairs").main(str(path / "finite_width_decay.tsv"), phi, few["finite_pairs"], 1)
    script("mean_field/find_landmarks").main(plane, lines, str(path / "landmarks.tsv"), phi, keys["excess_range"])
    return path


def test_verdicts(results: Path) -> None:
    """Every claim on infinitely wide networks is judged from these tables, and three of them are not reproduced."""
    paper = load_claims(ROOT / "claims" / "ghavasieh2025.yaml")
    ours = [c for c in paper.claims if all(p.measure.table.startswith("mean_field/") for p in c.parts())]
    ours = [c for c in ours if c.id.split(".")[1] in ("mf", "fig3b", "fig5")]
    tables = {f"mean_field/{path.stem}": read_tsv(path, SCHEMAS[path.stem]) for path in results.glob("*.tsv")}
    board = judge_paper(Paper(paper=paper.paper, title=paper.title, claims=ours), tables, "default")
    verdicts = board.set_index("claim")["verdict"]
    assert len(verdicts) == 20
    assert verdicts[verdicts != "reproduced"].to_dict() == FAILING


def test_plane_holds_every_point(results: Path) -> None:
    """The table has one row a point of the grid, 1.0 and no bias included, with the values of the library."""
    plane = read_tsv(results / "plane.tsv", PLANE)
    keys = load_config(ROOT / "config.yaml")["mean_field"]
    log10, sb2 = bias_grid(keys["log_bias_variances"])
    sw2 = regular_grid(**keys["weight_variances"])
    assert len(plane) == len(sw2) * len(sb2)
    assert (sw2 == 1.0).sum() == 1
    assert sb2[0] == 0.0
    assert np.isneginf(log10[0])
    assert log10[-1] == -2.2
    row = plane.iloc[len(sw2) * 7 + 30]
    state = steady_state(row["weight_variance"], row["bias_variance"], "tanh")
    assert row["weight_susceptibility"] == pytest.approx(float(state.weight_susceptibility), rel=1e-9)
    assert row["bias_variance"] == pytest.approx(10 ** row["log10_bias_variance"])


@pytest.mark.parametrize(
    ("figure", "quoted"), [("fig3ab", "-1.4%, -12.4%, -31.2% in q_ss"), ("fig5", "log10 sb2 = 0.57")]
)
def test_figures(results: Path, tmp_path: Path, figure: str, quoted: str) -> None:
    """Figures and captions are made from these tables, and captions quote them."""
    assert quoted in caption_of(f"ghavasieh2025_{figure}", results, tmp_path, load_config(ROOT / "config.yaml"))


def test_exponents_are_local_slopes_at_criticality(results: Path) -> None:
    """Towards the critical point local slopes approach 1, 1/2, -1/2, -3/4 and -1/4, closer than the fitted ones."""
    table = pd.read_csv(results / "critical_exponents.tsv", sep="\t").set_index("quantity")
    limits = {
        "beta": 1, "beta_over_sigma": 1 / 2, "weight_susceptibility": -1 / 2, "bias_susceptibility": -3 / 4,
        "ridge_height": -1 / 4,
    }  # fmt: skip
    for quantity, limit in limits.items():
        row = table.loc[quantity]
        assert abs(row["local_near"] - limit) < 1e-4
        assert abs(row["local_near"] - limit) < abs(row["exponent"] - limit)
        assert row["ci_low"] <= row["exponent"] <= row["ci_high"]


def test_finite_width_stands_beside_infinite_width(results: Path) -> None:
    """Simulated points lie within a sixth of infinite width at N = 100, and none where signals without bias die."""
    points = read_tsv(results / "finite_width.tsv", FINITE_WIDTH)
    assert set(points["quantity"]) == {"signal_strength", "weight_susceptibility", "bias_susceptibility", "chi_1"}
    biased = points[points["bias_variance"] > 0]
    assert (biased["value"] / biased["infinite_width"] - 1).abs().max() < 1 / 6
    assert points.loc[points["bias_variance"] == 0, "weight_variance"].min() > 1.0
    assert np.isneginf(points.loc[points["bias_variance"] == 0, "log10_bias_variance"]).all()


def test_lines_of_finite_width(results: Path) -> None:
    """At N = 100 the edge of chaos lies below that of infinite width and the ridge above, intervals included."""
    lines = read_tsv(results / "finite_width_lines.tsv", FINITE_WIDTH_LINES)
    edge, ridge = (lines[lines["line"] == name] for name in ("edge", "ridge"))
    assert (edge["ci_high"] < edge["infinite_width"]).all()
    assert (ridge["ci_low"] > ridge["infinite_width"]).all()


def test_correlations_settle_at_the_rate_of_infinite_width(results: Path) -> None:
    """The same fit to the correlation map gives 1/zeta_c within a hundredth, and simulated pairs within a quarter."""
    decay = read_tsv(results / "finite_width_decay.tsv", FINITE_WIDTH_DECAY)
    assert (decay["infinite_width"] / decay["inverse_depth"]).to_numpy() == pytest.approx(1, rel=0.01)
    assert (decay["decay_rate"] / decay["inverse_depth"]).to_numpy() == pytest.approx(1, rel=0.25)


@pytest.mark.parametrize("step", [0.003, 0.3, 0.0799])
def test_grids_that_overshoot_are_refused(step: float) -> None:
    """Steps that do not lead from the first value to the last are an error that names the values around the last."""
    with pytest.raises(ValueError, match=f"found step {step}, expected one that leads from 0.8 to 1.6: its steps are"):
        regular_grid(0.8, 1.6, step)
    assert regular_grid(0.8, 1.6, 0.002)[[0, -1]].tolist() == [0.8, 1.6]
    assert regular_grid(-8.0, -0.2, 0.05).size == 157
