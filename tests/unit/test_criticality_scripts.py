"""The scripts of the criticality loss at the smallest scale, from configuration to verdicts and the figure."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_up_digits import write_digits
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import ConfigError, load_config, validate
from deepcrit.app.plan import Plan
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import TableError, read_tsv, write_tsv
from deepcrit.experiments.criticality_loss.comparisons import control, differences, loss_landmarks
from deepcrit.experiments.criticality_loss.design import design_runs
from deepcrit.experiments.criticality_loss.mixed import fit_settings
from deepcrit.experiments.criticality_loss.outcomes import run_outcomes
from deepcrit.experiments.criticality_loss.plan import CriticalityLossPlan, learning_time
from deepcrit.experiments.criticality_loss.schemas import (
    CRITICALITY_HISTORY,
    CRITICALITY_MIXED,
    CRITICALITY_RUNS,
)

CONFIG = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")
PLAN = Plan(CONFIG).criticality_loss
SEED = 5


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise with a bright row that tells the class."""
    path = tmp_path_factory.mktemp("mnist")
    rng = np.random.default_rng(1)
    write_digits(path, rng, rng.integers(0, 10, 200), rng.integers(0, 10, 200))
    return path


def train(path: Path, mnist: Path, shards: int, together: int) -> Path:
    """History of all networks, trained in so many shards."""
    parts = []
    for shard in range(shards):
        parts.append(str(path / f"{shard}_{shards}.parquet"))
        script("criticality_loss/train_runs").main(
            str(path / "criticality_runs.tsv"), [str(mnist / "any")], parts[-1], str(path / "checkpoints"),
            shard, shards, together, PLAN.protocol(), SEED, "code",
        )  # fmt: skip
    history = path / f"criticality_history{shards}.tsv"
    script("criticality_loss/merge_runs").main(
        str(path / "criticality_runs.tsv"), parts, str(history), str(path / "criticality_outcomes.tsv"),
        CONFIG["criticality_loss"]["averaged_epochs"],
    )  # fmt: skip
    return history


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, mnist: Path) -> Path:
    """All tables of the criticality loss."""
    path = tmp_path_factory.mktemp("criticality_loss")
    script("criticality_loss/design_runs").main(str(path / "criticality_runs.tsv"), PLAN.design(), SEED)
    train(path, mnist, 1, 16).rename(path / "criticality_history.tsv")
    inputs = {name: str(path / f"criticality_{name}.tsv") for name in ("runs", "history", "outcomes")}
    outputs = {
        name: str(path / f"criticality_{name}.tsv") for name in ("curves", "means", "scan", "tests", "landmarks")
    }
    script("criticality_loss/compare_losses").main(
        inputs, {**outputs, "correlations": str(path / "rank_correlations.tsv")}, PLAN.design(), PLAN.label(), 100, SEED
    )
    script("criticality_loss/fit_settings").main(
        inputs["outcomes"], str(path / "criticality_effects.tsv"), str(path / "criticality_mixed.tsv"), "init0",
        PLAN.label(), 20, SEED,
    )  # fmt: skip
    return path


def test_the_design_is_the_published_one(results: Path) -> None:
    """21 settings and, for four initialisations, two losses, five networks each, no two of one seed."""
    runs = read_tsv(results / "criticality_runs.tsv", CRITICALITY_RUNS)
    assert runs["seed_key"].is_unique
    assert len(runs) == 5 * (21 + 4 + 3)
    scanned = runs[(runs["loss"] == "CritL") & (runs["initialisation"] == "init0")]
    assert set(scanned.groupby(["target", "strength"]).size()) == {5}
    assert scanned[["target", "strength"]].drop_duplicates().shape[0] == 21


def test_shards_change_no_byte(results: Path, mnist: Path) -> None:
    """Three shards, trained five networks at a time, have the history of one that trains sixteen at a time."""
    assert train(results, mnist, 3, 5).read_bytes() == (results / "criticality_history.tsv").read_bytes()


def test_shards_of_another_manifest_are_refused(results: Path, tmp_path: Path) -> None:
    """By name, before anything is merged."""
    other = tmp_path / "criticality_runs.tsv"
    other.write_text(
        (results / "criticality_runs.tsv").read_text(encoding="utf-8").replace("init1", "init2"), encoding="utf-8"
    )
    shard = str(results / "0_1.parquet")
    with pytest.raises(TableError, match=r"0_1\.parquet"):
        script("criticality_loss/merge_runs").main(
            str(other), [shard], str(tmp_path / "history.tsv"), str(tmp_path / "outcomes.tsv"), 1
        )


