"""Ordered lines, and where averages over eigenvalues of Jacobians beat those at the line."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from deepcrit.core.grids import regular_grid
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.levy_mean_field.schemas import (
    LATER_EDGE,
    ORDERED_LINES,
    PHASE_BOUNDARIES,
    PHASE_DIAGRAM,
)
from deepcrit.physics.heavytails import PhaseColumn, Spectrum, phase_column

RADII = ("all", "window")
LINES = ("fixed_point", "radius")


def main(
    later: str, lines: str, diagram: str, boundaries: str, alphas: Mapping[str, float], gains: Mapping[str, float],
    log_powers: Sequence[int], shifted_powers: Sequence[int],
) -> None:  # fmt: skip
    """All three tables, alpha by alpha; the edge that the authors published later is put beside the lines."""
    grid = regular_grid(**gains)
    drawn, cells, ends = [], [], []
    for alpha in regular_grid(**alphas):
        column = phase_column(float(alpha), grid, tuple(log_powers), tuple(shifted_powers))
        drawn += [line_of(float(alpha), line, column.lines[line], column.lines["fixed_point"]) for line in LINES]
        for radii in RADII:
            for line in LINES:
                phase = {"alpha": alpha, "radii": radii, "line": line}
                cells.append(
                    pd.DataFrame(
                        {
                            **phase,
                            "gain": grid,
                            "largest_log_power": column.largest_power("log", radii, line),
                            "largest_shifted_power": column.largest_power("shifted", radii, line),
                        }
                    )
                )
                ends += [boundary(column, radii, line, family, grid[-1]).assign(**phase) for family in column.powers]
    text = {row["alpha"]: row["gain"] for row in drawn if row["line"] == "fixed_point"}
    for alpha, gain in read_tsv(later, LATER_EDGE)[["alpha", "gain"]].itertuples(index=False):
        if alpha in text:
            drawn.append(line_of(alpha, "later_edge", gain, text[alpha]))
    write_tsv(pd.DataFrame(drawn), lines, ORDERED_LINES)
    write_tsv(pd.concat(cells), diagram, PHASE_DIAGRAM)
    write_tsv(pd.concat(ends), boundaries, PHASE_BOUNDARIES)


def line_of(alpha: float, line: str, gain: float, fixed_point: float) -> dict[str, object]:
    """A row of the lines: the fixed point there, and the share of eigenvalues above one."""
    spectrum = Spectrum(alpha, gain)
    return {
        "alpha": alpha,
        "line": line,
        "gain": gain,
        "pseudolength": spectrum.pseudolength,
        "above_one": float(spectrum.survival(1.0)),
        "over_fixed_point": gain - fixed_point,
    }


def boundary(column: PhaseColumn, radii: str, line: str, family: str, last: float) -> pd.DataFrame:
    """Where the region of each power ends, and how wide it is within the grid."""
    upper = column.upper_gains(family, radii, line)
    start = column.lines[line]
    width = np.minimum(upper, last) - start
    return pd.DataFrame(
        {
            "family": family,
            "power": column.powers[family],
            "line_gain": start,
            "upper_gain": upper,
            "region_width": np.where(np.isnan(width), 0.0, width),
        }
    )


if "snakemake" in globals():
    run(main, snakemake)
