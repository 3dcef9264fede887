"""Transitions of graphs of correlated neurons, their laws and slopes, against what was put in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from deepcrit.core.tables import check_table
from deepcrit.experiments.correlation_graphs.laws import graph_laws
from deepcrit.experiments.correlation_graphs.plan import CorrelationGraphsPlan
from deepcrit.experiments.correlation_graphs.schemas import (
    ABOVE_XMIN,
    ALL_VALUES,
    GRAPH_LAWS,
    SIZE_SLOPES,
    TRANSITION,
)
from deepcrit.experiments.correlation_graphs.transition import (
    SETTING_COLUMNS,
    graph_trends,
    size_slope,
    size_slopes,
    statistics_of,
    transitions,
)
from deepcrit.stats.schemas import RANK_CORRELATIONS

ITERATIONS = np.array([0, 1, 10, 37, 100, 1000])


def test_statistics_of_a_rise_and_fall() -> None:
    """From 2 to a peak of 10 at 37, 8 at the transition and 4 at the end, half of the rise being done at 14.5."""
    found = statistics_of(ITERATIONS, np.array([2.0, 2.0, 5.0, 10.0, 8.0, 4.0]), 100)
    expected = {"initial": 2, "peak": 10, "growth": 5, "peak_iteration": 37, "at_transition": 8, "final": 4, "rise": 6,
                "fall": 4, "prominence": 2.5, "last_less_peak": -6, "share_before": 3, "early_turns": 1,
                "turns": 1}  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert found["onset_iteration"] == pytest.approx(10 + 27 / 5)
    assert found["after_over_before"] == pytest.approx(4 / np.mean([2, 2, 5, 10, 8]))


def test_statistics_that_cannot_be_told_are_missing() -> None:
    """Without a value at every iteration there is no peak; a measure that only falls has no onset; zeros no ratio."""
    gaps = statistics_of(ITERATIONS, np.array([np.nan, 1.0, 2.0, 3.0, 2.0, 1.0]), 100)
    assert np.isnan(gaps["peak"])
    assert np.isnan(gaps["initial"])
    falling = statistics_of(ITERATIONS, np.array([5.0, 4.0, 3.0, 2.0, 1.0, 0.0]), 100)
    assert falling["peak_iteration"] == 0.5
    assert np.isnan(falling["onset_iteration"])
    assert np.isnan(falling["prominence"])
    assert np.isnan(statistics_of(ITERATIONS, np.arange(6.0), 100)["growth"])
    assert falling["time_correlation"] == -1
    assert np.isnan(statistics_of(ITERATIONS, np.ones(6), 90)["at_transition"])
    assert np.isnan(statistics_of(np.array([0]), np.array([1.0]), 100)["last_less_peak"])


def made_up(exponent: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Networks whose mean degree peaks at 37 and grows as a power of M, and the norm as the root of that."""
    rng, runs, measures = np.random.default_rng(1), [], []
    shape = np.array([0.2, 0.3, 0.6, 1.0, 0.8, 0.5])
    powers = {
        "mean_degree": exponent,
        "norm": exponent / 2,
        "largest_component": 1.0,
        "susceptibility": 0.1,
    }
    powers |= dict.fromkeys(("survival", "curvature_entropy"), 0.0)
    for hidden in (10, 20, 50):
        for seed in range(3):
            run = f"{hidden}_{seed}"
            runs.append({"run": run, "seed": seed, "sample": "sizes", "hidden": hidden, "neurons": 2 * hidden + 10,
                         "activation": "relu", "initialisation": "he", "learning_rate": 0.05, "batch": 64,
                         "log_mobility": -7.0, "shuffled": False})  # fmt: skip
            for quantity, power in powers.items():
                height = (2 * hidden + 10) ** power * np.exp(0.02 * rng.standard_normal())
                for iteration, value in zip(ITERATIONS, height * shape, strict=True):
                    row = {"run": run, "iteration": iteration, "threshold": 0.5, "signed": False}
                    measures.append({**row, "quantity": quantity, "value": value})
                    if quantity == "norm":
                        measures.append({**row, "quantity": "norm squared", "value": value**2})
    return pd.DataFrame(runs), pd.DataFrame(measures)


def test_means_over_seeds_and_exponents_of_size() -> None:
    """Peaks at 37, of all measures together; exponents of M within intervals, of the square twice the norm's."""
    runs, measures = made_up(0.8)
    single, means = transitions(runs, measures, 100)
    check_table(means, TRANSITION)
    at = means[(means["hidden"] == 20) & (means["statistic"] == "peak_iteration")].set_index("quantity")
    assert at.loc["norm", ["value", "ci_low", "ci_high"]].tolist() == pytest.approx([37, 37, 37])
    spread = means[(means["quantity"] == "four measures") & (means["statistic"] == "peak_spread")]
    assert spread["value"].tolist() == pytest.approx([1.0] * 3)
    assert (means.loc[means["statistic"] == "rise", "networks"] == 3).all()
    slopes = size_slopes(single, 0.5)
    check_table(slopes, SIZE_SLOPES)
    found = slopes[slopes["iteration"] == "transition"].set_index("quantity")
    for quantity, exponent in (("mean_degree", 0.8), ("norm squared", 0.8), ("norm", 0.4), ("largest_component", 1.0)):
        assert found.loc[quantity, "ci_low"] < exponent < found.loc[quantity, "ci_high"]
    assert found.loc["norm squared", "slope"] == pytest.approx(2 * found.loc["norm", "slope"])
    assert (found["range"] == "30 to 110").all()
    start, ratio = (slopes[slopes["iteration"] == name].set_index("quantity") for name in ("start", "peak over start"))
    assert start.loc["mean_degree", "ci_low"] < 0.8 < start.loc["mean_degree", "ci_high"]
    assert ratio.loc["mean_degree", "slope"] == pytest.approx(0.0, abs=1e-12)
    check_table(graph_trends(single, 0.5), RANK_CORRELATIONS)


