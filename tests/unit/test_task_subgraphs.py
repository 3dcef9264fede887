"""Critical computational graphs: planted ones, slow references, costs as written, laws with known parameters."""

from __future__ import annotations

import copy
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import networkx
import numpy as np
import pandas as pd
import pytest
from made_up_digits import write_digits
from scipy.optimize import minimize_scalar
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import ConfigError, load_config, validate
from deepcrit.app.plan import Plan
from deepcrit.avalanches.powerlaws import sample_discrete
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import TableError, read_parquet, read_tsv, write_parquet
from deepcrit.experiments.sgd_runs.schemas import RUN_OUTCOMES
from deepcrit.experiments.task_subgraphs.ageing import ageing
from deepcrit.experiments.task_subgraphs.coupling import LayerActivities, coupling, distribution_overlap
from deepcrit.experiments.task_subgraphs.groups import ALL_SETTINGS, FITTED_RANGES
from deepcrit.experiments.task_subgraphs.laws import subgraph_laws
from deepcrit.experiments.task_subgraphs.measured import (
    DigitImages,
    NetworkGraphs,
    balanced_images,
    block_structure,
)
from deepcrit.experiments.task_subgraphs.readout import (
    balanced_accuracies,
    balanced_losses,
    balanced_offset,
    read_out,
)
from deepcrit.experiments.task_subgraphs.schemas import COUPLING_AGEING, SUBGRAPH_SUMMARY, TASK_SUBGRAPHS
from deepcrit.experiments.task_subgraphs.subgraphs import DigitTask, Subgraph, clustered, grown, pruned, selectivity
from deepcrit.training.schemas import SNAPSHOTS

SETTINGS: dict[str, Any] = {
    "images": 200, "growing_images": 100, "selectivity": 1.0, "threshold": 0.5, "least_gain": 0.01, "candidates": 64,
    "most_edges": 30, "accuracy_losses": [0.01, 0.1],
}  # fmt: skip
SEED = 4


