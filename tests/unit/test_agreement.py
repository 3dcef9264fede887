"""One population measured by four notions: each measure against what is known, an interrupted run, and sentences."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from made_up_digits import write_digits
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import load_config
from deepcrit.app.plan import Plan
from deepcrit.core.tables import check_table, read_parquet, read_tsv
from deepcrit.experiments.agreement import findings
from deepcrit.experiments.agreement.design import agreement_design
from deepcrit.experiments.agreement.loop import initial_population
from deepcrit.experiments.agreement.notions import (
    LOG_FACTORS,
    eigenvalue_columns,
    mean_avalanche_sizes,
    mean_exponent,
    steepest_factor,
)
from deepcrit.experiments.agreement.relations import agreement_correlations
from deepcrit.experiments.agreement.schemas import (
    AGREE,
    AGREEMENT_CORRELATIONS,
    AGREEMENT_FINDINGS,
    AGREEMENT_HISTORY,
    AGREEMENT_MANIFEST,
    AGREEMENT_NETWORKS,
    AGREEMENT_NOTIONS,
    AT_DISTANCE,
    CRITICALITIES,
    DIFFER,
    EVERYWHERE,
    IN_CELLS,
    OPEN,
    OPPOSED,
    REPEATS,
    TRAINED,
)
from deepcrit.physics.heavytails import Spectrum, difference_growth, layerwise_jacobian, ordered_gain
from deepcrit.physics.meanfield import steady_state
from deepcrit.training import epochs
from deepcrit.training.initial import stable_parameters

SMOKE = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")
SECTION = SMOKE["agreement"]
PLAN = Plan(SMOKE).agreement
SEED = 5


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise with a bright row that tells the class."""
    path = tmp_path_factory.mktemp("mnist")
    rng = np.random.default_rng(1)
    write_digits(path, rng, rng.integers(0, 10, 500), rng.integers(0, 10, 200))
    return path


def train(directory: Path, mnist: Path, shards: int = 1, together: int = 18) -> list[tuple[str, str]]:
    """What was measured and the history of every shard of the manifest that is there."""
    found = []
    for shard in range(shards):
        found.append(tuple(str(directory / f"{shard}.{kind}.parquet") for kind in ("notions", "history")))
        script("agreement/train_population").main(
            str(directory / "agreement_manifest.tsv"), [str(mnist / "any")], *found[-1],
            str(directory / "checkpoints"), shard, shards, together, PLAN.settings(), SEED, "code",
        )  # fmt: skip
    return found


def compare(directory: Path, parts: list[tuple[str, str]]) -> list[bytes]:
    """The three tables that figures are drawn from, as bytes."""
    outputs = [directory / f"agreement_{name}.tsv" for name in ("networks", "correlations", "findings")]
    keys = ("width", "goal", "edge_networks", "edge_layers", "replicates", "agreeing")
    script("agreement/compare_notions").main(
        str(directory / "agreement_manifest.tsv"), *map(list, zip(*parts, strict=True)), *map(str, outputs),
        *(SECTION[key] for key in keys), SEED,
    )  # fmt: skip
    return [path.read_bytes() for path in outputs]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, mnist: Path) -> Path:
    """All tables at the smallest scale."""
    path = tmp_path_factory.mktemp("agreement")
    script("agreement/draw_population").main(str(path / "agreement_manifest.tsv"), PLAN.design(), SEED)
    compare(path, train(path, mnist))
    return path


def test_cells_have_as_many_networks_and_biases_are_gaussian() -> None:
    """Every alpha and gain without bias, Gaussian ones with it too, and a seed of its own for every network."""
    found = check_table(agreement_design(PLAN.design(), SEED), AGREEMENT_MANIFEST)
    sizes = found.groupby("cell").size()
    assert len(sizes) == (len(SECTION["alphas"]) + 1) * len(SECTION["gains"])
    assert (sizes == SECTION["seeds"]).all()
    assert (found.loc[found["bias"] > 0, "alpha"] == 2).all()
    assert found["seed_key"].is_unique
    row = found[found["bias"] > 0].iloc[[0]]
    ((_, biases),) = initial_population(row, PLAN.settings() | {"width": 4000, "hidden_layers": 1})
    assert biases[0].var() == pytest.approx(SECTION["bias"], rel=0.1)


