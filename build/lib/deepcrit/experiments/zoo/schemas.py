"""Classifiers as published, what is measured of them, and what accuracy goes with."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema
from deepcrit.stats.schemas import CRITERION_COLUMNS, ESTIMATE_COLUMNS, RESIDUAL_COLUMNS, TEST_COLUMNS

_SUBJECT = (
    Column("model", "text", "torchvision's name, or that in the configuration"),
    Column("weights", "text", "torchvision's name of the set of weights, random for a control"),
    Column("source", "text", "torchvision, package, own, or random: untrained, and no stand-in for trained weights"),
)
_IMAGES = Column("images", "text", "imagenet: validation images; photographs: of two packages; own: of the model")
_NETWORK = (
    Column("accuracy", "float64", "top-1 accuracy published with the weights", "%", nullable=True),
    Column("parameters", "int64", "trainable parameters"),
    Column("modules", "int32", "modules without parts, or the layers that the configuration states, m"),
)
ZOO_IMAGES = Schema(
    "zoo_images",
    (
        _IMAGES,
        Column("image", "int32", "place among those used, from 0; -1 for one that cannot be read"),
        Column("path", "text", "the file"),
        Column("sha256", "text", "of the file, first 16 digits"),
        Column("reason", "text", "why it cannot be read"),
    ),
)
DYNAMICS_INPUTS = Schema(
    "dynamics_inputs",
    (
        *_SUBJECT,
        _IMAGES,
        Column("image", "int32", "place of the image among those used, from 0"),
        *_NETWORK,
        Column("activity_in", "float64", "mean |x| over the values of the input as the network sees it"),
        Column("activity_out", "float64", "mean |x| over the outputs"),
        Column("top_singular_value", "float64", "largest singular value of the Jacobian of outputs in inputs"),
        Column("products", "int32", "products with J J^T"),
        Column("converged", "bool", "whether the estimated error fell below the tolerance"),
        Column("error", "float64", "estimated relative error of the singular value"),
        Column("top_class", "int32", "index of the greatest output"),
        Column("top_class_name", "text", "its name, where outputs are ImageNet's 1000 classes"),
    ),
)
DYNAMICS_STATUS = Schema(
    "dynamics_status",
    (
        *_SUBJECT,
        Column("measured", "bool", "whether dynamics were measured"),
        Column("reason", "text", "why not"),
    ),
)
DYNAMICS = Schema(
    "dynamics",
    (
        *_SUBJECT,
        _IMAGES,
        Column("inputs", "int32", "inputs averaged over"),
        *_NETWORK,
        Column("products", "int32", "products with J J^T, of all inputs"),
        Column("converged", "bool", "whether all singular values met the tolerance"),
        Column("error", "float64", "greatest estimated relative error of a singular value"),
        *(
            column
            for name, what in (
                ("branching_parameter", "mean activity out over in, sigma"),
                ("branching_distance", "|1 - sigma|, Sigma"),
                ("top_singular_value", "largest singular value of the Jacobian of outputs in inputs, Lambda_0"),
                ("lyapunov_exponent", "ln(Lambda_0) / m, lambda_0"),
            )
            for column in (
                Column(name, "float64", f"{what}, mean over inputs"),
                Column(f"{name}_sd", "float64", f"{what}, standard deviation over inputs", nullable=True),
            )
        ),
    ),
)

JUDGED = "leaf modules"  # reading of the mixed models that claims are judged on and figures show
_MODEL = Column("model", "text", "torchvision's name")
_WEIGHTS = Column("weights", "text", "torchvision's name of the set of weights")
PUBLISHED_MODELS = Schema(
    "published_models",
    (
        _MODEL,
        Column("architecture", "text", "group of architectures, one of 21"),
        Column("other_architecture", "text", "the same, grouped the other way into 21"),
        Column("year", "int32", "year of publication", "a"),
        Column("in_table_s3", "bool", "whether Table S3 lists its two accuracies"),
        Column("source", "text", "where architecture and year are printed"),
    ),
)
MODELS = Schema(
    "models",
    (
        _MODEL,
        Column("architecture", "text", "group of architectures, one of 21"),
        Column("other_architecture", "text", "the same, grouped the other way into 21"),
        Column("year", "int32", "year of publication", "a"),
        Column("in_table_s3", "bool", "whether Table S3 lists its two accuracies"),
        _WEIGHTS,
        Column("weight_sets", "int32", "published sets of weights with an accuracy"),
        Column("accuracy", "float64", "top-1 accuracy on the validation images", "%"),
        Column("parameters", "int64", "trainable parameters of the network of these weights"),
        Column("modules", "int32", "modules without parts, m"),
        Column("all_modules", "int32", "modules, those made of others included"),
    ),
)
WEIGHT_SETS = Schema(
    "weight_sets",
    (
        _MODEL,
        _WEIGHTS,
        Column("accuracy", "float64", "top-1 accuracy on the validation images", "%"),
        Column("parameters", "int64", "trainable parameters"),
        Column("resize_size", "int32", "side to which images are resized", "pixels"),
        Column("crop_size", "int32", "side of what the network sees", "pixels"),
    ),
)
WEIGHT_PAIRS = Schema(
    "weight_pairs",
    (
        Column("reading", "text", "which SWAG set is the new one where there is no second recipe"),
        _MODEL,
        Column("architecture", "text", "group of architectures, one of 21"),
        Column("in_table_s3", "bool", "whether Table S3 lists its two accuracies"),
        Column("old", "text", "name of the old set of weights"),
        Column("new", "text", "name of the new one"),
        Column("old_accuracy", "float64", "top-1 accuracy of the old weights", "%"),
        Column("new_accuracy", "float64", "top-1 accuracy of the new ones", "%"),
        Column("accuracy_change", "float64", "new less old", "% points"),
        Column("branching_distance_change", "float64", "new Sigma less old", nullable=True),
        Column("top_singular_value_change", "float64", "new Lambda_0 less old", nullable=True),
    ),
)
RECIPE_CHANGES = Schema(
    "recipe_changes",
    (
        Column("measure", "text", "what changed"),
        Column("over", "text", "which pairs of weights"),
        Column("pairs", "int32", "pairs of which the change is known"),
        Column("median", "float64", "median change"),
        Column("median_low", "float64", "least median over the readings"),
        Column("median_high", "float64", "greatest median over the readings"),
        Column("iqr", "float64", "interquartile range of changes"),
        Column("iqr_low", "float64", "least interquartile range over the readings"),
        Column("iqr_high", "float64", "greatest interquartile range over the readings"),
        Column("statistic", "float64", "lesser sum of signed ranks, Wilcoxon's W"),
        Column("p_value", "float64", "two-sided, of changes about zero; exact unless tied"),
        Column("least", "float64", "least change"),
        Column("improved", "float64", "share of pairs with more accuracy and, of dynamics, less of the measure"),
    ),
)
ZOO_LANDMARKS = Schema(
    "zoo_landmarks",
    (
        Column("quantity", "text", "which number"),
        Column("value", "float64", "its value"),
        Column("models", "int32", "classifiers that entered, of 80"),
        Column("what", "text", "how it is defined"),
    ),
)
_FIT = (
    Column("number", "int32", "number of the mixed model in Fig. 2d and Table S5"),
    Column("estimator", "text", "REML or ML"),
    Column(
        "reading", "text", "which modules count, which architectures are one group, and whether lambda_0 is |lambda_0|"
    ),
)
_ENTERED = Column("models", "int32", "classifiers that entered, of 80")
MIXED_MODELS = Schema(
    "mixed_models",
    (
        *_FIT,
        Column("predictors", "text", "fixed effects, z scores over the classifiers that entered"),
        _ENTERED,
        Column("groups", "int32", "groups of the random intercept"),
        Column("boundary", "bool", "whether the group variance is zero"),
        *CRITERION_COLUMNS,
        Column("aic", "float64", "Akaike's criterion"),
        Column("aicc", "float64", "the same corrected for small samples, which the paper prints as AIC"),
        Column("bic", "float64", "Bayesian criterion"),
        Column(
            "place", "int32", "order by aicc among fits of this estimator, reading and number of classifiers, 1 is best"
        ),
        Column("group_variance", "float64", "variance of the random intercept", "% points squared"),
        Column("group_variance_low", "float64", "least over the readings", "% points squared"),
        Column("group_variance_high", "float64", "greatest over the readings", "% points squared"),
        Column("residual_variance", "float64", "variance within groups", "% points squared"),
        Column("marginal_r2", "float64", "share of variance of the fixed effects"),
        Column("marginal_r2_low", "float64", "least over the readings"),
        Column("marginal_r2_high", "float64", "greatest over the readings"),
        Column("conditional_r2", "float64", "share of variance of fixed and random effects"),
        Column("conditional_r2_low", "float64", "least over the readings"),
        Column("conditional_r2_high", "float64", "greatest over the readings"),
        *RESIDUAL_COLUMNS,
    ),
)
MIXED_EFFECTS = Schema(
    "mixed_effects",
    (
        *_FIT,
        *ESTIMATE_COLUMNS,
        Column("estimate_low", "float64", "least estimate over the readings", "% points"),
        Column("estimate_high", "float64", "greatest estimate over the readings", "% points"),
        *TEST_COLUMNS,
        _ENTERED,
    ),
)
MIXED_CORRELATIONS = Schema(
    "mixed_correlations",
    (
        *_FIT,
        Column("first", "text", "fixed effect"),
        Column("second", "text", "another"),
        Column("correlation", "float64", "correlation of their estimates"),
        _ENTERED,
    ),
)
MIXED_SUMMARY = Schema(
    "mixed_summary",
    (
        Column("quantity", "text", "which number"),
        Column("value", "float64", "its value, REML, judged reading"),
        Column("low", "float64", "least over the readings"),
        Column("high", "float64", "greatest over the readings"),
        Column("fitted", "int32", "mixed models that entered"),
        Column("what", "text", "how it is defined"),
    ),
)
