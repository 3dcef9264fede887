"""The scripts on signals, from the committed smoke configuration to tables, figures and captions."""

from pathlib import Path

import numpy as np
import pytest
from workflow_scripts import caption_of, script

from deepcrit.app.config import load_config
from deepcrit.app.plan import Plan
from deepcrit.core.keys import select_keys
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan(load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml"))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> Path:
    """All tables on signals, at the smoke scale."""
    path = tmp_path_factory.mktemp("signals")
    norm = {"input_strength": plan.config["signals"]["input_strength"]}
    script("signals/simulate_paths").main(
        str(path / "signal_paths.tsv"), str(path / "growth_rates.tsv"), plan.signals.spec("paths") | norm,
        **select_keys(plan.config["signals"]["paths"], "weight_variances", "networks", "linear_layers", "drawn"),
        seed=1,
    )  # fmt: skip
    script("signals/pick_example").main(
        str(path / "example_avalanche.tsv"), plan.signals.spec("example", "weight_variance") | norm,
        **select_keys(plan.config["signals"]["example"], "launched", "duration"), seed=1,
    )  # fmt: skip
    names = ("input_strengths", "input_strength_survival", "input_strength_trends")
    script("signals/scan_inputs").main(
        *(str(path / f"{name}.tsv") for name in names), plan.signals.spec("input_strengths"),
        **select_keys(plan.config["signals"]["input_strengths"], "weight_variance", "log_squared_norms", "launched"),
        seed=1,
    )  # fmt: skip
    return path


def table(results: Path, name: str):
    return read_tsv(results / f"{name}.tsv", SCHEMAS[name])


def test_three_regimes(results: Path) -> None:
    """Signals decay below, and grow above, by the rate of a linear network; one row a weight variance."""
    rates = table(results, "growth_rates").set_index("weight_variance")
    assert rates.index.tolist() == [0.9, 1.0, 1.1]
    assert rates.loc[0.9, "ci_high"] < 0 < rates.loc[1.1, "ci_low"]
    assert (np.abs(rates["rate"] - rates["linear_rate"]) < 4 * rates["standard_error"]).all()


def test_the_example_is_one_avalanche(results: Path) -> None:
    """Above the threshold for as long as its duration says, below it after, and as large as the sum over it."""
    example = table(results, "example_avalanche")
    threshold, lasted = example["threshold"].iloc[0], example["duration"].iloc[0]
    above = example["signal_strength"] - threshold
    assert (above.iloc[1 : lasted + 1] >= 0).all()
    assert above.iloc[lasted + 1] < 0
    assert example["size"].iloc[0] == pytest.approx(10 * above.iloc[1 : lasted + 1].sum(), rel=1e-6)


def test_stronger_inputs_make_shorter_avalanches(results: Path) -> None:
    """At both tunings; the laws are those of the sampled avalanches."""
    strengths = table(results, "input_strengths")
    assert (table(results, "input_strength_trends")["greatest_step"] < 0).all()
    off = np.abs(strengths["sampled_mean"] - strengths["mean_duration"])
    assert (off < 4 * strengths["sampled_error"] + 1e-3).all()
    assert strengths["p_value"].min() > 1e-3


@pytest.mark.parametrize(
    ("figure", "quoted"),
    [
        ("ghavasieh2025_fig1", "a layer at sw2 = 0.9, "),
        ("ghavasieh2025_input_strength", "at log10 q0 = -2, 0, 1 and 2"),
    ],
)
def test_figures(results: Path, tmp_path: Path, plan: Plan, figure: str, quoted: str) -> None:
    """Figures and captions are made from these tables, and captions quote them."""
    assert quoted in caption_of(figure, results, tmp_path, plan.config)
