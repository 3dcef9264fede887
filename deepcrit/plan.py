"""What a configuration asks for: which samples at which widths, cut into which shards, and the paths they are kept at.

The rule files ask this module; it computes nothing and reads nothing but the configuration. It is imported by the rule
files alone, so that a change here re-runs no job by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from deepcrit.digest import code_digest as digest_of

GAUSSIAN = "results/gaussian_avalanches"
REAL = "results/real_inputs"
RESNETS = "results/resnets"
MEAN_FIELD = "results/mean_field"
TRAINABILITY = "results/trainability"
SIGNALS = "results/signals"
SUSCEPTIBILITY = "results/susceptibility"
ZOO = "results/zoo"
UNIFORM = "results/uniform_networks"
MNIST_FILES = [
    f"results/data/mnist/{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")
]
TRAINING_SPEED = 10e9  # operations a second of a slow core
# tables of every sampled point of the Gaussian networks, those of the judged sample alone, and those of every width
POINT_TABLES = [
    "densities",
    "exponents",
    "gammas",
    "size_duration",
    "straight_spans",
    "xmin_scan",
]
JUDGED_TABLES = ["alternatives", "collapse_curve", "collapsed_profiles", "collapses", "goodness"]
WIDTH_TABLES = {"agreement": "agreement", "offset_scan": "offset_scans"}
# each figure with the beginnings of the claims it shows, and its title, in the order of the report
_SHOWN = {
    "ghavasieh2025": {
        "fig1": (["fig1"], "Signals along the layers"),
        "fig2": (["fig2"], "Crackling noise in Gaussian networks"),
        "fits": (["fits"], "Are they power laws?"),
        "fig3ab": (["fig3b", "mf"], "Signal strength and susceptibility"),
        "fig3cf": (["fig3c", "fig3f"], "Where networks train"),
        "fig3de": (["fig3d", "fig3e"], "Mean avalanche size and its response"),
        "learning": (["main"], "Learning against dynamics"),
        "fig4": (["fig4"], "Avalanches in residual networks"),
        "fig5": (["fig5"], "Widom-like line and edge of chaos"),
        "input_strength": (["main.large_inputs_dissolve"], "Avalanches of strong inputs"),
        "real_inputs": (["inputs"], "Images and Gaussian inputs"),
    },
    "vock2025": {
        "fig1": (["fig1"], "The transition in uniform networks"),
        "fig2": (["fig2", "figS1", "supp", "tableS1", "tableS4", "tableS5"], "Pretrained classifiers"),
        "fig3": (["fig3", "tableS2", "tableS3"], "New weights of the same architecture"),
    },
}
FIGURES = {
    paper: {
        f"results/figures/{paper}_{name}.png": ([f"{paper}.{shown}" for shown in claims], title)
        for name, (claims, title) in figures.items()
    }
    for paper, figures in _SHOWN.items()
}
ALL_FIGURES = {figure: shown for figures in FIGURES.values() for figure, shown in figures.items()}


def code_digest(script: str) -> str:
    """Digest of a script below scripts/ and of all library code it imports."""
    return digest_of(f"scripts/{script}.py")


class Plan:
    """Samples, widths, shards and paths of one configuration. ``wildcards`` are Snakemake's."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.avalanches: Mapping[str, Any] = config["gaussian_avalanches"]
        self.real_inputs: Mapping[str, Any] = config["real_inputs"]
        self.signals: Mapping[str, Any] = config["signals"]
        self.mean_field: Mapping[str, Any] = config["mean_field"]
        self.trainability: Mapping[str, Any] = config["trainability"]
        self.networks_trained_together: int = config["execution"]["networks_trained_together"]
        self.susceptibility: Mapping[str, Any] = config["susceptibility"]
        self.planes = self._planes()
        self.uniform_networks: Mapping[str, Any] = config["uniform_networks"]
        self.resnets: Mapping[str, Any] = config["resnets"]
        self.resnet_samples: list[tuple[str, str]] = [
            (case, model) for case, keys in self.resnets["cases"].items() for model in keys["models"]
        ]
        self.resnet_models = list(dict.fromkeys(model for _, model in self.resnet_samples))
        self.plane_shards: int = config["execution"]["shards"]["susceptibility"]
        self._shards: Mapping[str, int] = config["execution"]["shards"]
        self.fits: Mapping[str, Any] = self.avalanches["fits"]
        self.widths: list[int] = self.avalanches["samples"]["radial"]["widths"]
        cases = self.real_inputs["cases"]
        self.real_samples = [f"{case}_{inputs}" for case in cases for inputs in ("gaussian", "mnist")]

    def sample_keys(self, wildcards: Any) -> dict[str, Any]:
        """What defines a sample at one width, as plain leaves of the configuration."""
        if wildcards.experiment == "gaussian_avalanches":
            sample = self.avalanches["samples"][wildcards.sample]
            return {
                "method": sample["method"],
                "blocks": sample["blocks"],
                "launched": sample["launched_per_block"],
                "inputs": "gaussian",
                "weight_variance": 1.0 + self.avalanches["offsets"][int(wildcards.width)],
                "ensemble": "gaussian",
                "levy_alpha": 2.0,
                "profile_durations": self.avalanches["profile_durations"],
                **{key: self.avalanches[key] for key in ("depth", "bias_variance", "activation", "input_strength")},
            }
        name, inputs = wildcards.sample.rsplit("_", 1)
        case = self.real_inputs["cases"][name]
        return {
            "method": "network",
            "blocks": case["networks"],
            "launched": self.real_inputs["networks_sharing_inputs"],
            "inputs": inputs,
            "weight_variance": None,  # taken from the table of derived offsets
            "bias_variance": 0.0,
            "input_strength": self.real_inputs["input_strength"],
            "profile_durations": [1, 2],
            **{key: case[key] for key in ("depth", "activation", "ensemble", "levy_alpha")},
        }

    def network_keys(self, width: int | str) -> dict[str, Any]:
        """Leaves that define the Gaussian networks of one width, the weight variance apart."""
        keys = ("depth", "bias_variance", "activation", "input_strength")
        return {"width": int(width), **{key: self.avalanches[key] for key in keys}}

    def samples_at(self, width: int | str) -> list[str]:
        """Names of the samples that include a width."""
        return [name for name, sample in self.avalanches["samples"].items() if int(width) in sample["widths"]]

    def derived_offsets(self, wildcards: Any) -> str | list[str]:
        """The table of derived offsets, for the samples that need it."""
        return f"{REAL}/offsets.tsv" if wildcards.experiment == "real_inputs" else []

    def images_of(self, wildcards: Any) -> str | list[str]:
        """The image file that drives a sample, if it is driven by images."""
        return MNIST_FILES[0] if wildcards.sample.endswith("_mnist") else []

    def shard_count(self, wildcards: Any) -> int:
        """Jobs among which the blocks of a sample are shared out."""
        wanted = self._shards["real_inputs" if wildcards.experiment == "real_inputs" else wildcards.sample]
        blocks: int = self.sample_keys(wildcards)["blocks"]
        return min(wanted, blocks)

    def shards_of(self, table: str) -> Callable[[Any], list[str]]:
        """Input function: that table of every shard of the point that the wildcards name."""

        def paths(wildcards: Any) -> list[str]:
            directory = f"results/{wildcards.experiment}/{wildcards.sample}/N{wildcards.width}/shards"
            return [f"{directory}/{shard}.{table}.parquet" for shard in range(self.shard_count(wildcards))]

        return paths

    def at_radial_widths(self, table: str) -> list[str]:
        """That table of the judged sample at every width."""
        return [f"{GAUSSIAN}/radial/N{width}/{table}" for width in self.widths]

    def parts_of(self, table: str) -> list[str]:
        """What a gathered table of the Gaussian networks is gathered from."""
        if table in WIDTH_TABLES:
            return [f"{GAUSSIAN}/{WIDTH_TABLES[table]}/N{width}.tsv" for width in self.widths]
        if table in JUDGED_TABLES:
            return self.at_radial_widths(f"{table}.tsv")
        samples = self.avalanches["samples"].items()
        return [f"{GAUSSIAN}/{name}/N{width}/{table}.tsv" for name, sample in samples for width in sample["widths"]]

    def fit_keys(self, *keys: str) -> dict[str, Any]:
        """Some leaves of the settings of fits."""
        return {key: self.fits[key] for key in keys}

    def mean_field_keys(self, *keys: str) -> dict[str, Any]:
        """Some leaves of the settings of infinitely wide networks."""
        return {key: self.mean_field[key] for key in keys}

    def training_grid(self, wildcards: Any) -> dict[str, Any]:
        """Grid of the networks of one training."""
        section = self.trainability[wildcards.sample]
        return {
            "widths": section["widths"] if wildcards.sample == "widths" else [section["width"]],
            "log_bias_variances": section.get("log_bias_variances", []),
            **{key: section[key] for key in ("depth", "weight_variances")},
        }

    def training_keys(self, wildcards: Any) -> dict[str, Any]:
        """How the networks of one training are trained."""
        section = self.trainability["plane" if wildcards.sample == "plane" else "widths"]
        return {
            "batch": self.trainability["batch"],
            "epochs": section["retest_epochs" if wildcards.sample == "retests" else "epochs"],
            "goal": section.get("goal"),
            **{key: section[key] for key in ("images", "learning_rate")},
        }

    def training_shards(self, wildcards: Any) -> int:
        """Jobs among which the networks of one training are shared out."""
        return self._shards["retests" if wildcards.sample == "retests" else f"trained_{wildcards.sample}"]

    def training_histories(self, wildcards: Any) -> list[str]:
        """The histories of every shard of one training."""
        directory = f"{TRAINABILITY}/{wildcards.sample}/shards"
        return [f"{directory}/{shard}.parquet" for shard in range(self.training_shards(wildcards))]

    def training_cost(self, wildcards: Any) -> tuple[int, int]:
        """Memory in MB and minutes of one job of a training, for its widest networks."""
        section = self.trainability["plane" if wildcards.sample == "plane" else "widths"]
        width, depth = max(section.get("widths", [section.get("width", 0)])), section["depth"]
        networks = {
            "plane": len(section.get("log_bias_variances", [])) + 1,
            "widths": len(section.get("widths", [])),
            "retests": section.get("retested_per_width", 0) * len(section.get("widths", [])),
        }[wildcards.sample]
        if wildcards.sample != "retests":
            grid = section["weight_variances"]
            networks *= round((grid["stop"] - grid["start"]) / grid["step"]) + 1
        each = math.ceil(networks / self.training_shards(wildcards))
        keys = self.training_keys(wildcards)
        parameters = depth * width**2
        # single precision, twice while some of a group go on without the rest
        numbers = 2 * parameters + depth * width * keys["batch"]
        megabytes = 1500 + 4e-6 * numbers * min(each, self.networks_trained_together)
        # forward, backward and update, and accuracies after each epoch, of two operations each
        operations = 8 * parameters * keys["images"] * keys["epochs"] * each
        return math.ceil(megabytes), math.ceil(10 + operations / TRAINING_SPEED / 60)

    def signal_spec(self, part: str, *keys: str) -> dict[str, Any]:
        """What defines the networks of one part of the experiment on signals, ``keys`` included."""
        return {
            **{key: self.signals[key] for key in ("activation", "bias_variance")},
            **{key: self.signals[part][key] for key in ("width", "depth", *keys)},
        }

    def signal_keys(self, part: str, *keys: str) -> dict[str, Any]:
        """Some leaves of one part of the experiment on signals."""
        return {key: self.signals[part][key] for key in keys}

    def fig1_parameters(self) -> dict[str, Any]:
        """What the caption of Fig. 1 quotes."""
        common = ("activation", "bias_variance", "input_strength")
        return {
            **{key: self.signals[key] for key in common},
            **{key: self.signals[key] for key in ("paths", "example")},
        }

    def susceptibility_keys(self, *keys: str) -> dict[str, Any]:
        """Some leaves of the settings of the plane."""
        return {key: self.susceptibility[key] for key in keys}

    def _planes(self) -> dict[str, dict[str, Any]]:
        """The published plane, and that of the networks that are trained, at finer steps."""
        trained, beside = self.trainability["plane"], self.susceptibility["trained"]
        return {
            "published": dict(self.susceptibility["published"]),
            "trained": {
                **{key: trained[key] for key in ("width", "depth", "log_bias_variances")},
                "weight_variances": {**trained["weight_variances"], "step": beside["step"]},
                "bandwidth": beside["bandwidth"],
            },
        }

    def plane_shapes(self) -> dict[str, dict[str, int]]:
        """Width and depth of the networks of each plane."""
        return {name: {key: plane[key] for key in ("width", "depth")} for name, plane in self.planes.items()}

    def plane_network(self, wildcards: Any) -> dict[str, Any]:
        """What defines the networks of one plane, variances apart."""
        shape = self.plane_shapes()[wildcards.network]
        return {"name": wildcards.network, **shape, **self.susceptibility_keys("activation", "input_strength")}

    def plane_grid(self, wildcards: Any) -> dict[str, Any]:
        """The weight and bias variances of one plane."""
        return {key: self.planes[wildcards.network][key] for key in ("weight_variances", "log_bias_variances")}

    def bandwidths(self) -> dict[str, float]:
        """Half width of the local regression of each plane."""
        return {name: plane["bandwidth"] for name, plane in self.planes.items()}

    def plane_parts(self, table: str) -> list[str]:
        """That table of every shard of every plane."""
        return [
            f"{SUSCEPTIBILITY}/{network}/shards/{shard}.{table}"
            for network in self.planes
            for shard in range(self.plane_shards)
        ]

    def fig3de_parameters(self) -> dict[str, Any]:
        """What the caption of Fig. 3d and 3e quotes."""
        return {
            **self.planes["published"],
            **self.susceptibility_keys("activation", "input_strength"),
            **self.susceptibility_keys("blocks", "launched_per_block", "minimum_avalanches"),
        }

    def resnet_keys(self, wildcards: Any, *keys: str) -> dict[str, Any]:
        """What defines one stage of a sample of avalanches in classifiers, as plain leaves."""
        case = self.resnets["cases"][wildcards.case]
        shared = {key: case[key] for key in ("mode", "inputs", "weights", "networks", *keys)}
        return {"model": wildcards.model, "image_size": self.resnets["image_size"], **shared}

    def calibration_keys(self, wildcards: Any) -> dict[str, Any]:
        """What defines the calibration of a sample of avalanches in classifiers."""
        return self.resnet_keys(wildcards, "calibration_blocks", "calibration_inputs")

    def launch_keys(self, wildcards: Any) -> dict[str, Any]:
        """What defines the launched inputs of a sample of avalanches in classifiers."""
        return self.resnet_keys(wildcards, "blocks", "launched")

    def resnet_images(self, wildcards: Any) -> str | list[str]:
        """The image file that drives classifiers, if they are driven by images."""
        return MNIST_FILES[0] if self.resnets["cases"][wildcards.case]["inputs"] == "mnist" else []

    def resnet_weights(self, wildcards: Any) -> str | list[str]:
        """The file of trained weights, if weights are not random."""
        weights = self.resnets["cases"][wildcards.case]["weights"]
        return [] if weights == "random" else f"results/data/weights/{wildcards.model}-{weights}.pth"

    def resnet_shard_count(self, stage: str) -> Callable[[Any], int]:
        """Jobs among which the blocks of a stage (``calibration_blocks`` or ``blocks``) are shared out."""

        def count(wildcards: Any) -> int:
            case = self.resnets["cases"][wildcards.case]
            return int(min(self._shards["resnets"], case["networks"] * case[stage]))

        return count

    def resnet_shards(self, table: str, stage: str) -> Callable[[Any], list[str]]:
        """Input function: that table of every shard of the sample that the wildcards name."""

        def paths(wildcards: Any) -> list[str]:
            directory = f"{RESNETS}/{wildcards.case}/{wildcards.model}/shards"
            shards = range(self.resnet_shard_count(stage)(wildcards))
            return [f"{directory}/{shard}.{table}.parquet" for shard in shards]

        return paths

    def at_resnet_samples(self, table: str) -> list[str]:
        """That table of every case and model."""
        return [f"{RESNETS}/{case}/{model}/{table}.parquet" for case, model in self.resnet_samples]

    def fig4_parameters(self) -> dict[str, Any]:
        """What the caption of Fig. 4 quotes."""
        return {
            "image_size": self.resnets["image_size"],
            "cases": self.resnets["cases"],
            "fits_settings": self.resnets["fits"],
        }

    def uniform_keys(self, *keys: str) -> dict[str, Any]:
        """Some leaves of the settings of uniform networks, and what defines all of them."""
        shared = ("depth", "half_width", "amplitude", "steepness")
        return {key: self.uniform_networks[key] for key in (*shared, *keys)}

    def uniform_networks_of(self, width: int) -> int:
        """Networks of one width."""
        return max(1, int(self.uniform_networks["neurons"] // width))

    def uniform_parts(self, table: str) -> list[str]:
        """That table of uniform networks of every width."""
        return [f"{UNIFORM}/N{width}/{table}.tsv" for width in self.uniform_networks["widths"]]

    def uniform_memory(self, width: int, columns: int) -> int:
        """Memory in MB of a job that keeps the slopes of all layers at some couplings, in single precision."""
        networks = self.uniform_networks_of(width)
        kept = self.uniform_networks["depth"] * networks * width * columns
        return math.ceil(500 + 4e-6 * (1.2 * kept + 4 * networks * width**2))

    def response_memory(self) -> int:
        """Memory in MB of the job that propagates every stimulus at every coupling."""
        section = self.uniform_networks["responses"]
        grid = section["log_stimuli"]
        columns = len(section["relative_couplings"]) * (round((grid["stop"] - grid["start"]) / grid["step"]) + 1)
        return math.ceil(500 + 4e-6 * section["networks"] * section["width"] * (10 * columns + 4 * section["width"]))

    def fig2_parameters(self) -> dict[str, Any]:
        """What the caption of Fig. 2 quotes."""
        samples = self.avalanches["samples"]
        launched = {name: keys["blocks"] * keys["launched_per_block"] for name, keys in samples.items()}
        return {
            **{key: self.avalanches[key] for key in ("depth", "bias_variance", "activation", "input_strength")},
            **self.fit_keys("duration_range", "size_range", "bin_minimum"),
            "widths": self.widths,
            "offsets": {str(width): self.avalanches["offsets"][width] for width in self.widths},
            "gamma_range": self.avalanches["size_duration"]["ranges"][0],
            "radial_launched": launched["radial"],
            "annealed_launched": launched["annealed"],
            "network_blocks": samples["network"]["blocks"],
            "network_inputs": samples["network"]["launched_per_block"],
        }