def test_biases_leave_weights_as_they_are() -> None:
    """A network with biases has the weights of that without, and biases of the stable law that D_b asks for."""
    sizes = (30, 40, 5000)
    bare, biased = (stable_parameters(sizes, "1:2:3:4", 1.5, 0.9, bias) for bias in (0.0, 0.2))
    for one, other in zip(bare[0], biased[0], strict=True):
        np.testing.assert_array_equal(one, other)
    assert not len(bare[1])
    # quartiles of S_1.5(1) are at 0.9686
    assert np.median(np.abs(biased[1][1])) == pytest.approx(0.9686 * 0.1 ** (1 / 1.5), rel=0.05)


def test_avalanches_of_known_layers() -> None:
    """Through multiples of the identity strength is a number that is followed by hand, up to where it falls below."""
    width, strength = 4, 0.02
    signals = np.full((3, width), strength / 2.0) * np.array([[1.0], [-1.0], [1.0]])
    weights, biases = [np.eye(width) * scale for scale in (1.5, 1.2, 0.5, 4.0)], [np.zeros(width)] * 4
    found = mean_avalanche_sizes(weights, biases, signals, np.array([1.0, 0.5]))
    threshold, z, expected = strength / 2, strength / 2, 0.0
    for scale in (1.5, 1.2):
        z = scale * np.tanh(z)
        expected += z - threshold
    # the third layer ends it, and what the fourth amplifies is none of it; at half the weights none starts
    np.testing.assert_allclose(found, [expected, 0.0], rtol=1e-12, atol=0)


def test_steepest_factor_is_that_of_a_known_curve() -> None:
    """Of a logistic rise in the square of the factor; the end of the range for what grows faster and faster."""
    for factor in (0.4, 1.0, 1.7):
        square = np.exp(2 * LOG_FACTORS)
        sizes = 1 / (1 + np.exp(-8 * (square / factor**2 - 1)))
        assert steepest_factor(LOG_FACTORS, sizes) == pytest.approx(factor, rel=0.02)
    assert steepest_factor(LOG_FACTORS, np.exp(4 * LOG_FACTORS)) == np.exp(LOG_FACTORS[-1])


def test_exponents_are_those_of_jacobians_written_out() -> None:
    """The largest singular value by NumPy, of products of weights and slopes with biases, averaged over images."""
    rng = np.random.default_rng(3)
    sizes = (9, 12, 12, 10)
    weights = [rng.standard_normal(pair).astype(np.float32) / 3 for pair in pairwise(sizes)]
    biases = [rng.standard_normal(n).astype(np.float32) / 3 for n in sizes[1:]]
    images = rng.standard_normal((3, 9)).astype(np.float32)
    expected = []
    for image in images.astype(float):
        x, jacobian = image, np.eye(9)
        for place, (matrix, bias) in enumerate(zip(weights, biases, strict=True)):
            z, jacobian = x @ matrix + bias, jacobian @ matrix
            x = np.tanh(z)
            jacobian = jacobian * (1 - x**2) if place < 2 else jacobian
        expected.append(np.log(np.linalg.norm(jacobian, 2)) / 3)
    found = mean_exponent((weights, biases), torch.from_numpy(images))
    assert found == pytest.approx(np.mean(expected), abs=1e-5)


