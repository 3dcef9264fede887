# What the rule files share: the checked configuration, and the plan that follows from it.
from deepcrit.app.config import ConfigError, in_order_of, load, science_digest, validate
from deepcrit.app.plan import ALL_FIGURES, FIGURES, Plan, code_digest, scaled_by_attempt, select_keys
from deepcrit.core.paths import (
    CONTINUAL,
    CRITICALITY,
    GAUSSIAN,
    MEAN_FIELD,
    RESNETS,
    SIGNALS,
    SUSCEPTIBILITY,
    TRAINABILITY,
    UNIFORM,
    ZOO,
)
from deepcrit.data.files import FASHION_FILES, MNIST_FILES, PHOTOGRAPHS, WEIGHTS
from deepcrit.experiments.continual.plan import CONTINUAL_SAMPLES
from deepcrit.experiments.gaussian_avalanches.plan import JUDGED_TABLES, POINT_TABLES, WIDTH_TABLES
from snakemake.exceptions import WorkflowError

try:
    # Snakemake has read these files already, but takes a key that stands twice without a word
    load(*workflow.configfiles)
    validate(config)
except ConfigError as error:
    raise WorkflowError(str(error)) from None

# whichever way the files are named on the command line, parameters of rules are the same to the last byte
config = in_order_of(load("config.yaml"), config)
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