def test_every_claim_has_a_verdict(results: Path) -> None:
    """What holds of networks that have learnt is not testable at this scale, whether it agrees or not; counts are."""
    paper = load_claims(ROOT / "claims" / "vock2025.yaml")
    mine = [claim for claim in paper.claims if claim.id.split(".")[1].startswith(("fig4", "tableS6"))]
    tables = {
        part.measure.table: read_tsv(results / f"{part.measure.table.split('/')[1]}.tsv",
                                     SCHEMAS[part.measure.table.split("/")[1]])
        for claim in mine for part in claim.parts()
    }  # fmt: skip
    board = judge_paper(paper.model_copy(update={"claims": mine}), tables, "smoke").set_index("claim")["verdict"]
    assert set(board.index[board == "not testable here"]) == set(board.index) - {"vock2025.tableS6.nobs"}
    outcomes = read_tsv(results / "criticality_outcomes.tsv", SCHEMAS["criticality_outcomes"])
    assert (board["vock2025.tableS6.nobs"] == "reproduced") == (not outcomes["diverged"].any())


def test_figure_and_caption(results: Path, tmp_path: Path) -> None:
    """Drawn from the tables, with the parameters in the caption."""
    caption = caption_of("vock2025_fig4", results, tmp_path, CONFIG)
    assert "12 and 8 hidden neurons" in caption
    assert "claims that print numbers of that protocol are not judged here" in caption


def test_too_few_settings_leave_a_model_out(results: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Where four settings or none are left, tables have no row of the models, the log and the caption say why."""
    outcomes = read_tsv(results / "criticality_outcomes.tsv", SCHEMAS["criticality_outcomes"])
    few = (outcomes["target"] == 0.2) & (outcomes["strength"] <= 10)
    for number, (lost, found) in enumerate(((~few, "4 groups"), (outcomes["replicate"] >= 0, "no rows"))):
        path = tmp_path / str(number)
        inputs = {name: str(path / f"criticality_{name}.tsv") for name in ("outcomes", "effects", "mixed")}
        write_tsv(outcomes.assign(diverged=lost), inputs["outcomes"], SCHEMAS["criticality_outcomes"])
        script("criticality_loss/fit_settings").main(*inputs.values(), "init0", "reduced", 20, SEED)
        for name in ("effects", "mixed"):
            assert read_tsv(inputs[name], SCHEMAS[f"criticality_{name}"]).empty
        assert f"no mixed model of settings, lambda_0 and magnitude: found {found}" in caplog.text
    caption = caption_of("vock2025_fig4", results, tmp_path, CONFIG, effects=inputs["effects"])
    assert "of |lambda_0| not fitted, too few networks are left" in caption


@pytest.mark.parametrize("alike", [["accuracy"], ["accuracy", "exponent"], ["exponent", "adjustment"]])
def test_networks_that_are_alike_cost_no_table(results: Path, tmp_path: Path, alike: list[str]) -> None:
    """Dead networks have one accuracy, or one exponent: no mixed model, no interval without width, whole tables."""
    outcomes = read_tsv(results / "criticality_outcomes.tsv", SCHEMAS["criticality_outcomes"])
    dead = outcomes.assign(diverged=False, **dict.fromkeys(alike, 9.8))
    for name in ("exponent", "adjustment", "drift", "unweighted_adjustment", "accuracy"):
        dead[name] = dead[name].fillna(9.8)
    path = {name: str(tmp_path / f"criticality_{name}.tsv") for name in ("effects", "mixed", "outcomes")}
    write_tsv(dead, path["outcomes"], SCHEMAS["criticality_outcomes"])
    script("criticality_loss/fit_settings").main(
        path["outcomes"], path["effects"], path["mixed"], "init0", "reduced", 20, SEED
    )
    assert read_tsv(path["effects"], SCHEMAS["criticality_effects"]).empty
    inputs = {name: str(results / f"criticality_{name}.tsv") for name in ("runs", "history")}
    names = ("curves", "means", "scan", "tests", "landmarks")
    outputs = {name: str(tmp_path / f"criticality_{name}.tsv") for name in names}
    outputs["correlations"] = str(tmp_path / "rank_correlations.tsv")
    script("criticality_loss/compare_losses").main(
        {**inputs, "outcomes": path["outcomes"]}, outputs, PLAN.design(), PLAN.label(), 100, SEED
    )
    tests = read_tsv(outputs["tests"], SCHEMAS["criticality_tests"])
    same = tests[tests["of"].isin(alike)]
    assert (same["p_value"].isna() | (same["p_value"] == 1.0)).all()
    assert same[["ci_low", "ci_high"]].isna().all(axis=None)


def test_what_makes_the_protocol_published() -> None:
    """The paper's scale is, and no longer with another value of any key that is printed."""
    section = load_config(ROOT / "config.yaml", ROOT / "scales" / "paper.yaml")["criticality_loss"]
    assert CriticalityLossPlan(section, 1).label() == "published"
    changed = {
        key: section | {key: 20 * value if isinstance(value, int) else "other"} for key, value in section.items()
    }
    changed |= {"learning_rate": section | {"learning_rate": 0.01}, "decay": section | {"decay": 0.5}}
    free = {key for key in section if CriticalityLossPlan(changed[key], 1).label() == "published"}
    assert free == {
        "batch", "measured_images", "scanned_initialisation", "compared_target", "compared_strength",
        "bootstrap_replicates",
    }  # fmt: skip


def test_a_night_trains_as_long() -> None:
    """The scale of one night is one at which claims on order and sign are judged."""
    section = load_config(ROOT / "config.yaml", ROOT / "scales" / "night.yaml")["criticality_loss"]
    assert CriticalityLossPlan(section, 1).label() == "as long"


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({"images": 10000, "batch": 10, "epochs": 32, "learning_rate": 0.003}, "as long"),
        ({"images": 10000, "batch": 10, "epochs": 30, "learning_rate": 0.003}, "reduced"),
        ({"images": 5000, "batch": 10, "epochs": 80, "learning_rate": 0.003}, "reduced"),
        ({"images": 10000, "batch": 10, "epochs": 32, "learning_rate": 0.003, "replicates": 4}, "reduced"),
        ({"images": 10000, "batch": 10, "epochs": 32, "learning_rate": 0.003, "hidden": [200, 100]}, "reduced"),
        ({"averaged_epochs": 5}, "as long"),
    ],
)
def test_what_is_trained_as_long(changes: dict[str, Any], label: str) -> None:
    """The published networks on fewer images, by the sum of rates over updates: 200 epochs of 600 steps of 0.001."""
    section = load_config(ROOT / "config.yaml", ROOT / "scales" / "paper.yaml")["criticality_loss"]
    assert learning_time(section) == pytest.approx(0.6 * (1 - 0.997**200) / 0.003, rel=1e-12)
    assert CriticalityLossPlan(section | changes, 1).label() == label


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"compared_strength": 3.0}, r"compared_strength: found 3\.0, expected one of"),
        ({"uniform_half_widths": [0.05]}, r"uniform_half_widths: found 1 entries, expected .* 3"),
        ({"batch": 7}, r"images: found 200, expected a multiple of batch, 7"),
        ({"measured_images": 5000}, r"measured_images: found 5000, expected at most test_images"),
        ({"averaged_epochs": 9}, r"averaged_epochs: found 9, expected at most epochs, 3"),
        ({"targets": [0.2, 0.0, -0.2]}, r"targets: found .* expected ascending"),
    ],
)
def test_contradictions_are_refused(changes: dict[str, Any], message: str) -> None:
    """Naming the key, what was found and what was expected."""
    with pytest.raises(ConfigError, match=message):
        validate({**CONFIG, "criticality_loss": {**CONFIG["criticality_loss"], **changes}})


