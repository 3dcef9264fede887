"""Numbers as a reader wants them: no more digits than the interval supports."""

from __future__ import annotations

import math

__all__ = ["number", "number_with_interval", "whole"]


def number(value: float, low: float, high: float) -> str:
    """The value with two digits of its interval's half width, or four significant digits without an interval.

    >>> number(1.531234, 1.5290, 1.5334)
    '1.5312'
    """
    if math.isnan(value):
        return "none"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    half = 0.5 * (high - low)
    if not math.isfinite(half) or half <= 0:
        return f"{value:.4g}"
    decimals = min(max(1 - math.floor(math.log10(half)), 0), 6)
    return f"{value:.{decimals}f}"


def number_with_interval(value: float, low: float, high: float) -> str:
    """The value with its interval in brackets."""
    return f"{number(value, low, high)} [{number(low, low, high)}, {number(high, low, high)}]"


def whole(count: float) -> str:
    """A number to two digits, for estimates."""
    if count < 100:
        return f"{math.ceil(count)}"
    if count < 100_000:
        step = 10 ** (math.floor(math.log10(count)) - 1)
        return f"{math.ceil(count / step) * step}"
    return f"{count:.1e}".replace("e+0", "e").replace("e+", "e")