def test_learning_rate_and_batch_are_told_apart() -> None:
    """Peaks at iterations of 2 over the rate, whatever the batch: exponents of -1 and 0."""
    runs, measures = [], []
    iterations = np.array([0, 10, 20, 40, 80, 160])
    for rate, peak in ((0.2, 10), (0.1, 20), (0.05, 40), (0.025, 80)):
        for batch in (16, 64, 256):
            run = f"{rate}_{batch}"
            runs.append({"run": run, "seed": 0, **dict.fromkeys(SETTING_COLUMNS, 1), "sample": "batches",
                         "learning_rate": rate, "batch": batch, "activation": "relu", "initialisation": "he",
                         "shuffled": False})  # fmt: skip
            values = np.exp(-np.abs(np.log(np.maximum(iterations, 0.5) / peak)))
            measures += [{"run": run, "iteration": t, "quantity": "norm", "threshold": 0.5, "signed": False, "value": v}
                         for t, v in zip(iterations, values, strict=True)]  # fmt: skip
    single, _ = transitions(pd.DataFrame(runs), pd.DataFrame(measures), 100)
    found = size_slopes(single, 0.5).set_index("against")["slope"]
    assert found["learning_rate"] == pytest.approx(-1.0)
    assert found["batch"] == pytest.approx(0.0, abs=1e-9)


def test_exponents_that_cannot_be_told_are_missing() -> None:
    """Of two networks, one size, or nothing positive."""
    assert np.isnan(size_slope([30, 50], [1.0, 2.0])).all()
    assert np.isnan(size_slope([30, 30, 30], [1.0, 2.0, 3.0])).all()
    assert np.isnan(size_slope([30, 50, 110], [0.0, -1.0, np.nan])).all()


def drawn_histograms(exponents: dict[int, float], runs: int = 8) -> pd.DataFrame:
    """Degrees of networks at two iterations, from power laws on 1 to 200, at two thresholds."""
    rng, rows = np.random.default_rng(3), []
    support = np.arange(1, 201)
    for iteration, exponent in exponents.items():
        chances = support**-exponent / (support**-exponent).sum()
        for run in range(runs):
            for threshold in (0.5, 0.7):
                values, counts = np.unique(rng.choice(support, 400, p=chances), return_counts=True)
                rows.append(pd.DataFrame({"run": f"r{run}", "iteration": iteration, "threshold": threshold,
                                          "quantity": "degree", "value": values.astype(float), "count": counts,
                                          "bounded": False}))  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def test_exponents_of_degrees_are_found() -> None:
    """1.5 at the transition, 2 at the end, their difference, and none between thresholds, within intervals."""
    laws = graph_laws(drawn_histograms({100: 1.5, 5000: 2.0}), 100, 200, 1)
    check_table(laws, GRAPH_LAWS)
    found = laws.set_index(["iteration", "threshold", "fitted"])
    for iteration, exponent in (("transition", 1.5), ("end", 2.0), ("end minus transition", 0.5)):
        row = found.loc[(iteration, 0.5, ALL_VALUES)]
        assert row["ci_low"] < exponent < row["ci_high"]
        assert row["ci_high"] - row["ci_low"] < 0.3
    assert found.loc[("end", 0.5, ALL_VALUES), "p_exponential"] < 0.05
    assert found.loc[("end", 0.5, ALL_VALUES), "against_exponential_low"] > 0
    row = found.loc[("end, less the lowest threshold", 0.7, ALL_VALUES)]
    assert row["ci_low"] < 0.0 < row["ci_high"]
    assert found.loc[("end", 0.5, ABOVE_XMIN), "xmin"] >= 1


def test_graphs_with_more_cliques_than_listed_enter_no_law() -> None:
    """They are counted; if all are such, there is no exponent and the row says why."""
    table = drawn_histograms({5000: 2.0}).assign(quantity="clique_size")
    table["value"] += 1
    some = graph_laws(table.assign(bounded=table["run"] == "r0"), 100, 200, 1)
    assert some.iloc[0]["bounded"] == 1
    assert some.iloc[0]["networks"] == 7
    every = graph_laws(table.assign(bounded=True), 100, 200, 1)
    check_table(every, GRAPH_LAWS)
    assert every["exponent"].isna().all()
    assert (every["ci_method"] == "too few values").all()


def test_a_sample_that_is_not_trained_is_named() -> None:
    """The message says which it is and which there are."""
    parts = CorrelationGraphsPlan({"samples": ["sizes", "depths"]}, {"sizes": {"iterations": [0, 1]}}, 1)
    with pytest.raises(ValueError, match="found 'depths', expected samples of sgd_runs"):
        parts.measured()
