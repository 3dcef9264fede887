"""The cost model: what it counts, and that it counts every rule; not how fast a machine is."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torchvision
import yaml
from workflow_rules import asks, rules

from deepcrit.app.config import load_config
from deepcrit.app.cost import (
    Costs,
    cost_table,
    costs,
    counted_config,
    experiments,
    machine_slowness,
    total,
    write_table,
)
from deepcrit.app.engine import Job
from deepcrit.app.plan import Plan
from deepcrit.app.plan.costs import COSTS, asked_megabytes, asked_minutes, cost_of
from deepcrit.core.cost import Cost
from deepcrit.core.digest import module_files
from deepcrit.experiments.continual.configurations import configurations
from deepcrit.experiments.gaussian_avalanches.cost import mean_layers
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import transfer_law
from deepcrit.pretrained.classifiers import CLASSIFIERS
from deepcrit.training.shards import groups_of

ROOT = Path(__file__).resolve().parents[2]
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
SECONDS_LONG = 15  # minutes; a rule that asks for more does more than a default can say
POINT = {"experiment": "gaussian_avalanches", "width": "100", "shard": "0"}
SHARDS = {
    "calibrate_layers": {"case": "gaussian", "model": "resnet18", "shard": "0"},
    "compare_notions": {},
    "compute_phases": {},
    "fit_levy_avalanches": {},
    "find_subgraphs": {"shard": "0"},
    "fit_mismatch": {},
    "follow_losses": {},
    "fit_power_laws": {"sample": "radial", "width": "100"},
    "initialise_levy_avalanches": {"width": "100"},
    "launch_avalanches": {"case": "gaussian", "model": "resnet18", "shard": "0"},
    "measure_distances": {"shard": "0"},
    "measure_dynamics": {"shard": "0"},
    "measure_fluxes": {"shard": "0"},
    "measure_graphs": {"shard": "0"},
    "measure_landscapes": {"shard": "0"},
    "measure_random": {"shard": "0"},
    "measure_eigenvalues": {},
    "measure_responses": {},
    "measure_statistics": {"shard": "0"},
    "measure_tensors": {"shard": "0"},
    "measure_trained": {"shard": "0"},
    "merge_avalanches": {**POINT, "sample": "network"},
    "merge_launches": {"case": "gaussian", "model": "resnet18"},
    "order_neurons": {},
    "propagate_circles": {"shard": "0"},
    "simulate_avalanches": {**POINT, "sample": "radial"},
    "simulate_plane": {"network": "published", "shard": "0"},
    "redistribute_weights": {},
    "summarise_graphs": {},
    "summarise_landscapes": {},
    "summarise_subgraphs": {},
    "solve_plane": {"network": "published", "shard": "0"},
    "settle_universality": {},
    "sweep_couplings": {"width": "100"},
    "train_networks": {"sample": "plane", "shard": "0"},
    "train_population": {"shard": "0"},
    "train_runs": {"shard": "0"},
    "train_tails": {"shard": "0"},
    "train_sgd_runs": {"shard": "0"},
    "train_stable": {"shard": "0"},
    "train_tasks": {"sample": "class_pairs", "shard": "0"},
}


def cost(rule: str, wildcards: dict[str, str], *changes: tuple[str, object]) -> Cost:
    """Cost of a job on the reference machine, with some keys set."""
    config = copy.deepcopy(CONFIG)
    for path, value in changes:
        *sections, last = path.split(".")
        section = config
        for name in sections:
            section = section[name]
        assert last in section
        section[last] = value
    return cost_of(rule, Plan(config), SimpleNamespace(**wildcards))


def test_every_rule_of_more_than_seconds_is_predicted() -> None:
    """A new rule falls to a stated default of seconds only if it asks for little time itself."""
    missing = [
        name for name, rule in rules().items() if name not in COSTS and asks(rule, "runtime")(None, 1) > SECONDS_LONG
    ]
    assert set(missing) <= {"download_weights"}, "rules without a cost in the cost.py of their experiment"


def test_no_rule_is_predicted_that_is_gone() -> None:
    """Every name in the tables of costs is that of a rule, and every cost that follows the configuration is tested."""
    assert not set(COSTS) - set(rules())
    assert {function for function in COSTS.values() if callable(function)} <= {COSTS[rule] for rule in SHARDS}


@pytest.mark.parametrize("rule", SHARDS)
@pytest.mark.parametrize("scale", ["default", "smoke", "paper"])
def test_every_counted_rule_has_time_memory_and_disk(rule: str, scale: str) -> None:
    """At every scale each has positive costs, within what a job then asks for, and a key that is one if any."""
    overlays = [] if scale == "default" else [ROOT / "scales" / f"{scale}.yaml"]
    plan = Plan(load_config(ROOT / "config.yaml", *overlays))
    wildcards = SHARDS[rule] | ({"model": plan.resnets.models[0]} if "model" in SHARDS[rule] else {})
    if "width" in wildcards:
        widths = {"sweep_couplings": plan.config["uniform_networks"]["widths"]}
        wildcards |= {"width": str(widths.get(rule, plan.gaussian_avalanches.widths)[0])}
    found = cost_of(rule, plan, SimpleNamespace(**wildcards))
    assert min(found.seconds, found.memory, found.disk) > 0
    assert asked_minutes(found) * 60 > found.seconds
    assert asked_megabytes(found) > found.memory
    section = plan.config
    for name in filter(None, found.key.split(".")):
        section = section[name]


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        ("simulate_avalanches", "gaussian_avalanches.samples.radial.launched_per_block"),
        ("simulate_plane", "susceptibility.blocks"),
        ("calibrate_layers", "resnets.cases.gaussian.calibration_blocks"),
        ("launch_avalanches", "resnets.cases.gaussian.blocks"),
        ("measure_dynamics", "zoo.inputs"),
        ("sweep_couplings", "uniform_networks.depth"),
        ("train_runs", "criticality_loss.replicates"),
        ("train_tasks", "continual.class_pairs.tasks"),
    ],
)
def test_cost_grows_in_proportion_to_counts(rule: str, key: str) -> None:
    """Twice the avalanches, networks, images, layers or tasks cost twice as much; starting and drawn weights do not."""
    value = CONFIG
    for name in key.split("."):
        value = value[name]
    one, two, three = (cost(rule, SHARDS[rule], (key, times * value)).seconds for times in (1, 2, 3))
    assert three - two == pytest.approx(two - one)
    assert two > one


def test_shards_share_out_the_work() -> None:
    """With twice the shards a job takes half as long."""
    for rule, shards in (("simulate_avalanches", "radial"), ("simulate_plane", "susceptibility"),
                         ("train_runs", "criticality_loss")):  # fmt: skip
        two, four, eight = (
            cost(rule, SHARDS[rule], (f"execution.shards.{shards}", number)).seconds for number in (2, 4, 8)
        )
        assert two - four == pytest.approx(2 * (four - eight))


@pytest.mark.parametrize("together", [1, 4, 18])
@pytest.mark.parametrize("shards", [3, 1000])
def test_pieces_are_those_of_the_manifest(together: int, shards: int) -> None:
    """What is predicted of the shards of one task after another is what their scripts cut from the manifest."""
    section, names = CONFIG["continual"], ("replacement_rates", "targets", "strengths")
    rows = configurations("class_pairs", section["class_pairs"]["streams"], *(section[name] for name in names))
    cut = [(piece["strength"].iloc[0] > 0, len(piece)) for piece in groups_of(rows, together, alike=["group"])]
    execution = copy.deepcopy(CONFIG["execution"]) | {"networks_trained_together": together}
    execution["shards"]["continual"] = shards
    plan, found = Plan(CONFIG | {"execution": execution}).continual, min(shards, len(cut))
    each = [SimpleNamespace(sample="class_pairs", shard=str(shard)) for shard in range(found)]
    assert plan.shards(each[0]) == found
    assert [plan.pieces(wildcards) for wildcards in each] == [cut[shard::found] for shard in range(found)]


def test_wider_networks_take_longer() -> None:
    """For every way to simulate avalanches, at any depth beyond what they live."""
    for sample in CONFIG["gaussian_avalanches"]["samples"]:
        narrow, wide = (
            cost("simulate_avalanches", {**POINT, "sample": sample, "width": width}) for width in ("25", "1000")
        )
        assert 0 < narrow.seconds < wide.seconds


@pytest.mark.parametrize("width", [25, 100, 200])
def test_mean_layers_is_near_the_exact_law(width: int) -> None:
    """The formula behind the prediction is within a factor of 1.3 of the exact mean at the published offsets."""
    offset = CONFIG["gaussian_avalanches"]["offsets"][width]
    exact = transfer_law(NetworkSpec(width, 3000, 1.0 + offset)).alive[1:].sum()
    assert 1 / 1.3 < mean_layers(width, 3000, offset) / exact < 1.3


def test_a_machine_is_compared() -> None:
    """The speed of this machine is a plausible number: not a thousand times slower than the reference, nor faster."""
    assert 1e-3 < machine_slowness() < 1e3


def test_classifiers_are_those_of_torchvision() -> None:
    """The table names every classifier, with the parameters, sets and megabytes that torchvision states."""
    assert sorted(CLASSIFIERS) == sorted(torchvision.models.list_models(module=torchvision.models))
    for model, known in CLASSIFIERS.items():
        published = torchvision.models.get_model_weights(model)
        sets = [weights for weights in published if np.isfinite(weights.meta["_metrics"]["ImageNet-1K"]["acc@1"])]
        assert known.sets == len(sets), model
        assert known.parameters == pytest.approx(sets[0].meta["num_params"] / 1e6, abs=0.01), model
        assert known.megabytes == pytest.approx(sum(weights.meta["_file_size"] for weights in sets), abs=1), model
        most = max(weights.meta["_ops"] for weights in sets)
        assert known.dense + known.grouped == pytest.approx(most, abs=2e-3), model


def test_the_default_fetches_little() -> None:
    """A handful of small classifiers, under 400 MB in all and with some old and new weights; an overlay has all 80."""
    chosen = [CLASSIFIERS[name] for name in CONFIG["zoo"]["trained"]]
    assert sum(known.megabytes for known in chosen) < 400
    assert max(known.sets for known in chosen) == 2
    for name in ("zoo", "paper"):
        assert load_config(ROOT / "config.yaml", ROOT / "scales" / f"{name}.yaml")["zoo"]["trained"] == "all"
    assert sum(known.megabytes for known in CLASSIFIERS.values()) / 1000 == pytest.approx(34, abs=0.5)
    assert sum(known.sets for known in CLASSIFIERS.values()) == 114


def test_trained_weights_count_where_they_can_be_had(tmp_path: Path) -> None:
    """On a laptop only once some are there, at the scale of the paper always; and it is said."""
    config = CONFIG | {"zoo": CONFIG["zoo"] | {"trained": "all"}}
    counted, note = counted_config(config, tmp_path)
    assert (counted["zoo"]["trained"], "not counted" in note) == ([], True)
    counted, note = counted_config(config | {"scale": "paper"}, tmp_path)
    assert (counted["zoo"]["trained"], "are counted" in note) == ("all", True)
    (tmp_path / "results/data/weights").mkdir(parents=True)
    (tmp_path / "results/data/weights/efficientnet-lite0-57934424.pth").touch()
    assert counted_config(config, tmp_path)[0]["zoo"]["trained"] == [], "of a package, which says nothing of a server"
    (tmp_path / "results/data/weights/alexnet-owt-7be5be79.pth").touch()
    assert counted_config(config, tmp_path)[0]["zoo"]["trained"] == "all"
    assert counted_config(CONFIG | {"zoo": CONFIG["zoo"] | {"trained": []}}, tmp_path)[1] == ""


def test_costs_add_up(tmp_path: Path) -> None:
    """Jobs of one name are summed, the dearest first, memory is the largest; every rule belongs to an experiment."""
    jobs = [
        Job("draw_figure", {"figure": "ghavasieh2025_fig2"}),
        *(Job("simulate_avalanches", {**POINT, "sample": "radial", "shard": shard}) for shard in "01"),
    ]
    rows = costs(jobs, CONFIG, 1.0, lambda job: job.rule)
    assert [(row.name, row.jobs) for row in rows] == [("simulate_avalanches", 2), ("draw_figure", 1)]
    whole = total(rows)
    assert whole.seconds == pytest.approx(sum(row.jobs * row.each for row in rows))
    assert whole.memory == max(row.memory for row in rows)
    assert cost_table(rows).splitlines()[-1].split()[:2] == ["all", "3"]
    write_table(rows, tmp_path / "cost.tsv")
    assert len((tmp_path / "cost.tsv").read_text(encoding="utf-8").splitlines()) == 3
    of = experiments(ROOT)
    assert [of(job) for job in jobs] == ["figures", "gaussian_avalanches", "gaussian_avalanches"]
    assert all(of(Job(rule, {})) for rule in rules())


def test_nothing_costs_nothing() -> None:
    """The sum of no jobs is zero, so that a table of nothing can be printed."""
    assert total([]) == Costs("all", 0, 0.0, 0.0, 0.0, 0.0)


def test_plans_import_neither_torch_nor_numba() -> None:
    """What the rule files import stays light: it is imported again by every job."""
    code = "import sys, deepcrit.app.plan; print([name for name in ('torch', 'numba', 'scipy') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert found.stdout.strip() == "[]"


def test_no_script_imports_the_cost_or_the_plan() -> None:
    """A change of either re-runs no job."""
    imported = {file.stem for script in (ROOT / "scripts").rglob("*.py") for file in module_files(script)}
    assert {"seeds", "radial"} < imported
    assert not imported & {"cost", "costs", "plan"}
