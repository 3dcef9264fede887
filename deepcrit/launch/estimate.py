"""About how long a run will take, before it starts.

Simulations are estimated from what they do (avalanches, layers, neurons) and the speed of this machine. Other jobs
take as long as they took here before at the same scale or, failing that, on the machine on which the table below was
measured. It is an estimate: good to a factor of two.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from deepcrit.launch.engine import Job
from deepcrit.plan import Plan

SCOREBOARD = Path("results/scoreboard.tsv")

# seconds of a step of one radial chain, and of one neuron's step of an annealed one, on the reference machine
RADIAL_STEP = 40e-9
ANNEALED_STEP = 2.7e-9
# seconds of one network of this width, depth and number of inputs; cost grows as width^1.6
NETWORK = {"seconds": 4.5, "width": 1000, "depth": 3000, "inputs": 5000, "power": 1.6}
# how much longer networks of this ensemble take
ENSEMBLE = {"gaussian": 1.0, "levy": 60.0}
# seconds of a block of the plane of Fig. 3d beside its layers, share of the layers that its avalanches live through,
# and seconds of one exact law for networks of this width and depth; cost grows as the root of the width
PLANE_BLOCK, PLANE_LAYERS = 2e-4, 0.7
PLANE_LAW = {"seconds": 0.05, "width": 300, "depth": 400}
# seconds of one forward pass of one 32 x 32 image through these and, about, other classifiers, and of its first layer
FORWARD = {"resnet18": 1.4e-3, "resnet50": 4.5e-3, "resnet152": 8.5e-3}
FIRST_LAYER = 1.5e-4
TORCH_START = 4.5  # seconds to start a job that imports torch, and to build a network or two
# seconds an image trains a layer of width N, over N, as a N + b, and the share of epochs before a goal is reached
TRAINED_IMAGE = (7e-11, 7.5e-10)
TRAINED_SHARE = 0.7
# seconds a layer of uniform networks takes for each weight: drawn, and multiplied with one column
UNIFORM_DRAWN, UNIFORM_COLUMN = 1.1e-9, 4e-11
COMPILE = 40.0  # seconds to compile the inner loops, once after they changed
START = 1.5  # seconds to start any job and import what it needs
# seconds of one job of a rule, start included, and seconds more for every million launched avalanches it reads
RULES: dict[str, tuple[float, float]] = {
    "align_sizes": (1.0, 0.02),
    "average_sizes": (2.5, 0.0),
    "bin_distributions": (1.5, 0.2),
    "check_derivatives": (1.8, 0.0),
    "check_radial": (5.0, 0.0),
    "check_samplers": (2.0, 0.2),
    "collapse_profiles": (3.0, 0.2),
    "compare_inputs": (3.5, 0.0),
    "compare_with_field": (7.5, 0.0),
    "compute_transfer": (2.2, 0.0),
    "count_layers": (7.0, 0.0),
    "differentiate_sizes": (1.9, 0.0),
    "download_mnist": (5.0, 0.0),
    "fit_mismatch": (4.0, 0.0),
    "fit_mixed_models": (2.0, 0.0),
    "fit_power_laws": (2.0, 0.4),
    "fit_resnets": (6.0, 0.0),
    "fit_size_duration": (2.4, 0.3),
    "initialise_networks": (0.9, 0.0),
    "list_models": (9.0, 0.0),
    "locate_lines": (4.0, 0.0),
    "measure_windows": (1.5, 0.0),
    "merge_avalanches": (1.1, 0.15),
    "pair_weights": (1.9, 0.0),
    "plot_fig2": (6.5, 0.0),
    "plot_fig3cf": (3.5, 0.0),
    "plot_fig3de": (4.2, 0.0),
    "plot_fig4": (4.0, 0.0),
    "plot_learning": (4.0, 0.0),
    "plot_recipes": (3.2, 0.0),
    "plot_zoo": (3.7, 0.0),
    "plot_phase_transition": (4.6, 0.0),
    "relate_learning": (3.0, 0.0),
    "scan_inputs": (14.0, 0.0),
    "scan_offsets": (6.0, 0.0),
    "simulate_finite_width": (15.0, 0.0),
    "simulate_pairs": (6.0, 0.0),
    "simulate_paths": (4.6, 0.0),
    "test_power_laws": (3.0, 0.4),
}
CALIBRATED = 30.0  # seconds of simulation from which measuring this machine's speed is worth while


class Estimate:
    """Seconds of every job of a run, and of what is left of it.

    Args:
        jobs: jobs to do.
        config: the validated configuration.
        cores: jobs at a time.
        root: the directory of the Snakefile.
    """

    def __init__(self, jobs: Iterable[Job], config: Mapping[str, Any], cores: int, root: Path) -> None:
        known = list(jobs)
        measured = measured_seconds(known, config["scale"], root)
        simulated = {
            job.title: simulation_seconds(job.wildcards, config) for job in known if job.rule == "simulate_avalanches"
        } | {
            job.title: classifier_seconds(job.rule, job.wildcards, config)
            for job in known
            if job.rule in ("calibrate_layers", "launch_avalanches")
        }
        slowness = machine_slowness() if sum(simulated.values()) > CALIBRATED else 1.0
        self.cores = max(1, cores)
        self.compile = 0.0 if any(root.glob("deepcrit/propagation/__pycache__/*.nbi")) else COMPILE
        self.seconds = {
            job.title: measured.get(job.title)
            or (
                START + slowness * simulated[job.title]
                if job.title in simulated
                else slowness * rule_seconds(job, config)
            )
            for job in known
        }

    def left(self, finished: set[str]) -> float:
        """Seconds until all is done, once the jobs with these titles are."""
        waiting = [seconds for title, seconds in self.seconds.items() if title not in finished]
        if not waiting:
            return 0.0
        # cores idle when there are more of them than jobs, so that the longest job is a lower bound
        compiling = self.compile * len(waiting) / len(self.seconds)
        return max(sum(waiting) / self.cores, *waiting) + compiling


def simulation_seconds(wildcards: Mapping[str, str], config: Mapping[str, Any]) -> float:
    """Seconds that one shard simulates on the reference machine."""
    width = int(wildcards["width"])
    if wildcards["experiment"] == "real_inputs":
        name, _ = wildcards["sample"].rsplit("_", 1)
        section = config["real_inputs"]
        case = section["cases"][name]
        one = network_seconds(width, case["depth"], section["networks_sharing_inputs"]) * ENSEMBLE[case["ensemble"]]
        shards = min(config["execution"]["shards"]["real_inputs"], case["networks"])
        return one * case["networks"] / shards
    section = config["gaussian_avalanches"]
    sample = section["samples"][wildcards["sample"]]
    shards = min(config["execution"]["shards"][wildcards["sample"]], sample["blocks"])
    blocks, launched, depth = sample["blocks"] / shards, sample["launched_per_block"], section["depth"]
    if sample["method"] == "network":
        return float(blocks * network_seconds(width, depth, launched))
    step = RADIAL_STEP if sample["method"] == "radial" else ANNEALED_STEP * width
    return float(blocks * launched * mean_layers(width, depth) * step)


def classifier_seconds(rule: str, wildcards: Mapping[str, str], config: Mapping[str, Any]) -> float:
    """Seconds that one shard calibrates or launches avalanches through a classifier, start included.

    In eval mode about half of the inputs start at n = 0 and one in six at n = 1, and live for half of the layers.
    """
    section = config["resnets"]
    case = section["cases"][wildcards["case"]]
    forward = FORWARD.get(wildcards["model"], max(FORWARD.values()))
    if rule == "calibrate_layers":
        blocks, one = case["calibration_blocks"], case["calibration_inputs"] * forward
    else:
        blocks, (few, more, *_, most) = case["blocks"], case["launched"]
        followed = 0.25 * few + 0.08 * (more - few) + 0.01 * (most - more)
        one = most * FIRST_LAYER + followed * forward if case["mode"] == "eval" else most * forward
    shards = min(config["execution"]["shards"]["resnets"], case["networks"] * blocks)
    pixels = (section["image_size"] / 32) ** 2
    return float(TORCH_START + case["networks"] * blocks / shards * one * pixels)


def mean_layers(width: int, depth: int) -> float:
    """Layers that a launched avalanche lives near criticality, about: ln q walks at random until saturation or L."""
    return float(1.08 * min(depth, 3 * width) ** 0.5)


def network_seconds(width: int, depth: int, inputs: int) -> float:
    """Seconds of one network near criticality; weights are drawn only while an input is alive."""
    alive = min(depth, 3 * width) / min(NETWORK["depth"], 3 * width)
    return float(
        NETWORK["seconds"]
        * (width / NETWORK["width"]) ** NETWORK["power"]
        * alive
        * (0.3 + 0.7 * inputs / NETWORK["inputs"])
    )


def rule_seconds(job: Job, config: Mapping[str, Any]) -> float:
    """Seconds of any other job, on the reference machine."""
    if job.rule in ("simulate_plane", "solve_plane"):
        return START + plane_seconds(job, config)
    if job.rule == "train_networks":
        return TORCH_START + training_seconds(job.wildcards["sample"], config)
    if job.rule in ("sweep_couplings", "measure_responses"):
        return START + uniform_seconds(job, config)
    base, per_million = RULES.get(job.rule, (2.0, 0.0))
    samples = config["gaussian_avalanches"]["samples"]
    sample = samples.get(job.wildcards.get("sample", ""), samples["radial"])
    return base + per_million * sample["blocks"] * sample["launched_per_block"] / 1e6


def training_seconds(sample: str, config: Mapping[str, Any]) -> float:
    """Seconds that one shard of networks is trained, some of which reach their goal half-way."""
    section = config["trainability"]["plane" if sample == "plane" else "widths"]
    widths, depth = section["widths"] if "widths" in section else [section["width"]], section["depth"]
    grid = section["weight_variances"]
    each = (grid["stop"] - grid["start"]) / grid["step"] + 1
    epochs, done = section["epochs"], 1.0
    if sample == "plane":
        each *= len(section["log_bias_variances"]) + 1
    else:
        done = TRAINED_SHARE
    if sample == "retests":
        epochs, each = section["retest_epochs"], section["retested_per_width"]
    images = epochs * section["images"] * each * done
    shards = config["execution"]["shards"]["retests" if sample == "retests" else f"trained_{sample}"]
    square, linear = TRAINED_IMAGE
    return float(sum(images * depth * width * (square * width + linear) for width in widths) / shards)


def uniform_seconds(job: Job, config: Mapping[str, Any]) -> float:
    """Seconds of a sweep of couplings at one width, or of all responses."""
    section, plan = config["uniform_networks"], Plan(config)
    if job.rule == "sweep_couplings":
        width = int(job.wildcards["width"])
        networks, columns = plan.uniform_networks_of(width), len(section["relative_couplings"]) + 1
        passes = 1 + 2 * section["lanczos_steps"]
    else:
        responses = section["responses"]
        grid = responses["log_stimuli"]
        width, networks, passes = responses["width"], responses["networks"], 1
        columns = len(responses["relative_couplings"]) * ((grid["stop"] - grid["start"]) / grid["step"] + 1)
    # activations and their slopes cost as much as two hundred weights a neuron
    each = networks * width * (width * UNIFORM_DRAWN + (width + 200) * columns * UNIFORM_COLUMN)
    return float(section["depth"] * passes * each)


def plane_seconds(job: Job, config: Mapping[str, Any]) -> float:
    """Seconds of one shard of the plane of weight and bias variance, simulated or exact."""
    section, shards = config["susceptibility"], config["execution"]["shards"]["susceptibility"]
    plane = Plan(config).planes[job.wildcards["network"]]
    grid, width, depth = plane["weight_variances"], plane["width"], plane["depth"]
    points = ((grid["stop"] - grid["start"]) / grid["step"] + 1) * (len(plane["log_bias_variances"]) + 1) / shards
    if job.rule == "simulate_plane":
        lived = section["launched_per_block"] * PLANE_LAYERS * depth
        return float(points * section["blocks"] * (PLANE_BLOCK + lived * RADIAL_STEP))
    relative = (width / PLANE_LAW["width"]) ** 0.5 * (0.3 + 0.7 * depth / PLANE_LAW["depth"])
    # a law at the point and one on either side
    return float(3 * points * PLANE_LAW["seconds"] * relative)


def measured_seconds(jobs: Iterable[Job], scale: str, root: Path) -> dict[str, float]:
    """Seconds that jobs took here, if the scoreboard says that what is here was made at this scale."""
    try:
        with (root / SCOREBOARD).open(newline="", encoding="utf-8") as stream:
            if next(csv.DictReader(stream, delimiter="\t"))["scale"] != scale:
                return {}
    except (OSError, StopIteration, KeyError):
        return {}
    seconds = {}
    for job in jobs:
        if job.benchmark:
            try:
                with (root / job.benchmark).open(newline="", encoding="utf-8") as stream:
                    seconds[job.title] = float(next(csv.DictReader(stream, delimiter="\t"))["s"])
            except (OSError, StopIteration, KeyError, ValueError):
                continue
    return seconds


def machine_slowness() -> float:
    """How much longer this machine takes than the reference machine, from a fraction of a second of radial chains."""
    # importing compiled code takes a second, which a run with nothing to do is spared
    import numpy as np

    from deepcrit.propagation.radial import simulate_radial
    from deepcrit.propagation.spec import NetworkSpec

    spec = NetworkSpec(width=100, depth=500, weight_variance=1.005)
    rng = np.random.default_rng(0)
    simulate_radial(spec, 10, rng, (20, 100))
    began = time.perf_counter()
    block = simulate_radial(spec, 100_000, rng, (20, 100))
    return (time.perf_counter() - began) / (RADIAL_STEP * (block.duration.sum() + block.launched))