def small_task(seed: int, images: int = 60, neurons: int = 5, activation: str = "relu") -> DigitTask:
    """A digit that activities tell by chance alone."""
    rng = np.random.default_rng(seed)
    first = np.maximum(rng.normal(size=(images, neurons)), 0.0)
    weights, outward = 1.5 * rng.normal(size=(neurons, neurons)), 1.5 * rng.normal(size=neurons)
    biases = 0.3 * rng.normal(size=neurons)
    return DigitTask(first, np.arange(images) < images // 2, weights, biases, outward, activation)


def loss_of(task: DigitTask, graph: Subgraph) -> float:
    """Balanced loss of a graph from its edges alone, the offset by another optimiser."""
    signal = task.signal(graph)
    return float(minimize_scalar(lambda offset: float(balanced_losses(signal, task.on, np.float64(offset)))).fun)


def balanced_accuracy(task: DigitTask, graph: Subgraph) -> float:
    """Of the graph's signal at its best offset."""
    signal = task.signal(graph)
    return float(balanced_accuracies(signal, task.on, balanced_offset(signal, task.on)))


@pytest.mark.parametrize("share", [0.5, 0.1])
def test_the_offset_is_where_the_loss_is_least(share: float) -> None:
    """Newton's offset is that of a bracketing search, for few images of the digit, large signals, and none at all."""
    rng = np.random.default_rng(1)
    on = np.arange(400) < 400 * share
    for signal in (rng.normal(size=400) + on, 300.0 * rng.normal(size=400), np.full(400, 7.0)):
        offset = balanced_offset(signal, on)
        found = minimize_scalar(
            lambda at, signal=signal: float(balanced_losses(signal, on, np.float64(at))), bracket=(-1.0, 1.0)
        )
        assert float(balanced_losses(signal, on, offset)) <= found.fun + 1e-9
    assert offset == pytest.approx(-7.0)
    assert read_out(np.full(400, 7.0), on, -7.0, share).accuracy == pytest.approx(max(share, 1.0 - share))


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_growth_adds_what_every_edge_alone_would_have_it_add(activation: str) -> None:
    """The first edges are those of a search over all edges of a small network, each tried by its whole signal.

    Edges to neurons that do not reach the output yet bring another one along, and count half.
    """
    for seed in range(4):
        task, neurons = small_task(seed, activation=activation), 5
        graph = Subgraph(np.zeros((neurons, neurons), bool), np.zeros(neurons, bool))
        for _ in range(3):
            loss, gains = loss_of(task, graph), {}
            for row, column in product(range(neurons), repeat=2):
                if not graph.lower[row, column]:
                    lower, upper = graph.lower.copy(), graph.upper.copy()
                    lower[row, column] = upper[column] = True
                    gain = loss - loss_of(task, Subgraph(lower, upper))
                    gains[row, column] = gain / (1.0 if graph.upper[column] else 2.0)
            best = max(gains, key=lambda edge: gains[edge])
            new = 1 if graph.upper[best[1]] else 2
            after = grown(task, graph, 1e-9, neurons**2, graph.edges + new)
            added = np.argwhere(after.lower & ~graph.lower)
            if gains[best] <= 1e-9 * loss:
                assert not added.size
                break
            assert added.tolist()[0] == list(best)
            graph = after


def test_pruning_drops_what_every_edge_alone_would_have_it_drop() -> None:
    """The first edge that goes is one whose loss, from the whole graph without it, is lowest."""
    for seed in range(6):
        task = small_task(seed)
        graph = Subgraph(np.random.default_rng(seed).random((5, 5)) < 0.5, np.ones(5, bool)).trimmed()
        accuracy, losses = balanced_accuracy(task, graph), []
        for edge in [*map(tuple, np.argwhere(graph.lower)), *((int(n),) for n in np.flatnonzero(graph.upper))]:
            lower, upper = graph.lower.copy(), graph.upper.copy()
            if len(edge) == 2:
                lower[edge] = False
            else:
                upper[edge] = False
            without = Subgraph(lower, upper).trimmed()
            losses.append((loss_of(task, without), without))
        cheapest = [without for loss, without in losses if loss < min(loss for loss, _ in losses) + 1e-9]
        after = max(balanced_accuracy(task, without) for without in cheapest)
        kept = pruned(task, graph, after - 1e-9)
        assert any(not (kept.lower & ~without.lower).any() for without in cheapest)
        assert pruned(task, graph, max(accuracy, after) + 1e-9).edges == graph.edges
    assert pruned(task, graph, 0.0).edges == 0


def test_a_planted_graph_is_found() -> None:
    """Half of a digit's images are told by one path, half by another, and noise by the rest: those two are left."""
    rng = np.random.default_rng(5)
    images, neurons = 2000, 8
    on = np.arange(images) < images // 2
    half = rng.random(images) < 0.5
    first = rng.random((images, neurons))
    first[:, 2] += 2.0 * (on & half)
    first[:, 6] += 2.0 * (on & ~half)
    weights, outward = 0.05 * rng.normal(size=(neurons, neurons)), 0.3 * np.abs(rng.normal(size=neurons))
    weights[2, 1] = weights[6, 4] = 3.0
    outward[1] = outward[4] = 1.0
    task = DigitTask(first, on, weights, np.zeros(neurons), outward, "relu")
    graph = grown(task, Subgraph(np.zeros((neurons, neurons), bool), np.zeros(neurons, bool)), 0.002, 16, 40)
    assert graph.edges > 4
    found = pruned(task, graph, balanced_accuracy(task, graph) - 0.01)
    assert np.argwhere(found.lower).tolist() == [[2, 1], [6, 4]]
    assert np.flatnonzero(found.upper).tolist() == [1, 4]
    assert (found.edges, found.vertices) == (4, 5)


def test_edges_off_every_path_do_not_count() -> None:
    """What leads nowhere, or comes from nowhere, is trimmed, and a graph of nothing has neither edge nor vertex."""
    lower = np.zeros((3, 3), bool)
    lower[0, 0] = lower[1, 1] = True
    graph = Subgraph(lower, np.array([True, False, True])).trimmed()
    assert (graph.edges, graph.vertices) == (2, 3)
    assert Subgraph(lower, np.zeros(3, bool)).trimmed().vertices == 0


def test_clusters_hold_selective_neurons_that_are_all_correlated() -> None:
    """Of two groups that the output is correlated with, the stronger one is taken; one that is not selective is not."""
    hidden, output = 3, 6 + 4
    correlations = np.eye(16)
    for a, b, value in [(0, 3, 0.8), (0, output, 0.9), (3, output, -0.85), (1, output, 0.7), (4, output, 0.95)]:
        correlations[a, b] = correlations[b, a] = value
    selective = np.array([2.0, 2.0, 0.0, -2.0, 0.5, 0.0, *np.zeros(10)])
    graph = clustered(correlations, selective, output, 0.5, 1.0)
    assert np.argwhere(graph.lower).tolist() == [[0, 0]]
    assert np.flatnonzero(graph.upper).tolist() == [0]
    assert clustered(np.eye(16), selective, output, 0.5, 1.0).edges == 0
    assert graph.lower.shape == (hidden, hidden)


def test_selectivity_of_a_dead_neuron_is_zero() -> None:
    """One activity for all images is no difference; another neuron has the difference of its means over its spread."""
    on = np.array([True, True, False, False])
    found = selectivity(np.array([[0.0, 3.0], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0]]), on)
    assert found.tolist() == [0.0, pytest.approx(1.0 / np.sqrt(0.75))]