RUNS = design_runs([-0.2, 0.0, 0.2], [0.1, 1.0, 10.0], "init0", (0.0, 1.0), 5, SEED)


def test_outcomes_of_a_made_up_history() -> None:
    """Means of the last epochs, the two derivatives, the change of the whole loss, and what diverged is not known."""
    runs = RUNS[RUNS["loss"] == "CritL"].iloc[[-1, -2]].assign(target=0.2, strength=10.0)
    epochs = pd.DataFrame(
        {
            "epoch": [0, 1, 2, 3], "cross_entropy": [np.nan, 2.0, 1.0, 0.5], "penalty": [np.nan, 3.0, 1.0, 2.0],
            "test_cross_entropy": [2.0, 1.0, 0.8, 0.5], "test_accuracy": [0.1, 0.5, 0.7, 0.9],
            "exponent": [0.0, 0.1, 0.2, 0.4], "diverged": False,
        }
    )  # fmt: skip
    lost = epochs.head(2).assign(diverged=[False, True])
    history = pd.concat([epochs.assign(point=runs["point"].iloc[0]), lost.assign(point=runs["point"].iloc[1])])
    known, unknown = run_outcomes(runs, history[[column.name for column in CRITICALITY_HISTORY.columns]], 2).iloc
    expected = {"accuracy": 80.0, "exponent": 0.3, "adjustment": 1.5, "drift": -0.5, "unweighted_adjustment": 0.15}
    assert known[list(expected)].to_dict() == pytest.approx(expected)
    assert known["log_loss_ratio"] == pytest.approx(np.log((0.5 + 10 * 0.2**2) / (2.0 + 10 * 0.2**2)))
    assert unknown["diverged"]
    assert unknown[list(expected)].isna().all()


