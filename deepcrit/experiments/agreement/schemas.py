"""One population of networks: what is measured of each before training, what training makes of it, how these agree."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema, interval_columns

# columns of agreement_networks that are large where a paper sees criticality, and what they are called
CRITICALITIES = {
    "widom_closeness": "closeness to the Widom-like line",
    "lyapunov_closeness": "closeness to a Lyapunov exponent of zero",
    "jacobian_excess": "the Jacobian average",
    "multifractality": "multifractality",
    "percolation": "percolation susceptibility",
}
PAPER_OF = {
    "widom_closeness": "ghavasieh2025",
    "lyapunov_closeness": "vock2025",
    "jacobian_excess": "qu2022",
    "multifractality": "qu2022",
    "percolation": "liu2025",
}
TRAINED = {"test_accuracy": "test accuracy", "speed": "training speed"}
EVERYWHERE, AT_DISTANCE, IN_CELLS = "all networks", "fixed distance from the edge of chaos", "within cells"
REPEATS = (0, 1)  # times that every network is measured
AGREE, DIFFER, OPPOSED, OPEN = "agree", "do not agree", "opposed", "undecided"

_POINT = Column("point", "text", "name of the network: its cell and draw")
_SETTING = (
    Column("cell", "text", "its setting: networks of one cell differ in their seed alone"),
    Column("alpha", "float64", "index of stability of the initial weights; 2 are Gaussian"),
    Column("gain", "float64", "g = D_w^(1/alpha) of the initial weights"),
    Column("bias", "float64", "D_b, the variance of Gaussian initial biases"),
)
AGREEMENT_MANIFEST = Schema(
    "agreement_manifest", (_POINT, Column("seed_key", "text", "seed of the initial parameters"), *_SETTING)
)
_MEASURED = (
    Column("critical_factor", "float64", "of all weights, at which the mean size of avalanches grows fastest with "
           "their variance: where the Widom-like line lies"),
    Column("lyapunov_exponent", "float64", "largest, ln(s_max)/layers of the input-output Jacobian, a mean over "
           "images; minus infinity where it is zero", "nat/layer", True),
    Column("radius", "float64", "mean modulus of the eigenvalues of W^(l+1) D^l"),
    Column("dimension", "float64", "mean D_2 of its eigenvectors"),
    Column("percolation", "float64", "sum of squared sizes of all components of the graph of correlated neurons but "
           "the largest, over neurons"),
)  # fmt: skip
AGREEMENT_NOTIONS = Schema(
    "agreement_notions",
    (_POINT, Column("repeat", "int32", "0 or 1: measured with other images and signals"), *_MEASURED),
)
AGREEMENT_HISTORY = Schema(
    "agreement_history",
    (
        _POINT,
        Column("epoch", "int32", "passes over the images"),
        Column("loss", "float64", "mean cross-entropy over the epoch, missing where it is not finite", "nat", True),
        Column("running_accuracy", "float64", "fraction of the images of the epoch classified correctly"),
        Column("diverged", "bool", "the network is lost, and trained no further"),
        Column("train_accuracy", "float64", "of all images, after the last epoch", "1", True),
        Column("test_accuracy", "float64", "of unseen images, after the last epoch", "1", True),
    ),
)
AGREEMENT_NETWORKS = Schema(
    "agreement_networks",
    (
        _POINT,
        *_SETTING,
        Column("growth", "float64", "rate at which small differences grow in other networks of the cell, zero at the "
               "edge of chaos", "nat/layer"),
        *interval_columns("growth"),
        *_MEASURED,
        Column("widom_closeness", "float64", "ghavasieh2025: minus |ln critical_factor|"),
        Column("lyapunov_closeness", "float64", "vock2025: minus |lyapunov_exponent|", nullable=True),
        Column("jacobian_excess", "float64", "qu2022: J_f of r - 2, less that on the ordered line at this alpha"),
        Column("multifractality", "float64", "qu2022: minus D_2"),
        Column("test_accuracy", "float64", "of unseen images at the end; zero of a network that was lost"),
        Column("epochs_to_goal", "float64", "first epoch whose images are classified as well as the goal; infinite "
               "if none is", nullable=True),
        Column("speed", "float64", "one over these, zero if the goal was not reached"),
        Column("diverged", "bool", "the network was lost"),
    ),
)  # fmt: skip
AGREEMENT_CORRELATIONS = Schema(
    "agreement_correlations",
    (
        Column("of", "text", "measure of criticality, or what came of training, by its column of agreement_networks"),
        Column("against", "text", "measure of criticality, likewise; itself, if it is repeated with other images"),
        Column("over", "text", "all networks; at fixed distance from the edge of chaos, each side by itself; or within "
               "cells"),
        Column("correlation", "float64", "Spearman's rank correlation, plain or partial", nullable=True),
        *interval_columns("correlation"),
        Column("null_low", "float64", "of the middle 95% of exchanged networks", nullable=True),
        Column("null_high", "float64", "of the middle 95% of exchanged networks", nullable=True),
        Column("p_value", "float64", "two-sided, by exchange of networks", nullable=True),
        Column("networks", "int32", "networks"),
        Column("cells", "int32", "settings they are of"),
        Column("verdict", "text", "agree or do not agree, if the whole interval is above or below the rank correlation "
               "declared for that; opposed, if it is below zero; undecided, if neither, or if one of those that do "
               "not agree does not agree with itself"),
    ),
)  # fmt: skip
AGREEMENT_FINDINGS = Schema(
    "agreement_findings",
    (
        Column("about", "text", "notions, training or conclusion"),
        Column("finding", "text", "a sentence, made from the correlations"),
    ),
)
