"""liu2025, Fig. 5: critical computational graphs, what they tell, and how their neurons are coupled."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

_AT = (
    Column("run", "text", "name of the network"),
    Column("iteration", "int64", "minibatches trained on before"),
)
_STAGE = (
    Column("stage", "text", "dense, all edges; clustered, grown, or pruned"),
    Column("accuracy_loss", "float64", "balanced accuracy that pruning may lose; 0 for other stages"),
)
TASK_SUBGRAPHS = Schema(
    "task_subgraphs",
    (
        *_AT,
        Column("digit", "int32", "that is told from all others"),
        *_STAGE,
        Column("vertices", "int32", "neurons with an edge, N_V, the output included"),
        Column("edges", "int32", "between neurons, N_E"),
        Column("lower_edges", "int32", "of them, from the first hidden layer to the second"),
        Column("pixel_edges", "int32", "from pixels to the first hidden layer, of neurons with an edge"),
        Column("suppressors", "int32", "neurons before the output, of negative weight and more active off the digit"),
        Column("train_loss", "float64", "cross-entropy of the digit against all others", "nat", True),
        Column("train_accuracy", "float64", "fraction of images told right", nullable=True),
        Column("train_balanced", "float64", "mean of that of the digit and of the others", nullable=True),
        Column("test_loss", "float64", "as for training images; missing for shuffled labels", "nat", True),
        Column("test_accuracy", "float64", "fraction of test images told right", nullable=True),
        Column("test_balanced", "float64", "mean of that of the digit and of the others", nullable=True),
        Column("loss_family", "text", "of the losses of the digit's images: lognormal, heavier or lighter"),
        Column("reason", "text", "why there is no graph, or nothing is told; else empty"),
    ),
)
SUBGRAPH_FAMILIES = Schema(
    "subgraph_families",
    (
        *_AT,
        *_STAGE,
        Column("digits", "int32", "digits with a graph of an edge or more"),
        Column("train_accuracy", "float64", "of all ten graphs together, by the largest signal", nullable=True),
        Column("test_accuracy", "float64", "as for training images; missing for shuffled labels", nullable=True),
        Column("shared_edges", "float64", "Jaccard index of edges of two digits, their mean", nullable=True),
        Column("shared_vertices", "float64", "the same of hidden neurons", nullable=True),
        Column("within", "float64", "mean |C| of neurons first found for one digit", nullable=True),
        Column("between", "float64", "mean |C| of neurons first found for different digits", nullable=True),
        Column("modularity", "float64", "of |C| by the digit for which a neuron was first found", nullable=True),
    ),
)
SUBGRAPH_EDGES = Schema(
    "subgraph_edges",
    (
        *_AT,
        Column("digit", "int32", "of the graph"),
        Column("start", "int32", "neuron from which the edge comes, counted from the first hidden layer on"),
        Column("end", "int32", "neuron to which it goes; classes are the last ten"),
        Column("weight", "float64", "of the edge"),
        Column("start_selectivity", "float64", "mean activity on the digit less that off it, over the deviation"),
        Column("end_selectivity", "float64", "the same of the neuron to which it goes"),
    ),
)
SUBGRAPH_PIXELS = Schema(
    "subgraph_pixels",
    (
        *_AT,
        Column("digit", "int32", "of the graph"),
        Column("pixel", "int32", "place of the pixel, row by row"),
        Column("weight", "float64", "of the pixel, by all paths of the graph to the output"),
    ),
)
COUPLING_COSTS = Schema(
    "coupling_costs",
    (
        *_AT,
        Column("digit", "int32", "of the graph, which is that of the end at all iterations"),
        Column("cost", "float64", "coupling cost E_G of the digit's mean activities, in standard deviations off it"),
        Column("cost_off", "float64", "mean over other images of the cost of a single one"),
        Column("separation", "float64", "probability that an image of the digit has a lower cost than another one"),
        Column("overlap", "float64", "of the distributions of the output's activity on and off the digit"),
    ),
)
COUPLING_AGEING = Schema(
    "coupling_ageing",
    (
        Column("run", "text", "name of the network"),
        Column("digit", "int32", "of the graph"),
        Column("iterations", "int32", "iterations fitted, from the first on"),
        Column("initial_cost", "float64", "E_G before training", nullable=True),
        Column("onset", "float64", "first iteration at which E_G is a tenth of what it comes to, or less",
               nullable=True),
        Column("slope", "float64", "alpha of E_G = c - alpha ln t", nullable=True),
        Column("determination", "float64", "R^2 of that", nullable=True),
        Column("rank_correlation", "float64", "Spearman's, of E_G with t", nullable=True),
        Column("bic_logarithm", "float64", "Bayesian information criterion of c - alpha ln t", nullable=True),
        Column("bic_power", "float64", "of c + a t^b", nullable=True),
        Column("bic_exponential", "float64", "of c + a exp(-t/b)", nullable=True),
        Column("best", "text", "the law of the lowest criterion"),
        Column("reason", "text", "why nothing is fitted; else empty"),
    ),
)  # fmt: skip
SUBGRAPH_LAWS = Schema(
    "subgraph_laws",
    (
        Column("quantity", "text", "vertices or edges"),
        Column("networks_of", "text", "all settings, or one size M"),
        Column("fitted", "text", "range: all values, or above the xmin of least Kolmogorov-Smirnov distance"),
        Column("networks", "int32", "networks pooled"),
        Column("graphs", "int64", "graphs in range"),
        Column("xmin", "float64", "lower end of the range", nullable=True),
        Column("exponent", "float64", "tau of the power law, maximum likelihood", nullable=True),
        *interval_columns("exponent"),
        Column("against_exponential", "float64", "log-likelihood ratio to the exponential law", nullable=True),
        Column("p_exponential", "float64", "of no difference from it", nullable=True),
        Column("against_lognormal", "float64", "log-likelihood ratio to the lognormal law", nullable=True),
        Column("p_lognormal", "float64", "of no difference from it", nullable=True),
        Column("against_stretched", "float64", "log-likelihood ratio to the stretched exponential", nullable=True),
        Column("p_stretched", "float64", "of no difference from it", nullable=True),
        Column("against_truncated", "float64", "log-likelihood ratio to the truncated power law", nullable=True),
        Column("p_truncated", "float64", "of no truncation", nullable=True),
    ),
)
SUBGRAPH_SUMMARY = Schema(
    "subgraph_summary",
    (
        Column("quantity", "text", "what is averaged over networks, or fitted to them"),
        Column("networks_of", "text", "trained, initial, shuffled labels, or the sample fitted"),
        Column("digit", "text", "digit, or all"),
        Column("networks", "int32", "networks"),
        Column("value", "float64", "mean, slope or rank", nullable=True),
        *interval_columns("value"),
    ),
)
