"""Critical exponents on declared ranges, and the errors of the closed forms that the paper prints."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from deepcrit.core.grids import regular_grid
from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.mean_field.schemas import CLOSED_FORM_ERRORS, CRITICAL_EXPONENTS
from deepcrit.physics.meanfield import CLOSED_FORMS, edge_of_chaos, fit_power, ridge, stable_correlation, steady_state

AT_BIAS = 1e-3  # bias variance at which correlation depths beside the edge of chaos are followed towards it
METHOD = "1.96 standard errors of the fit, widened to the local slopes at both ends of the range"


def main(
    exponents: str, closed_forms: str, activation: str, excess_range: Sequence[float], field_range: Sequence[float],
    fit_points: int, log_distances: Mapping[str, float],
) -> None:  # fmt: skip
    """One row an exponent; and one a closed form and distance."""
    excess, field = (np.geomspace(*ends, fit_points) for ends in (excess_range, field_range))
    above = steady_state(1.0 + excess, 0.0, activation)
    at_one = steady_state(1.0, field, activation)
    peaks = [ridge(float(value), activation) for value in field]
    where = np.array([peak.weight_variance for peak in peaks])
    edge = float(edge_of_chaos(AT_BIAS, activation)[0])
    depth_below, depth_above = (
        np.array([stable_correlation(edge * ratio, AT_BIAS, activation)[1] for ratio in 1.0 + side * excess])
        for side in (-1.0, 1.0)
    )
    beside = f"|sw2 - edge| / edge at sb2 = {AT_BIAS:g}"
    fits = {
        "beta": ("q_ss", "sw2 - 1 at sb2 = 0", excess, above.q),
        "beta_over_sigma": ("q_ss", "sb2 at sw2 = 1", field, at_one.q),
        "at_no_weight": ("q_ss", "sb2 at sw2 = 0", field, steady_state(0.0, field, activation).q),
        "weight_susceptibility": ("d sqrt(q_ss) / d sw2", "sw2 - 1 at sb2 = 0", excess, above.weight_susceptibility),
        "bias_susceptibility": ("d sqrt(q_ss) / d sb2", "sb2 at sw2 = 1", field, at_one.bias_susceptibility),
        "gap": ("gap of edge and ridge", "sb2", field, edge_of_chaos(field, activation) - where),
        "inverse_depth_below": ("1/zeta_c below the edge of chaos", beside, excess, depth_below),
        "inverse_depth_above": ("1/zeta_c above the edge of chaos", beside, excess, depth_above),
        "ridge_height": ("height of the ridge", "sb2", field, np.array([peak.height for peak in peaks])),
    }
    rows = []
    intervals = {}
    for quantity, (of, against, x, y) in fits.items():
        fit = fit_power(x, y)
        intervals[quantity] = fit.interval()
        rows.append(
            (quantity, of, against, fit.exponent, fit.standard_error, *fit.interval(), METHOD, fit.near, fit.far,
             fit.truncation_bias, x[0], x[-1], fit_points)
        )  # fmt: skip
    columns = [column.name for column in CRITICAL_EXPONENTS.columns]
    table = pd.DataFrame(rows, columns=columns)
    slopes = table.set_index("quantity")["exponent"]
    beta, ratio = intervals["beta"], intervals["beta_over_sigma"]
    sigma = {
        "quantity": "sigma", "of": "beta", "against": "beta_over_sigma",
        "exponent": slopes["beta"] / slopes["beta_over_sigma"],
        "ci_low": beta[0] / ratio[1], "ci_high": beta[1] / ratio[0],
        "ci_method": "extremes of both intervals", "points": 2 * fit_points,
    }  # fmt: skip
    write_tsv(pd.concat([table, pd.DataFrame([sigma])], ignore_index=True), exponents, CRITICAL_EXPONENTS)

    log10 = regular_grid(**log_distances)
    distance = 10.0**log10
    parts = []
    for name, form in CLOSED_FORMS.items():
        printed, exact = form.printed(distance), form.exact(distance)
        parts.append(
            pd.DataFrame(
                {
                    "form": name,
                    "distance_of": form.distance,
                    "log10_distance": log10,
                    "distance": distance,
                    "printed": printed,
                    "exact": exact,
                    "relative_error": printed / exact - 1.0,
                }
            )
        )
    write_tsv(pd.concat(parts, ignore_index=True), closed_forms, CLOSED_FORM_ERRORS)


if "snakemake" in globals():
    run(main, snakemake)