def test_eigenvalues_are_those_of_finite_differences() -> None:
    """W^(l+1) D^l with biases is the derivative of z^(l+1) by z^l; moduli and D_2 are means over the layers."""
    rng = np.random.default_rng(4)
    weights, biases = [rng.standard_normal((6, 6)) for _ in range(3)], [rng.standard_normal(6) for _ in range(3)]
    image, step, radii = rng.standard_normal(6), 1e-6, []
    for layer in (1, 2):
        z = image @ weights[0] + biases[0]
        for matrix, bias in zip(weights[1:layer], biases[1:layer], strict=True):
            z = np.tanh(z) @ matrix + bias
        shifted = [(np.tanh(z + step * e) - np.tanh(z - step * e)) / (2 * step) @ weights[layer] for e in np.eye(6)]
        matrices = [matrix.T for matrix in weights]
        found = layerwise_jacobian(matrices, image, layer, "pre_activation", biases=biases)
        np.testing.assert_allclose(found, np.array(shifted).T, atol=1e-8)
        radii.append(np.abs(np.linalg.eigvals(found)).mean())
    columns = eigenvalue_columns(weights, biases, image[None], [1, 2])
    assert columns["radius"] == pytest.approx(np.mean(radii))
    assert 0 < columns["dimension"] < 1


@pytest.mark.parametrize("bias", [0.0, 0.05])
def test_differences_grow_as_mean_field_says(bias: float) -> None:
    """Of Gaussian weights ln(chi_1)/2, less 1/(2N) of finite width where signals are small; zero at the edge."""
    gains = np.array([0.6, 1.5, 2.5])
    rates = difference_growth(np.random.default_rng(5), 12, 150, 40, 2.0, gains, bias)
    expected = 0.5 * np.log([float(steady_state(g**2, bias, "tanh").chi_1) for g in gains])
    spread = rates.std(axis=0, ddof=1) / np.sqrt(len(rates))
    assert (np.abs(rates.mean(axis=0) - expected) < 4 * spread + 1 / 150).all()
    heavier = difference_growth(np.random.default_rng(6), 12, 100, 40, 1.5, [0.3, 3.0]).mean(axis=0)
    assert heavier[0] < 0 < heavier[1]


def test_what_is_kept_of_every_network(results: Path) -> None:
    """Measures are finite, large where their papers see criticality, and J_f is counted from the ordered line."""
    found = read_tsv(results / "agreement_networks.tsv", AGREEMENT_NETWORKS)
    assert len(found) == len(agreement_design(PLAN.design(), SEED))
    np.testing.assert_allclose(found["widom_closeness"], -np.abs(np.log(found["critical_factor"])))
    np.testing.assert_allclose(found["lyapunov_closeness"], -np.abs(found["lyapunov_exponent"]))
    line = Spectrum(1.2, ordered_gain(1.2)).shifted_averages([1])[0]
    heavy = found[found["alpha"] == 1.2]
    np.testing.assert_allclose(heavy["jacobian_excess"], heavy["radius"] - 2 - line)
    assert found[list(CRITICALITIES)].notna().all(axis=None)
    assert len(found[["cell", "growth"]].drop_duplicates()) == found["cell"].nunique()
    history = read_parquet(results / "0.history.parquet", AGREEMENT_HISTORY)
    reached = set(history.loc[history["running_accuracy"] >= SECTION["goal"], "point"])
    assert reached == set(found.loc[np.isfinite(found["epochs_to_goal"]), "point"])
    assert 0 < len(reached) < len(found)
    assert (found["speed"] == 1 / found["epochs_to_goal"]).all()


def test_shards_and_groups_change_no_agreement(results: Path, mnist: Path, tmp_path: Path) -> None:
    """Two shards of groups of three give the tables of one shard, byte for byte, and leave no checkpoint."""
    (tmp_path / "agreement_manifest.tsv").write_bytes((results / "agreement_manifest.tsv").read_bytes())
    found = compare(tmp_path, train(tmp_path, mnist, shards=2, together=3))
    names = ("networks", "correlations", "findings")
    assert found == [(results / f"agreement_{name}.tsv").read_bytes() for name in names]
    assert not list((tmp_path / "checkpoints").iterdir())


