"""What a declared table is made of."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["text", "bool", "int32", "int64", "float64", "profile", "singles"]


class Column(NamedTuple):
    """One column. ``nullable`` floats may be missing or unbounded, all others must be finite.

    Bulk tables have two kinds more, lists of floats in double (``profile``) or single precision (``singles``).
    """

    name: str
    kind: Kind
    what: str
    unit: str = "1"
    nullable: bool = False


class Schema(NamedTuple):
    """A declared table: its name, and its columns in order."""

    name: str
    columns: tuple[Column, ...]


def interval_columns(of: str) -> tuple[Column, ...]:
    """Columns of a 95% interval."""
    return (
        Column("ci_low", "float64", f"lower end of the 95% interval of the {of}", nullable=True),
        Column("ci_high", "float64", f"upper end of the 95% interval of the {of}", nullable=True),
        Column("ci_method", "text", "how the interval was made"),
    )


POINT_COLUMNS = (
    Column("sample", "text", "name of the sample in the configuration"),
    Column("width", "int32", "neurons per layer, N"),
)
PEER_COLUMNS = (
    Column(
        "peer_points", "int64", "points in range that the powerlaw package saw: all, or taken evenly from the ordered"
    ),
    Column("peer_xmin", "float64", "lower end of its range; its own choice in scans", nullable=True),
    Column("peer_exponent", "float64", "its exponent; missing where beyond its limits", nullable=True),
    Column("peer_error", "float64", "standard error from the curvature of its likelihood", nullable=True),
    Column("own_exponent", "float64", "our exponent of the same points, which agrees to rounding", nullable=True),
)
