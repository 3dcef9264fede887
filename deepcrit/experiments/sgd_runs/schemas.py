"""liu2025: the training runs, how they went, and what came of them."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema

RUN_COLUMNS = (
    Column("run", "text", "name of the network"),
    Column("sample", "text", "networks that are trained alike"),
    Column("hidden", "int32", "neurons of each of the two hidden layers, h"),
    Column("neurons", "int32", "model size M, neurons without inputs, 2h + 10"),
    Column("activation", "text", "of hidden layers"),
    Column("initialisation", "text", "of weights and biases"),
    Column("learning_rate", "float64", "nu"),
    Column("batch", "int32", "images of a minibatch, B"),
    Column("log_mobility", "float64", "ln(nu/B)"),
    Column("shuffled", "bool", "labels are shuffled among the images"),
    Column("seed", "int32", "which initial parameters, the same for all settings of one width"),
)
SGD_RUNS = Schema(
    "runs",
    (
        *RUN_COLUMNS,
        Column("biased", "bool", "there are biases"),
        Column("seed_key", "text", "seed of the initial parameters"),
        Column("iterations", "int64", "at which training ends"),
    ),
)
RUN_HISTORY = Schema(
    "run_history",
    (
        Column("run", "text", "name of the network"),
        Column("iteration", "int64", "end of a stage, which begins at the one before"),
        Column("minibatches", "int64", "of the stage"),
        Column("loss", "float64", "mean cross-entropy of its minibatches", "nat", True),
        Column("loss_deviation", "float64", "standard deviation of that of a minibatch", "nat", True),
        Column(
            "loss_fluctuation", "float64", "root of half the mean squared difference of successive ones", "nat", True
        ),
        Column("running_accuracy", "float64", "fraction of its images classified correctly as they came up"),
        Column("diverged", "bool", "the loss or a parameter is not finite"),
        Column("train_loss", "float64", "mean cross-entropy of all images at the last stage", "nat", True),
        Column("train_accuracy", "float64", "fraction of them classified correctly then", nullable=True),
        Column("test_accuracy", "float64", "fraction of the test images classified correctly then", nullable=True),
    ),
)
RUN_OUTCOMES = Schema(
    "run_outcomes",
    (
        *RUN_COLUMNS,
        Column("iterations", "int64", "at which training was to end"),
        Column("reached", "int64", "at which it ended, or the end of the stage of divergence"),
        Column("diverged", "bool", "the loss or a parameter is not finite"),
        Column("train_loss", "float64", "mean cross-entropy of all images trained on", "nat", True),
        Column("train_accuracy", "float64", "fraction of them classified correctly", nullable=True),
        Column("test_accuracy", "float64", "fraction of the test images classified correctly", nullable=True),
    ),
)
