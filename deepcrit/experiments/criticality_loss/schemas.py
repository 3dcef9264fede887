"""Classifiers trained on cross-entropy and on the criticality loss."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns
from deepcrit.stats.schemas import CRITERION_COLUMNS, ESTIMATE_COLUMNS, TEST_COLUMNS

PLAIN, PENALISED = "CE", "CritL"  # losses
EVERY = "all"  # initialisations
# how dL_lambda/de is read, first as it is judged; columns of criticality_outcomes
PENALTY_DERIVATIVES = {
    "magnitude": "adjustment",
    "signed": "drift",
    "magnitude without alpha": "unweighted_adjustment",
}
_POINT = Column("point", "text", "name of the network")
_KIND = (
    Column("initialisation", "text", "init0 to init3, as in the paper"),
    Column("loss", "text", "CE, or CritL = CE + alpha (lambda_t - lambda_0)^2"),
)
_SETTING = (
    Column("target", "float64", "lambda_t, 0 for CE"),
    Column("strength", "float64", "alpha, 0 for CE", "nat"),
)
_PROTOCOL = Column(
    "protocol", "text", "published; as long: published networks, fewer images, as many small steps; or reduced"
)
CRITICALITY_RUNS = Schema(
    "criticality_runs",
    (
        _POINT,
        Column("seed_key", "text", "seed of the initial weights"),
        *_KIND,
        *_SETTING,
        Column("replicate", "int32", "from 0"),
    ),
)
CRITICALITY_HISTORY = Schema(
    "criticality_history",
    (
        _POINT,
        Column("epoch", "int32", "0 before training"),
        Column("cross_entropy", "float64", "mean over the minibatches of the epoch", "nat", True),
        Column("penalty", "float64", "L_lambda = alpha (lambda_t - lambda_0)^2, the same mean, 0 for CE", "nat", True),
        Column("test_cross_entropy", "float64", "mean over unseen images after the epoch", "nat", True),
        Column("test_accuracy", "float64", "fraction of them classified correctly"),
        Column("exponent", "float64", "lambda_0, mean over some of them", "nat per layer", True),
        Column("diverged", "bool", "a loss, an exponent or a parameter is not finite"),
    ),
)
CRITICALITY_OUTCOMES = Schema(
    "criticality_outcomes",
    (
        _POINT,
        *_KIND,
        *_SETTING,
        Column("replicate", "int32", "from 0"),
        Column("diverged", "bool", "a loss, an exponent or a parameter is not finite; nothing else is known then"),
        Column("accuracy", "float64", "test accuracy, mean over the last epochs", "%", True),
        Column("exponent", "float64", "lambda_0, mean over the last epochs", "nat per layer", True),
        Column("adjustment", "float64", "mean |change of L_lambda from an epoch to the next|", "nat", True),
        Column("drift", "float64", "mean change of L_lambda from an epoch to the next", "nat", True),
        Column("unweighted_adjustment", "float64", "adjustment over alpha", "1", True),
        Column("log_loss_ratio", "float64", "ln of test loss after training over that before", "1", True),
    ),
)
CRITICALITY_CURVES = Schema(
    "criticality_curves",
    (
        *_KIND,
        Column("epoch", "int32", "0 before training"),
        Column("networks", "int32", "networks averaged over"),
        Column("exponent", "float64", "lambda_0, mean over networks", "nat per layer", True),
        Column("exponent_error", "float64", "its standard error", "nat per layer", True),
        Column("accuracy", "float64", "test accuracy, mean over networks", "%", True),
        Column("accuracy_error", "float64", "its standard error", "%", True),
    ),
)
_MEANS = (
    Column("networks", "int32", "networks that did not diverge"),
    *(
        column
        for name, what, unit in (
            ("accuracy", "test accuracy, mean over last epochs and networks", "%"),
            ("exponent", "lambda_0, mean over last epochs and networks", "nat per layer"),
        )
        for column in (
            Column(name, "float64", what, unit, True),
            Column(f"{name}_low", "float64", "lower end of its 95% interval, Student's t", unit, True),
            Column(f"{name}_high", "float64", "upper end of it", unit, True),
        )
    ),
)
CRITICALITY_MEANS = Schema("criticality_means", (*_KIND, _PROTOCOL, *_MEANS))
CRITICALITY_SCAN = Schema(
    "criticality_scan",
    (
        *_SETTING,
        *_MEANS,
        Column("adjustment", "float64", "mean |change of L_lambda from an epoch to the next|", "nat", True),
    ),
)
CRITICALITY_TESTS = Schema(
    "criticality_tests",
    (
        Column("of", "text", "accuracy (%) or exponent (nat per layer)"),
        Column("between", "text", "losses, CritL less CE, or initialisations"),
        Column("within", "text", "the initialisation or loss within which, or all"),
        Column("networks", "int32", "networks that entered"),
        Column("difference", "float64", "of the means; missing between more than two", nullable=True),
        *interval_columns("difference"),
        Column("test", "text", "which test"),
        Column("statistic", "float64", "U of Mann and Whitney, or F", nullable=True),
        Column("p_value", "float64", "two-sided", nullable=True),
    ),
)
CRITICALITY_LANDMARKS = Schema(
    "criticality_landmarks",
    (
        Column("quantity", "text", "which number"),
        Column("value", "float64", "its value", nullable=True),
        *interval_columns("value"),
        Column("networks", "int32", "networks that entered"),
        Column("what", "text", "how it is defined"),
    ),
)
_READING = (
    Column("exponent", "text", "the predictor lambda_0, or its magnitude"),
    Column("derivative", "text", "how dL_lambda/de is read"),
)
CRITICALITY_EFFECTS = Schema(
    "criticality_effects",
    (
        *_READING,
        _PROTOCOL,
        *ESTIMATE_COLUMNS,
        *TEST_COLUMNS,
        *CRITERION_COLUMNS,
        Column("networks", "int32", "networks that entered"),
    ),
)
CRITICALITY_MIXED = Schema(
    "criticality_mixed",
    (
        *_READING,
        _PROTOCOL,
        Column("quantity", "text", "which number of the fitted model"),
        Column("value", "float64", "its value; variances in % points squared"),
        *interval_columns("value"),
        Column("networks", "int32", "networks that entered"),
    ),
)
