"""What came of networks trained from stable weights, and which gains train."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from deepcrit.experiments.levy_training.schemas import NARROW, ON_GRID, OTHER_BATCH
from deepcrit.stats.intervals import CONFIDENCE

_DEEPLY_CHAOTIC = 1.8  # alpha from which the largest gain is read as deeply chaotic
_HEAVY = 1.2  # alpha that is compared with the largest


def stable_outcomes(
    manifest: pd.DataFrame, history: pd.DataFrame, goal: float, test_images: int, published_epochs: float, protocol: str
) -> pd.DataFrame:
    """What every network came to, schema ``levy_outcomes``; one that never reached the goal did so at infinity.

    Args:
        manifest: schema ``levy_manifest``.
        history: schema ``levy_history``, of the same networks.
        goal: test accuracy.
        test_images: unseen images.
        published_epochs: that one epoch stands for.
        protocol: its label.

    Raises:
        ValueError: naming the first network without a history.
    """
    by_point = dict(list(history.sort_values("test").groupby("point")))
    rows = []
    for point in manifest["point"]:
        if point not in by_point:
            raise ValueError(f"history: found none of {point}, expected one row a test of every network")
        tests = by_point[point]
        epochs, accuracy, last = tests["epoch"].to_numpy(), tests["test_accuracy"].to_numpy(), tests.iloc[-1]
        over = np.flatnonzero(accuracy > goal)
        first = epochs[over[0]] if over.size else np.inf
        before = epochs[max(over[0] - 1, 0)] if over.size else epochs[-1]
        rows.append(
            {
                "epochs": epochs[-1],
                "published_epochs": published_epochs,
                "test_images": test_images,
                "test_accuracy": 0.0 if last["diverged"] else last["test_accuracy"],
                "best_accuracy": accuracy.max(),
                "reached": bool(over.size),
                "first_epoch": first,
                "first_published": first * published_epochs,
                "before_published": before * published_epochs,
                "diverged": last["diverged"],
                "reason": last["reason"],
                "protocol": protocol,
            }
        )
    return pd.concat([manifest.drop(columns="seed_key").reset_index(drop=True), pd.DataFrame(rows)], axis=1)


def trainable_intervals(outcomes: pd.DataFrame, goal: float) -> pd.DataFrame:
    """Which gains train, for every alpha of the grid and for other widths at the largest, schema ``levy_intervals``.

    The run of trained networks around the one of highest accuracy is the interval. Where it ends, accuracy is
    interpolated in ln g between the last network that trains and the first that does not; the interval of its extent
    is from the first pair of these to the second. An end beside the grid is missing, the extent then no more than what
    was tried.

    Args:
        outcomes: schema ``levy_outcomes``.
        goal: test accuracy at the end.
    """
    rows = []
    for (alpha, width), networks in outcomes[outcomes["sample"].isin([ON_GRID, NARROW])].groupby(["alpha", "width"]):
        ordered = networks.sort_values("gain")
        rows.append(
            {
                "alpha": alpha,
                "width": width,
                "networks": len(ordered),
                **_interval(ordered["gain"].to_numpy(), ordered["test_accuracy"].to_numpy(), goal),
                "protocol": ordered["protocol"].iloc[0],
            }
        )
    return pd.DataFrame(rows)


def _interval(gains: Any, accuracy: Any, goal: float) -> dict[str, Any]:
    trained = accuracy > goal
    missing = dict.fromkeys(("lower", "lower_low", "lower_high", "upper", "upper_low", "upper_high"), np.nan)
    told = {"trained": int(trained.sum()), "ci_method": "networks on either side of both ends"}
    if not trained.any():
        return {**missing, **told, "extent": 0.0, "ci_low": 0.0, "ci_high": np.nan}
    best = int(np.argmax(accuracy))
    first, last = best, best
    while first > 0 and trained[first - 1]:
        first -= 1
    while last < len(gains) - 1 and trained[last + 1]:
        last += 1
    log_gains = np.log(gains)

    def crossing(inside: int, outside: int) -> float:
        share = (accuracy[inside] - goal) / (accuracy[inside] - accuracy[outside])
        return float(np.exp(log_gains[inside] + share * (log_gains[outside] - log_gains[inside])))

    below, above = first > 0, last < len(gains) - 1
    ends = {
        "lower": crossing(first, first - 1) if below else np.nan,
        "lower_low": gains[first - 1] if below else np.nan,
        "lower_high": gains[first],
        "upper": crossing(last, last + 1) if above else np.nan,
        "upper_low": gains[last],
        "upper_high": gains[last + 1] if above else np.nan,
    }
    least = np.log(gains[last] / gains[first])
    extent = np.log(ends["upper"] / ends["lower"]) if below and above else np.nan
    most = np.log(ends["upper_high"] / ends["lower_low"]) if below and above else np.inf
    return {**ends, **told, "extent": extent, "ci_low": least, "ci_high": most}


def trained_landmarks(outcomes: pd.DataFrame, intervals: pd.DataFrame, goal: float) -> pd.DataFrame:
    """Numbers that claims of Fig. 6 are judged by, schema ``trained_landmarks``.

    Args:
        outcomes: schema ``levy_outcomes``.
        intervals: schema ``levy_intervals``.
        goal: test accuracy.
    """
    grid = outcomes[outcomes["sample"] == ON_GRID]
    largest = grid["alpha"].max()
    gaussian = intervals[intervals["alpha"] == largest]
    rows = [
        _fastest(grid[grid["alpha"] < largest]),
        _spread_of_times(grid),
        _deeply_chaotic(grid, goal),
        _more_gains(grid, largest, goal),
        _closing(gaussian),
        *_ends(gaussian[gaussian["width"] == grid["width"].iloc[0]]),
        *_batches(outcomes),
    ]
    return pd.DataFrame(rows).assign(protocol=grid["protocol"].iloc[0])


def _landmark(
    quantity: str, value: float, ends: tuple[float, float], method: str, networks: int, what: str
) -> dict[str, Any]:
    return {
        "quantity": quantity,
        "value": value,
        "ci_low": ends[0],
        "ci_high": ends[1],
        "ci_method": method,
        "networks": networks,
        "what": what,
    }


def _fastest(heavy: pd.DataFrame) -> dict[str, Any]:
    best = heavy.sort_values("first_published", kind="stable").iloc[0]
    return _landmark(
        "fastest_heavy",
        best["first_published"],
        (best["before_published"], best["first_published"]),
        "tests on either side",
        len(heavy),
        "fewest epochs of the published protocol to the goal below the largest alpha",
    )


def _spread_of_times(grid: pd.DataFrame) -> dict[str, Any]:
    times = grid.loc[grid["reached"], "first_published"]
    slowest = grid["before_published"].max() if (~grid["reached"]).any() else times.max()
    fastest = grid.loc[grid["reached"], "before_published"].min()
    found = slowest / times.min() if len(times) else np.nan
    # a network that did not reach the goal needs longer than the run, and how much longer is not known
    most = np.inf if (~grid["reached"]).any() or fastest == 0 else slowest / fastest
    return _landmark(
        "spread_of_times", found, (found, most), "tests on either side, no end where a network failed", len(grid),
        "longest training time over the shortest, a network that failed counted as the whole run",
    )  # fmt: skip


def _deeply_chaotic(grid: pd.DataFrame, goal: float) -> dict[str, Any]:
    chaotic = grid[(grid["alpha"] >= _DEEPLY_CHAOTIC) & (grid["gain"] == grid["gain"].max())]
    best = chaotic.sort_values("test_accuracy", kind="stable").iloc[-1]
    low, high = accuracy_interval(best["test_accuracy"], best["test_images"])
    return _landmark(
        "deeply_chaotic", best["test_accuracy"] - goal, (low - goal, high - goal), "Clopper and Pearson, over images",
        len(chaotic), f"highest test accuracy at the largest gain, alpha from {_DEEPLY_CHAOTIC:g} on, less the goal",
    )  # fmt: skip


def accuracy_interval(accuracy: float, images: int) -> tuple[float, float]:
    """95% interval of a share of images classified correctly."""
    found = binomtest(round(accuracy * images), int(images)).proportion_ci(CONFIDENCE, method="exact")
    return float(found.low), float(found.high)


def _more_gains(grid: pd.DataFrame, largest: float, goal: float) -> dict[str, Any]:
    counts: dict[float, Sequence[int]] = {}
    for alpha in (_HEAVY, largest):
        line = grid[np.isclose(grid["alpha"], alpha)]
        ends = [accuracy_interval(*pair) for pair in zip(line["test_accuracy"], line["test_images"], strict=True)]
        found = (line["test_accuracy"] > goal).sum()
        counts[alpha] = [int(found), sum(low > goal for low, _ in ends), sum(high > goal for _, high in ends)]
    (heavy, heavy_low, heavy_high), (other, other_low, other_high) = counts[_HEAVY], counts[largest]
    return _landmark(
        "more_gains", heavy - other, (heavy_low - other_high, heavy_high - other_low),
        "Clopper and Pearson, over images",
        int(grid["alpha"].isin([_HEAVY, largest]).sum()),
        f"gains over the goal at alpha = {_HEAVY:g}, less those at the largest alpha",
    )  # fmt: skip


def _closing(gaussian: pd.DataFrame) -> dict[str, Any]:
    ordered = gaussian.sort_values("width")
    narrow, wide = ordered.iloc[0], ordered.iloc[-1]
    return _landmark(
        "closing_interval", wide["extent"] - narrow["extent"],
        (wide["ci_low"] - narrow["ci_high"], wide["ci_high"] - narrow["ci_low"]),
        "networks on either side of all ends",
        int(ordered["networks"].sum()),
        "ln of upper over lower gain that trains at the largest width, less at the least",
    )  # fmt: skip


def _ends(gaussian: pd.DataFrame) -> list[dict[str, Any]]:
    row = gaussian.iloc[0]
    return [
        _landmark(
            f"gaussian_{end}", row[end], (row[f"{end}_low"], row[f"{end}_high"]), "networks on either side",
            int(row["networks"]), f"{end} end of the gains that train at the largest alpha",
        )
        for end in ("lower", "upper")
    ]  # fmt: skip


def _batches(outcomes: pd.DataFrame) -> list[dict[str, Any]]:
    """Accuracy with the other minibatch less that of the same initial weights on the grid."""
    other = outcomes[outcomes["sample"] == OTHER_BATCH]
    pairs = other.merge(outcomes[outcomes["sample"] == ON_GRID], on=["alpha", "gain"], suffixes=("", "_grid"))
    difference = pairs["test_accuracy"] - pairs["test_accuracy_grid"]
    return [
        _landmark(
            "other_batch", float(difference.mean()), (float(difference.min()), float(difference.max())),
            "least and greatest", len(pairs), "test accuracy with the other minibatch less that of the grid",
        )
    ] if len(pairs) else []  # fmt: skip
