"""What every section of the configuration is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from deepcrit.core.keys import grid_points

PositiveInt = Annotated[int, Field(ge=1)]
Width = Annotated[int, Field(ge=4, le=1_000_000)]
PositiveFloat = Annotated[float, Field(gt=0)]
Activation = Literal["tanh", "relu", "linear"]
Alpha = Annotated[float, Field(ge=1, le=2)]  # index of stability of weights, where mean field is defined
Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
Seed = Annotated[int, Field(ge=0, lt=2**63)]


ORDERED_GAINS = (0.476, 1.01)
"""Between these gains lies the ordered line, for alpha from 1 to 2 and in both readings."""


def _expanded(path: str) -> str:
    """The path with a home directory in the place of ~."""
    try:
        return str(Path(path).expanduser()) if path.startswith("~") else path
    except RuntimeError as error:
        raise ValueError(f"found {path!r}, expected a home directory that is known: {error}") from None


# a control character, such as a line's end, is a slip: nobody names files so
UserPath = Annotated[str, Field(pattern=r"^[^\x00-\x1f]+$"), AfterValidator(_expanded)]
"""A file or directory that the user names, wherever it is; :func:`deepcrit.app.config.checked` expands ~ in it."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Grid(Section):
    start: float = Field(description="First value.")
    stop: float = Field(description="Last value, included.")
    step: PositiveFloat = Field(description="Step between values, a whole number of which lead from start to stop.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start >= self.stop:
            raise ValueError(f"found start {self.start} >= stop {self.stop}, expected start < stop")
        if self.step > self.stop - self.start:
            raise ValueError(f"found step {self.step}, expected at most stop - start = {self.stop - self.start}")
        grid_points(self.start, self.stop, self.step)
        return self


IntRange = Annotated[list[PositiveInt], Field(min_length=2, max_length=2)]
FloatRange = Annotated[list[PositiveFloat], Field(min_length=2, max_length=2)]


def require_range(key: str, found: list[int] | list[float]) -> None:
    """Raise ValueError unless a range begins below its end."""
    if found[0] >= found[1]:
        raise ValueError(f"{key}: found [{found[0]}, {found[1]}], expected xmin < xmax")


def require_straddling(key: str, found: Grid) -> None:
    """Raise ValueError unless a grid has 1, where networks are critical, inside."""
    if not found.start < 1 < found.stop:
        raise ValueError(
            f"{key}: found {found.start} to {found.stop}, expected a range with the critical value 1 inside"
        )


def require_steps(key: str, step: float, grid: Grid) -> None:
    """Raise ValueError unless steps of another size lead from one end of a grid to the other too."""
    try:
        grid_points(grid.start, grid.stop, step)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from error


def require_ascending(key: str, found: list[int] | list[float]) -> None:
    """Raise ValueError unless values rise."""
    if found != sorted(set(found)):
        raise ValueError(f"{key}: found {found}, expected ascending values")


def require_alphas(key: str, found: Grid) -> None:
    """Raise ValueError unless a grid of indices of stability lies where mean field is defined."""
    if not 1 <= found.start < found.stop <= 2:
        raise ValueError(f"{key}: found {found.start} to {found.stop}, expected indices of stability within [1, 2]")


def require_ordered_line(key: str, first: float, last: float) -> None:
    """Raise ValueError unless gains lie on both sides of the ordered line."""
    if first <= 0:
        raise ValueError(f"{key}: found {first} to {last}, expected gains above 0")
    low, high = ORDERED_GAINS
    if not first < low < high < last:
        raise ValueError(
            f"{key}: found {first} to {last}, expected gains on both sides of the ordered line, {low} to {high}"
        )
