# What the rule files share: the checked configuration, the plan that follows from it, and what all jobs have in common.
from deepcrit.app.config import ConfigError, checked, in_order_of, load_config, retyped, science_digest
from deepcrit.app.location import lack_of_torch, refusal
from deepcrit.app.plan import FIGURES, PAPERS, Plan, drawn_by, job, not_a_job, paper_of, scaled_by_attempt, select_keys
from deepcrit.claims.required_tables import tables_of
from deepcrit.data.fetch.datasets import DATASETS
from deepcrit.data.files import FASHION_FILES, MNIST_FILES, WEIGHTS, files_of
from deepcrit.experiments import EXPERIMENTS
from deepcrit.experiments.continual.plan import CONTINUAL_SAMPLES
from deepcrit.experiments.gaussian_avalanches.plan import JUDGED_TABLES, POINT_TABLES, READING_TABLES, WIDTH_TABLES
from snakemake.exceptions import WorkflowError
from snakemake.utils import update_config

if reason := refusal(Path(workflow.current_basedir).parent):
    raise WorkflowError(reason)
# values of --config below the first level are text to Snakemake
update_config(config, retyped(workflow.config_settings.config))
try:
    # Snakemake has read these files already, but takes a key that stands twice without a word
    load_config(*workflow.configfiles)
    config = checked(config)
except ConfigError as error:
    raise WorkflowError(str(error)) from None

# whichever way the files are named on the command line, parameters of rules are the same to the last byte
config = in_order_of(load_config("config.yaml"), config)
plan = Plan(config)


onstart:
    due = [job.rule for job in workflow.dag.jobs if workflow.dag.needrun(job)]
    in_environments = "conda" in map(str, workflow.deployment_settings.deployment_method)
    if reason := lack_of_torch(rule.name for rule in due if "torch" in str(rule.conda_env) and not in_environments):
        raise WorkflowError(reason)


onsuccess:
    # deepcrit run says it itself, and takes what is printed here aside
    if any(job.rule.name == "gather_dynamics" for job in workflow.dag.jobs):
        from deepcrit.app.launch.unmeasured import unmeasured_own_models

        for sentence in unmeasured_own_models(Path(), config):
            print(sentence, file=sys.stderr)


wildcard_constraints:
    experiment="gaussian_avalanches|real_inputs|levy_avalanches",
    sample="[a-z][a-z0-9_]*",
    width=r"\d+",
    shard=r"\d+",
    network="published|trained",
    case="[a-z][a-z0-9_]*",
    model="[a-z][a-z0-9_]*",
    weights="[A-Z][A-Z0-9_]*",
    paper="[a-z]+[0-9]{4}",


# Every job is one of these kinds. A rule that inherits says what goes in, what comes out, which job of its script
# it is, and otherwise only what differs; each argument of its script has the name of an input, output or parameter.


rule numerics:
    """What jobs share; it is none itself."""
    log:
        "results/logs/<job>.log",
    benchmark:
        "results/benchmarks/<job>.tsv"
    pathvars:
        job="numerics",
    conda:
        "../envs/numerics.yaml"
    threads: 1
    resources:
        mem_mb=scaled_by_attempt(1000),
        runtime=scaled_by_attempt(10),
    params:
        script=not_a_job,
    script:
        "../scripts/{params.script}.py"


use rule numerics as torch with:
    """What jobs share that need torch; it is none itself."""
    conda:
        "../envs/torch.yaml"
    resources:
        mem_mb=scaled_by_attempt(1500),
        runtime=scaled_by_attempt(10),


use rule numerics as reporting with:
    """What jobs share that judge and report; it is none itself."""
    conda:
        "../envs/report.yaml"
