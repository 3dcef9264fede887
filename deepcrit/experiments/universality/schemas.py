"""Exponents of avalanches from the exact law: local, in the limit, and as an experiment must find them."""

from deepcrit.core.schema import Column, Schema

_OF = (
    Column("relative_offset", "float64", "sw2 - 1 over the drift-free offset of the width"),
    Column("quantity", "text", "tau_d, tau_s, gamma, gamma_star or shape"),
)

LOCAL_EXPONENTS = Schema(
    "local_exponents",
    (
        Column("width", "int32", "neurons per layer, N"),
        *_OF,
        Column(
            "duration", "int64", "lower end of the octave of durations, or of sizes that are typical of them", "layers"
        ),
        Column("scaled_duration", "float64", "its geometric middle over N", "layers per neuron"),
        Column("exponent", "float64", "slope between the ends of the octave, in logarithms; shape: of u (1 - u)"),
    ),
)
EXACT_PROFILES = Schema(
    "exact_profiles",
    (
        Column("width", "int32", "neurons per layer, N"),
        Column("duration", "int64", "D", "layers"),
        Column("u", "float64", "(layer - 1/2) / D"),
        Column("profile", "float64", "mean excess of the signal strength over its mean over the layers"),
    ),
)
LIMITING_EXPONENTS = Schema(
    "limiting_exponents",
    (
        *_OF,
        Column("value", "float64", "median of all extrapolations to infinite N at durations that grow as sqrt(N)"),
        Column("numerical_error", "float64", "greatest less least of them, and what errors of local exponents come to"),
        Column("exact", "float64", "that of the excursions of a random walk without drift"),
        Column("difference", "float64", "value less exact"),
        Column(
            "extrapolations", "int64", "how many there are: polynomials in N^(-1/4) of two degrees, several durations"
        ),
        Column("widest", "int32", "greatest N"),
    ),
)
EXPECTED_EXPONENTS = Schema(
    "expected_exponents",
    (
        Column("reading", "text", "what published offsets shift: the variance of weights, or their standard deviation"),
        Column("width", "int32", "neurons per layer, N; 0 stands for tau + c N^-w extrapolated to infinity"),
        Column("quantity", "text", "tau_d, tau_s, their ratio, gamma or gamma_star"),
        Column("value", "float64", "on the declared range, of infinitely many avalanches", nullable=True),
        Column("low", "float64", "least of all ranges; at N = 0 2.5% of experiments lie below it", nullable=True),
        Column("high", "float64", "greatest of all ranges; at N = 0 2.5% of experiments lie above it", nullable=True),
        Column("ranges", "int64", "ranges of fits"),
        Column("independent_error", "float64", "standard error if all avalanches are independent", nullable=True),
        Column("shared_error", "float64", "the same if those of a network are one", nullable=True),
    ),
)
