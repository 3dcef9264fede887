"""Fits of avalanches in classifiers against samples whose laws are known, and the coverage of their intervals."""

import numpy as np
import pandas as pd
import pytest

from deepcrit.avalanches.powerlaws import sample_discrete
from deepcrit.experiments.resnets.fits import (
    QUANTITIES,
    LaunchedSample,
    Settings,
    fit_sample,
    select_sample,
    spread_over_multipliers,
)
from deepcrit.stats.jackknife import jackknife

SETTINGS = Settings(shortest_duration=5, longest_fraction=0.5, confidence=0.95, synthetic_samples=20)
DEPTH = 400


def crackling(rng: np.random.Generator, n: int, tau_d: float, gamma: float, clusters: int = 8) -> LaunchedSample:
    """Durations from a power law on 1..399 and S = D^gamma with scatter."""
    duration = sample_discrete(rng, n, tau_d, 1, DEPTH - 1).astype(np.int64)
    size = duration**gamma * np.exp(0.2 * rng.standard_normal(n))
    return LaunchedSample(rng.integers(clusters, size=n), clusters, duration, size)


def rows(sample: LaunchedSample, rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(vars(row) for row in fit_sample(sample, DEPTH, SETTINGS, rng)).set_index("quantity")


def test_known_exponents_are_found() -> None:
    """With tau_d = 2 and gamma = 2, tau_s = 3/2, the ratio is 2, nothing runs away, and a power law is preferred."""
    rng = np.random.default_rng(0)
    found = rows(crackling(rng, 40_000, 2.0, 2.0), rng)
    assert set(found.index) == set(QUANTITIES)
    exact = {"tau_d": 2.0, "tau_s": 1.5, "gamma": 2.0, "ratio": 2.0, "line": 0.0, "runaway": 0.0}
    for quantity, value in exact.items():
        row = found.loc[quantity]
        assert row["ci_low"] - 0.03 < value < row["ci_high"] + 0.03
        assert row["ci_high"] - row["ci_low"] < 0.4 or quantity == "runaway"
    assert (found.loc[["likelihood_ratio_d", "likelihood_ratio_s"], "ci_low"] > 0).all()
    # durations follow their law exactly; sizes but nearly, for the ends of durations show in them
    assert found.loc["ks_excess_d", "ci_low"] < 0 < found.loc["ks_excess_d", "ci_high"]
    assert found.loc["ks_excess_s", "value"] < 0.02
    # both observables keep the same share of avalanches
    assert len(set(found["n"])) == 1


def test_exponential_durations_are_told_apart() -> None:
    """Exponential durations are recognised as such, and are far from any power law."""
    rng = np.random.default_rng(1)
    duration = rng.geometric(1 / 30, 20_000).astype(np.int64)
    found = rows(
        LaunchedSample(rng.integers(8, size=20_000), 8, duration, duration**2.0 * rng.uniform(0.8, 1.2, 20_000)), rng
    )
    assert found.loc["likelihood_ratio_d", "ci_high"] < 0
    assert found.loc["ks_excess_d", "ci_low"] > 0.05


def test_large_avalanches_that_run_away() -> None:
    """Sizes doubled beyond the fitted durations, where the longest tenth of durations lies, are ln 2 above the line."""
    rng = np.random.default_rng(8)
    duration = rng.integers(1, DEPTH, 20_000)
    size = duration**2.0 * rng.uniform(0.8, 1.2, 20_000) * np.where(duration > DEPTH // 2, 2.0, 1.0)
    row = rows(LaunchedSample(rng.integers(8, size=20_000), 8, duration, size), rng).loc["runaway"]
    assert row["value"] == pytest.approx(np.log(2), abs=0.02)
    assert row["ci_low"] > 0


def test_spread_over_multipliers() -> None:
    """Samples of one law have a small spread, and exponents 1.5 and 2 at two multipliers each one of about 0.29."""
    rng = np.random.default_rng(2)
    alike = [crackling(rng, 20_000, 2.0, 2.0) for _ in range(4)]
    apart = [crackling(rng, 20_000, tau_d, 2.0) for tau_d in (1.5, 1.5, 2.0, 2.0)]
    assert spread_over_multipliers(alike, DEPTH, SETTINGS)[0].value < 0.1
    assert spread_over_multipliers(apart, DEPTH, SETTINGS)[0].value == pytest.approx(0.5 / np.sqrt(3), abs=0.04)
    (missing, _) = spread_over_multipliers([*alike[:3], crackling(rng, 20, 2.0, 2.0)], DEPTH, SETTINGS)
    assert np.isnan(missing.value)
    assert missing.note.startswith("n = 3: ")


def test_too_few_avalanches_are_said_to_be() -> None:
    """Below fifty avalanches in range every quantity has a row without a value, and a note that counts them."""
    rng = np.random.default_rng(3)
    found = rows(crackling(rng, 60, 2.0, 2.0), rng)
    assert found["value"].isna().all()
    assert found["note"].str.contains("expected at least 50").all()


def test_clusters_are_networks_or_blocks_of_one() -> None:
    """Censored avalanches are left out; networks are clusters, and the blocks of a single one."""
    table = pd.DataFrame(
        {"network": [0, 0, 3], "block": [0, 1, 0], "multiplier": 2, "duration": [3, 4, 5], "size": [1.0, 2.0, 3.0],
         "size_rms": [4.0, 5.0, 6.0], "censored": [False, False, True]}
    )  # fmt: skip
    both = select_sample(table, 2, "rms")
    assert (both.clusters, both.cluster.tolist(), both.size.tolist()) == (2, [0, 0], [4.0, 5.0])
    assert select_sample(table.iloc[:2], 2, "components").cluster.tolist() == [0, 1]


def test_jackknife_covers_clustered_exponents() -> None:
    """Intervals of tau_d cover its expectation as often as they say when eight networks differ in their exponents."""
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(150):
        parts = [sample_discrete(rng, 60, tau, 5, 200) for tau in rng.normal(2.0, 0.15, 8)]
        sample = LaunchedSample(np.repeat(np.arange(8), 60), 8, np.concatenate(parts).astype(np.int64), np.ones(480))
        logs = np.log(sample.duration)

        def exponent(used: np.ndarray, sample: LaunchedSample = sample, logs: np.ndarray = logs) -> float:
            return float(logs[used[sample.cluster]].mean())

        found = jackknife(exponent, 8)
        hits += found.ci_low < MEAN_LOG < found.ci_high
    assert 0.9 < hits / 150 < 0.99


# E[ln D] over the networks above, from four million draws
MEAN_LOG = float(
    np.mean([np.log(sample_discrete(np.random.default_rng(6), 4000, tau, 5, 200)).mean()
             for tau in np.random.default_rng(7).normal(2.0, 0.15, 1000)])
)  # fmt: skip
