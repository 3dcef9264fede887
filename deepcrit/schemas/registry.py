"""Every declared table by name, for those who meet tables by name: claims, the report, gathering."""

from __future__ import annotations

from deepcrit.schemas.agreement import AGREEMENT
from deepcrit.schemas.avalanches import AVALANCHES, BLOCKS, MANIFEST, PROFILES, TRANSFER
from deepcrit.schemas.column import Schema
from deepcrit.schemas.derived_offsets import DERIVED_OFFSETS
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

SCHEMAS: dict[str, Schema] = {
    schema.name: schema
    for schema in (
        MANIFEST,
        AVALANCHES,
        BLOCKS,
        PROFILES,
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
        PLANE,
        CRITICAL_LINES,
        CORRELATION_DEPTHS,
        CRITICAL_EXPONENTS,
        CLOSED_FORM_ERRORS,
        LANDMARKS,
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
        SCOREBOARD,
    )
}
