"""liu2025, Fig. 2: losses of single images, their tilted ensemble, and landscapes around networks."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

_AT = (Column("run", "text", "name of the network"), Column("iteration", "int64", "minibatches trained on before"))
LOSS_MOMENTS = Schema(
    "loss_moments",
    (
        *_AT,
        Column("mean", "float64", "mean loss of the images", "nat"),
        Column("variance", "float64", "of the loss of an image", "nat^2"),
        Column("largest", "float64", "largest loss of an image", "nat"),
        Column("upper_permille", "float64", "loss that one image of a thousand exceeds", "nat"),
        Column("high", "float64", "fraction of images whose loss is 2 nats or more"),
        Column("family", "text", "of the losses: lognormal, heavier or lighter; empty where none can be fitted"),
        Column("displacement", "float64", "length of the way from the initial weights over theirs"),
    ),
)
LOSS_TAILS = Schema(
    "loss_tails",
    (
        *_AT,
        Column("threshold", "float64", "b", "nat"),
        Column("share", "float64", "fraction of images whose loss is b or more, P(L >= b)"),
    ),
)
TILTED_ENTROPIES = Schema(
    "tilted_entropies",
    (
        *_AT,
        Column("threshold", "float64", "b", "nat"),
        Column("beta", "float64", "of p ~ exp(-beta L), whose mean loss is b", "1/nat", True),
        Column("entropy", "float64", "Delta S, ln N less the entropy of p", "nat", True),
        Column("criterion", "float64", "ln of mean loss over Delta S", nullable=True),
        Column("legendre_gap", "float64", "between Delta S and the Legendre transform at beta", "nat", True),
        Column("extrapolated", "bool", "b is as good as the largest loss, or beyond"),
        Column("reason", "text", "why there is no value; else empty"),
    ),
)
BATCH_DEVIATIONS = Schema(
    "batch_deviations",
    (
        *_AT,
        Column("batch", "int32", "images of a minibatch, B"),
        Column("batches", "int64", "random minibatches"),
        Column("variance", "float64", "of the mean loss of a minibatch", "nat^2"),
        Column("threshold", "float64", "b, above the mean loss", "nat"),
        Column("share", "float64", "fraction of minibatches whose mean loss is b or more"),
        Column("log_bound", "float64", "-B Delta S", "nat"),
        Column("excess", "float64", "lower end of the 95% interval of ln of the share, over the bound", "nat", True),
    ),
)
LANDSCAPE_SLICES = Schema(
    "landscape_slices",
    (
        *_AT,
        Column("connections", "text", "critical or other, along which weights are moved"),
        Column("normalised", "bool", "directions are normalised by filter"),
        Column("moved", "int32", "connections that are moved"),
        Column("planes", "int32", "random planes averaged over"),
        Column("mean_variance", "float64", "of the mean landscape over a plane", "nat^2", True),
        Column("mean_roughness", "float64", "mean square of its second differences", "nat^2", True),
        Column("batch_variance", "float64", "of the landscape of a minibatch over a plane", "nat^2", True),
        Column("batch_roughness", "float64", "mean square of its second differences", "nat^2", True),
        Column("reason", "text", "why there is no value; else empty"),
    ),
)
LANDSCAPE_MAPS = Schema(
    "landscape_maps",
    (
        *_AT,
        Column("connections", "text", "critical or other, along which weights are moved"),
        Column("landscape", "text", "mean, or of one batch"),
        Column("a", "float64", "along the first direction, normalised by filter"),
        Column("b", "float64", "along the second"),
        Column("loss", "float64", "mean over the images", "nat"),
    ),
)
CONVERGENCE_BOUNDARY = Schema(
    "convergence_boundary",
    (
        Column("iteration", "int64", "at which networks are looked at"),
        Column("training", "text", "published, to 200,000 iterations, or shorter"),
        Column("converged", "text", "what counts as converged"),
        Column("parameter", "text", "curvature, center or floor of ln M = curvature (ln gamma - center)^2 + floor"),
        Column("networks", "int32", "networks fitted"),
        Column("few", "int32", "networks of the rarer kind, converged or not"),
        Column("value", "float64", "by logistic regression", nullable=True),
        *interval_columns("parameter"),
    ),
)
LANDSCAPE_SUMMARY = Schema(
    "landscape_summary",
    (
        Column("quantity", "text", "what is averaged over networks, or fitted to them"),
        Column("networks_of", "text", "sample, or a part of it"),
        Column("networks", "int32", "networks"),
        Column("value", "float64", "mean, or slope", nullable=True),
        *interval_columns("value"),
    ),
)
