"""What a diagnosis consists of: quantities with interval, nulls and meaning, by notion of criticality."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from deepcrit.stats.intervals import CONFIDENCE

NOTIONS = {
    "avalanches": "Avalanches of layer signals",
    "dynamics": "Branching and Lyapunov exponents",
    "tails": "Tails of weights",
    "multifractality": "Multifractality of layer Jacobians",
    "graphs": "Graph of correlated neurons",
}
"""Notions of criticality, in the order shown, with their titles."""

GAUSSIAN = "Gaussian weights"
SHUFFLED = "shuffled weights"
INDEPENDENT = "independent signals"

QUANTITY_COLUMNS = (
    "notion", "quantity", "title", "value", "ci_low", "ci_high", "ci_method", "n", "null", "null_value", "null_low",
    "null_high", "null_draws", "null_reason", "meaning", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Null:
    """What a quantity is where there is nothing to find.

    Attributes:
        name: what there is instead, such as "Gaussian weights".
        value: mean over draws.
        low: lower end of where 95% of further draws lie.
        high: upper end of it.
        draws: from which that is known; 0 for a closed form.
        reason: why it has no value; empty if it has one.
    """

    name: str
    value: float
    low: float
    high: float
    draws: int
    reason: str = ""


@dataclass(frozen=True)
class Quantity:
    """One number, or the reason why there is none.

    Attributes:
        name: in tables.
        title: in words, with the unit.
        value: NaN where there is none.
        ci_low: lower end of the 95% interval.
        ci_high: upper end of it.
        ci_method: how the interval is made, and over what.
        n: of what the interval is over.
        nulls: to hold it against.
        meaning: one sentence.
        reason: why it could not be measured; empty if it was.
    """

    name: str
    title: str
    value: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
    ci_method: str = ""
    n: int = 0
    nulls: tuple[Null, ...] = ()
    meaning: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Notion:
    """One notion of criticality.

    Attributes:
        name: ``avalanches``, ``dynamics``, ``tails``, ``multifractality`` or ``graphs``.
        title: in words.
        quantities: in the order shown.
        tables: what they are computed from, by name.
        reason: why nothing of it could be measured; empty if something was.
    """

    name: str
    title: str
    quantities: tuple[Quantity, ...] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    reason: str = ""

    def __getitem__(self, name: str) -> Quantity:
        """The quantity of a name.

        Raises:
            KeyError: naming those that there are.
        """
        found = {quantity.name: quantity for quantity in self.quantities}
        if name not in found:
            raise KeyError(f"found {name!r}, expected one of {sorted(found)}")
        return found[name]


@dataclass(frozen=True)
class Diagnosis:
    """Where one network stands by every notion.

    Attributes:
        network: its name.
        weights: where they are from.
        inputs: what it was shown.
        parameters: of the network.
        layers: calls of modules in a forward pass.
        weighted_layers: calls of those that have a weight matrix or kernel.
        notions: in the order shown.
        seed: of all draws.
    """

    network: str
    weights: str
    inputs: str
    parameters: int
    layers: int
    weighted_layers: int
    notions: tuple[Notion, ...]
    seed: int

    def __getitem__(self, name: str) -> Notion:
        """The notion of a name.

        Raises:
            KeyError: naming those that there are.
        """
        found = {notion.name: notion for notion in self.notions}
        if name not in found:
            raise KeyError(f"found {name!r}, expected one of {sorted(found)}")
        return found[name]

    def table(self) -> pd.DataFrame:
        """Every quantity, a row for each of its nulls, or one without; columns :data:`QUANTITY_COLUMNS`."""
        return pd.DataFrame(list(self._rows()), columns=list(QUANTITY_COLUMNS))

    def _rows(self) -> Iterator[dict[str, Any]]:
        for notion in self.notions:
            for one in notion.quantities:
                plain = {name: getattr(one, name) for name in QUANTITY_COLUMNS if hasattr(one, name)}
                row = plain | {"notion": notion.name, "quantity": one.name}
                for null in one.nulls or (None,):
                    yield row | ({} if null is None else _null_columns(null))
            if not notion.quantities:
                yield {"notion": notion.name, "title": notion.title, "reason": notion.reason}

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as JSON has them: None for what is not known, and "inf" and "-inf" for ends without bound."""
        return {
            **{name: getattr(self, name) for name in ("network", "weights", "inputs", "parameters", "layers")},
            "weighted_layers": self.weighted_layers,
            "seed": self.seed,
            "notions": [
                {
                    "name": notion.name,
                    "title": notion.title,
                    "reason": notion.reason,
                    "quantities": [
                        _plain(vars(one) | {"nulls": [_plain(vars(null)) for null in one.nulls]})
                        for one in notion.quantities
                    ],
                    "tables": {
                        name: [
                            _plain({str(key): value for key, value in row.items()}) for row in table.to_dict("records")
                        ]
                        for name, table in notion.tables.items()
                    },
                }
                for notion in self.notions
            ],
        }


def _null_columns(null: Null) -> dict[str, Any]:
    named = ("value", "low", "high", "draws", "reason")
    return {"null": null.name} | {f"null_{name}": getattr(null, name) for name in named}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value


def null_of(name: str, draws: list[float]) -> Null:
    """The null of some draws, with Student's interval for one more; without it for fewer than two.

    Raises:
        ValueError: without a draw.
    """
    if not draws:
        raise ValueError(f"draws of {name}: found none, expected one at least")
    mean = float(np.mean(draws))
    if len(draws) < 2:
        return Null(name, mean, math.nan, math.nan, len(draws))
    wide = math.sqrt(1 + 1 / len(draws)) * float(np.std(draws, ddof=1))
    reach = float(student.ppf(0.5 + CONFIDENCE / 2, len(draws) - 1)) * wide
    return Null(name, mean, mean - reach, mean + reach, len(draws))


def no_null(name: str, reason: str) -> Null:
    """A null that could not be measured, and why."""
    return Null(name, math.nan, math.nan, math.nan, 0, reason)


def beside(quantity: Quantity, null: Null) -> str:
    """``above``, ``below`` or ``like`` a null: whether the whole interval lies beyond where it is found."""
    if quantity.ci_low > null.high:
        return "above"
    return "below" if quantity.ci_high < null.low else "like"
