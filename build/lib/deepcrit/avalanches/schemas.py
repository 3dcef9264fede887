"""Tables of avalanches: of samples, of power laws fitted to them, and of how size, duration, shape and width relate.

They stand together above the packages that compute them, so that who reads a table imports no fit.
"""

from __future__ import annotations

from deepcrit.core.schema import PEER_COLUMNS, POINT_COLUMNS, Column, Schema, interval_columns

# Manifests, avalanches and blocks of a sample, the exact law, offsets of criticality, and agreement of samplers.

AGREEMENT = Schema(
    "agreement",
    (
        Column("width", "int32", "neurons per layer, N"),
        Column("first", "text", "a sample"),
        Column("second", "text", "the sample or exact law it is held against"),
        Column("observable", "text", "what is compared"),
        Column("test", "text", "which test"),
        Column("statistic", "float64", "its statistic"),
        Column("p_value", "float64", "its p-value"),
        Column("n", "int64", "avalanches or networks of the first"),
    ),
)

MANIFEST = Schema(
    "manifest",
    (
        Column("block", "int32", "index of the block, or of the network"),
        Column("seed_key", "text", "root:experiment:point:block, see deepcrit.core.seeds"),
        Column("launched", "int64", "inputs sent through the block"),
        Column("method", "text", "network, annealed or radial"),
        Column("inputs", "text", "gaussian or mnist"),
        Column("width", "int32", "neurons per layer, N"),
        Column("depth", "int32", "layers, L"),
        Column("weight_variance", "float64", "sw2"),
        Column("bias_variance", "float64", "sb2"),
        Column("activation", "text", "phi"),
        Column("ensemble", "text", "law of the weights"),
        Column("levy_alpha", "float64", "stability index of Levy weights"),
        Column("input_strength", "float64", "norm of the input"),
        Column("profile_shortest", "int32", "shortest duration whose profiles are summed", "layers"),
        Column("profile_longest", "int32", "longest duration whose profiles are summed", "layers"),
    ),
)
AVALANCHES = Schema(
    "avalanches",
    (
        Column("block", "int32", "index of the block, or of the network"),
        Column("duration", "int32", "layers above the threshold, the depth where censored", "layers"),
        Column("size", "float64", "summed excess of the signal norm over the threshold"),
        Column("censored", "bool", "alive at the last layer"),
    ),
)
BLOCKS = Schema(
    "blocks",
    (
        Column("block", "int32", "index of the block, or of the network"),
        Column("launched", "int64", "inputs sent through the block"),
        Column("started", "int64", "avalanches with duration >= 1"),
        Column("censored", "int64", "avalanches alive at the last layer"),
    ),
)
PROFILES = Schema(
    "profiles",
    (
        Column("block", "int32", "index of the block, or of the network"),
        Column("duration", "int32", "duration of the avalanches summed", "layers"),
        Column("count", "int64", "uncensored avalanches of that duration"),
        Column("profile_sum", "profile", "summed excess of the signal norm at layers 1..duration"),
    ),
)
TRANSFER = Schema(
    "transfer",
    (
        Column("duration", "int32", "duration n", "layers"),
        Column("probability", "float64", "P(D = n) of a launched avalanche"),
        Column("alive", "float64", "P(D >= n) of a launched avalanche"),
        Column("mean_size", "float64", "E[S | D = n]"),
    ),
)

OFFSET_SCAN = Schema(
    "offset_scan",
    (
        Column("width", "int32", "neurons per layer, N"),
        Column("offset", "float64", "sw2 - 1"),
        Column("xmin", "float64", "lower end of the declared range", "layers"),
        Column("xmax", "float64", "upper end of the declared range", "layers"),
        Column("exponent", "float64", "duration exponent on that range"),
        Column("ks_distance", "float64", "KS distance of the exact law to the fitted power law"),
    ),
)
OFFSETS = Schema(
    "offsets",
    (
        Column("width", "int32", "neurons per layer, N"),
        Column("published", "float64", "published offset, where there is one", nullable=True),
        Column("straightest", "float64", "sw2 - 1 of least KS distance on the first declared range"),
        Column("straightest_low", "float64", "least over all declared ranges"),
        Column("straightest_high", "float64", "greatest over all declared ranges"),
        Column("deviation", "float64", "the same as sw - 1, an offset of the standard deviation"),
        Column("deviation_low", "float64", "least over all declared ranges"),
        Column("deviation_high", "float64", "greatest over all declared ranges"),
        Column("random_walk", "float64", "offset at which ln q has no drift"),
        Column("ks_straightest", "float64", "KS distance at the straightest offset"),
        Column("ks_published", "float64", "KS distance at the published offset, of the variance", nullable=True),
    ),
)
READINGS = Schema(
    "readings",
    (
        Column("width", "int32", "neurons per layer, N"),
        Column("reading", "text", "published offset as a shift of the variance, or of the standard deviation"),
        Column("offset", "float64", "sw2 - 1 under that reading"),
        Column("relative_offset", "float64", "the same over the offset at which ln q has no drift"),
        Column("xmin", "float64", "lower end of the declared range", "layers"),
        Column("xmax", "float64", "upper end of the declared range", "layers"),
        Column("exponent", "float64", "duration exponent of the exact law on that range"),
        Column("ks_distance", "float64", "KS distance of the exact law to the fitted power law"),
        Column("censored_of_started", "float64", "censored over started avalanches"),
    ),
)