def test_coupling_cost_is_the_sum_as_written() -> None:
    """E_G is the sum over edges, one after another; separation counts all pairs of images; dead neurons add nothing."""
    rng = np.random.default_rng(2)
    images, hidden, digit = 40, 4, 7
    on = np.arange(images) < 15
    layers = LayerActivities(*(rng.normal(size=(images, n)) for n in (hidden, hidden, 10)))
    layers.first[:, 1] = 0.0
    weights, outward = rng.normal(size=(hidden, hidden)), rng.normal(size=hidden)
    graph = Subgraph(rng.random((hidden, hidden)) < 0.6, np.ones(hidden, bool))

    def standardised(a: np.ndarray) -> np.ndarray:
        off = a[~on]
        return np.zeros_like(a) if off.std() == 0 else (a - off.mean()) / off.std()

    first, second = (np.stack([standardised(layer[:, n]) for n in range(hidden)], axis=1) for layer in layers[:2])
    last = standardised(layers.logits[:, digit])
    single = np.zeros(images)
    mean = 0.0
    for i, j in np.argwhere(graph.lower):
        single -= weights[i, j] * first[:, i] * second[:, j]
        mean -= weights[i, j] * first[on, i].mean() * second[on, j].mean()
    for j in np.flatnonzero(graph.upper):
        single -= outward[j] * second[:, j] * last
        mean -= outward[j] * second[on, j].mean() * last[on].mean()
    found = coupling(layers, weights, outward, graph, digit, on)
    assert found.cost == pytest.approx(mean)
    assert found.cost_off == pytest.approx(single[~on].mean())
    assert found.separation == pytest.approx((single[on][:, None] < single[~on][None, :]).mean())
    assert 0.0 <= found.overlap <= 1.0


def test_overlap_of_known_densities() -> None:
    """Uniform densities that share half of their range overlap by half; the same values wholly, apart not at all."""
    a = np.linspace(0.0, 1.0, 100_000)
    assert distribution_overlap(a, a + 0.5) == pytest.approx(0.5, abs=0.01)
    assert distribution_overlap(a, a) == pytest.approx(1.0)
    assert distribution_overlap(a, a + 2.0) == 0.0
    assert distribution_overlap(np.ones(5), np.ones(5)) == 1.0


@pytest.mark.parametrize(
    ("law", "cost"),
    [
        ("logarithm", lambda t: 1.0 - 0.7 * np.log(t)),
        ("power", lambda t: 2.0 - 3.0 * t**0.4),
        ("exponential", lambda t: -5.0 + 4.0 * np.exp(-t / 300.0)),
    ],
)
def test_the_law_of_ageing_is_told_from_its_rivals(law: str, cost: Any) -> None:
    """Costs of each law, with noise of a percent, have the lowest criterion by that law, and its parameters."""
    t = np.array([0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 20000, 100000])
    rng = np.random.default_rng(3)
    clean = np.append(0.2, cost(t[1:].astype(float)))
    noisy = clean + 0.005 * np.ptp(clean) * rng.normal(size=t.size)
    found = ageing(t, noisy)
    assert found["best"] == law
    assert found["initial_cost"] == pytest.approx(noisy[0])
    if law == "logarithm":
        assert found["slope"] == pytest.approx(0.7, abs=0.02)
        assert found["determination"] > 0.99
        assert found["onset"] == 20  # the first to have fallen below a tenth of the last, -0.71
    assert found["rank_correlation"] < -0.9


def test_costs_that_cannot_be_fitted_say_why() -> None:
    """Too few iterations, and a cost that does not change, are told and not fitted."""
    assert "fewer than" in ageing(np.arange(5), np.arange(5.0))["reason"]
    assert "does not change" in ageing(np.arange(9), np.zeros(9))["reason"]


