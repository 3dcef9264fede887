"""Torchvision's classifiers, from their metadata to verdicts and figures."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from workflow_scripts import caption_of, script

from deepcrit.app.config import load_config
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.zoo.accuracy_models import PREDICTORS_BY_MODEL as MIXED
from deepcrit.experiments.zoo.accuracy_models import AccuracyFits
from deepcrit.experiments.zoo.history import classifier_correlations, classifier_landmarks
from deepcrit.experiments.zoo.measured_models import with_dynamics
from deepcrit.experiments.zoo.pairs import change
from deepcrit.experiments.zoo.schemas import (
    DYNAMICS,
    JUDGED,
    MIXED_EFFECTS,
    MIXED_MODELS,
    MIXED_SUMMARY,
    MODELS,
    RECIPE_CHANGES,
    WEIGHT_PAIRS,
    WEIGHT_SETS,
    ZOO_LANDMARKS,
)
from deepcrit.pretrained.catalogue import count_modules
from deepcrit.pretrained.networks import random_network
from deepcrit.stats.schemas import RANK_CORRELATIONS

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "published" / "vock2025_models.tsv"


def relate(directory: Path, dynamics: str, least: int) -> None:
    """All tables that are made from those of ``list_models`` in this directory."""
    models, sets = str(directory / "models.tsv"), str(directory / "weight_sets.tsv")
    found = [str(directory / f"{name}.tsv") for name in ("rank_correlations", "zoo_landmarks")]
    script("zoo/relate_models").main(models, sets, dynamics, *found, least, 1)
    fits = ("mixed_models", "mixed_effects", "mixed_correlations", "mixed_summary")
    script("zoo/fit_mixed_models").main(models, dynamics, *(str(directory / f"{name}.tsv") for name in fits), least)
    pairs = [str(directory / f"{name}.tsv") for name in ("weight_pairs", "recipe_changes")]
    script("zoo/pair_weights").main(models, sets, dynamics, *pairs)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables of the classifiers where no dynamics were measured."""
    path = tmp_path_factory.mktemp("zoo")
    script("zoo/list_models").main(str(PUBLISHED), str(path / "models.tsv"), str(path / "weight_sets.tsv"))
    write_tsv(pd.DataFrame(columns=[column.name for column in DYNAMICS.columns]), path / "dynamics.tsv", DYNAMICS)
    relate(path, str(path / "dynamics.tsv"), 40)
    return path


