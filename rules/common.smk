# What the rule files share: the checked configuration, and the plan that follows from it.
from deepcrit.config import ConfigError, science_digest, validate
from deepcrit.plan import (
    ALL_FIGURES,
    JUDGED_TABLES,
    FIGURES,
    GAUSSIAN,
    MEAN_FIELD,
    MNIST_FILES,
    POINT_TABLES,
    TRAINABILITY,
    SIGNALS,
    SUSCEPTIBILITY,
    UNIFORM,
    RESNETS,
    WIDTH_TABLES,
    ZOO,
    Plan,
    code_digest,
)
from snakemake.exceptions import WorkflowError

try:
    validate(config)
except ConfigError as error:
    raise WorkflowError(str(error)) from None

plan = Plan(config)


wildcard_constraints:
    experiment="gaussian_avalanches|real_inputs",
    sample="[a-z][a-z0-9_]*",
    width=r"\d+",
    shard=r"\d+",
    network="published|trained",
    case="[a-z][a-z0-9_]*",
    model="[a-z][a-z0-9_]*",
    weights="[A-Z][A-Z0-9_]*",
    paper="[a-z]+[0-9]{4}",
