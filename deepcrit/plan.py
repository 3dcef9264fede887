"""What a configuration asks for: which samples at which widths, cut into which shards, and the paths they are kept at.

The rule files ask this module; it computes nothing and reads nothing but the configuration. It is imported by the rule
files alone, so that a change here re-runs no job by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deepcrit.digest import code_digest as digest_of

GAUSSIAN = "results/gaussian_avalanches"
REAL = "results/real_inputs"
MEAN_FIELD = "results/mean_field"
RESNETS = "results/resnets"
MNIST_FILES = [
    f"results/data/mnist/{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")
]
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
# each figure with the beginning of the claims it shows, and its title, in the order of the report
FIGURES = {
    "ghavasieh2025": {
        "results/figures/ghavasieh2025_fig2.png": ("ghavasieh2025.fig2", "Crackling noise in Gaussian networks"),
        "results/figures/ghavasieh2025_fits.png": ("ghavasieh2025.fits", "Are they power laws?"),
        "results/figures/ghavasieh2025_fig3ab.png": ("ghavasieh2025.fig3b", "Signal strength and susceptibility"),
        "results/figures/ghavasieh2025_fig4.png": ("ghavasieh2025.fig4", "Avalanches in residual networks"),
        "results/figures/ghavasieh2025_fig5.png": ("ghavasieh2025.fig5", "Widom-like line and edge of chaos"),
        "results/figures/ghavasieh2025_real_inputs.png": ("ghavasieh2025.inputs", "Images and Gaussian inputs"),
    }
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
        self.mean_field: Mapping[str, Any] = config["mean_field"]
        self.resnets: Mapping[str, Any] = config["resnets"]
        self.resnet_samples: list[tuple[str, str]] = [
            (case, model) for case, keys in self.resnets["cases"].items() for model in keys["models"]
        ]
        self.resnet_models = list(dict.fromkeys(model for _, model in self.resnet_samples))
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
