"""Kinds of comparison: each turns a published value into the region in which ours reproduces it."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, field_validator

__all__ = ["Absolute", "Arithmetic", "AtLeast", "AtMost", "Comparison", "Interval", "Region", "Relative", "Sign"]

_INFINITY = float("inf")


class Region(NamedTuple):
    """Values that reproduce a claim: from low to high, ends included unless ``is_open``.

    ``text`` follows "lies within" where both ends are finite and "is" where one is not.
    """

    low: float
    high: float
    text: str
    is_open: bool = False

    @property
    def inside(self) -> str:
        """What is said of an interval in the region."""
        return f"lies within {self.text}" if len(self.edges()) == 2 else f"is {self.text}"

    @property
    def outside(self) -> str:
        """What is said of an interval beyond it."""
        return f"lies outside {self.text}" if len(self.edges()) == 2 else f"is not {self.text}"

    @property
    def astride(self) -> str:
        """What is said of an interval that is partly in it."""
        edges = self.edges()
        return (
            f"straddles the edge of {self.text}"
            if len(edges) == 2
            else f"straddles {edges[0]:g}, not wholly {self.text}"
        )

    def holds(self, low: float, high: float) -> bool:
        """Whether the whole interval from low to high lies inside."""
        if self.is_open:  # at a finite end; there is nothing beyond an infinite one
            return (self.low < low or self.low == -_INFINITY) and (high < self.high or self.high == _INFINITY)
        return self.low <= low and high <= self.high

    def misses(self, low: float, high: float) -> bool:
        """Whether the whole interval from low to high lies outside."""
        if self.is_open:
            return high <= self.low or low >= self.high
        return high < self.low or low > self.high

    def edges(self) -> list[float]:
        """The finite ends."""
        return [edge for edge in (self.low, self.high) if abs(edge) != _INFINITY]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Absolute(_Strict):
    """Ours lies within ``tolerance`` of the published value."""

    kind: Literal["absolute"]
    target: float
    tolerance: PositiveFloat

    def region(self) -> Region:
        return Region(
            self.target - self.tolerance, self.target + self.tolerance, f"{self.target:g} ± {self.tolerance:g}"
        )


class Relative(_Strict):
    """Ours lies within the fraction ``tolerance`` of the published value."""

    kind: Literal["relative"]
    target: float
    tolerance: PositiveFloat

    def region(self) -> Region:
        margin = abs(self.target) * self.tolerance
        return Region(self.target - margin, self.target + margin, f"{self.target:g} ± {100 * self.tolerance:g}%")


class Interval(_Strict):
    """Ours lies inside the published error bar, ``target`` plus or minus ``error``."""

    kind: Literal["interval"]
    target: float
    error: PositiveFloat

    def region(self) -> Region:
        return Region(
            self.target - self.error, self.target + self.error, f"the error bar {self.target:g} ± {self.error:g}"
        )


class AtLeast(_Strict):
    """Ours is ``bound`` or more."""

    kind: Literal["at_least"]
    bound: float

    def region(self) -> Region:
        return Region(self.bound, _INFINITY, f"at least {self.bound:g}")


class AtMost(_Strict):
    """Ours is ``bound`` or less."""

    kind: Literal["at_most"]
    bound: float

    def region(self) -> Region:
        return Region(-_INFINITY, self.bound, f"at most {self.bound:g}")


class Sign(_Strict):
    """Ours has the sign that is claimed; zero has neither."""

    kind: Literal["sign"]
    sign: Literal["positive", "negative"]

    def region(self) -> Region:
        low, high = (0.0, _INFINITY) if self.sign == "positive" else (-_INFINITY, 0.0)
        return Region(low, high, self.sign, is_open=True)


class Arithmetic(_Strict):
    """Arithmetic on printed numbers gives a printed number, to within ``tolerance``; ours is only shown beside it."""

    kind: Literal["arithmetic"]
    expression: str
    target: float
    tolerance: PositiveFloat

    @field_validator("expression")
    @classmethod
    def _is_arithmetic(cls, expression: str) -> str:
        calculate(expression)
        return expression

    def region(self) -> Region:
        return Region(
            self.target - self.tolerance, self.target + self.tolerance, f"{self.target:g} ± {self.tolerance:g}"
        )

    def value(self) -> float:
        return calculate(self.expression)


Comparison = Annotated[
    Absolute | Relative | Interval | AtLeast | AtMost | Sign | Arithmetic, Field(discriminator="kind")
]

_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def calculate(expression: str) -> float:
    """Value of an expression of numbers, + - * / and brackets.

    Raises:
        ValueError: for anything else, and for a division by zero.
    """
    try:
        return _value(ast.parse(expression, mode="eval").body)
    except (SyntaxError, ZeroDivisionError) as error:
        raise ValueError(f"{expression!r} has no value: {error}") from error


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    raise ValueError(f"expected numbers, + - * / and brackets, found {ast.unparse(node)!r}")
