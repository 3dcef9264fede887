"""liu2025, Fig. 1: correlations, graphs, their distributions, and what is claimed of them."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns
from deepcrit.experiments.sgd_runs.schemas import RUN_COLUMNS

ALL_VALUES, ABOVE_XMIN = "all values", "xmin of least distance"  # ranges to which laws are fitted
_AT = (Column("run", "text", "name of the network"), Column("iteration", "int64", "minibatches trained on before"))
_EDGE = (
    Column("threshold", "float64", "least correlation of an edge, C_th"),
    Column("signed", "bool", "negative correlations are no edges, rather than taken by their size"),
)
CORRELATION_MEASURES = Schema(
    "correlation_measures",
    (
        *_AT,
        Column("norm", "float64", "Frobenius norm of the matrix of correlations, diagonal included"),
        Column("silent", "int32", "neurons with one activity for all images, whose correlations count as zero"),
        Column("similarity", "float64", "correlation of all pairs' correlations with those at the end", nullable=True),
        Column("prediction_entropy", "float64", "mean entropy of predicted classes, S_pred", "nat"),
        Column("information_gain", "float64", "prediction entropy at the start less that", "nat"),
        Column("explained_variance", "float64", "share of ten leading principal components"),
        Column("spectral_exponent", "float64", "a of eigenvalues as rank^-a, over 30 leading ranks", nullable=True),
        Column("loss", "float64", "mean cross-entropy of the images", "nat"),
        Column("accuracy", "float64", "fraction of the images classified correctly"),
        Column("batch_edges", "float64", "mean edges by random minibatches of B images, at C_th"),
        Column("batch_edges_variance", "float64", "their variance"),
    ),
)
GRAPH_MEASURES = Schema(
    "graph_measures",
    (
        *_AT,
        *_EDGE,
        Column("edges", "int64", "pairs of neurons with an edge"),
        Column("survival", "float64", "fraction of pairs, P(|C| > C_th)"),
        Column("mean_degree", "float64", "edges of a neuron, averaged over all M, <k>"),
        Column("largest_component", "int32", "neurons of the largest connected component, S_1"),
        Column("components", "int32", "connected components, single neurons included"),
        Column("susceptibility", "float64", "sum of squared sizes of all but the largest component, over M"),
        Column("curvature_entropy", "float64", "entropy of Forman-Ricci curvatures of edges, H_FR", "nat"),
    ),
)
GRAPH_HISTOGRAMS = Schema(
    "graph_histograms",
    (
        *_AT,
        Column("threshold", "float64", "least |C| of an edge, C_th"),
        Column("quantity", "text", "degree, component_size, clique_size, or clique_activity to three digits"),
        Column("value", "float64", "of the quantity"),
        Column("count", "int64", "how often; neurons without an edge have no degree here"),
        Column("bounded", "bool", "there are more cliques than are listed"),
    ),
)
ORDERED_ACTIVITIES = Schema(
    "ordered_activities",
    (
        *_AT,
        Column("order", "text", "how neurons are ordered"),
        Column("place", "int32", "of the neuron in that order, from the last iteration"),
        Column("neuron", "int32", "from the first hidden layer on, classes last"),
        Column("digit", "int32", "class of images"),
        Column("activity", "float64", "mean over images of the class, standardised over all images"),
    ),
)
ORDERED_CORRELATIONS = Schema(
    "ordered_correlations",
    (
        *_AT,
        Column("place", "int32", "of the first neuron"),
        Column("other", "int32", "of the second, which comes before"),
        Column("correlation", "float64", "of their activities"),
    ),
)
TRANSITION = Schema(
    "transition",
    (
        *(column for column in RUN_COLUMNS if column.name not in ("run", "seed")),
        Column("quantity", "text", "column of correlation_measures or graph_measures"),
        *_EDGE,
        Column("statistic", "text", "of a network, averaged over seeds; iterations as geometric means"),
        Column("networks", "int32", "seeds with a value"),
        Column("value", "float64", "mean", nullable=True),
        *interval_columns("mean"),
    ),
)
SIZE_SLOPES = Schema(
    "size_slopes",
    (
        Column("sample", "text", "networks that are trained alike"),
        Column(
            "iteration", "text", "start, transition, end, peak over iterations, that over the start, or its iteration"
        ),
        Column("quantity", "text", "whose logarithm is fitted"),
        Column("against", "text", "against the logarithm of: neurons M, batch B, or learning rate"),
        Column("range", "text", "of that, from the least to the largest"),
        Column("networks", "int32", "networks fitted"),
        Column("slope", "float64", "exponent", nullable=True),
        *interval_columns("slope"),
    ),
)
GRAPH_LAWS = Schema(
    "graph_laws",
    (
        Column(
            "iteration",
            "text",
            "transition, or end; or what is left of end less transition, or less the lowest threshold",
        ),
        Column("threshold", "float64", "least |C| of an edge, C_th"),
        Column("quantity", "text", "of graph_histograms"),
        Column("fitted", "text", "range: all values, or above the xmin of least Kolmogorov-Smirnov distance"),
        Column("networks", "int32", "networks pooled"),
        Column("bounded", "int32", "networks left out, with more cliques than are listed"),
        Column("points", "int64", "values in range"),
        Column("xmin", "float64", "lower end of the range", nullable=True),
        Column("xmax", "float64", "upper end: the largest value", nullable=True),
        Column("exponent", "float64", "of the power law, maximum likelihood", nullable=True),
        *interval_columns("exponent"),
        Column("ks_distance", "float64", "Kolmogorov-Smirnov distance to the law", nullable=True),
        Column("against_exponential", "float64", "log-likelihood ratio to the exponential law", nullable=True),
        Column("against_exponential_low", "float64", "lower end of its 95% interval, by Vuong", nullable=True),
        Column("against_exponential_high", "float64", "upper end of it", nullable=True),
        Column("p_exponential", "float64", "of no difference from it", nullable=True),
        Column("against_lognormal", "float64", "log-likelihood ratio to the lognormal law", nullable=True),
        Column("p_lognormal", "float64", "of no difference from it", nullable=True),
        Column("against_truncated", "float64", "log-likelihood ratio to the truncated power law", nullable=True),
        Column("p_truncated", "float64", "of no truncation", nullable=True),
    ),
)