def test_modularity_is_that_of_networkx() -> None:
    """A weighted graph of three blocks has Newman's modularity, whatever stands on the diagonal."""
    rng = np.random.default_rng(7)
    strength = rng.random((12, 12))
    strength = strength + strength.T
    blocks = np.repeat([0, 3, 9], 4)
    graph = networkx.from_numpy_array(strength - np.diag(np.diag(strength)))
    parts = [set(map(int, np.flatnonzero(blocks == block))) for block in (0, 3, 9)]
    found = block_structure(strength, blocks)
    assert found["modularity"] == pytest.approx(networkx.community.modularity(graph, parts))
    assert block_structure(strength, np.zeros(12, np.int64)) == {}


def test_both_sides_of_growing_images_are_as_many() -> None:
    """Half of the images are of the digit, or fewer if there are fewer."""
    on = np.arange(100) % 10 == 0
    assert on[balanced_images(on, 12)].tolist().count(True) == 6
    assert balanced_images(on, 50).size == 20


def test_exponents_of_sizes_are_covered() -> None:
    """The exponent of drawn sizes lies in its interval, pooled and for one M; few graphs have none, and say so."""
    rng = np.random.default_rng(8)
    graphs = pd.DataFrame(
        {"run": np.repeat([f"r{n}" for n in range(40)], 20), "neurons": np.repeat([30, 50], 400),
         "vertices": sample_discrete(rng, 800, 2.5, 3, None), "edges": sample_discrete(rng, 800, 2.5, 3, None)}
    )  # fmt: skip
    laws = subgraph_laws(graphs, 200, SEED).set_index(["quantity", "networks_of", "fitted"])
    for name in (ALL_SETTINGS, "M = 30"):
        row = laws.loc["vertices", name, FITTED_RANGES[0]]
        assert row["ci_low"] < 2.5 < row["ci_high"]
        assert row["against_exponential"] > 0
    few = subgraph_laws(graphs.head(20), 200, SEED)
    assert few["exponent"].isna().all()
    assert set(few["ci_method"]) == {"too few values"}


def trained_network(digits: np.ndarray, hidden: int = 6) -> tuple[Any, Any, DigitImages]:
    """A network whose first layer sees the bright row of a made-up digit, and noise."""
    rng = np.random.default_rng(9)
    images = rng.random((len(digits), 20)).astype(np.float32)
    images[np.arange(len(digits)), digits] += 3.0
    weights = [rng.normal(size=shape).astype(np.float32) for shape in ((20, hidden), (hidden, hidden), (hidden, 10))]
    biases = [np.zeros(size, np.float32) for size in (hidden, hidden, 10)]
    row = SimpleNamespace(run="one", activation="relu")
    return row, (weights, biases), DigitImages(images, digits, images, digits)


def test_a_missing_label_is_told() -> None:
    """A digit of no image has no graph and says why; the others have theirs, and ten together no accuracy."""
    digits = np.random.default_rng(10).integers(0, 9, 400)
    row, parameters, data = trained_network(digits)
    network = NetworkGraphs(row, 5, parameters, data, SETTINGS)
    graphs = network.graphs()
    (reason,) = graphs.loc[graphs["digit"] == 9, "reason"]
    assert reason == "0 images of the digit, fewer than 10"
    assert (graphs.groupby("digit").size().drop(9) == 5).all()
    assert network.families()["train_accuracy"].isna().all()


def test_dead_neurons_leave_no_missing_value() -> None:
    """With a layer that is never active there is no edge to be found: all is told, nothing is NaN or infinite."""
    digits = np.random.default_rng(11).integers(0, 10, 400)
    row, (weights, biases), data = trained_network(digits)
    biases[0][:] = -1e3
    network = NetworkGraphs(row, 5, (weights, biases), data, SETTINGS)
    graphs, families = network.graphs(), network.families()
    numbers = graphs.select_dtypes("number")
    assert np.isfinite(numbers.to_numpy(float)).all()
    found = graphs[graphs["stage"] != "dense"]
    assert (found["edges"] == 0).all()
    assert set(found["reason"]) == {"no edge lowers the loss enough"}
    assert np.allclose(found["train_balanced"], 0.5)
    assert (families["digits"] == 0).all()
    assert not list(network.judged())


# ---- scripts ----

