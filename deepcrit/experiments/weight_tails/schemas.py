"""Weights of trained networks: which were read, what each tensor is like, and what share of them is heavy-tailed."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns
from deepcrit.stats.schemas import HISTOGRAM_COLUMNS

_NETWORK = Column("network", "text", "name of the network, or of the file of one's own")
_SOURCE = Column("source", "text", "torchvision, package or own")

WEIGHT_ARCHITECTURES = Schema(
    "weight_architectures",
    (
        _NETWORK,
        Column("printed", "text", "its name as the paper prints it"),
        Column("torchvision", "bool", "torchvision has it"),
        Column("tensors", "int32", "weight tensors: two or more dimensions, no bias, no batch norm"),
        Column("entries", "int64", "entries of all of them"),
        Column("largest", "int64", "entries of the largest"),
        Column("third", "int64", "entries of the third"),
    ),
)
WEIGHT_COUNTS = Schema(
    "weight_counts",
    (
        Column("reading", "text", "what the printed ResNet101-32x4d is taken for"),
        Column("networks", "int32", "networks"),
        Column("tensors", "int32", "weight tensors of all of them"),
        Column("entries", "int64", "their entries"),
    ),
)
WEIGHT_TENSORS = Schema(
    "weight_tensors",
    (
        _NETWORK,
        _SOURCE,
        Column("tensor", "text", "name of the tensor in its file"),
        Column("shape", "text", "its shape"),
        Column("draw", "int32", "0: trained weights; from 1: Gaussian ones of their number and standard deviation"),
        Column("n", "int64", "entries"),
        Column("fitted", "bool", "it could be fitted"),
        Column("reason", "text", "why not, else empty"),
        Column("mean", "float64", "mean", nullable=True),
        Column("sd", "float64", "standard deviation", nullable=True),
        Column("excess_kurtosis", "float64", "fourth central moment over the squared variance, less 3", nullable=True),
        Column("alpha", "float64", "index of stability by maximum likelihood, location fitted", nullable=True),
        Column("alpha_low", "float64", "lower end of its 95% profile-likelihood interval", nullable=True),
        Column("alpha_high", "float64", "upper end", nullable=True),
        Column("scale", "float64", "scale by maximum likelihood", nullable=True),
        Column("scale_low", "float64", "lower end of its 95% profile-likelihood interval", nullable=True),
        Column("scale_high", "float64", "upper end", nullable=True),
        Column("normal", "bool", "the best stable law is the normal one, alpha = 2"),
        Column("quantile_alpha", "float64", "index of stability by McCulloch's quantiles", nullable=True),
        Column("quantile_scale", "float64", "scale by McCulloch's quantiles", nullable=True),
        Column(
            "gain", "float64", "g = (2 sqrt(n))^(1/alpha) scale by maximum likelihood, as in the text", nullable=True
        ),
        Column("gain_low", "float64", "lower end of an interval that covers 95% at least", nullable=True),
        Column("gain_high", "float64", "upper end", nullable=True),
        Column("quantile_gain", "float64", "the same by quantiles", nullable=True),
        Column("code_gain", "float64", "(2 784)^(1/alpha) scale by quantiles, as in the authors' code", nullable=True),
        Column("shapiro_w", "float64", "statistic W of Shapiro and Wilk, of at most shapiro_entries", nullable=True),
        Column("shapiro_p", "float64", "its p-value, not calibrated above 5,000 entries", nullable=True),
        Column("sample_w", "float64", "W of at most 5,000 entries, drawn without replacement", nullable=True),
        Column("sample_p", "float64", "its p-value, which is calibrated", nullable=True),
        Column("ks_stable", "float64", "Kolmogorov-Smirnov distance from the fitted stable law", nullable=True),
        Column("ks_normal", "float64", "the same from the fitted normal law", nullable=True),
        Column("ks_stable_p", "float64", "p-value of the stable law that knows of the fit", nullable=True),
        Column("ks_normal_p", "float64", "the same of the normal law", nullable=True),
        Column("log10_p_ratio", "float64", "log10 of the ratio of p-values that do not", nullable=True),
        Column("over_normal", "float64", "log-likelihood of the stable law less that of the normal", "nat", True),
        Column("aic_student_t", "float64", "AIC of Student's t less that of the stable law", nullable=True),
        Column(
            "aic_generalised_normal", "float64", "AIC of the generalised normal less that of the stable", nullable=True
        ),
        Column("aic_lognormal", "float64", "AIC of a lognormal |w| less that of the stable law", nullable=True),
        Column("best", "text", "law of the least AIC, else empty"),
    ),
)
WEIGHT_NETWORKS = Schema(
    "weight_networks",
    (
        _NETWORK,
        _SOURCE,
        Column("standing", "text", "whether it is one of the ten, or stands in"),
        Column("read", "bool", "its weights could be had and read"),
        Column("reason", "text", "why not, else empty"),
        Column("tensors", "int32", "weight tensors"),
        Column("fitted", "int32", "those that could be fitted"),
        Column("entries", "int64", "entries of all"),
        Column("left_out", "text", "tensors that are no trained weights or could not be fitted, with reasons"),
    ),
)
WEIGHT_SHARES = Schema(
    "weight_shares",
    (
        Column("population", "text", "which networks: those judged, or one by name"),
        Column("judged", "bool", "claims are judged by it"),
        Column("standing", "text", "whether all are of the ten networks named"),
        Column("statistic", "text", "what has a share"),
        Column("method", "text", "by which estimate or test"),
        Column("weighting", "text", "networks: mean of their shares; tensors: each counts alike"),
        Column("networks", "int32", "networks that entered"),
        Column("tensors", "int32", "tensors that entered"),
        Column("share", "float64", "share, or median where the statistic is one"),
        *interval_columns("share"),
        Column("null_share", "float64", "the same of Gaussian tensors of the same sizes"),
        Column("null_low", "float64", "lower end of its interval", nullable=True),
        Column("null_high", "float64", "upper end", nullable=True),
    ),
)
WEIGHT_BAND = Schema(
    "weight_band",
    (
        Column("alpha", "float64", "index of stability"),
        Column("lower", "float64", "g of the ordered line, q* = 0.01"),
        Column("upper", "float64", "largest g at which the mean of |z| - 2 exceeds that at the line", nullable=True),
    ),
)
WEIGHT_EXAMPLE = Schema(
    "weight_example",
    (
        _NETWORK,
        Column("tensor", "text", "name of the tensor"),
        Column("standing", "text", "whether it is the one that the paper shows, or stands in"),
        Column("n", "int64", "entries"),
        Column("alpha", "float64", "index of stability by maximum likelihood"),
        Column("alpha_low", "float64", "lower end of its 95% profile-likelihood interval"),
        Column("alpha_high", "float64", "upper end"),
        Column("scale", "float64", "scale by maximum likelihood"),
        Column("mean", "float64", "mean"),
        Column("sd", "float64", "standard deviation"),
        Column("over_normal", "float64", "log-likelihood of the stable law less that of the normal", "nat"),
        Column("best", "text", "law of the least AIC"),
    ),
)
WEIGHT_HISTOGRAM = Schema("weight_histogram", HISTOGRAM_COLUMNS)