@pytest.fixture(scope="module")
def measured(results: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same tables with invented dynamics of every set of weights, which fall as accuracy rises."""
    path = tmp_path_factory.mktemp("measured")
    for name in ("models", "weight_sets"):
        (path / f"{name}.tsv").write_text((results / f"{name}.tsv").read_text(encoding="utf-8"), encoding="utf-8")
    sets = read_tsv(path / "weight_sets.tsv", WEIGHT_SETS)
    rng = np.random.default_rng(5)
    distance, exponent = (90.0 - sets["accuracy"] + rng.normal(0, 3, len(sets)) for _ in range(2))
    columns = {
        "branching_parameter": 1.0 + 0.01 * distance,
        "branching_distance": 0.01 * distance,
        "top_singular_value": np.exp(0.1 * exponent),
        "lyapunov_exponent": 0.001 * exponent,
    }
    spread = {f"{name}_sd": np.nan for name in columns}
    same = {
        "source": "torchvision",
        "images": "imagenet",
        "modules": 10,
        "products": 9,
        "converged": True,
        "error": 0.0,
    }
    table = sets[["model", "weights", "accuracy", "parameters"]].assign(inputs=10, **same, **columns, **spread)
    write_tsv(table, path / "dynamics.tsv", DYNAMICS)
    relate(path, str(path / "dynamics.tsv"), 40)
    return path


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the fits that claims are judged on."""
    return rows[(rows["estimator"] == "REML") & (rows["reading"] == JUDGED)]


def verdicts(directory: Path) -> "pd.Series[str]":
    tables = {
        f"zoo/{path.stem}": read_tsv(path, SCHEMAS[path.stem])
        for path in directory.glob("*.tsv")
        if path.stem != "dynamics"
    }
    paper = load_claims(ROOT / "claims" / "vock2025.yaml")
    # sums over the printed numbers of other tables ask for no table either
    ours = [c for c in paper.claims if c.figure != "Table S7" and all(p.measure.table in tables for p in c.parts())]
    return judge_paper(paper.model_copy(update={"claims": ours, "absences": {}}), tables, "default").set_index("claim")[
        "verdict"
    ]


def test_models_are_those_of_torchvision(results: Path) -> None:
    """Eighty classifiers in 21 groups, with first weights, and parameters of a network that is built in full."""
    models = read_tsv(results / "models.tsv", MODELS).set_index("model")
    assert len(models) == 80
    assert models["architecture"].nunique() == models["other_architecture"].nunique() == 21
    assert models.loc["resnet50", "weights"] == "IMAGENET1K_V1"
    assert models.loc["regnet_y_128gf", "weights"] == "IMAGENET1K_SWAG_E2E_V1"
    assert (models.loc[["resnet50", "vgg11"], "weight_sets"] == [2, 1]).all()
    for name in ("alexnet", "mobilenet_v3_small", "shufflenet_v2_x0_5"):
        network = random_network(name, 1)
        assert models.loc[name, "parameters"] == sum(tensor.numel() for tensor in network.parameters())
        assert models.loc[name, "all_modules"] == len(list(network.modules()))


def test_counts_without_memory_agree_with_metadata(results: Path) -> None:
    """Networks built without memory have as many parameters as torchvision states, those of RegNet included."""
    models = read_tsv(results / "models.tsv", MODELS).set_index("model")
    for name in ("googlenet", "inception_v3", "regnet_y_128gf", "swin_v2_t", "maxvit_t"):
        leaf_modules, modules, parameters = count_modules(name)
        assert parameters == models.loc[name, "parameters"]
        assert (leaf_modules, modules) == tuple(models.loc[name, ["modules", "all_modules"]])
    assert count_modules("alexnet") == (21, 24, 61100840)


def test_unlike_lists_are_refused(tmp_path: Path) -> None:
    """A classifier that only one of the two lists has is named."""
    shorter = tmp_path / "models.tsv"
    lines = PUBLISHED.read_text(encoding="utf-8").splitlines(keepends=True)
    shorter.write_text("".join(line for line in lines if not line.startswith("vgg11\t")), encoding="utf-8")
    with pytest.raises(ValueError, match=r"expected the same: \['vgg11'\]"):
        script("zoo/list_models").main(str(shorter), str(tmp_path / "a.tsv"), str(tmp_path / "b.tsv"))


def test_structure_alone_reproduces_model_4(results: Path) -> None:
    """Parameters alone give the printed line of Table S5 to about its last digits: estimate, error, df, t, p and R2."""
    effects = read_tsv(results / "mixed_effects.tsv", MIXED_EFFECTS)
    row = judged(effects).query("number == 4 and effect == 'parameters'").iloc[0]
    assert row["estimate"] == pytest.approx(2.156, abs=0.002)
    assert row["standard_error"] == pytest.approx(0.375, abs=5e-4)
    assert row["degrees_of_freedom"] == pytest.approx(59.349, abs=0.01)
    assert row["t_value"] == pytest.approx(5.745, abs=1e-3)
    assert row["p_value"] == pytest.approx(3.357e-7, rel=1e-3)
    fit = judged(read_tsv(results / "mixed_models.tsv", MIXED_MODELS)).query("number == 4")
    assert fit["marginal_r2"].iloc[0] == pytest.approx(0.073, abs=5e-4)
    assert fit["conditional_r2"].iloc[0] == pytest.approx(0.890, abs=5e-4)
    assert (fit["models"].iloc[0], fit["groups"].iloc[0]) == (80, 21)


def test_without_dynamics_their_rows_are_absent(results: Path) -> None:
    """Nothing about dynamics is reported, and three of fifteen mixed models are fitted, on all classifiers."""
    assert set(read_tsv(results / "rank_correlations.tsv", RANK_CORRELATIONS)["n"]) == {80}
    assert set(read_tsv(results / "mixed_models.tsv", MIXED_MODELS)["number"]) == {4, 6, 12}
    assert set(read_tsv(results / "recipe_changes.tsv", RECIPE_CHANGES)["measure"]) == {"accuracy"}
    marks = read_tsv(results / "zoo_landmarks.tsv", ZOO_LANDMARKS).set_index("quantity")["value"]
    assert marks["measured"] == 0
    assert marks["relative_rise"] == pytest.approx(88.552 / 56.522 - 1)


def test_verdicts_without_dynamics(results: Path) -> None:
    """What metadata can tell is judged; all else is not testable, and nothing is judged from absent rows."""
    found = verdicts(results)
    assert len(found) == 158
    other = found[~found.isin(["reproduced", "not testable here"])]
    assert other.to_dict() == {
        "vock2025.fig2a.acc_increase": "differs",
        "vock2025.fig2b.Lambda0_independent": "ill-posed",
        "vock2025.fig2d.r2c_main": "undecided",
        "vock2025.fig3.acc_median": "undecided",
        "vock2025.fig3.acc_iqr": "undecided",
    }
    assert (found == "reproduced").sum() == 49


def test_dynamics_fill_every_claim(measured: Path) -> None:
    """With a table of dynamics every mixed model is fitted and no claim but that on the recipe lacks its row."""
    fits = read_tsv(measured / "mixed_models.tsv", MIXED_MODELS)
    assert set(fits["number"]) == set(MIXED)
    ordered = judged(fits).sort_values("place")
    assert list(ordered["aicc"]) == sorted(ordered["aicc"])
    found = verdicts(measured)
    assert list(found.index[found == "not testable here"]) == ["vock2025.tableS2.recipe"]
    correlations = read_tsv(measured / "rank_correlations.tsv", RANK_CORRELATIONS).set_index(["of", "against"])
    assert correlations.loc[("accuracy", "branching_distance"), "ci_high"] < 0
    summary = read_tsv(measured / "mixed_summary.tsv", MIXED_SUMMARY).set_index("quantity")
    assert summary.loc["greatest_marginal_r2", "value"] == pytest.approx(ordered["marginal_r2"].max())
    assert (summary["low"] <= summary["value"]).all()
    assert (summary["value"] <= summary["high"]).all()


def test_dynamics_are_joined_to_their_weights(measured: Path) -> None:
    """A classifier gets the dynamics of the weights it is judged with, and none where those were not measured."""
    models, dynamics = read_tsv(measured / "models.tsv", MODELS), read_tsv(measured / "dynamics.tsv", DYNAMICS)
    first = dynamics.set_index(["model", "weights"])["branching_distance"]
    measures = with_dynamics(models, dynamics[dynamics["model"] != "vgg11"]).set_index("model")
    assert len(measures) == 80
    assert measures.loc["resnet50", "branching_distance"] == first["resnet50", "IMAGENET1K_V1"]
    assert np.isnan(measures.loc["vgg11", "branching_distance"])


def test_distances_of_exponents(measured: Path) -> None:
    """Exponents that scatter about zero have the fall and the correlations of their magnitudes, beside their own."""
    models = read_tsv(measured / "models.tsv", MODELS)
    rng = np.random.default_rng(6)
    exponent = np.where(models["year"] == models["year"].max(), 0.01, 0.04) * rng.choice([-1.0, 1.0], len(models))
    dynamics = read_tsv(measured / "dynamics.tsv", DYNAMICS).drop(columns="lyapunov_exponent")
    invented = models[["model", "weights"]].assign(lyapunov_exponent=exponent)
    measures = with_dynamics(models, dynamics.merge(invented, on=["model", "weights"]))
    marks = classifier_landmarks(measures, read_tsv(measured / "weight_sets.tsv", WEIGHT_SETS), 80).set_index(
        "quantity"
    )["value"]
    assert marks["lyapunov_exponent_fall"] == pytest.approx(4.0)
    found = classifier_correlations(measures, 80, rng).set_index(["of", "against"])["correlation"]
    for pair in (("accuracy", "|lyapunov_exponent|"), ("|lyapunov_exponent|", "year")):
        assert found[pair] == pytest.approx(spearmanr(measures[pair[0]], measures[pair[1]])[0])
    fits = AccuracyFits(measures, 80).effects.query(
        "number == 1 and estimator == 'REML' and effect == 'lyapunov_exponent'"
    )
    estimates = fits.set_index("reading")["estimate"]
    magnitudes = AccuracyFits(measures.assign(lyapunov_exponent=np.abs(exponent)), 80).effects
    of_magnitude = magnitudes.query("number == 1 and estimator == 'REML' and effect == 'lyapunov_exponent'")
    assert estimates["leaf modules, |lambda_0|"] == of_magnitude.set_index("reading")["estimate"][JUDGED]
    assert estimates["leaf modules, |lambda_0|"] != pytest.approx(estimates[JUDGED])


def test_fits_of_different_classifiers_are_not_ranked_together(measured: Path, tmp_path: Path) -> None:
    """With dynamics of 50 of 80, models of structure and others have places of their own, and no number spans both."""
    for name in ("models", "weight_sets"):
        (tmp_path / f"{name}.tsv").write_text((measured / f"{name}.tsv").read_text(encoding="utf-8"), encoding="utf-8")
    chosen = read_tsv(measured / "models.tsv", MODELS)["model"].sample(50, random_state=1)
    dynamics = read_tsv(measured / "dynamics.tsv", DYNAMICS)
    write_tsv(dynamics[dynamics["model"].isin(chosen)], tmp_path / "dynamics.tsv", DYNAMICS)
    relate(tmp_path, str(tmp_path / "dynamics.tsv"), 40)
    fits = judged(read_tsv(tmp_path / "mixed_models.tsv", MIXED_MODELS)).set_index("number")
    structure = fits.loc[[4, 6, 12]]
    assert set(structure["models"]) == {80}
    assert set(fits.drop(index=[4, 6, 12])["models"]) == {50}
    assert set(structure["place"]) == {1, 2, 3}
    assert set(fits.drop(index=[4, 6, 12])["place"]) == set(range(1, 13))
    summary = set(read_tsv(tmp_path / "mixed_summary.tsv", MIXED_SUMMARY)["quantity"])
    assert {"fitted", "greatest_marginal_r2_of_structure", "greatest_marginal_r2_of_dynamics"} <= summary
    assert not summary & {"best_aicc_reml", "best_bic_ml", "three_over_fewer", "least_marginal_r2"}
    assert verdicts(tmp_path)["vock2025.fig2d.best_model"] == "not testable here"
    caption = captions(tmp_path, tmp_path)[0]
    assert "Dynamics were measured of 50 of them." in caption
    assert "each number of classifiers by itself" in caption


def test_too_few_architectures_cost_their_models_alone(
    measured: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Dynamics of enough classifiers in four architectures cost no other model, and the log says what is missing."""
    for name in ("models", "weight_sets"):
        (tmp_path / f"{name}.tsv").write_text((measured / f"{name}.tsv").read_text(encoding="utf-8"), encoding="utf-8")
    models = read_tsv(measured / "models.tsv", MODELS)
    few = models.loc[models["architecture"].isin(models["architecture"].value_counts().index[:4]), "model"]
    dynamics = read_tsv(measured / "dynamics.tsv", DYNAMICS)
    write_tsv(dynamics[dynamics["model"].isin(few)], tmp_path / "dynamics.tsv", DYNAMICS)
    relate(tmp_path, str(tmp_path / "dynamics.tsv"), 10)
    assert set(judged(read_tsv(tmp_path / "mixed_models.tsv", MIXED_MODELS))["number"]) == {4, 6, 12}
    assert "mixed model 15, reading leaf modules: left out: found 4 groups, expected at least 5" in caplog.text
    assert "Models that are missing could not be fitted" in captions(tmp_path, tmp_path)[0]


def test_few_measured_classifiers_are_not_enough(measured: Path, tmp_path: Path) -> None:
    """With too few classifiers, or without one pair, statistics of dynamics are left out, and captions say so."""
    for name in ("models", "weight_sets"):
        (tmp_path / f"{name}.tsv").write_text((measured / f"{name}.tsv").read_text(encoding="utf-8"), encoding="utf-8")
    dynamics = read_tsv(measured / "dynamics.tsv", DYNAMICS)
    few = dynamics[dynamics["model"].str.startswith("regnet_x")]
    write_tsv(few, tmp_path / "dynamics.tsv", DYNAMICS)
    relate(tmp_path, str(tmp_path / "dynamics.tsv"), 40)
    assert set(read_tsv(tmp_path / "mixed_models.tsv", MIXED_MODELS)["number"]) == {4, 6, 12}
    assert set(read_tsv(tmp_path / "recipe_changes.tsv", RECIPE_CHANGES)["measure"]) == {"accuracy"}
    assert verdicts(tmp_path)["vock2025.fig3a.dSigma_median"] == "not testable here"
    found = captions(tmp_path, tmp_path)
    assert "measured of 7 of them, **too few** for statistics, which need 40" in found[0]
    assert "measured of both weights of 7 pairs of 28" in found[1]
    assert not any("No trained weights" in caption for caption in found)
    marks = read_tsv(tmp_path / "zoo_landmarks.tsv", ZOO_LANDMARKS).set_index("quantity")["value"]
    assert marks["measured"] == 7
    # a vision transformer whose pair is not in Table S3
    write_tsv(dynamics[dynamics["model"] != "vit_h_14"], tmp_path / "dynamics.tsv", DYNAMICS)
    relate(tmp_path, str(tmp_path / "dynamics.tsv"), 40)
    changes = read_tsv(tmp_path / "recipe_changes.tsv", RECIPE_CHANGES).set_index(["measure", "over"])["pairs"]
    assert changes["branching_distance", "Table S3"] == 23
    assert ("branching_distance", "every pair") not in changes.index
    assert "27 pairs of 28" in captions(tmp_path, tmp_path)[1]


def test_pairs(results: Path) -> None:
    """28 pairs, all of them more accurate, of which 23 are those of Table S3 with the two recipes."""
    pairs = read_tsv(results / "weight_pairs.tsv", WEIGHT_PAIRS)
    assert (pairs["accuracy_change"] > 0).all()
    tuned = pairs[pairs["reading"] == "fine-tuned"].set_index("model")
    assert (len(tuned), tuned["in_table_s3"].sum()) == (28, 23)
    assert set(tuned.loc[tuned["in_table_s3"], "new"]) == {"IMAGENET1K_V2"}
    assert set(tuned.index[~tuned["in_table_s3"]]) == {
        "mobilenet_v2", "regnet_y_128gf", "vit_b_16", "vit_l_16", "vit_h_14",
    }  # fmt: skip
    outermost = pairs[pairs["reading"] == "first and last"].set_index("model")
    assert tuple(outermost.loc["regnet_y_16gf", ["old", "new"]]) == ("IMAGENET1K_V1", "IMAGENET1K_SWAG_LINEAR_V1")
    assert tuple(outermost.loc["resnet50", ["old", "new"]]) == ("IMAGENET1K_V1", "IMAGENET1K_V2")
    # where a later set is the worse, it is the old one
    assert outermost.loc["vit_h_14", "new"] == "IMAGENET1K_SWAG_E2E_V1"
    assert round(outermost["accuracy_change"].median(), 3) == 2.814
    changes = read_tsv(results / "recipe_changes.tsv", RECIPE_CHANGES).set_index("over")
    assert changes.loc["every pair", "p_value"] == pytest.approx(2.0**-27)
    assert changes.loc["Table S3", "p_value"] == pytest.approx(2.0**-22)


@pytest.mark.parametrize(("statistic", "p_value"), [(0, "7.45e-09"), (37, "4.21e-05"), (102, "2.04e-02")])
def test_printed_tests_are_of_28_pairs(statistic: int, p_value: str) -> None:
    """The three printed p values are those of 28 pairs with these sums of ranks, two-sided and exact."""
    sizes, signs, left = np.arange(1.0, 29.0), np.ones(28), statistic
    for i in range(27, -1, -1):
        if sizes[i] <= left:
            signs[i], left = -1.0, left - sizes[i]
    found = change(sizes * signs)
    assert found["statistic"] == statistic
    assert f"{found['p_value']:.2e}" == p_value


def test_correlations_of_metadata(results: Path) -> None:
    """Rank correlations are those of scipy on the listed columns."""
    models = read_tsv(results / "models.tsv", MODELS)
    rows = read_tsv(results / "rank_correlations.tsv", RANK_CORRELATIONS).set_index(["of", "against"])
    for x in ("year", "modules", "parameters"):
        assert rows.loc[("accuracy", x), "correlation"] == pytest.approx(spearmanr(models[x], models["accuracy"])[0])
    assert rows.loc[("accuracy", "year"), "correlation"] == pytest.approx(0.704, abs=1e-3)


def captions(tables: Path, directory: Path) -> list[str]:
    """Captions of both figures, which are drawn into a directory."""
    config = load_config(ROOT / "config.yaml")
    return [caption_of(f"vock2025_{figure}", tables, directory, config) for figure in ("fig2", "fig3")]


@pytest.mark.parametrize("dynamics", [False, True])
def test_figures(results: Path, measured: Path, tmp_path: Path, dynamics: bool) -> None:
    """Both figures and captions are made from the tables, with panels of dynamics where those were measured alone."""
    found = captions(measured if dynamics else results, tmp_path)
    assert all(("No trained weights" in caption) is not dynamics for caption in found)
    assert not any("oo few" in caption for caption in found)
    assert "0.073 and 0.890 for model 4" in found[0]
    assert "the printed 7.45e-9 is that of 28" in found[1]
    assert ("measured of 80" in found[0]) is dynamics
