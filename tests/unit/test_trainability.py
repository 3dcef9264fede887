"""From trained networks to windows, retests, and correlations with dynamics."""

import numpy as np
import pandas as pd
import pytest

from deepcrit.core.tables import check_table
from deepcrit.experiments.learning.correlations import accuracy_correlations, along_edge, with_distances
from deepcrit.experiments.learning.schemas import EDGE_ACCURACY, PREDICTORS
from deepcrit.experiments.trainability.plan import TrainabilityPlan
from deepcrit.experiments.trainability.points import point_means
from deepcrit.experiments.trainability.schemas import (
    RETESTS,
    TRAINING_HISTORY,
    TRAINING_MANIFEST,
    TRAINING_OUTCOMES,
    WINDOWS,
)
from deepcrit.experiments.trainability.windows import (
    grid_of_points,
    retest_of,
    spread_evenly,
    training_outcomes,
    windows_of,
)
from deepcrit.stats.schemas import RANK_CORRELATIONS

GRID = {"start": 0.8, "stop": 1.6, "step": 0.1}
TRAINING = {"images": 128, "epochs": 3, "goal": None}


def manifest(widths=(8,), biases=(-3.0, -1.0)):
    return grid_of_points("plane", widths, 4, GRID, list(biases), 7)


def history(points, accuracy):
    """A last epoch for every network, of the accuracy that a function of its row gives."""
    return pd.DataFrame(
        {
            "point": points["point"],
            "epoch": 3,
            "loss": 1.0,
            "running_accuracy": 0.2,
            "train_accuracy": [accuracy(row) for row in points.itertuples()],
            "test_accuracy": 0.1,
            "diverged": False,
        }
    )


def outcomes(points, accuracy, training=TRAINING, sample="plane"):
    rows = check_table(history(points, accuracy), TRAINING_HISTORY)
    return check_table(training_outcomes(points, rows, sample, training), TRAINING_OUTCOMES)


def test_grid_holds_every_point_once_with_a_seed_of_its_own():
    """No bias first, then every bias variance; seeds differ, and depend on the place on the grid alone."""
    points = check_table(manifest(widths=(8, 16)), TRAINING_MANIFEST)
    assert len(points) == 2 * 3 * 9
    assert not points.duplicated(["width", "weight_variance", "bias_variance"]).any()
    assert points["seed_key"].is_unique
    assert sorted(points["bias_variance"].unique()) == pytest.approx([0, 1e-3, 1e-1])
    pd.testing.assert_frame_equal(points, check_table(manifest(widths=(8, 16)), TRAINING_MANIFEST))


def test_networks_of_a_point_are_further_ones():
    """Three a point differ in name and seed, and the first is the one that stands there alone."""
    alone = manifest()
    several = check_table(grid_of_points("plane", (8,), 4, GRID, [-3.0, -1.0], 7, networks=3), TRAINING_MANIFEST)
    assert several["seed_key"].is_unique
    assert several["point"].is_unique
    pd.testing.assert_frame_equal(several.iloc[::3].reset_index(drop=True), check_table(alone, TRAINING_MANIFEST))
    sizes = several.groupby(["weight_variance", "bias_variance"]).size()
    assert (sizes == 3).all()