# Distributions of sizes and durations, and power laws fitted to them.

_FIT_RANGE = (
    Column("observable", "text", "size (times sqrt N) or duration"),
    Column("xmin", "float64", "lower end of the fitted range"),
    Column("xmax", "float64", "upper end of the fitted range", nullable=True),
)

EXPONENTS = Schema(
    "exponents",
    (
        *POINT_COLUMNS,
        *_FIT_RANGE,
        Column("range", "text", "declared, or scan: xmin of least KS distance"),
        Column("exponent", "float64", "maximum-likelihood exponent"),
        Column("standard_error", "float64", "from the Fisher information on the range"),
        *interval_columns("exponent"),
        Column("ks_distance", "float64", "Kolmogorov-Smirnov distance to the fitted law"),
        Column("n", "int64", "avalanches in the range"),
        Column("effective_n", "float64", "independent avalanches worth as much"),
        Column("clusters", "int64", "networks or blocks resampled"),
        Column("censored_of_launched", "float64", "censored over launched avalanches"),
        Column("censored_of_started", "float64", "censored over started avalanches"),
        Column("censored_of_kept", "float64", "censored over kept avalanches"),
        *PEER_COLUMNS,
        Column("warning", "text", "why the interval may be too narrow"),
    ),
)
ALTERNATIVES = Schema(
    "alternatives",
    (
        *POINT_COLUMNS,
        *_FIT_RANGE,
        Column("alternative", "text", "the other law, normalised on the same range"),
        Column("parameters", "text", "its maximum-likelihood parameters"),
        Column("loglikelihood_ratio", "float64", "log likelihood of the power law minus that of the other"),
        Column("normalised_ratio", "float64", "the same over its standard deviation (Vuong)", nullable=True),
        Column("p_value", "float64", "Vuong's test, or the nested chi-square"),
        Column("preferred", "text", "power_law, the other law, or undecided"),
        Column("converged", "bool", "the optimum was found"),
        Column("n", "int64", "avalanches compared"),
    ),
)
GOODNESS = Schema(
    "goodness",
    (
        *POINT_COLUMNS,
        *_FIT_RANGE,
        Column("subsample", "int64", "avalanches drawn from the sample"),
        Column("p_value", "float64", "median parametric-bootstrap p over subsamples"),
        Column("rejected", "bool", "p below the declared level"),
    ),
)
XMIN_SCAN = Schema(
    "xmin_scan",
    (
        *POINT_COLUMNS,
        *_FIT_RANGE,
        Column("exponent", "float64", "maximum-likelihood exponent above this xmin"),
        Column("standard_error", "float64", "from the Fisher information on the range"),
        Column("ks_distance", "float64", "Kolmogorov-Smirnov distance to the fitted law"),
        Column("n", "int64", "avalanches in the range"),
    ),
)
STRAIGHT_SPANS = Schema(
    "straight_spans",
    (
        *POINT_COLUMNS,
        Column("observable", "text", "size (times sqrt N) or duration"),
        Column("within", "float64", "strict limit to what local exponents differ from their middle"),
        Column("loosely_within", "float64", "loose limit"),
        Column("xmin", "float64", "lower end of the longest straight range, by the strict limit", nullable=True),
        Column("xmax", "float64", "its upper end", nullable=True),
        Column("decades", "float64", "log10(xmax / xmin)", nullable=True),
        Column(
            "most_decades",
            "float64",
            "the same by the loose limit; infinite where too few avalanches are left to find the end",
            nullable=True,
        ),
    ),
)
LOWER_ENDS = Schema(
    "lower_ends",
    (
        *POINT_COLUMNS,
        Column("quantile", "float64", "which quantile stands for the lower end"),
        Column("size", "float64", "that quantile of S"),
        Column("aligned_size", "float64", "that quantile of S sqrt(N)"),
        Column("aligned_ratio", "float64", "aligned size over its mean across widths"),
    ),
)
DENSITIES = Schema(
    "densities",
    (
        *POINT_COLUMNS,
        Column("observable", "text", "size (times sqrt N) or duration"),
        Column("centre", "float64", "geometric mean of the bin's edges"),
        Column("density", "float64", "probability density of kept avalanches"),
        Column("count", "int64", "avalanches in the bin"),
    ),
)

