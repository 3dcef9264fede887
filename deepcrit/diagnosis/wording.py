"""How quantities are told: numbers with their intervals, and what they are held against."""

from __future__ import annotations

import math

from deepcrit.diagnosis.results import Diagnosis, Null, Quantity


def short_number(value: float) -> str:
    """Three digits; words for what is no number."""
    if math.isnan(value):
        return "none"
    if math.isinf(value):
        return "no end" if value > 0 else "no begin"
    return f"{value:.3g}"


def with_interval(quantity: Quantity) -> str:
    """Such as ``0.301 [0.289, 0.312]``."""
    ends = [quantity.ci_low, quantity.ci_high]
    if any(math.isnan(end) for end in ends):
        return f"{short_number(quantity.value)} (no interval)"
    # enough digits that the ends differ
    width = ends[1] - ends[0]
    largest = max(abs(end) for end in ends)
    if not math.isfinite(width) or width <= 0:
        return f"{short_number(quantity.value)} [{', '.join(map(_end, ends))}]"
    digits = max(3, 2 + math.floor(math.log10(largest / width))) if largest else 3
    value, low, high = (f"{number:.{min(digits, 6)}g}" for number in (quantity.value, *ends))
    return f"{value} [{low}, {high}]"


def _end(value: float) -> str:
    return ("-inf" if value < 0 else "inf") if math.isinf(value) else short_number(value)


def null_told(null: Null) -> str:
    """Such as ``Gaussian weights 0.294 (0.242 to 0.346)``."""
    if null.reason:
        return f"{null.name}: {null.reason}"
    value = f"{null.name} {short_number(null.value)}"
    low, high = short_number(null.low), short_number(null.high)
    return value if low == high else f"{value} ({low} to {high})"


def facts(diagnosis: Diagnosis) -> dict[str, str]:
    """What was measured."""
    return {
        "network": diagnosis.network,
        "weights": diagnosis.weights,
        "inputs": diagnosis.inputs,
        "parameters": f"{diagnosis.parameters:,}",
        "layers": f"{diagnosis.layers}, of which {diagnosis.weighted_layers} with weights",
        "seed": str(diagnosis.seed),
    }
