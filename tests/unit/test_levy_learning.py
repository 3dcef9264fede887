"""Training from stable weights against predictors: what each of them is, and what correlations and regions find."""

import numpy as np
import pandas as pd
import pytest

from deepcrit.core.tables import check_table
from deepcrit.experiments.levy_learning.points import region_accuracy, training_correlations, training_points
from deepcrit.experiments.levy_learning.schemas import LEVY_POINTS, LEVY_REGIONS
from deepcrit.physics.heavytails import HeavyTailsError, Spectrum, line_gain
from deepcrit.stats.schemas import RANK_CORRELATIONS

GAINS = [0.25, 0.5, 0.75, 1.0, 1.5, 3.0]
LATER = pd.DataFrame({"alpha": [1.1, 1.5, 2.0], "gain": [1.1, 0.9, 1.0]})


def points(alphas: tuple[float, ...] = (1.0, 1.3, 2.0), gains: list[float] = GAINS) -> pd.DataFrame:
    """Networks of a grid, D_2 of each, accuracy and times."""
    rng = np.random.default_rng(1)
    grid = pd.DataFrame([{"alpha": alpha, "gain": gain, "width": 100} for alpha in alphas for gain in gains])
    grid = grid.assign(point=[f"p{row}" for row in range(len(grid))], test_accuracy=rng.random(len(grid)))
    grid["first_published"] = np.where(grid["test_accuracy"] > 0.5, 100 / grid["test_accuracy"], np.inf)
    dimensions = pd.DataFrame({"point": grid["point"], "dimension": rng.random(len(grid))})
    found = training_points(grid, dimensions, LATER)
    return found[[column.name for column in LEVY_POINTS.columns]].reset_index(drop=True)


def test_predictors_are_what_they_are_called() -> None:
    """Distances from both lines, J_f less that on the line by another route, and no later edge below its alphas."""
    found = check_table(points(), LEVY_POINTS)
    row = found[(found["alpha"] == 1.3) & (found["gain"] == 1.5)].iloc[0]
    line = line_gain(1.3, "fixed_point")
    assert row["line_closeness"] == pytest.approx(line - 1.5)
    assert row["later_gain"] == pytest.approx(1.0)
    assert row["later_closeness"] == pytest.approx(-0.5)
    expected = [Spectrum(1.3, gain).shifted_averages([1])[0] for gain in (1.5, line)]
    assert row["shifted_excess"] == pytest.approx(expected[0] - expected[1])
    assert found.loc[found["alpha"] == 1.0, "later_closeness"].isna().all()
    assert np.isfinite(found["log_excess"]).all()
    assert (found.loc[np.isinf(found["training_time"]), "speed"] == 0).all()


def test_gains_beside_the_line_are_refused() -> None:
    """A grid that does not straddle the ordered line has no value there to compare with."""
    with pytest.raises(HeavyTailsError, match="expected a grid that straddles the"):
        points(gains=[1.5, 2.0, 2.5])


def test_correlations_find_what_training_follows() -> None:
    """Accuracy made from the later edge is fully correlated with it where it is known, more than with the line."""
    found = points((1.2, 1.5, 2.0))
    found = found.assign(test_accuracy=0.9 + 0.01 * found["later_closeness"])
    table = check_table(training_correlations(found, np.random.default_rng(2), 300), RANK_CORRELATIONS)
    accuracy = table[table["of"] == "test accuracy"].set_index(["against", "over"])
    later = "closeness to the later edge"
    assert accuracy.loc[(later, "grid"), "correlation"] == pytest.approx(1.0)
    assert accuracy.loc[(later, "within alphas"), "correlation"] == pytest.approx(1.0)
    assert accuracy.loc[(f"{later}, less that with closeness to the ordered line", "grid"), "ci_low"] > 0
    other = accuracy.loc[("multifractality", "grid")]
    assert other["ci_low"] < 0 < other["ci_high"]
    assert set(table["of"]) == {"test accuracy", "training speed"}


def test_the_regime_is_above_the_line_and_below_two() -> None:
    """Networks there are counted, and a difference that was put in is found with its interval."""
    found = points()
    inside = (found["alpha"] < 2) & (found["gain"] > found["line_gain"]) & (found["shifted_excess"] > 0)
    rng = np.random.default_rng(3)
    noise = 0.01 * rng.standard_normal(len(found))
    regions = region_accuracy(found.assign(test_accuracy=0.9 + 0.05 * inside + noise), "rescaled")
    shifted = check_table(regions, LEVY_REGIONS).set_index("region").loc["shifted"]
    assert shifted["inside"] == inside.sum()
    assert shifted["outside"] == (~inside).sum()
    assert shifted["ci_low"] < 0.05 < shifted["ci_high"]
    assert shifted["ci_low"] > 0
    assert shifted["p_value"] < 0.001
    assert not inside[found["alpha"] == 2].any()