# Relations between size, duration, shape and width.

SIZE_DURATION = Schema(
    "size_duration",
    (
        *POINT_COLUMNS,
        Column("duration", "int32", "duration D", "layers"),
        Column("count", "int64", "kept avalanches of that duration"),
        Column("mean_size", "float64", "<S>_D"),
        Column("var_log_size", "float64", "sample variance of ln S", nullable=True),
    ),
)
GAMMAS = Schema(
    "gammas",
    (
        *POINT_COLUMNS,
        Column("xmin", "float64", "shortest duration", "layers"),
        Column("xmax", "float64", "longest duration", "layers"),
        Column("minimum_count", "int32", "fewest avalanches of a duration that is used"),
        Column("declared", "bool", "the row that claims are judged on"),
        Column("gamma", "float64", "weighted least squares slope of ln <S>_D on ln D"),
        Column("standard_error", "float64", "of the weighted regression"),
        *interval_columns("slope"),
        Column("r_squared", "float64", "weighted"),
        Column("largest_weight_share", "float64", "share of the heaviest duration in all weights"),
        Column("durations", "int64", "durations used"),
        Column("n", "int64", "avalanches used"),
    ),
)
COLLAPSES = Schema(
    "collapses",
    (
        *POINT_COLUMNS,
        Column("xmin", "float64", "shortest duration", "layers"),
        Column("xmax", "float64", "longest duration", "layers"),
        Column("gamma_star", "float64", "exponent of the best collapse"),
        Column("published_error", "float64", "sqrt(1/(2a)) of the parabola, as the paper defines it"),
        *interval_columns("exponent of the best collapse"),
        Column("nmse", "float64", "normalised mean squared error at the best collapse"),
        Column("nmse_per_duration", "float64", "the same over the number of durations"),
        Column("durations", "int64", "durations used"),
        Column("n", "int64", "avalanches used"),
        Column("warning", "text", "empty unless the minimum lies at the edge of the grid"),
    ),
)
COLLAPSE_CURVE = Schema(
    "collapse_curve",
    (
        *POINT_COLUMNS,
        Column("gamma", "float64", "trial exponent"),
        Column("nmse", "float64", "normalised mean squared error"),
    ),
)
COLLAPSED_PROFILES = Schema(
    "collapsed_profiles",
    (
        *POINT_COLUMNS,
        Column("duration", "int32", "duration of the mean profile", "layers"),
        Column("u", "float64", "layer over duration"),
        Column("scaled_profile", "float64", "mean profile over D^(gamma* - 1)"),
    ),
)
EXTRAPOLATIONS = Schema(
    "extrapolations",
    (
        Column("sample", "text", "name of the sample in the configuration"),
        Column("observable", "text", "size or duration"),
        Column("parameter", "text", "tau, c or w of tau(N) = tau + c N^-w"),
        Column("value", "float64", "least squares value", nullable=True),
        *interval_columns("parameter"),
        Column("identified", "bool", "the interval is bounded"),
        Column("chi2_per_dof", "float64", "with the errors as they are; intervals scale them by its root"),
        Column(
            "p_value", "float64", "of a chi-squared as large, if the form holds and the errors are what they are called"
        ),
        Column("residual_rms", "float64", "of the fit"),
        Column("widths", "int64", "number of widths"),
    ),
)
RANGE_SPANS = Schema(
    "range_spans",
    (
        Column("sample", "text", "name of the sample in the configuration"),
        Column("width", "int32", "neurons per layer, N; 0 stands for their extrapolation to infinity"),
        Column("quantity", "text", "tau_s, tau_d, gamma, gamma_star, their ratio or a difference"),
        Column("value", "float64", "on the declared range; missing where it is not identified", nullable=True),
        Column("ci_low", "float64", "least end of the intervals on all ranges", nullable=True),
        Column("ci_high", "float64", "greatest end of the intervals on all ranges", nullable=True),
        Column("ranges", "int64", "ranges fitted"),
        Column("ci_method", "text", "what the interval spans"),
    ),
)
CRACKLING = Schema(
    "crackling",
    (
        *POINT_COLUMNS,
        Column("relation", "text", "which exponent or difference"),
        Column("value", "float64", "its value; missing where it is not identified", nullable=True),
        *interval_columns("value"),
    ),
)
