"""Tables of what is measured of classifiers: signals and largest singular values of their Jacobians."""

from __future__ import annotations

from deepcrit.schemas.column import Column, Schema

# where weights are from; the rows of the 80 classifiers are those of TORCHVISION
TORCHVISION, PACKAGE, OWN, RANDOM = "torchvision", "package", "own", "random"
SOURCES = (TORCHVISION, PACKAGE, OWN, RANDOM)
IMAGENET, PHOTOGRAPHS, OTHER = "imagenet", "photographs", "own"
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
