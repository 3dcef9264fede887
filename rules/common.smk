# What the rule files share: the checked configuration, digests, and the points at which avalanches are simulated.
from deepcrit.config import ConfigError, science_digest, validate
from deepcrit.digest import code_digest as digest_of
from snakemake.exceptions import WorkflowError

try:
    validate(config)
except ConfigError as error:
    raise WorkflowError(str(error)) from None

AVALANCHES = config["gaussian_avalanches"]
REAL_INPUTS = config["real_inputs"]
FITS = AVALANCHES["fits"]
WIDTHS = AVALANCHES["samples"]["radial"]["widths"]
POINTS = [f"{sample}/N{width}" for sample, keys in AVALANCHES["samples"].items() for width in keys["widths"]]
GAUSSIAN = "results/gaussian_avalanches"
# tables of every sampled point, and those of the judged sample alone
POINT_TABLES = [
    "alternatives",
    "densities",
    "exponents",
    "gammas",
    "goodness",
    "size_duration",
    "straight_spans",
    "xmin_scan",
]
COLLAPSE_TABLES = ["collapse_curve", "collapsed_profiles", "collapses"]
REAL_INPUT_SAMPLES = [f"{case}_{inputs}" for case in REAL_INPUTS["cases"] for inputs in ("gaussian", "mnist")]
MNIST_FILES = [
    f"results/data/mnist/{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")
]
# each figure with the beginning of the claims it shows, and its title, in the order of the report
FIGURES = {
    "ghavasieh2025": {
        "results/figures/ghavasieh2025_fig2.png": ("ghavasieh2025.fig2", "Crackling noise in Gaussian networks"),
        "results/figures/ghavasieh2025_real_inputs.png": ("ghavasieh2025.inputs", "Images and Gaussian inputs"),
    }
}
ALL_FIGURES = {figure: shown for figures in FIGURES.values() for figure, shown in figures.items()}
RULE_FILES = [
    f"rules/{name}.smk"
    for name in (
        "avalanches",
        "claims",
        "common",
        "data",
        "figures",
        "gaussian_avalanches",
        "real_inputs",
        "report",
    )
]


wildcard_constraints:
    experiment="gaussian_avalanches|real_inputs",
    sample="[a-z][a-z0-9_]*",
    width=r"\d+",
    shard=r"\d+",
    paper="[a-z]+[0-9]{4}",


def code_digest(script):
    """Digest of a script below scripts/ and of all library code it imports."""
    return digest_of(f"scripts/{script}.py")


def sample_keys(wildcards):
    """What defines a sample at one width, as plain leaves of the configuration."""
    if wildcards.experiment == "gaussian_avalanches":
        sample = AVALANCHES["samples"][wildcards.sample]
        return {
            "method": sample["method"],
            "blocks": sample["blocks"],
            "launched": sample["launched_per_block"],
            "inputs": "gaussian",
            "depth": AVALANCHES["depth"],
            "weight_variance": 1.0 + AVALANCHES["offsets"][int(wildcards.width)],
            "bias_variance": AVALANCHES["bias_variance"],
            "activation": AVALANCHES["activation"],
            "ensemble": "gaussian",
            "levy_alpha": 2.0,
            "input_strength": AVALANCHES["input_strength"],
            "profile_durations": AVALANCHES["profile_durations"],
        }
    name, inputs = wildcards.sample.rsplit("_", 1)
    case = REAL_INPUTS["cases"][name]
    return {
        "method": "network",
        "blocks": case["networks"],
        "launched": REAL_INPUTS["networks_sharing_inputs"],
        "inputs": inputs,
        "depth": case["depth"],
        "weight_variance": None,  # derived, see derive_offsets
        "bias_variance": 0.0,
        "activation": case["activation"],
        "ensemble": case["ensemble"],
        "levy_alpha": case["levy_alpha"],
        "input_strength": REAL_INPUTS["input_strength"],
        "profile_durations": [1, 1],
    }


def derived_offsets(wildcards):
    """The table of derived offsets, for the samples that need it."""
    return "results/real_inputs/offsets.tsv" if wildcards.experiment == "real_inputs" else []


def images_of(wildcards):
    """The image file that drives a sample, if it is driven by images."""
    return MNIST_FILES[0] if wildcards.sample.endswith("_mnist") else []


def shard_count(wildcards):
    shards = config["execution"]["shards"]
    wanted = shards["real_inputs" if wildcards.experiment == "real_inputs" else wildcards.sample]
    return min(wanted, sample_keys(wildcards)["blocks"])


def shards_of(table):
    """Input function: that table of every shard of the point that the wildcards name."""
    return lambda wildcards: expand(
        "results/{experiment}/{sample}/N{width}/shards/{shard}.{table}.parquet",
        shard=range(shard_count(wildcards)),
        table=table,
        experiment=wildcards.experiment,
        sample=wildcards.sample,
        width=wildcards.width,
    )


def at_points(table):
    """That table at every sampled point of the Gaussian networks."""
    return expand("results/gaussian_avalanches/{point}/{table}", point=POINTS, table=table)


def at_radial_widths(table):
    """That table of the judged sample at every width."""
    return expand("results/gaussian_avalanches/radial/N{width}/{table}", width=WIDTHS, table=table)


def parts_of(table):
    """What a gathered table is gathered from."""
    if table == "agreement":
        return expand(f"{GAUSSIAN}/agreement/N{{width}}.tsv", width=WIDTHS)
    if table == "offset_scan":
        return expand(f"{GAUSSIAN}/offset_scans/N{{width}}.tsv", width=WIDTHS)
    if table in COLLAPSE_TABLES:
        return at_radial_widths(f"{table}.tsv")
    return at_points(f"{table}.tsv")


def network_keys(width):
    """Leaves that define the Gaussian networks of one width, the weight variance apart."""
    keys = {key: AVALANCHES[key] for key in ("depth", "bias_variance", "activation", "input_strength")}
    return {"width": int(width), **keys}


def samples_at(width):
    """Names of the samples that include a width."""
    return [sample for sample, keys in AVALANCHES["samples"].items() if int(width) in keys["widths"]]


def fig2_parameters():
    """What the caption of Fig. 2 quotes."""
    samples = AVALANCHES["samples"]
    launched = {name: keys["blocks"] * keys["launched_per_block"] for name, keys in samples.items()}
    return {
        **{key: AVALANCHES[key] for key in ("depth", "bias_variance", "activation", "input_strength")},
        **{key: FITS[key] for key in ("duration_range", "size_range", "bin_minimum")},
        "widths": WIDTHS,
        "offsets": {str(width): AVALANCHES["offsets"][width] for width in WIDTHS},
        "gamma_range": AVALANCHES["size_duration"]["ranges"][0],
        "radial_launched": launched["radial"],
        "annealed_launched": launched["annealed"],
        "network_blocks": samples["network"]["blocks"],
        "network_inputs": samples["network"]["launched_per_block"],
    }
