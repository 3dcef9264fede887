"""Fractal dimensions D_q of eigenvectors of layerwise Jacobians."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns
from deepcrit.experiments.levy_training.schemas import STABLE_COLUMNS

EVERY_VECTOR = 0  # in place of a fifth, all eigenvectors
FIFTHS = 5

_FIFTH = Column("fifth", "int32", "eigenvectors: 0 all, 1 those of the least moduli of eigenvalues, up to 5")
_POWER = Column("power", "float64", "q")
_PROTOCOL = Column(
    "protocol", "text", "published, published steps, rescaled at the published width, rescaled, or reduced"
)
JACOBIAN_MANIFEST = Schema(
    "jacobian_manifest",
    (
        Column("seed_key", "text", "seed of the matrix"),
        *STABLE_COLUMNS,
        Column("matrix", "int32", "number of the matrix at this place"),
    ),
)
MATRIX_DIMENSIONS = Schema(
    "matrix_dimensions",
    (
        *STABLE_COLUMNS,
        Column("matrix", "int32", "number of the matrix at this place"),
        _FIFTH,
        _POWER,
        Column("mean", "float64", "D_q, averaged over eigenvectors"),
        Column("spread", "float64", "its standard deviation over eigenvectors"),
        Column("vectors", "int32", "eigenvectors"),
    ),
)
RANDOM_DIMENSIONS = Schema(
    "random_dimensions",
    (
        *STABLE_COLUMNS,
        _FIFTH,
        _POWER,
        Column("matrices", "int32", "Jacobians of random networks"),
        Column("dimension", "float64", "D_q, averaged over eigenvectors and matrices"),
        *interval_columns("dimension"),
        Column("between", "float64", "standard deviation over matrices of their means"),
        Column("spread", "float64", "standard deviation over eigenvectors, averaged over matrices"),
        Column("real_null", "float64", "D_q of delocalised real vectors of this size"),
        Column("complex_null", "float64", "D_q of delocalised complex vectors of this size"),
        Column("stable_null", "float64", "D_q of vectors of independent stable entries of this size"),
        Column("stable_limit", "float64", "the same as N grows"),
    ),
)
DIMENSION_SCALING = Schema(
    "dimension_scaling",
    (
        Column("alpha", "float64", "index of stability"),
        Column("gain", "float64", "g = D_w^(1/alpha)"),
        _FIFTH,
        _POWER,
        Column("between_widths", "text", "all widths, or two neighbouring ones"),
        Column("limit", "float64", "slope of D_q ln N in ln N: D_q as N grows, if the power law holds"),
        *interval_columns("limit"),
        Column("stable_limit", "float64", "D_q of vectors of independent stable entries as N grows"),
        Column("matrices", "int32", "Jacobians that entered"),
    ),
)
TRAINED_SHARD = Schema(
    "trained_shard",
    (
        Column("point", "text", "name of the network"),
        Column("snapshot", "text", "initial, middle or final"),
        Column("epoch", "float64", "passes over the images so far"),
        _POWER,
        Column("dimension", "float64", "D_q, averaged over right eigenvectors"),
        Column("spread", "float64", "its standard deviation over eigenvectors"),
        Column("vectors", "int32", "eigenvectors"),
    ),
)
TRAINED_DIMENSIONS = Schema(
    "trained_dimensions",
    (
        Column("sample", "text", "why the network is trained"),
        *STABLE_COLUMNS,
        *TRAINED_SHARD.columns,
        Column("real_null", "float64", "D_q of delocalised real vectors of this size"),
        Column("complex_null", "float64", "D_q of delocalised complex vectors of this size"),
        _PROTOCOL,
    ),
)
MULTIFRACTAL_LANDMARKS = Schema(
    "multifractal_landmarks",
    (
        Column("quantity", "text", "which number"),
        Column("value", "float64", "its value", nullable=True),
        *interval_columns("value"),
        Column("p_value", "float64", "two-sided, of no correlation or difference", nullable=True),
        Column("networks", "int32", "networks or matrices that entered"),
        Column("what", "text", "how it is defined"),
        _PROTOCOL,
    ),
)
