"""Columns that tables of mixed models of accuracy share."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

SETTING = ("target", "strength")  # of the criticality loss: networks of one are a group
# of conditional residuals, as lme4 prints them
QUARTILES = {"least": 0.0, "first_quartile": 0.25, "median": 0.5, "third_quartile": 0.75, "greatest": 1.0}
RESIDUAL_COLUMNS = tuple(
    Column(f"residual_{name}", "float64", f"{name.replace('_', ' ')} of conditional residuals, in residual SD")
    for name in QUARTILES
)
CRITERION_COLUMNS = (
    Column("fitted_by", "text", "statsmodels, or profile where statsmodels fails or stops above its criterion"),
    Column("criterion", "float64", "-2 log likelihood of the fit, restricted for REML"),
    Column(
        "peer_criterion", "float64", "the same of the other of the two, missing where statsmodels failed", "1", True
    ),
    Column("peer_agrees", "bool", "whether both criteria agree to 1e-6"),
)
ESTIMATE_COLUMNS = (
    Column("effect", "text", "fixed effect"),
    Column("estimate", "float64", "change of accuracy with one SD of the predictor", "% points"),
)
TEST_COLUMNS = (
    Column("standard_error", "float64", "root of the diagonal of (X' V^-1 X)^-1", "% points"),
    Column("degrees_of_freedom", "float64", "Satterthwaite's degrees of freedom"),
    Column("t_value", "float64", "estimate over standard error"),
    Column("p_value", "float64", "two-sided, of no effect"),
    *interval_columns("estimate"),
)
RANK_CORRELATIONS = Schema(
    "rank_correlations",
    (
        Column("of", "text", "what is ranked"),
        Column("against", "text", "against what"),
        Column("over", "text", "over which points"),
        Column("correlation", "float64", "Spearman's rank correlation, or a difference of two", nullable=True),
        *interval_columns("correlation"),
        Column("p_value", "float64", "two-sided, of no correlation", nullable=True),
        Column("n", "int32", "points"),
    ),
)
HISTOGRAM_COLUMNS = (
    Column("axis", "text", "value: bins of w; distance: logarithmic bins of |w - mean|"),
    Column("low", "float64", "lower edge of the bin"),
    Column("high", "float64", "upper edge"),
    Column("entries", "int64", "entries in the bin"),
    Column("density", "float64", "their density"),
    Column("stable", "float64", "density of the fitted stable law, averaged over the bin"),
    Column("normal", "float64", "density of the fitted normal law, averaged over the bin"),
)
