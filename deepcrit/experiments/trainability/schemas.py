"""Trained networks: what is trained, how it went, and what came of it."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

_POINT = Column("point", "text", "name of the network: sample, width, place on the grid, and which but the first there")
PLANE_COLUMNS = (
    Column("width", "int32", "neurons of a hidden layer, N"),
    Column("depth", "int32", "hidden layers, L"),
    Column("weight_variance", "float64", "sw2; weights have variance sw2 over fan-in"),
    Column("bias_variance", "float64", "sb2"),
    Column("log10_bias_variance", "float64", "log10 of sb2, minus infinity without bias", nullable=True),
)

TRAINING_MANIFEST = Schema(
    "training_manifest", (_POINT, Column("seed_key", "text", "seed of the initial parameters"), *PLANE_COLUMNS)
)
TRAINING_HISTORY = Schema(
    "training_history",
    (
        _POINT,
        Column("epoch", "int32", "from 1"),
        Column("loss", "float64", "mean cross-entropy over the epoch, missing once it is not finite", "nat", True),
        Column("running_accuracy", "float64", "fraction of images classified correctly as they came up"),
        Column("train_accuracy", "float64", "the same after the epoch, where it was measured", nullable=True),
        Column("test_accuracy", "float64", "of unseen images after the last epoch", nullable=True),
        Column("diverged", "bool", "the loss or a parameter is not finite"),
    ),
)
TRAINING_OUTCOMES = Schema(
    "outcomes",
    (
        Column("sample", "text", "which training: the plane, the widths, or the retest of networks that failed"),
        _POINT,
        *PLANE_COLUMNS,
        Column("images", "int32", "images trained on"),
        Column("epochs", "int32", "epochs trained, the epoch of divergence or of the goal included"),
        Column("most_epochs", "int32", "epochs after which training stops in any case"),
        Column("goal", "float64", "training accuracy at which it stops before", nullable=True),
        Column("reached", "bool", "the goal was reached"),
        Column("diverged", "bool", "the loss or a parameter is not finite; nothing is classified then"),
        Column("running_accuracy", "float64", "fraction classified correctly during the last epoch"),
        Column("train_accuracy", "float64", "fraction of the training images classified correctly at the end"),
        Column("test_accuracy", "float64", "fraction of the 10,000 test images classified correctly at the end"),
    ),
)
WINDOWS = Schema(
    "windows",
    (
        Column("sample", "text", "which training"),
        *(column for column in PLANE_COLUMNS if column.name != "weight_variance"),
        Column("place", "int32", "place of the width among those trained, 0 for the narrowest"),
        Column("points", "int32", "weight variances tried"),
        Column("step", "float64", "distance between them"),
        Column("trained", "int32", "points of the grid that trained, on average over their networks"),
        Column("best_accuracy", "float64", "highest training accuracy of a point"),
        Column("best_test_accuracy", "float64", "highest accuracy on the test images"),
        Column("fewest_epochs", "float64", "epochs to the goal of the fastest, if any", nullable=True),
        Column("first", "float64", "least sw2 that trained", nullable=True),
        Column("last", "float64", "largest sw2 that trained", nullable=True),
        Column("centre", "float64", "mean sw2 of those that trained", nullable=True),
        Column("extent", "float64", "number of those that trained times the step"),
        Column("open_below", "bool", "the first one tried trained: the window may begin below"),
        Column("open_above", "bool", "the last one tried trained: the window may end above"),
        Column("largest_bias", "bool", "of the largest bias variance tried"),
        Column("protocol", "text", "published, scaled (a declared equivalent for orders and trends), or reduced"),
        Column("conditions", "text", "how these networks were trained"),
    ),
)
RETESTS = Schema(
    "retests",
    (
        Column("depth", "int32", "hidden layers, L"),
        Column("epochs", "int32", "most epochs of the retest"),
        Column("low_accuracy", "float64", "training accuracy below which a network stayed low"),
        Column("retested", "int32", "networks that missed the goal and were trained once more"),
        Column("stayed_low", "int32", "those that stayed low"),
        Column("reached", "int32", "those that reached the goal after all"),
        Column("fraction", "float64", "share that stayed low", nullable=True),
        *interval_columns("share"),
    ),
)