def test_means_over_the_networks_of_a_point():
    """Accuracies 0.2, 0.3 and 0.7 of a point are 0.4 with a standard error of sqrt(0.07 / 3); of one, none is known."""
    points = grid_of_points("plane", (8,), 4, GRID, [-3.0, -1.0], 7, networks=3)
    accuracy = dict(zip(points["point"], [0.2, 0.3, 0.7] * (len(points) // 3), strict=True))
    means = point_means(outcomes(points, lambda row: accuracy[row.point]))
    np.testing.assert_allclose(means["train_accuracy"], 0.4)
    np.testing.assert_allclose(means["train_accuracy_error"], np.sqrt(0.07 / 3))
    assert means["weight_variance"].tolist() == manifest()["weight_variance"].tolist()
    one = outcomes(manifest(), lambda row: row.weight_variance / 10)
    np.testing.assert_array_equal(point_means(one)["train_accuracy"], one["train_accuracy"])
    assert point_means(one)["train_accuracy_error"].isna().all()


def test_windows_are_what_was_put_in():
    """Networks that train between edges that move with the bias give windows with these edges."""
    points = manifest()
    edges = {0.0: (0.9, 1.2), 1e-3: (1.1, 1.3), 1e-1: (9.0, 9.0)}

    def accuracy(row):
        low, high = next(ends for bias, ends in edges.items() if np.isclose(row.bias_variance, bias))
        return 0.7 if low - 1e-9 <= row.weight_variance <= high + 1e-9 else 0.11

    found = check_table(windows_of(outcomes(points, accuracy), 0.1, 0.3, "reduced", "N = 8"), WINDOWS)
    assert found["trained"].tolist() == [4, 3, 0]
    np.testing.assert_allclose(found["first"], [0.9, 1.1, np.nan])
    np.testing.assert_allclose(found["last"], [1.2, 1.3, np.nan])
    np.testing.assert_allclose(found["centre"], [1.05, 1.2, np.nan])
    np.testing.assert_allclose(found["extent"], [0.4, 0.3, 0.0])
    assert found["largest_bias"].tolist() == [False, False, True]
    assert not found[["open_below", "open_above"]].any(axis=None)


def test_a_window_at_the_end_of_the_grid_is_open():
    """Networks that train at the first and last weight variance may train beyond."""
    found = windows_of(outcomes(manifest(biases=()), lambda row: 0.9), 0.1, 0.3, "reduced", "N = 8")
    assert found[["open_below", "open_above"]].all(axis=None)


def test_with_a_goal_reaching_it_counts():
    """Accuracy above the threshold of the plane does not make a network trained where a goal is set."""
    points = manifest(biases=())
    training = {**TRAINING, "goal": 0.97}
    rows = outcomes(points, lambda row: 0.98 if row.weight_variance > 1.25 else 0.96, training, "widths")
    found = windows_of(rows, 0.1, 0.3, "reduced", "N = 8")
    assert found["first"].item() == pytest.approx(1.3)
    assert found["fewest_epochs"].item() == 3
    assert rows["reached"].sum() == found["trained"].item() == 4


def test_a_network_without_history_is_named():
    """A shard that lost a network stops the merge with its name."""
    points = manifest()
    rows = history(points, lambda row: 0.5).drop(index=4)
    with pytest.raises(ValueError, match=f"found none of {points['point'][4]}"):
        training_outcomes(points, rows, "plane", TRAINING)


@pytest.mark.parametrize(("n", "wanted", "expected"), [(9, 3, [1, 4, 7]), (2, 5, [0, 1]), (0, 2, []), (10, 1, [5])])
def test_retests_are_spread_evenly(n, wanted, expected):
    """Neither end of what failed is preferred."""
    assert spread_evenly(pd.DataFrame({"x": range(n)}), wanted)["x"].tolist() == expected


def test_retests_are_counted():
    """Nine of ten stayed low: Clopper and Pearson's interval is [0.555, 0.997] (their table)."""
    points = grid_of_points("widths", (8,), 4, {"start": 0.1, "stop": 1.0, "step": 0.1}, [], 7)
    training = {**TRAINING, "goal": 0.97}
    rows = outcomes(points, lambda row: 0.98 if row.weight_variance > 0.95 else 0.2, training, "retests")
    found = check_table(retest_of(rows, 0.5), RETESTS).iloc[0]
    assert (found["retested"], found["stayed_low"], found["reached"]) == (10, 9, 1)
    assert found["fraction"] == 0.9
    assert (found["ci_low"], found["ci_high"]) == (pytest.approx(0.5550, abs=1e-4), pytest.approx(0.9975, abs=1e-4))


def test_nothing_retested_is_a_row_without_a_share():
    """Where every network reached the goal there is nothing to train again."""
    found = check_table(retest_of(pd.DataFrame({"train_accuracy": [], "reached": []}), 0.5), RETESTS)
    assert found["fraction"].isna().item()


LINES = pd.DataFrame(
    {
        "bias_variance": [0.0, 1e-3, 1e-1],
        "edge_weight_variance": [1.0, 1.25, 1.5],
        "ridge_weight_variance": [1.0, 1.1, 1.2],
    }
)


def learning_points(accuracy):
    points = manifest()
    points["bias_variance"] = points["bias_variance"].replace(
        dict(zip(points["bias_variance"].unique(), LINES["bias_variance"], strict=True))
    )
    rng = np.random.default_rng(1)
    points = with_distances(points, LINES)
    for name in ("field_susceptibility", "started_susceptibility", "kept_susceptibility"):
        points[name] = rng.standard_normal(len(points))
    points["relation_closeness"] = np.where(points.index < 6, np.nan, rng.standard_normal(len(points)))
    return points.assign(train_accuracy=accuracy)


def test_distances_are_those_of_the_lines():
    """Zero on a line, negative beside it."""
    points = learning_points(lambda frame: 0.5)
    at = points[(points["bias_variance"] == 1e-3) & np.isclose(points["weight_variance"], 1.4)].iloc[0]
    assert at["edge_closeness"] == pytest.approx(-0.15)
    assert at["ridge_closeness"] == pytest.approx(-0.3)
    assert at["point_closeness"] == pytest.approx(-np.hypot(0.4, 1e-3))


def test_accuracy_on_the_edge_is_interpolated():
    """Between grid points, linearly; an edge beside the grid has none, and enters no correlation."""
    points = learning_points(lambda frame: frame["weight_variance"] - 0.7)
    found = check_table(along_edge(points, LINES), EDGE_ACCURACY)
    np.testing.assert_allclose(found["train_accuracy"], [0.3, 0.55, 0.8])
    beside = check_table(along_edge(points, LINES.assign(edge_weight_variance=[1.0, 1.25, 2.0])), EDGE_ACCURACY)
    assert beside["train_accuracy"].isna().tolist() == [False, False, True]
    found = accuracy_correlations(points, beside, [0.0], np.random.default_rng(2), 200)
    assert found.loc[found["over"] == "along the edge of chaos", "n"].item() == 2


def test_correlations_find_what_accuracy_follows():
    """Accuracy made from one feature is fully correlated with it, and better than with the edge, and no other is."""
    points = learning_points(lambda frame: 0.5 + 0.1 * np.tanh(frame["started_susceptibility"]))
    edge = along_edge(points, LINES)
    found = check_table(
        accuracy_correlations(points, edge, [0.0, 1e-3], np.random.default_rng(2), 200), RANK_CORRELATIONS
    )
    names = PREDICTORS
    of = found.set_index(["against", "over"])
    assert of.loc[(names["started_susceptibility"], "plane"), "correlation"] == pytest.approx(1.0)
    assert of.loc[(names["started_susceptibility"], "within bias variances"), "correlation"] == pytest.approx(1.0)
    less = of.loc[(f"{names['started_susceptibility']}, less that with closeness to the edge of chaos", "plane")]
    assert less["ci_low"] > 0
    other = of.loc[(names["field_susceptibility"], "plane")]
    assert other["ci_low"] < 0 < other["ci_high"]
    assert of.loc[(names["relation_closeness"], "plane"), "n"] == len(points) - 6
    assert not found.duplicated(["against", "over"]).any()


SECTION = {
    "batch": 128,
    "plane": {
        "width": 300, "depth": 400, "images": 25600, "epochs": 10, "learning_rate": 0.001,
        "log_bias_variances": [-6.0, -2.2],
    },
    "widths": {
        "widths": [200, 300, 400, 500, 600], "depth": 300, "images": 25600, "epochs": 50, "goal": 0.97,
        "learning_rate": 0.001, "retest_epochs": 200,
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("sample", "changed", "name"),
    [
        ("plane", {}, "published"),
        ("plane", {"width": 100, "depth": 128, "images": 6400, "epochs": 8, "learning_rate": 0.01}, "scaled"),
        ("plane", {"width": 99}, "reduced"),
        ("plane", {"depth": 100}, "reduced"),
        ("plane", {"epochs": 9}, "reduced"),
        ("plane", {"log_bias_variances": [-6.0, -2.0]}, "reduced"),
        ("plane", {"log_bias_variances": [-6.0, -3.0]}, "scaled"),
        ("widths", {}, "published"),
        ("widths", {"widths": [100, 150, 200, 250, 300], "depth": 90}, "scaled"),
        ("widths", {"goal": 0.9}, "reduced"),
        ("widths", {"widths": [32, 64, 96, 128]}, "reduced"),
    ],
)
def test_what_a_training_counts_as(sample, changed, name):
    """All that is printed, or a third as wide, three tenths as deep, as much descent and no more bias; else reduced."""
    section = {**SECTION, sample: {**SECTION[sample], **changed}}
    found, conditions = TrainabilityPlan(section, {}).protocol(sample)
    assert found == name
    assert f"L = {section[sample]['depth']}" in conditions
    assert TrainabilityPlan({**section, "batch": 64}, {}).protocol(sample)[0] != "published"
