"""Networks that learn one task after another."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns
from deepcrit.stats.schemas import CRITERION_COLUMNS, ESTIMATE_COLUMNS, RESIDUAL_COLUMNS, TEST_COLUMNS

# sequences of tasks as they are called in tables, figures and claims
CONTINUAL_IMAGENET, PAIRS, PERMUTED = "Continual ImageNet", "MNIST and Fashion-MNIST pairs", "permuted MNIST"
BACKPROPAGATION, REPLACEMENT, CRITICALITY = "backpropagation", "continual backpropagation", "criticality loss"

_TRAINED_WITH = (
    Column("method", "text", "what a network is trained with"),
    Column("replacement_rate", "float64", "rho of continual backpropagation, else zero", "1/update"),
    Column("target", "float64", "lambda_t of the criticality loss, else zero"),
    Column("strength", "float64", "alpha of the criticality loss, else zero"),
)
_SAMPLE = Column("sample", "text", "which tasks: pairs of classes, as published, or permuted images")
_DATA = Column("data", "text", "images of these tasks; all but Continual ImageNet stand in for it")
_PROTOCOL = Column(
    "protocol", "text", "published; many tasks: their settings, and hundreds of tasks of other data; or reduced"
)
_NETWORK = Column("network", "text", "name of the network: stream and what it is trained with")
_MEASURED = (
    Column("task", "int32", "from 1"),
    Column("diverged", "bool", "a logit is not finite or a weight beyond bounds: the network guesses from now on"),
    Column("accuracy", "float64", "fraction of the test images of the task classified correctly when it ends"),
    Column("lyapunov_exponent", "float64", "lambda_0 then, mean over test images where it is finite", nullable=True),
    Column("dead_units", "float64", "share of hidden units that are silent for all test images", nullable=True),
    Column("flat_images", "float64", "share of these images at which the Jacobian is zero", nullable=True),
    Column("replaced", "int32", "units that were drawn anew during the task"),
    Column("penalty", "float64", "alpha (lambda_t - lambda_0)^2, mean over the last epoch", "nat", True),
    Column("penalty_change", "float64", "its mean |change| from epoch to epoch, dL_lambda/de", "nat/epoch", True),
    Column("penalty_drift", "float64", "its mean change from epoch to epoch", "nat/epoch", True),
)
_PLACES = (
    Column("stream", "text", "stream of tasks, with initial parameters of its own"),
    *_TRAINED_WITH,
)

CONTINUAL_MANIFEST = Schema(
    "continual_manifest",
    (_NETWORK, Column("group", "text", "networks that are trained side by side"), *_PLACES),
)
CONTINUAL_HISTORY = Schema("continual_history", (_NETWORK, *_MEASURED))
CONTINUAL_TASKS = Schema("continual_tasks", (_SAMPLE, _DATA, _PROTOCOL, *_PLACES, *_MEASURED))
CONTINUAL_BINS = Schema(
    "continual_bins",
    (
        _SAMPLE,
        _DATA,
        _PROTOCOL,
        *_TRAINED_WITH,
        Column("first_task", "int32", "first task averaged over, from 1"),
        Column("last_task", "int32", "last task averaged over"),
        Column("rows", "int32", "tasks of all streams averaged over"),
        *(
            column
            for name, what, unit in (
                ("accuracy", "accuracy", "%"),
                ("lyapunov_exponent", "lambda_0", "1"),
                ("penalty_change", "dL_lambda/de", "nat/epoch"),
                ("dead_units", "share of hidden units that are silent", "1"),
            )
            for column in (
                Column(name, "float64", f"{what}, mean over tasks and streams", unit, True),
                Column(f"{name}_error", "float64", "its standard error, tasks taken as independent", unit, True),
            )
        ),
        Column("accuracy_with_exponent", "float64", "accuracy, mean over those that have a lambda_0", "%", True),
        Column("accuracy_with_change", "float64", "accuracy, mean over those that have a dL_lambda/de", "%", True),
    ),
)
CONTINUAL_STATISTICS = Schema(
    "continual_statistics",
    (
        _SAMPLE,
        _DATA,
        _PROTOCOL,
        Column("quantity", "text", "which number"),
        Column("value", "float64", "mean over the streams", nullable=True),
        *interval_columns("mean"),
        Column("streams", "int32", "streams in which it could be measured"),
        Column("what", "text", "how it is defined in one stream"),
    ),
)
_FITTED = (
    _SAMPLE,
    _DATA,
    _PROTOCOL,
    Column("rows", "text", "what counts as an observation: single tasks of the first stream, or means over tasks"),
    Column("exponent", "text", "which predictor: lambda_0 or its absolute value"),
    Column("derivative", "text", "how dL_lambda/de is read: magnitude or signed"),
)
_ENTERED = (
    Column("observations", "int32", "rows that entered"),
    Column("networks", "int32", "networks that entered, one a configuration and stream"),
    Column("tasks", "int32", "tasks of these networks that entered, or were averaged"),
)
CONTINUAL_FITS = Schema(
    "continual_fits",
    (
        *_FITTED,
        *_ENTERED,
        Column("groups", "int32", "configurations of the criticality loss"),
        Column("boundary", "bool", "whether the variance between configurations is zero"),
        *CRITERION_COLUMNS,
        Column("group_variance", "float64", "variance between configurations", "% points squared"),
        Column("residual_variance", "float64", "variance within configurations", "% points squared"),
        *RESIDUAL_COLUMNS,
        Column("correlation", "float64", "between the estimates of the two slopes"),
    ),
)
CONTINUAL_EFFECTS = Schema(
    "continual_effects",
    (
        *_FITTED,
        *ESTIMATE_COLUMNS,
        *TEST_COLUMNS,
        *_ENTERED,
    ),
)
