"""Every declared table by name, for those who meet tables by name: claims, the report, gathering."""

from __future__ import annotations

from deepcrit.schemas.agreement import AGREEMENT
from deepcrit.schemas.avalanches import AVALANCHES, BLOCKS, MANIFEST, PROFILES, TRANSFER
from deepcrit.schemas.column import Schema
from deepcrit.schemas.derived_offsets import DERIVED_OFFSETS
from deepcrit.schemas.finite_width import FINITE_WIDTH, FINITE_WIDTH_DECAY, FINITE_WIDTH_LINES
from deepcrit.schemas.inputs import INPUT_COMPARISON, INPUT_INDEPENDENCE, INPUT_SURVIVAL
from deepcrit.schemas.layer_avalanches import (
    CALIBRATION,
    DEPTHS,
    LAUNCHES,
    LAYER_AVALANCHES,
    LAYER_COUNTS,
    LAYER_DENSITIES,
    LAYER_FITS,
    LAYER_MOMENTS,
    LAYER_SIZES,
    STRAIGHTNESS,
)
from deepcrit.schemas.mean_field import (
    CLOSED_FORM_ERRORS,
    CORRELATION_DEPTHS,
    CRITICAL_EXPONENTS,
    CRITICAL_LINES,
    LANDMARKS,
    PLANE,
)
from deepcrit.schemas.offsets import OFFSET_SCAN, OFFSETS, READINGS
from deepcrit.schemas.power_laws import (
    ALTERNATIVES,
    DENSITIES,
    EXPONENTS,
    GOODNESS,
    LOWER_ENDS,
    STRAIGHT_SPANS,
    XMIN_SCAN,
)
from deepcrit.schemas.scaling import (
    COLLAPSE_CURVE,
    COLLAPSED_PROFILES,
    COLLAPSES,
    CRACKLING,
    EXTRAPOLATIONS,
    GAMMAS,
    SIZE_DURATION,
)
from deepcrit.schemas.scoreboard import SCOREBOARD
from deepcrit.schemas.signals import (
    EXAMPLE_AVALANCHE,
    GROWTH_RATES,
    INPUT_STRENGTH_SURVIVAL,
    INPUT_STRENGTH_TRENDS,
    INPUT_STRENGTHS,
    SIGNAL_PATHS,
)
from deepcrit.schemas.susceptibility import (
    DERIVATIVE_CHECK,
    DERIVATIVES,
    EXACT_PLANE,
    MISMATCH,
    PLANE_AVALANCHES,
    PLANE_BLOCKS,
    SAMPLER_CHECK,
    SIZE_AGAINST_FIELD,
    SIZE_PLANE,
)
from deepcrit.schemas.training import (
    EDGE_ACCURACY,
    LEARNING_POINTS,
    RANK_CORRELATIONS,
    RETESTS,
    TRAINING_HISTORY,
    TRAINING_MANIFEST,
    TRAINING_OUTCOMES,
    WINDOWS,
)
from deepcrit.schemas.uniform_networks import (
    COUPLING_FITS,
    COUPLING_GAPS,
    COUPLING_SWEEP,
    CRITICAL_COUPLINGS,
    DYNAMIC_RANGES,
    LAYER_ACTIVITY,
    RESPONSES,
)

SCHEMAS: dict[str, Schema] = {
    schema.name: schema
    for schema in (
        MANIFEST,
        AVALANCHES,
        BLOCKS,
        PROFILES,
        DEPTHS,
        LAYER_MOMENTS,
        CALIBRATION,
        LAYER_AVALANCHES,
        LAUNCHES,
        LAYER_FITS,
        LAYER_COUNTS,
        LAYER_DENSITIES,
        LAYER_SIZES,
        STRAIGHTNESS,
        TRANSFER,
        OFFSET_SCAN,
        OFFSETS,
        DERIVED_OFFSETS,
        READINGS,
        EXPONENTS,
        ALTERNATIVES,
        GOODNESS,
        XMIN_SCAN,
        STRAIGHT_SPANS,
        LOWER_ENDS,
        DENSITIES,
        SIZE_DURATION,
        GAMMAS,
        COLLAPSES,
        COLLAPSE_CURVE,
        COLLAPSED_PROFILES,
        EXTRAPOLATIONS,
        CRACKLING,
        AGREEMENT,
        INPUT_SURVIVAL,
        INPUT_COMPARISON,
        INPUT_INDEPENDENCE,
        SIGNAL_PATHS,
        GROWTH_RATES,
        EXAMPLE_AVALANCHE,
        INPUT_STRENGTHS,
        INPUT_STRENGTH_SURVIVAL,
        INPUT_STRENGTH_TRENDS,
        PLANE,
        CRITICAL_LINES,
        CORRELATION_DEPTHS,
        CRITICAL_EXPONENTS,
        CLOSED_FORM_ERRORS,
        LANDMARKS,
        TRAINING_MANIFEST,
        TRAINING_HISTORY,
        TRAINING_OUTCOMES,
        WINDOWS,
        RETESTS,
        RANK_CORRELATIONS,
        LEARNING_POINTS,
        EDGE_ACCURACY,
        FINITE_WIDTH,
        FINITE_WIDTH_LINES,
        FINITE_WIDTH_DECAY,
        PLANE_BLOCKS,
        PLANE_AVALANCHES,
        EXACT_PLANE,
        SIZE_PLANE,
        DERIVATIVES,
        DERIVATIVE_CHECK,
        SIZE_AGAINST_FIELD,
        MISMATCH,
        SAMPLER_CHECK,
        LAYER_ACTIVITY,
        COUPLING_SWEEP,
        CRITICAL_COUPLINGS,
        COUPLING_GAPS,
        COUPLING_FITS,
        RESPONSES,
        DYNAMIC_RANGES,
        SCOREBOARD,
    )
}
