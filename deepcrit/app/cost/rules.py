"""Work of a job by its rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from deepcrit.app.cost.classified import calibrate_layers, launch_avalanches, measure_dynamics
from deepcrit.app.cost.simulated import (
    measure_responses,
    simulate_avalanches,
    simulate_plane,
    solve_plane,
    sweep_couplings,
)
from deepcrit.app.cost.speed import Work
from deepcrit.app.cost.trained import train_networks, train_runs, train_tasks

if TYPE_CHECKING:
    from deepcrit.app.plan import Plan

COUNTED: Mapping[str, Callable[[Plan, Any], Work]] = {
    function.__name__: function
    for function in (
        calibrate_layers,
        launch_avalanches,
        measure_dynamics,
        measure_responses,
        simulate_avalanches,
        simulate_plane,
        solve_plane,
        sweep_couplings,
        train_networks,
        train_runs,
        train_tasks,
    )
}
"""Rules whose work follows from the configuration, by name."""

OTHER = (2.0, 0.0)
# seconds of a job of a rule that is none of these on the reference machine, start included, and seconds more for every
# million launched avalanches it reads; any other rule takes what OTHER says
TIMED: Mapping[str, tuple[float, float]] = {
    "align_sizes": (1.0, 0.02),
    "average_sizes": (2.5, 0.0),
    "bin_distributions": (1.5, 0.2),
    "check_derivatives": (1.8, 0.0),
    "check_radial": (5.0, 0.0),
    "check_samplers": (2.0, 0.2),
    "choose_images": (5.0, 0.0),
    "collapse_profiles": (3.0, 0.2),
    "compare_inputs": (3.5, 0.0),
    "compare_losses": (2.5, 0.0),
    "compare_with_field": (7.5, 0.0),
    "compute_transfer": (2.2, 0.0),
    "count_layers": (7.0, 0.0),
    "differentiate_sizes": (1.9, 0.0),
    "draw_figure": (4.3, 0.0),
    "fetch_fashion_mnist": (8.0, 0.0),
    "fetch_mnist": (5.0, 0.0),
    "fetch_photographs": (5.0, 0.0),
    "fit_mismatch": (4.0, 0.0),
    "fit_mixed_models": (2.0, 0.0),
    "fit_power_laws": (2.0, 0.4),
    "fit_resnets": (6.0, 0.0),
    "fit_settings": (3.0, 0.0),
    "fit_size_duration": (2.4, 0.3),
    "initialise_networks": (0.9, 0.0),
    "list_models": (9.0, 0.0),
    "locate_lines": (4.0, 0.0),
    "measure_windows": (1.5, 0.0),
    "merge_avalanches": (1.1, 0.15),
    "pair_weights": (1.9, 0.0),
    "relate_learning": (3.0, 0.0),
    "render_report": (3.0, 0.0),
    "relate_tasks": (3.0, 0.0),
    "scan_inputs": (14.0, 0.0),
    "scan_offsets": (6.0, 0.0),
    "simulate_finite_width": (15.0, 0.0),
    "simulate_pairs": (6.0, 0.0),
    "simulate_paths": (4.6, 0.0),
    "test_power_laws": (3.0, 0.4),
}


def wildcards_of(named: Mapping[str, str]) -> SimpleNamespace:
    """Wildcards as Snakemake hands them to rules."""
    return SimpleNamespace(**named)


def work_of(rule: str, plan: Plan, wildcards: Any) -> Work:
    """Work of one job.

    Args:
        rule: its rule.
        plan: of the configuration.
        wildcards: Snakemake's, or :func:`wildcards_of` those of a job.
    """
    if rule in COUNTED:
        return COUNTED[rule](plan, wildcards)
    base, per_million = TIMED.get(rule, OTHER)
    return {"seconds": base + per_million * launched(plan, wildcards) / 1e6}


def launched(plan: Plan, wildcards: Any) -> int:
    """Launched avalanches of the sample that the wildcards name, of all its networks at one width."""
    name = getattr(wildcards, "sample", "")
    if getattr(wildcards, "experiment", "") == "real_inputs":
        case = plan.config["real_inputs"]["cases"][name.rsplit("_", 1)[0]]
        return int(case["networks"] * plan.config["real_inputs"]["networks_sharing_inputs"])
    samples = plan.config["gaussian_avalanches"]["samples"]
    sample = samples.get(name, samples["radial"])
    return int(sample["blocks"] * sample["launched_per_block"])
