"""Networks trained from stable weights: what is trained, how it went, and what came of it."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

ON_GRID, REPEATED, NARROW, OTHER_BATCH = "grid", "repeats", "narrow", "batch"  # why a network is trained
INITIALLY, MIDWAY, FINALLY = ("initial", "middle", "final")

_POINT = Column("point", "text", "name of the network: sample and place on the grid")
_SAMPLE = Column("sample", "text", "why it is trained: the grid, repeats of it, narrow networks, another minibatch")
STABLE_COLUMNS = (
    Column("alpha", "float64", "index of stability of the initial weights"),
    Column("gain", "float64", "g = D_w^(1/alpha) of the initial weights"),
    Column("width", "int32", "neurons of a hidden layer, N"),
)
_PROTOCOL = Column(
    "protocol", "text", "published, published steps, rescaled at the published width, rescaled, or reduced"
)
LEVY_MANIFEST = Schema(
    "levy_manifest",
    (
        _POINT,
        Column("seed_key", "text", "seed of the initial weights"),
        _SAMPLE,
        *STABLE_COLUMNS,
        Column("batch", "int32", "images of a minibatch"),
        Column("learning_rate", "float64", "of plain stochastic gradient descent"),
    ),
)
LEVY_HISTORY = Schema(
    "levy_history",
    (
        _POINT,
        Column("test", "int32", "number of the test, 0 before training"),
        Column("epoch", "float64", "passes over the images so far"),
        Column("loss", "float64", "mean cross-entropy since the test before, missing where none is", "nat", True),
        Column("test_accuracy", "float64", "fraction of unseen images classified correctly"),
        Column("diverged", "bool", "the network is lost, and trained no further"),
        Column("reason", "text", "why, else empty"),
    ),
)
LEVY_SNAPSHOTS = Schema(
    "levy_snapshots",
    (
        _POINT,
        Column("snapshot", "text", "initial, middle or final"),
        Column("epoch", "float64", "passes over the images so far"),
        Column("jacobian", "profile", "entries of W^(l+1) D^l at the first training image, row by row"),
    ),
)
LEVY_OUTCOMES = Schema(
    "levy_outcomes",
    (
        _POINT,
        _SAMPLE,
        *STABLE_COLUMNS,
        Column("batch", "int32", "images of a minibatch"),
        Column("learning_rate", "float64", "of plain stochastic gradient descent"),
        Column("epochs", "float64", "passes over the images, up to divergence if there is one"),
        Column("published_epochs", "float64", "epochs of the published protocol that one of ours stands for"),
        Column("test_images", "int32", "unseen images"),
        Column("test_accuracy", "float64", "fraction of them classified correctly at the end"),
        Column("best_accuracy", "float64", "highest fraction at any test"),
        Column("reached", "bool", "the goal was reached at some test"),
        Column("first_epoch", "float64", "first test over the goal, in epochs; infinite if none is", "1", True),
        Column("first_published", "float64", "the same in epochs of the published protocol", "1", True),
        Column("before_published", "float64", "the test before it, or the last, in the same", "1", True),
        Column("diverged", "bool", "the network was lost; it classifies nothing then"),
        Column("reason", "text", "why, else empty"),
        _PROTOCOL,
    ),
)
LEVY_INTERVALS = Schema(
    "levy_intervals",
    (
        *(column for column in STABLE_COLUMNS if column.name != "gain"),
        Column("networks", "int32", "gains tried"),
        Column("trained", "int32", "networks over the goal at the end"),
        Column("lower", "float64", "gain from which networks train, interpolated in ln g", nullable=True),
        Column("lower_low", "float64", "largest gain below it that does not train, if any", nullable=True),
        Column("lower_high", "float64", "least gain that trains", nullable=True),
        Column("upper", "float64", "gain up to which networks train, interpolated in ln g", nullable=True),
        Column("upper_low", "float64", "largest gain that trains", nullable=True),
        Column("upper_high", "float64", "least gain above it that does not train, if any", nullable=True),
        Column("extent", "float64", "ln of upper over lower, zero where nothing trains", nullable=True),
        *interval_columns("extent"),
        _PROTOCOL,
    ),
)
TRAINED_LANDMARKS = Schema(
    "trained_landmarks",
    (
        Column("quantity", "text", "which number"),
        Column("value", "float64", "its value", nullable=True),
        *interval_columns("value"),
        Column("networks", "int32", "networks that entered"),
        Column("what", "text", "how it is defined"),
        _PROTOCOL,
    ),
)
