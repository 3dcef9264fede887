"""Weights of networks while they are trained: which networks, every epoch, and where something changes."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns
from deepcrit.stats.schemas import HISTOGRAM_COLUMNS

_POINT = Column("point", "text", "name of the network: learning rate and replicate")
_RATE = Column("learning_rate", "float64", "of plain stochastic gradient descent")
_MATRIX = Column("matrix", "int32", "from 1, that of the inputs")

TAIL_RUNS = Schema(
    "tail_runs",
    (_POINT, _RATE, Column("replicate", "int32", "from 0"), Column("seed_key", "text", "seed of its initial weights")),
)
TAIL_HISTORY = Schema(
    "tail_history",
    (
        _POINT,
        Column("epoch", "int32", "epochs trained, 0: none"),
        _MATRIX,
        Column("alpha", "float64", "index of stability by maximum likelihood, location fitted", nullable=True),
        Column("alpha_low", "float64", "lower end of its 95% profile-likelihood interval", nullable=True),
        Column("alpha_high", "float64", "upper end", nullable=True),
        Column("scale", "float64", "scale by maximum likelihood", nullable=True),
        Column("quantile_alpha", "float64", "index of stability by McCulloch's quantiles", nullable=True),
        Column("quantile_scale", "float64", "scale by McCulloch's quantiles", nullable=True),
        Column("over_normal", "float64", "log-likelihood of the stable law less that of the normal", "nat", True),
        Column(
            "loss",
            "float64",
            "mean cross-entropy over the epoch; before the first, of all training images",
            "nat",
            True,
        ),
        Column(
            "largest_loss",
            "float64",
            "the same of the worst minibatch; before the first epoch, of all images",
            "nat",
            True,
        ),
        Column("running_accuracy", "float64", "fraction classified correctly as images came up", nullable=True),
        Column("train_accuracy", "float64", "of all training images, after the last epoch", nullable=True),
        Column("test_accuracy", "float64", "of the 10,000 test images, after the last epoch", nullable=True),
        Column("diverged", "bool", "a parameter is not finite, and training ended"),
    ),
)
TAIL_HISTOGRAM = Schema("tail_histogram", (_POINT, *HISTOGRAM_COLUMNS))
_CHANGES = (
    Column("found", "bool", "a change is better than none, at 5%"),
    Column("departure", "float64", "epoch at which it begins", nullable=True),
    Column("departure_low", "float64", "lower end of its 95% profile interval", nullable=True),
    Column("departure_high", "float64", "upper end", nullable=True),
    Column("settled", "float64", "epoch at which it ends", nullable=True),
    Column("settled_low", "float64", "lower end of its 95% profile interval", nullable=True),
    Column("settled_high", "float64", "upper end", nullable=True),
    Column("before", "float64", "level before", nullable=True),
    Column("after", "float64", "level after", nullable=True),
    Column("effective", "float64", "independent epochs that the residuals are worth", nullable=True),
)
TAIL_CHANGES = Schema(
    "tail_changes",
    (
        _POINT,
        _RATE,
        _MATRIX,
        Column("quantity", "text", "alpha, or ln scale"),
        *_CHANGES,
        Column("heavy_from", "float64", "first epoch from which alpha stays below heavy_below", nullable=True),
        Column("spike", "float64", "epoch whose worst minibatch exceeds the epoch before by most", nullable=True),
        Column(
            "spike_ratio", "float64", "its loss over that of the worst minibatch of the epoch before", nullable=True
        ),
    ),
)
TAIL_STATISTICS = Schema(
    "tail_statistics",
    (
        _RATE,
        Column("judged", "bool", "claims are judged by it"),
        Column("protocol", "text", "as published, or smaller"),
        Column("statistic", "text", "what is averaged over networks"),
        Column("matrix", "int32", "from 1; 0: of the whole network"),
        Column("networks", "int32", "networks in which it has a value"),
        Column("value", "float64", "mean", nullable=True),
        *interval_columns("mean"),
    ),
)