CONFIG = copy.deepcopy(load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml"))
CONFIG["sgd_runs"]["images"] = 400
CONFIG["sgd_runs"]["samples"] = {
    "terminal": {"hidden": [8, 12], "seeds": 2, "iterations": [0, 1, 2, 5, 10, 20, 50, 100], "flux_iterations": []},
    "sizes": {"hidden": [6, 8], "seeds": 2, "iterations": [0, 30], "flux_iterations": []},
    "phases": {"hidden": [4], "seeds": 1, "iterations": [0, 30], "flux_iterations": [],
               "log_mobilities": {"start": -8.0, "stop": 70.0, "step": 39.0}},
    "shuffled": {"hidden": [8], "seeds": 2, "shuffled": True, "iterations": [0, 50], "flux_iterations": []},
}  # fmt: skip
CONFIG["task_subgraphs"] |= {"images": 400, "growing_images": 60, "most_edges": 12}
KINDS = ("graphs", "families", "edges", "pixels", "couplings")
TABLES = {
    "graphs": "task_subgraphs", "families": "subgraph_families", "edges": "subgraph_edges",
    "pixels": "subgraph_pixels", "couplings": "coupling_costs", "ageings": "coupling_ageing",
    "laws": "subgraph_laws", "summary": "subgraph_summary",
}  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Training runs on made-up digits, in two shards; one of them diverges."""
    path = tmp_path_factory.mktemp("trained")
    rng = np.random.default_rng(1)
    write_digits(path, rng, rng.integers(0, 10, 400), rng.integers(0, 10, 100))
    script("sgd_runs/list_sgd_runs").main(str(path / "runs.tsv"), CONFIG["sgd_runs"], SEED)
    kept = Plan(CONFIG).sgd_runs.kept()
    for shard in range(2):
        script("sgd_runs/train_sgd_runs").main(
            str(path / "runs.tsv"), [str(path / "any")], str(path / f"{shard}.history.parquet"),
            str(path / f"{shard}.snapshots.parquet"), str(path / "checkpoints"), shard, 2, kept, 400, SEED, "code",
        )  # fmt: skip
    script("sgd_runs/merge_sgd_runs").main(
        str(path / "runs.tsv"), [str(path / f"{shard}.history.parquet") for shard in range(2)],
        str(path / "run_history.tsv"), str(path / "run_outcomes.tsv"),
    )  # fmt: skip
    return path


def find(trained: Path, path: Path, snapshots: list[Path], code: str = "code") -> dict[str, list[str]]:
    """Parts of every kind, one for each table of snapshots."""
    plan = Plan(CONFIG)
    parts: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for shard, table in enumerate(snapshots):
        outputs = {kind: str(path / f"{shard}.{kind}.parquet") for kind in KINDS}
        for kind in KINDS:
            parts[kind].append(outputs[kind])
        script("task_subgraphs/find_subgraphs").main(
            runs=str(trained / "runs.tsv"), snapshots=str(table), mnist=[str(trained / "any")], **outputs,
            searched=plan.task_subgraphs.searched(), followed=plan.task_subgraphs.followed(), trained_on=400,
            settings=CONFIG["task_subgraphs"], seed=SEED, code=code,
        )  # fmt: skip
    return parts


def summarised(trained: Path, path: Path, parts: dict[str, list[str]]) -> Path:
    """All tables of what was found."""
    given = dict(zip(("graph_parts", "family_parts", "edge_parts", "pixel_parts", "coupling_parts"), parts.values(),
                     strict=True))  # fmt: skip
    script("task_subgraphs/summarise_subgraphs").main(
        outcomes=str(trained / "run_outcomes.tsv"), **given,
        **{argument: str(path / f"{name}.tsv") for argument, name in TABLES.items()},
        accuracy_loss=CONFIG["task_subgraphs"]["accuracy_losses"][0], bootstrap_replicates=100, seed=SEED,
    )  # fmt: skip
    return path


@pytest.fixture(scope="module")
def results(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of all networks, and the outcomes beside them."""
    path = tmp_path_factory.mktemp("results")
    parts = find(trained, path, [trained / f"{shard}.snapshots.parquet" for shard in range(2)])
    (path / "run_outcomes.tsv").write_bytes((trained / "run_outcomes.tsv").read_bytes())
    return summarised(trained, path, parts)


def test_every_network_that_did_not_diverge_has_its_graphs(results: Path) -> None:
    """Ten digits at every stage; shuffled labels have no test accuracy; a diverged run is recorded, without a row."""
    graphs = read_tsv(results / "task_subgraphs.tsv", TASK_SUBGRAPHS)
    runs = read_tsv(results / "run_outcomes.tsv", RUN_OUTCOMES).set_index("run")
    assert runs["diverged"].any()
    assert set(graphs["run"]) == set(runs.index[~runs["diverged"]])
    assert (graphs.groupby(["run", "iteration", "digit"]).size() == 5).all()
    assert set(graphs.loc[graphs["iteration"] == 0, "run"]) == {run for run in runs.index if run.startswith("terminal")}
    shuffled = runs.loc[graphs["run"], "shuffled"].to_numpy()
    assert graphs.loc[shuffled, "test_loss"].isna().all()
    assert graphs.loc[~shuffled, "test_loss"].notna().all()


def test_learned_digits_are_told_by_few_edges(results: Path) -> None:
    """Made-up digits are learned: graphs tell them nearly as well as the network, and better than before training."""
    summary = read_tsv(results / "subgraph_summary.tsv", SUBGRAPH_SUMMARY)
    of = summary.set_index(["quantity", "networks_of", "digit"])["value"]
    assert of["train_balanced", "trained", "all"] > 0.8
    assert of["train_balanced", "trained", "all"] > of["train_balanced", "initial", "all"] + 0.1
    assert 2 <= of["edges", "trained", "all"] <= 13
    assert of["separation", "trained", "all"] > 0.8
    ageings = read_tsv(results / "coupling_ageing.tsv", COUPLING_AGEING)
    assert set(ageings.loc[ageings["run"].str.startswith("shuffled"), "reason"]) == {"1 iterations, fewer than 6"}


def test_shards_change_no_byte(trained: Path, results: Path, tmp_path: Path) -> None:
    """All snapshots in one table give the same tables as those of two shards."""
    tables = [read_parquet(trained / f"{shard}.snapshots.parquet", SNAPSHOTS) for shard in range(2)]
    write_parquet(pd.concat(tables), tmp_path / "all.parquet", SNAPSHOTS, {})
    summarised(trained, tmp_path, find(trained, tmp_path, [tmp_path / "all.parquet"]))
    for name in TABLES.values():
        assert (tmp_path / f"{name}.tsv").read_bytes() == (results / f"{name}.tsv").read_bytes(), name


def test_parts_of_other_code_are_refused(trained: Path, tmp_path: Path) -> None:
    """A part that other code has written is named."""
    parts = find(trained, tmp_path, [trained / "0.snapshots.parquet"])
    (tmp_path / "other").mkdir()
    other = find(trained, tmp_path / "other", [trained / "1.snapshots.parquet"], "other code")
    with pytest.raises(TableError, match=r"other/0\.graphs\.parquet"):
        summarised(trained, tmp_path, {kind: parts[kind] + other[kind] for kind in KINDS})


def test_the_figure_and_its_caption(results: Path, tmp_path: Path) -> None:
    """The figure is drawn from these tables, and the caption quotes settings and sizes."""
    caption = caption_of("liu2025_fig5", results, tmp_path, CONFIG)
    assert "by at least 1%) and pruning" in caption
    assert "two hidden layers of 12 neurons" in caption


def test_claims_of_the_figure_are_judged(results: Path) -> None:
    """Every claim of Fig. 5 finds its tables and has a verdict and a reason."""
    tables = {f"task_subgraphs/{name}": read_tsv(results / f"{name}.tsv", SCHEMAS[name]) for name in TABLES.values()}
    paper = load_claims(ROOT / "claims" / "liu2025.yaml")
    ours = [claim for claim in paper.claims if claim.id.startswith(("liu2025.fig5", "liu2025.sec42"))]
    verdicts = judge_paper(paper.model_copy(update={"claims": ours}), tables, "smoke")
    assert len(verdicts) == len(ours) == 22
    assert verdicts["reason"].str.len().min() > 10


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"untrained": ["others"]}, "untrained"),
        ({"coupled": ["others"]}, "coupled"),
        ({"accuracy_losses": [0.03, 0.01]}, "accuracy_losses"),
        ({"threshold": 1.5}, "threshold"),
        ({"most_edge": 3}, "most_edge"),
    ],
)
def test_broken_settings_are_named(changes: dict[str, Any], named: str) -> None:
    """A setting that cannot be is refused by its key."""
    config = copy.deepcopy(load_config(ROOT / "config.yaml"))
    config["task_subgraphs"] |= changes
    with pytest.raises(ConfigError, match=named):
        validate(config)


def test_a_sample_that_is_not_trained_is_named() -> None:
    """Graphs cannot be looked for in networks that there are not."""
    config = copy.deepcopy(load_config(ROOT / "config.yaml"))
    config["task_subgraphs"]["samples"] = ["terminal", "others"]
    with pytest.raises(ValueError, match="found 'others', expected samples of sgd_runs"):
        Plan(config).task_subgraphs.searched()