def test_a_killed_population_goes_on(
    results: Path, mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One killed in its second epoch goes on after the first, and ends with the bytes of one that was not killed."""
    (tmp_path / "agreement_manifest.tsv").write_bytes((results / "agreement_manifest.tsv").read_bytes())
    step, calls = epochs.FullyConnected.sgd_step, iter(range(1000))
    each = SECTION["images"] // SECTION["batch"]

    def killed(*arguments: Any) -> Any:
        if next(calls) == each + 1:
            raise KeyboardInterrupt
        return step(*arguments)

    monkeypatch.setattr(epochs.FullyConnected, "sgd_step", killed)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, mnist)
    assert list((tmp_path / "checkpoints").iterdir())
    monkeypatch.undo()
    for made, kind in zip(train(tmp_path, mnist)[0], (AGREEMENT_NOTIONS, AGREEMENT_HISTORY), strict=True):
        assert Path(made).read_bytes() == (results / Path(made).name).read_bytes()
        read_parquet(made, kind)


def made_up_networks(
    measures: dict[str, np.ndarray], growth: np.ndarray, each: int, noise: dict[str, np.ndarray]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Networks of cells with these columns, and two repetitions of what they come of, the second with noise."""
    cells = np.repeat([f"c{place}" for place in range(len(growth) // each)], each)
    points = [f"p{place}" for place in range(len(growth))]
    found = pd.DataFrame({"point": points, "cell": cells, "alpha": 2.0, "growth": growth, **measures})
    halves = []
    for repeat in REPEATS:
        values = {key: measures[key] + repeat * noise.get(key, 0.0) for key in CRITICALITIES}
        measured = {
            "critical_factor": np.exp(values["widom_closeness"]), "lyapunov_exponent": values["lyapunov_closeness"],
            "radius": values["jacobian_excess"], "dimension": -values["multifractality"],
            "percolation": values["percolation"],
        }  # fmt: skip
        halves.append(pd.DataFrame({"point": points, "repeat": repeat, **measured}))
    return found, pd.concat(halves)


def test_what_follows_the_edge_alone_agrees_nowhere_else() -> None:
    """Measures that are the distance from the edge, with noise, agree, and not at fixed distance or within cells.

    Two that share more than the edge agree there, too; one that falls with the distance of the chaotic side and rises
    with that of the ordered one is held against each side by itself.
    """
    rng, each = np.random.default_rng(7), 6
    growth = np.repeat(rng.uniform(-1, 1, 50), each)
    shared = rng.standard_normal(growth.size)
    noisy = {name: -np.abs(growth) + 0.05 * rng.standard_normal(growth.size) for name in [*CRITICALITIES, *TRAINED]}
    noisy["widom_closeness"] = -np.abs(growth) + 0.2 * shared
    noisy["lyapunov_closeness"] = -np.abs(growth) + 0.2 * shared + 0.01 * rng.standard_normal(growth.size)
    noisy["percolation"] = growth + 0.02 * rng.standard_normal(growth.size)
    noisy = {key: values - values.max() - 0.01 for key, values in noisy.items()}
    networks, notions = made_up_networks(noisy, growth, each, {})
    table = agreement_correlations(networks, notions, np.random.default_rng(8), 200, 0.5)
    found = check_table(table, AGREEMENT_CORRELATIONS).set_index(["of", "against", "over"])
    edge = ("jacobian_excess", "multifractality")
    assert found.loc[(*edge, EVERYWHERE), "verdict"] == AGREE
    for over in (AT_DISTANCE, IN_CELLS):
        assert found.loc[(*edge, over), "verdict"] == DIFFER
        assert abs(found.loc[(*edge, over), "correlation"]) < 0.2
        assert found.loc[("widom_closeness", "lyapunov_closeness", over), "verdict"] == AGREE
    assert found.loc[("test_accuracy", "percolation", AT_DISTANCE), "verdict"] == DIFFER
    assert (found["networks"] == growth.size).all()
    assert (found["cells"] == 50).all()


def test_what_does_not_repeat_itself_is_no_disagreement() -> None:
    """A measure whose two repetitions differ within cells is undecided there, and judged where they agree."""
    rng, each = np.random.default_rng(9), 5
    growth = np.repeat(rng.uniform(-1, 1, 40), each)
    columns = {name: rng.standard_normal(growth.size) - 9 for name in [*CRITICALITIES, *TRAINED]}
    columns["percolation"] = 100 * np.repeat(rng.standard_normal(40), each) + 0.1 * rng.standard_normal(growth.size)
    noise = {"percolation": rng.standard_normal(growth.size)}
    networks, notions = made_up_networks(columns, growth, each, noise)
    table = agreement_correlations(networks, notions, np.random.default_rng(10), 200, 0.5)
    found = table.set_index(["of", "against", "over"])["verdict"]
    assert found["percolation", "percolation", EVERYWHERE] == AGREE
    assert found["percolation", "percolation", IN_CELLS] == OPEN
    assert found["multifractality", "multifractality", IN_CELLS] == AGREE
    for of in ("widom_closeness", "multifractality", "test_accuracy"):
        assert found[of, "percolation", IN_CELLS] == OPEN
        assert found[of, "percolation", EVERYWHERE] == DIFFER
    assert found["test_accuracy", "multifractality", IN_CELLS] == DIFFER


def correlations(everywhere: str, controlled: str, odd: str | None = None) -> pd.DataFrame:
    """Verdicts of all pairs, one of them another."""
    of = [*CRITICALITIES, *TRAINED]
    rows = [(a, b, over) for (a, b), over in product(product(of, CRITICALITIES), (EVERYWHERE, AT_DISTANCE, IN_CELLS))]
    table = pd.DataFrame([row for row in rows if row[0] != row[1]], columns=["of", "against", "over"])
    table["verdict"] = np.where(table["over"] == EVERYWHERE, everywhere, controlled)
    table = table.assign(correlation=0.25, ci_low=-0.1, ci_high=0.6)
    if odd:
        table.loc[(table["of"] == "percolation") & (table["against"] == "widom_closeness"), "verdict"] = odd
    return table


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (correlations(AGREE, AGREE), findings.ONE),
        (correlations(AGREE, DIFFER), findings.SHARED),
        (correlations(AGREE, OPEN), findings.UNDECIDED),
        (correlations(OPEN, AGREE), findings.UNDECIDED),
        (correlations(AGREE, AGREE, DIFFER), f"{findings.SEVERAL}: 1 of 18 pairs do not agree over all networks."),
        (
            correlations(AGREE, AGREE, OPPOSED),
            f"{findings.SEVERAL}: 1 of 18 pairs do not agree over all networks, 1 of them opposed.",
        ),
    ],
)
def test_sentences_follow_from_verdicts(table: pd.DataFrame, expected: str) -> None:
    """Each conclusion comes of the verdicts that its rule names; measures of one paper are no pair of notions."""
    found = check_table(findings.agreement_findings(table, 0.5), AGREEMENT_FINDINGS).set_index("about")["finding"]
    assert found["conclusion"] == expected
    assert found["notions"].startswith("Of 18 pairs of measures")
    assert "test accuracy" in found["training"].iloc[0]


def test_sentences_name_what_training_goes_with() -> None:
    """Measures that training goes with, and those that it goes against, by name."""
    table = correlations(DIFFER, DIFFER)
    trained = (table["of"] == "test_accuracy") & (table["over"] == EVERYWHERE)
    table.loc[trained & (table["against"] == "multifractality"), "verdict"] = AGREE
    table.loc[trained & (table["against"] == "percolation"), "verdict"] = OPPOSED
    table.loc[trained & (table["against"] == "jacobian_excess"), "verdict"] = OPEN
    table.loc[trained & (table["against"] == "multifractality"), "correlation"] = 0.75
    found = findings.agreement_findings(table, 0.5)["finding"]
    assert found[1].startswith(
        "As for test accuracy: over all networks it goes with multifractality, against percolation susceptibility, "
        "undecided with the Jacobian average, most with multifractality, 0.75 [-0.10, 0.60]; at fixed distance"
    )
    assert "over all networks it goes with none of the measures, most with" in found[2]


def test_the_figure_quotes_the_findings(results: Path, tmp_path: Path) -> None:
    """It is drawn, and its caption ends with the sentences of the table, the conclusion first."""
    caption = caption_of("qu2022_agreement", results, tmp_path, SMOKE)
    *told, conclusion = read_tsv(results / "agreement_findings.tsv", AGREEMENT_FINDINGS)["finding"]
    assert caption.rstrip().endswith(f"**{conclusion}** " + " ".join(told))
