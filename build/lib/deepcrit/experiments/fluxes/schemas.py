"""liu2025, Fig. 3: fluxes of losses and weights."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns
from deepcrit.experiments.sgd_runs.schemas import RUN_COLUMNS

FLUX_PARTS = Schema(
    "flux_parts",
    (
        Column("run", "text", "name of the network"),
        Column("iteration", "int64", "before the step over which losses and weights change, but at the end after it"),
        Column("loss", "float64", "mean cross-entropy of the images", "nat"),
        Column(
            "loss_flux", "float64", "sum over bins of the net change of losses in them, over images", "nat/iteration"
        ),
        Column("loss_speed", "float64", "mean size of the change of a loss, which no bin cancels", "nat/iteration"),
        Column("weight_flux", "float64", "sum over bins of the net change of weights in them, over weights"),
        Column("weight_speed", "float64", "mean size of the change of a weight, which no bin cancels"),
    ),
)
FLUXES = Schema("fluxes", (*RUN_COLUMNS, *FLUX_PARTS.columns[1:]))
FLUX_TRAJECTORIES = Schema(
    "flux_trajectories",
    (
        Column("run", "text", "name of the network"),
        Column("iteration", "int64", "minibatches trained on before"),
        Column("quantity", "text", "loss of an image, or weight"),
        Column("number", "int32", "which one"),
        Column("value", "float64", "of it"),
    ),
)
FLUX_SLOPES = Schema(
    "flux_slopes",
    (
        Column("quantity", "text", "flux whose logarithm is fitted"),
        Column("stage", "text", "early or late"),
        Column("iteration", "int64", "at which"),
        Column("against", "text", "logarithm of neurons M, or of mobility"),
        Column("fitted", "text", "alone, or together with the other"),
        Column("networks", "int32", "networks fitted"),
        Column("slope", "float64", "of the logarithm", nullable=True),
        *interval_columns("slope"),
        Column("p_value", "float64", "two-sided, of no slope", nullable=True),
    ),
)
FLUX_SHIFTS = Schema(
    "flux_shifts",
    (
        Column("hidden", "int32", "neurons of a hidden layer, h"),
        Column("quantity", "text", "flux"),
        Column("statistic", "text", "iteration of the peak, of the steepest change, or of a late break in slope"),
        Column("networks", "int32", "seeds"),
        Column("value", "float64", "geometric mean", nullable=True),
        *interval_columns("mean"),
    ),
)
FLUX_BRANCHES = Schema(
    "flux_branches",
    (
        Column("quantity", "text", "flux at the last iteration, of all sizes and mobilities"),
        Column("iteration", "int64", "the last one"),
        Column("networks", "int32", "networks that did not diverge"),
        Column("criterion_gain", "float64", "BIC of one normal law of ln flux, less that of two", nullable=True),
        Column("lower", "float64", "mean ln flux of the lower branch", nullable=True),
        Column("upper", "float64", "mean ln flux of the upper branch", nullable=True),
        Column("loss_ratio", "float64", "ln loss of the upper branch less that of the lower, means", nullable=True),
    ),
)
