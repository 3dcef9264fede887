"""Classifiers by year, size and dynamics: how their accuracy goes with each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.experiments.zoo.measured_models import DYNAMIC, EXPONENT_DISTANCE
from deepcrit.stats.intervals import percentile_interval
from deepcrit.stats.ranks import rank_correlation, resampled_correlations, trend

OVER = "classifiers"
# what is held against what: Fig. 2a to 2c, then Fig. S1
_CORRELATED = (
    *(("year", measure) for measure in ("accuracy", "branching_distance", "lyapunov_exponent", EXPONENT_DISTANCE)),
    *((measure, "accuracy") for measure in (*DYNAMIC, EXPONENT_DISTANCE, "parameters", "modules", "all_modules")),
    ("modules", "top_singular_value"),
    ("parameters", "lyapunov_exponent"),
    ("parameters", "top_singular_value"),
    ("modules", "branching_distance"),
    ("parameters", "branching_distance"),
    ("branching_distance", "top_singular_value"),
    ("parameters", "modules"),
)
MARGIN = "weaker of dynamics less stronger of structure"


def classifier_correlations(classifiers: pd.DataFrame, least: int, rng: np.random.Generator) -> pd.DataFrame:
    """Spearman's correlations of Fig. 2a to 2c and S1, of measures known of enough classifiers.

    Args:
        classifiers: from :func:`deepcrit.experiments.zoo.measured_models.with_dynamics`.
        least: classifiers that a correlation needs.
        rng: for the interval of the difference between correlations.

    Returns:
        Schema ``rank_correlations``.
    """
    rows = []
    for x, y in _CORRELATED:
        known = classifiers.dropna(subset=[x, y])
        if len(known) >= least:
            rows.append(trend(y, x, OVER, known[y], known[x]))
    known = classifiers.dropna(subset=list(DYNAMIC))
    if len(known) >= least:
        rows.append(_margin(known, rng))
    return pd.DataFrame(rows)


def _margin(known: pd.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
    """By how much accuracy goes more closely with the weaker dynamics than with the stronger structure."""
    dynamics, structure = ["lyapunov_exponent", "branching_distance"], ["modules", "parameters"]
    features = {name: known[name] for name in dynamics + structure}
    found = {name: abs(rank_correlation(known["accuracy"], values).value) for name, values in features.items()}
    drawn = resampled_correlations(known["accuracy"], features, rng)
    weaker, stronger = (
        how([np.abs(drawn[name]) for name in names], axis=0) for how, names in ((np.min, dynamics), (np.max, structure))
    )
    low, high = percentile_interval(weaker - stronger)
    return {
        "of": "accuracy",
        "against": MARGIN,
        "over": OVER,
        "correlation": min(found[name] for name in dynamics) - max(found[name] for name in structure),
        "ci_low": low,
        "ci_high": high,
        "ci_method": "bootstrap over classifiers",
        "p_value": np.nan,
        "n": len(known),
    }


def classifier_landmarks(classifiers: pd.DataFrame, sets: pd.DataFrame, least: int) -> pd.DataFrame:
    """Single numbers of the classifiers.

    Args:
        classifiers: from :func:`deepcrit.experiments.zoo.measured_models.with_dynamics`.
        sets: schema ``weight_sets``.
        least: classifiers that a number of dynamics needs.

    Returns:
        Schema ``zoo_landmarks``.
    """
    first_year = classifiers[classifiers["year"] == classifiers["year"].min()]
    start, best = first_year["accuracy"].max(), classifiers["accuracy"].max()
    rows: list[tuple[str, float, int, str]] = [
        ("classifiers", len(classifiers), len(classifiers), "classifiers with ImageNet-1k weights in torchvision"),
        ("architectures", classifiers["architecture"].nunique(), len(classifiers), "groups of architectures"),
        (
            "relative_rise",
            best / start - 1.0,
            len(classifiers),
            "best accuracy over the best of the first year, less 1",
        ),
        ("rise", best - start, len(classifiers), "best accuracy less the best of the first year, % points"),
    ]
    measured = int(classifiers[list(DYNAMIC)].notna().all(axis=1).sum())
    rows.append(("measured", measured, measured, "classifiers of which dynamics were measured"))
    rows.append(("minimum_models", least, measured, "classifiers of which a statistic of dynamics needs them"))
    recipes = sets[sets["model"] == "resnet50"].set_index("weights")
    for name, recipe in (("IMAGENET1K_V1", "baseline"), ("IMAGENET1K_V2", "improved")):
        for size in ("resize_size", "crop_size"):
            what = f"{size.replace('_', ' ')} of validation images, {recipe} recipe of resnet50, pixels"
            rows.append((f"{recipe}_{size}", float(recipes[size][name]), 1, what))
    rows.extend(_of_dynamics(classifiers, least))
    return pd.DataFrame(rows, columns=["quantity", "value", "models", "what"])


def _of_dynamics(classifiers: pd.DataFrame, least: int) -> Iterator[tuple[str, float, int, str]]:
    # distances from criticality: a mean of lambda_0 itself may be as near to zero as you like
    for name, measure in (("branching_distance", "branching_distance"), ("lyapunov_exponent", EXPONENT_DISTANCE)):
        known = classifiers.dropna(subset=[measure])
        if len(known) >= least:
            annual = known.groupby("year")[measure].mean()
            fall = float(annual.iloc[0] / annual.iloc[-1])
            yield f"{name}_fall", fall, len(known), f"mean {measure} of the first year over that of the last"
    known = classifiers.dropna(subset=["lyapunov_exponent"])
    if len(known) >= least:
        share = float((known["lyapunov_exponent"] > 0).mean())
        yield "supercritical_share", share, len(known), "share of classifiers with lambda_0 > 0"
