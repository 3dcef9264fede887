"""Tests between losses and initialisations, and where in the scan of targets and strengths accuracy is best."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import f_oneway, mannwhitneyu, ttest_ind

from deepcrit.experiments.criticality_loss.schemas import EVERY, PENALISED, PLAIN
from deepcrit.stats.intervals import CONFIDENCE, percentile_interval
from deepcrit.stats.ranks import trend
from deepcrit.stats.schemas import SETTING

STRONG = 1.0  # least strength from which the loss is said to control the exponent


def differences(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Mann and Whitney's test between the losses and analysis of variance between initialisations.

    Args:
        outcomes: schema ``criticality_outcomes``, of the comparison of initialisations.

    Returns:
        Schema ``criticality_tests``; differences have Welch's intervals, and values that do not vary have neither
        interval nor test.
    """
    sound = outcomes[~outcomes["diverged"]]
    rows = []
    for of in ("accuracy", "exponent"):
        for within, rows_within in [*sound.groupby("initialisation"), (EVERY, sound)]:
            samples = [rows_within.loc[rows_within["loss"] == loss, of].to_numpy() for loss in (PENALISED, PLAIN)]
            rows.append({"of": of, "between": "losses", "within": within, **_difference(*samples)})
        for within, rows_within in sound.groupby("loss"):
            samples = [group.to_numpy() for _, group in rows_within.groupby("initialisation")[of]]
            rows.append({"of": of, "between": "initialisations", "within": within, **_variance(samples)})
    return pd.DataFrame(rows)


def _difference(first: NDArray[np.float64], second: NDArray[np.float64]) -> dict[str, Any]:
    row = {"networks": len(first) + len(second), "ci_method": "Welch", "test": "Mann-Whitney U"}
    row |= dict.fromkeys(["difference", "ci_low", "ci_high", "statistic", "p_value"], np.nan)
    if min(len(first), len(second)) < 2:
        return row
    row["difference"] = float(first.mean() - second.mean())
    if np.ptp(first) > 0 or np.ptp(second) > 0:
        with warnings.catch_warnings():
            # of one sample, as of dead networks, that does not vary
            warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
            interval = ttest_ind(first, second, equal_var=False).confidence_interval(CONFIDENCE)
        row |= {"ci_low": float(interval.low), "ci_high": float(interval.high)}
    if np.ptp([*first, *second]) > 0:
        ranks = mannwhitneyu(first, second)
        row |= {"statistic": float(ranks.statistic), "p_value": float(ranks.pvalue)}
    return row


def _variance(samples: list[NDArray[np.float64]]) -> dict[str, Any]:
    row = {"networks": sum(map(len, samples)), "ci_method": "", "test": "one-way analysis of variance"}
    row |= dict.fromkeys(["difference", "ci_low", "ci_high", "statistic", "p_value"], np.nan)
    if len(samples) < 2 or min(map(len, samples)) < 2 or max(map(np.ptp, samples)) == 0:
        return row
    found = f_oneway(*samples)
    return row | {"statistic": float(found.statistic), "p_value": float(found.pvalue)}


def control(settings: pd.DataFrame) -> pd.DataFrame:
    """Rank correlations over the settings of the scan, schema ``rank_correlations``.

    Args:
        settings: schema ``criticality_scan``.
    """
    strong = settings[settings["strength"] >= STRONG]
    every = f"all {len(settings)} settings"
    rows = [
        trend("exponent", "target", f"settings of strength {STRONG:g} or more", strong["exponent"], strong["target"]),
        trend("adjustment", "strength", every, settings["adjustment"], settings["strength"]),
        trend("accuracy", "magnitude of the exponent", every, settings["accuracy"], settings["exponent"].abs()),
        trend("accuracy", "adjustment", every, settings["accuracy"], settings["adjustment"]),
    ]
    return pd.DataFrame(rows)


def loss_landmarks(
    outcomes: pd.DataFrame, scanned: pd.DataFrame, replicates: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Where accuracy is best in the scan, and in how many networks the loss did not fall.

    Args:
        outcomes: schema ``criticality_outcomes``, all networks.
        scanned: those of the scan.
        replicates: resamplings of the networks of every setting.
        rng: for these.

    Returns:
        Schema ``criticality_landmarks``.
    """
    sound = scanned[~scanned["diverged"]]
    risen = outcomes["diverged"] | (outcomes["log_loss_ratio"] >= 0)
    rows = [_bounded(row, len(sound)) for row in _best(sound, replicates, rng)]
    rows.append(
        {
            "quantity": "losses_not_minimised",
            "value": float(risen.sum()),
            "ci_low": float(risen.sum()),
            "ci_high": float(risen.sum()),
            "ci_method": "counted",
            "networks": len(outcomes),
            "what": "networks whose loss on the test images is no less after training than before, or that diverged",
        }
    )
    return pd.DataFrame(rows)


def _best(
    sound: pd.DataFrame, replicates: int, rng: np.random.Generator
) -> Iterator[tuple[str, float, NDArray[np.float64], str]]:
    """Of the setting of highest mean accuracy: name, value, values of resampled networks, and definition."""
    accuracy, exponent, strengths = [], [], []
    for (_, strength), alike in sound.groupby([*SETTING], sort=False):
        chosen = np.vstack([np.arange(len(alike)), rng.integers(0, len(alike), (replicates, len(alike)))])
        accuracy.append(alike["accuracy"].to_numpy()[chosen].mean(axis=1))
        exponent.append(alike["exponent"].to_numpy()[chosen].mean(axis=1))
        strengths.append(strength)
    best = np.argmax(accuracy, axis=0)
    there = np.array(exponent)[best, np.arange(replicates + 1)]
    strongest = np.array(strengths)[best]
    yield "best_exponent", float(there[0]), there[1:], "lambda_0 at the setting of highest mean accuracy"
    yield "best_strength", float(strongest[0]), strongest[1:], "alpha of the setting of highest mean accuracy"


def _bounded(row: tuple[str, float, NDArray[np.float64], str], networks: int) -> dict[str, Any]:
    quantity, value, resampled, what = row
    low, high = percentile_interval(resampled)
    return {
        "quantity": quantity,
        "value": value,
        "ci_low": low,
        "ci_high": high,
        "ci_method": "bootstrap of networks within settings",
        "networks": networks,
        "what": what,
    }
