"""Fixed points, spectra and phases of networks of stable weights."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

_POINT = (
    Column("alpha", "float64", "index of stability of the weights"),
    Column("gain", "float64", "g = D_w^(1/alpha)"),
)
_MATRICES = (
    Column("width", "int32", "rows of a matrix, N"),
    Column("matrices", "int64", "matrices"),
)
_PHASE = (
    Column(
        "radii", "text", "eigenvalues that enter: all, or those between 0.01 and the characteristic radius (window)"
    ),
    Column("line", "text", "ordered line: fixed_point, q* = 0.01, or radius, characteristic radius one"),
)

PSEUDOLENGTHS = Schema(
    "pseudolengths",
    (
        *_POINT,
        Column("width", "int32", "neurons per layer, N"),
        Column("networks", "int64", "networks"),
        Column("fixed_point", "float64", "q* of the map"),
        Column("fitted", "float64", "q fitted to pre-activations of the last layer, averaged over networks"),
        Column("relative_difference", "float64", "fitted over q*, less one; missing where q* = 0", nullable=True),
        *interval_columns("relative difference"),
    ),
)
RADIAL_DENSITIES = Schema(
    "radial_densities",
    (
        *_POINT,
        Column("radius", "float64", "|z|"),
        Column("plane_density", "float64", "rho(|z|) per unit of area"),
        Column("distribution", "float64", "share of eigenvalues within the radius"),
        Column("simulated", "float64", "the same of simulated matrices"),
    ),
)
DRAWN_EIGENVALUES = Schema(
    "drawn_eigenvalues",
    (
        *_POINT,
        Column("real", "float64", "real part of an eigenvalue of the first matrix"),
        Column("imaginary", "float64", "imaginary part"),
        Column("characteristic_radius", "float64", "|z| at which y = 0.01 y(0)"),
    ),
)
MATRIX_SPECTRA = Schema(
    "matrix_spectra",
    (
        *_POINT,
        *_MATRICES,
        Column("quantity", "text", "area or largest_difference between the radial distributions of all matrices and of "
               "cavity theory; median or largest of |z|, or characteristic_radius; or their _change from from_gain"),
        Column("from_gain", "float64", "gain whose value is subtracted; missing where none is", nullable=True),
        Column("value", "float64", "of theory for characteristic_radius, else averaged over matrices"),
        *interval_columns("value"),
        Column("cavity", "float64", "that of cavity theory, the characteristic radius for the largest"),
        Column("relative_difference", "float64", "value over cavity, less one", nullable=True),
        Column("relative_low", "float64", "lower end of its 95% interval", nullable=True),
        Column("relative_high", "float64", "upper end of its 95% interval", nullable=True),
    ),
)  # fmt: skip
SPECTRAL_TAILS = Schema(
    "spectral_tails",
    (
        *_POINT,
        Column("first_radius", "float64", "radius beyond which one eigenvalue in a hundred lies"),
        Column("last_radius", "float64", "radius beyond which one in 1e8 lies"),
        Column("r_squared", "float64", "of a straight line through ln rho against |z| between them"),
        Column("power", "float64", "p of rho ~ exp(-|z|^p), from the local slopes at both ends"),
    ),
)
ORDERED_LINES = Schema(
    "ordered_lines",
    (
        Column("alpha", "float64", "index of stability of the weights"),
        Column("line", "text", "fixed_point, q* = 0.01; radius, characteristic radius one; or later_edge, the "
               "delocalised edge of chaos that the authors published later"),
        Column("gain", "float64", "g = D_w^(1/alpha)"),
        Column("pseudolength", "float64", "q* there"),
        Column("above_one", "float64", "share of eigenvalues of modulus above one there"),
        Column("over_fixed_point", "float64", "gain less that of the line fixed_point"),
    ),
)  # fmt: skip
PHASE_DIAGRAM = Schema(
    "phase_diagram",
    (
        *_POINT,
        *_PHASE,
        Column("largest_log_power", "int32", "largest L up to which J_f of f1 beats the ordered line, the colour"),
        Column("largest_shifted_power", "int32", "the same of f2"),
    ),
)
PHASE_BOUNDARIES = Schema(
    "phase_boundaries",
    (
        Column("alpha", "float64", "index of stability of the weights"),
        *_PHASE,
        Column("family", "text", "log, f1(r) = sgn(ln r) |ln r|^L, or shifted, f2(r) = (r - 2)^L"),
        Column("power", "int32", "L"),
        Column("line_gain", "float64", "gain of the ordered line"),
        Column("upper_gain", "float64", "gain above it up to which J_f beats the line; infinite beyond the grid, "
               "missing where J_f is -inf on and off the line", nullable=True),
        Column("region_width", "float64", "gains between both, cut at the end of the grid; 0 where J_f is -inf"),
    ),
)  # fmt: skip
LEVY_LANDMARKS = Schema(
    "levy_landmarks",
    (
        Column("quantity", "text", "what is measured"),
        Column("reading", "text", "text: ordered line at q* = 0.01, all eigenvalues; code: characteristic radius one, "
               "eigenvalues in the window; or all, where it does not matter"),
        Column("value", "float64", "its value"),
        *interval_columns("value"),
        Column("what", "text", "how it is defined"),
    ),
)  # fmt: skip
LATER_EDGE = Schema(
    "later_edge",
    (
        *_POINT,
        Column("source", "text", "where the authors published it"),
    ),
)