def made_up(accuracy_at_zero: float = 90.0, noise: float = 0.1, seed: int = 1) -> pd.DataFrame:
    """Outcomes whose accuracy falls by 20 points with |lambda_0| and by one with the derivative, plus noise."""
    rng = np.random.default_rng(seed)
    exponent = RUNS["target"] + 0.03 * rng.standard_normal(len(RUNS))
    adjustment = RUNS["strength"] ** 0.5 * (1 + 0.1 * rng.random(len(RUNS)))
    return RUNS.drop(columns="seed_key").assign(
        diverged=False, exponent=exponent, adjustment=adjustment, drift=-adjustment,
        unweighted_adjustment=adjustment / RUNS["strength"].replace(0.0, np.nan),
        accuracy=accuracy_at_zero - 20 * exponent.abs() - adjustment + noise * rng.standard_normal(len(RUNS)),
        log_loss_ratio=-1.0,
    )  # fmt: skip


def test_mixed_models_find_known_effects() -> None:
    """Coefficients times the spread of the predictors, within their intervals; and residual variance within its own."""
    scanned = made_up(noise=0.5)
    scanned = scanned[(scanned["loss"] == "CritL") & (scanned["initialisation"] == "init0")]
    effects, numbers = fit_settings(scanned, 100, np.random.default_rng(2))
    chosen = effects[(effects["exponent"] == "|lambda_0|") & (effects["derivative"] == "magnitude")].set_index("effect")
    for effect, slope, spread in (
        ("exponent", -20.0, scanned["exponent"].abs().std()), ("derivative", -1.0, scanned["adjustment"].std()),
    ):  # fmt: skip
        assert chosen.loc[effect, "ci_low"] < slope * spread < chosen.loc[effect, "ci_high"]
        assert chosen.loc[effect, "ci_high"] < 0
    known = numbers[numbers["exponent"] == "|lambda_0|"].set_index("quantity")
    assert known.loc["residual_variance", "ci_low"] < 0.25 < known.loc["residual_variance", "ci_high"]
    assert known.loc[["observations", "settings"], "value"].tolist() == [45, 9]
    assert set(numbers.columns) <= {column.name for column in CRITICALITY_MIXED.columns}


def test_the_best_setting_of_made_up_outcomes() -> None:
    """It is that of target zero and least strength, and its exponent within its interval; a diverged loss counts."""
    outcomes = made_up()
    outcomes.loc[0, ["diverged", "log_loss_ratio"]] = [True, np.nan]
    scanned = outcomes[(outcomes["loss"] == "CritL") & (outcomes["initialisation"] == "init0")]
    found = loss_landmarks(outcomes, scanned, 200, np.random.default_rng(3)).set_index("quantity")
    assert found.loc["best_strength", ["value", "ci_low", "ci_high"]].tolist() == [0.1, 0.1, 0.1]
    assert found.loc["best_exponent", "ci_low"] < 0.0 < found.loc["best_exponent", "ci_high"]
    assert found.loc["losses_not_minimised", "value"] == 1


def test_tests_tell_made_up_losses_apart() -> None:
    """Ten points between the losses are found within each initialisation; initialisations that are alike are not."""
    rows = RUNS[(RUNS["loss"] == "CE") | ((RUNS["target"] == 0.0) & (RUNS["strength"] == 1.0))]
    noise = np.random.default_rng(4).standard_normal((2, len(rows)))
    shift = 10.0 * (rows["loss"] == "CritL").to_numpy()
    found = differences(rows.assign(diverged=False, accuracy=80 + shift + noise[0], exponent=noise[1])).set_index(
        ["of", "between", "within"]
    )
    found = found.sort_index()
    losses = found.loc["accuracy", "losses"]
    assert (losses["ci_low"] > 5).all()
    assert (losses["ci_high"] < 15).all()
    # five against five that do not overlap: 2 / (10 choose 5)
    assert losses.loc["init0", "p_value"] == pytest.approx(2 / 252)
    assert losses.loc["all", "p_value"] < 1e-6
    assert (found.loc["accuracy", "initialisations"]["p_value"] > 0.01).all()


def test_control_of_made_up_settings() -> None:
    """An exponent that is its target and an adjustment that is its strength have the correlation 1."""
    settings = pd.DataFrame([(t, a) for t in (-0.2, 0.0, 0.2) for a in (0.1, 1.0, 10.0, 100.0)],
                            columns=["target", "strength"])  # fmt: skip
    found = control(settings.assign(exponent=settings["target"], adjustment=settings["strength"], accuracy=90.0))
    assert found["correlation"].tolist()[:2] == [1.0, 1.0]
    assert found["n"].tolist() == [9, 12, 12, 12]
