"""Training of many networks at once, held against autograd, against training one by one, and against interruption."""

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from deepcrit.core.seeds import seed_key
from deepcrit.experiments.trainability.networks import initial_networks
from deepcrit.training.checkpoints import CheckpointError, load_checkpoint, save_checkpoint, training_digest
from deepcrit.training.epochs import Training, accuracy, train_epochs
from deepcrit.training.images import LabelledImages, Minibatches
from deepcrit.training.initial import gaussian_parameters
from deepcrit.training.networks import FullyConnected, Shape, SharedInputs
from deepcrit.training.resumable import Group, train_resumably
from deepcrit.training.shards import groups_of, points_of_shard

pytestmark = pytest.mark.usefixtures("torch_of_a_job")

SHAPE = Shape((20, *[12] * 5, 10), "tanh")
KEYS = [seed_key(1, "test", "network", index) for index in range(4)]
SW2, SB2 = [0.9, 1.0, 1.5, 3.0], [0.0, 1e-3, 0.1, 0.0]


def data(images: int = 64, seed: int = 0) -> LabelledImages:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (images, 4, 5), dtype=np.uint8)
    return LabelledImages.of(pixels, (pixels[:, 0, 0] // 26).astype(np.uint8))


def drawn(shape: Shape = SHAPE, kind: type[FullyConnected] = FullyConnected) -> FullyConnected:
    defined = zip(KEYS, SW2, SB2, strict=True)
    return kind.drawn(shape, 4, (gaussian_parameters(shape.sizes, *one) for one in defined))


def sequential(networks: FullyConnected, index: int) -> nn.Sequential:
    """One of the networks as torch has it."""
    layers: list[nn.Module] = []
    for weights, biases in zip(networks.weights, networks.biases, strict=True):
        layer = nn.Linear(*weights[index].shape)
        layer.weight.copy_(weights[index].T)
        layer.bias.copy_(biases[index, 0])
        layers += [layer, {"tanh": nn.Tanh, "relu": nn.ReLU}[networks.shape.activation]()]
    return nn.Sequential(*layers[:-1])


def points() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "point": [f"p{index}" for index in range(4)],
            "seed_key": KEYS,
            "width": 12,
            "depth": 5,
            "weight_variance": SW2,
            "bias_variance": SB2,
        }
    )


TRAINING = Training(Minibatches(images=64, batch=16, seed=3), epochs=4, learning_rate=0.1)


def trained(
    some: pd.DataFrame, checkpoint: Path, training: Training = TRAINING, train: LabelledImages | None = None
) -> pd.DataFrame:
    """History of the networks of some rows."""
    networks = initial_networks(some, 20)
    return train_epochs(some["point"].tolist(), networks, training, train or data(), data(32, 1), checkpoint, "digest")


RATES = torch.tensor([0.1, 0.03, 0.2, 0.0])


@pytest.mark.parametrize("kind", [FullyConnected, SharedInputs])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("rates", [0.1, RATES], ids=["one rate", "a rate each"])
@pytest.mark.parametrize("own", [False, True], ids=["same images", "own images"])
def test_training_equals_autograd(
    kind: type[FullyConnected], activation: str, rates: float | torch.Tensor, own: bool
) -> None:
    """Ten steps move every parameter as torch's own layers, cross-entropy, backward pass and SGD do."""
    if own and kind is SharedInputs:
        return
    networks = drawn(SHAPE._replace(activation=activation), kind)
    references = [sequential(networks, index) for index in range(4)]
    whole = data(80)
    for step in range(10):
        chosen = torch.stack([torch.arange(16) + step + (8 * index if own else 0) for index in range(4)])
        images, labels = whole[chosen if own else chosen[0]]
        loss = networks.sgd_step(images, labels, rates)
        for index, reference in enumerate(references):
            seen, known = whole[chosen[index]]
            with torch.enable_grad():
                rate = rates if isinstance(rates, float) else float(rates[index])
                optimiser = torch.optim.SGD(reference.parameters(), lr=rate)
                logits = reference(seen)
                expected = nn.functional.cross_entropy(logits, known)
                optimiser.zero_grad()
                expected.backward()
                optimiser.step()
            assert loss.total[index].item() / 16 == pytest.approx(expected.item(), rel=1e-5)
            assert loss.correct[index].item() == (logits.argmax(dim=1) == known).sum().item()
    for index, reference in enumerate(references):
        ours = dict(sequential(networks, index).named_parameters())
        for name, parameter in reference.named_parameters():
            torch.testing.assert_close(ours[name], parameter, rtol=1e-4, atol=1e-5)


def test_without_biases_none_appear() -> None:
    """Weights move as with biases that are held at zero, which autograd does by not asking for their gradient."""
    networks = FullyConnected.drawn(
        SHAPE._replace(biased=False), 2, ((gaussian_parameters(SHAPE.sizes, key, 1.5, 0.0)[0], []) for key in KEYS[:2])
    )
    reference = sequential(networks, 1)
    images, labels = data()[:16]
    for _ in range(5):
        networks.sgd_step(images, labels, 0.1)
        with torch.enable_grad():
            weights = [parameter for parameter in reference.parameters() if parameter.dim() == 2]
            gradients = torch.autograd.grad(nn.functional.cross_entropy(reference(images), labels), weights)
        for weight, gradient in zip(weights, gradients, strict=True):
            weight.sub_(gradient, alpha=0.1)
    assert not any(bias.any() for bias in networks.biases)
    for layer, weight in enumerate(weights):
        torch.testing.assert_close(networks.weights[layer][1].T, weight, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", [FullyConnected, SharedInputs])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_narrow_networks_beside_wide_ones_stay_narrow(kind: type[FullyConnected], activation: str) -> None:
    """Filled up to the width of others, a network learns what it learns alone, and what fills it up stays zero."""
    narrow, wide = Shape((20, 3, 5, 10), activation), Shape((20, 12, 12, 10), activation)
    parameters = [gaussian_parameters(shape.sizes, KEYS[0], 1.5, 0.1) for shape in (narrow, wide)]
    beside, alone = kind.drawn(wide, 2, parameters), kind.drawn(narrow, 1, parameters[:1])
    images, labels = data()[:16]
    for _ in range(20):
        beside.sgd_step(images, labels, torch.tensor([0.1, 0.2]))
        alone.sgd_step(images, labels, torch.tensor([0.1]))
    for name, parameter in alone.state().items():
        filled = beside.state()[name][0]
        within = tuple(slice(0, size) for size in parameter.shape[1:])
        torch.testing.assert_close(filled[within], parameter[0], rtol=1e-4, atol=1e-6)
        filled[within] = 0.0
        assert not filled.any()


def test_initial_parameters_have_the_variances_asked_for():
    """sw2 over fan-in in every layer, the first included, and sb2."""
    weights, biases = gaussian_parameters((300, *[100] * 20, 10), KEYS[0], 1.7, 0.3)
    assert weights[0].var() * 300 == pytest.approx(1.7, rel=0.05)
    assert np.var(weights[1:-1]) * 100 == pytest.approx(1.7, rel=0.02)
    assert weights[-1].var() * 100 == pytest.approx(1.7, rel=0.15)
    assert np.concatenate(biases).var() == pytest.approx(0.3, rel=0.15)


@pytest.mark.parametrize("together", [1, 3])
def test_company_changes_nothing(tmp_path: Path, together: int):
    """To the last bit, a network's history is the same whichever networks are trained beside it."""
    whole = trained(points(), tmp_path / "all.pt")
    parts = [
        trained(group, tmp_path / f"{number}.pt")
        for number, group in enumerate(groups_of(points(), together, ["width", "depth"]))
    ]
    apart = points()[["point"]].merge(pd.concat(parts), on="point")
    together_again = points()[["point"]].merge(whole, on="point")
    pd.testing.assert_frame_equal(apart, together_again, check_exact=True)


@pytest.mark.parametrize("kind", [FullyConnected, SharedInputs])
@pytest.mark.parametrize(("width", "depth"), [(300, 3), (10, 2), (2, 2), (1, 2)])
def test_company_changes_no_bit(kind: type[FullyConnected], width: int, depth: int):
    """The same of some steps where products are large enough for other kernels, and where they are narrow.

    A network of one neuron a layer is filled up to two.
    """
    shape = Shape((784, *[max(2, width)] * depth, 10), "relu")
    images, labels = torch.rand(64, 784), torch.randint(0, 10, (64,))
    defined = zip(KEYS, SW2, SB2, strict=True)
    parameters = [gaussian_parameters((784, *[width] * depth, 10), *one) for one in defined]
    beside, alone = kind.drawn(shape, 4, parameters), kind.drawn(shape, 1, parameters[1:2])
    for _ in range(3):
        beside.sgd_step(images, labels, RATES)
        alone.sgd_step(images, labels, RATES[1:2])
    for name, parameter in beside.select([1]).state().items():
        assert torch.equal(parameter, alone.state()[name]), name


class KilledError(Exception):
    pass


def test_killed_training_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Killed during the third epoch, it goes on after the second, and ends with the same history."""
    expected = trained(points(), tmp_path / "a.pt")
    begun = []
    epoch = Minibatches.epoch

    def killing(self, number):
        begun.append(number)
        if begun.count(3) == 1 and number == 3:
            raise KilledError
        return epoch(self, number)

    monkeypatch.setattr(Minibatches, "epoch", killing)
    with pytest.raises(KilledError):
        trained(points(), tmp_path / "b.pt")
    found = trained(points(), tmp_path / "b.pt")
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert begun == [1, 2, 3, 3, 4]


def test_iterations_go_through_epochs():
    """From wherever it is taken up, a stream goes on as if it had not been left, a new order in every epoch."""
    stream = Minibatches(images=10, batch=3, seed=1)
    whole = [chosen.tolist() for chosen in stream.iterations(0, 8)]
    assert whole[:3] == [chosen.tolist() for chosen in stream.epoch(1)]
    assert whole[3:6] == [chosen.tolist() for chosen in stream.epoch(2)] != whole[:3]
    assert len({image for chosen in whole[:3] for image in chosen}) == 9
    parts = [(0, 1), (1, 1), (1, 5), (5, 8)]
    assert [chosen.tolist() for part in parts for chosen in stream.iterations(*part)] == whole


def snapshots(directory: Path, killed_at: int | None = None) -> list[dict[str, torch.Tensor]]:
    """Rectified networks of two widths and four rates, with their weights at growing distances of iterations."""
    shape = Shape((20, 6, 6, 10), "relu")
    sizes = [(20, width, width, 10) for width in (4, 6, 6, 6)]
    initial = (gaussian_parameters(*one, 2.0, 0.0) for one in zip(sizes, KEYS, strict=True))
    group = Group(SharedInputs.drawn(shape, 4, initial))
    rates, stream, times = torch.tensor([0.1, 0.2, 1e30, 0.4]), Minibatches(64, 7, 1), [0, 1, 2, 5, 13, 40]
    whole = data()

    def until(iteration: int) -> list[dict[str, object]]:
        last = times[max(0, times.index(iteration) - 1)]
        total = torch.zeros(len(group.left))
        for number, chosen in enumerate(stream.iterations(last, iteration)):
            if killed_at == last + number:
                raise KilledError
            total = group.networks.sgd_step(*whole[chosen], rates[group.left]).total
        diverged = ~group.networks.finite()
        rows = group.rows([*"abcd"], {"iteration": iteration, "loss": total, "diverged": diverged})
        group.end(diverged.nonzero().flatten().tolist())
        torch.save({"left": group.left, **group.networks.state()}, directory / f"{iteration}.weights")
        return rows

    rows = train_resumably(group, times, until, directory / "state.pt", "digest")
    assert rows.loc[rows["diverged"], "point"].tolist() == ["c"]
    assert rows.groupby("point").size().loc[["a", "b", "d"]].tolist() == [len(times)] * 3
    return [torch.load(directory / f"{time}.weights") for time in times]


@pytest.mark.parametrize("killed_at", [0, 3, 20])
def test_snapshots_at_iterations_are_resumed(tmp_path: Path, killed_at: int):
    """Killed anywhere between two snapshots, all that follow are the same to the last bit; a diverged network goes."""
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
    whole = snapshots(tmp_path / "whole")
    with pytest.raises(KilledError):
        snapshots(tmp_path / "killed", killed_at)
    resumed = snapshots(tmp_path / "killed")
    assert [state["left"] for state in whole][-1] == [0, 1, 3]
    for before, after in zip(whole, resumed, strict=True):
        assert before["left"] == after["left"]
        assert all(torch.equal(before[name], after[name]) for name in before if name != "left")


def test_foreign_checkpoints_are_refused_and_torn_ones_left(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """A checkpoint of another configuration stops with its name and what to do; half of one counts as none."""
    path = tmp_path / "0.pt"
    assert load_checkpoint(path, "mine") is None
    save_checkpoint(path, "theirs", {"epoch": 2, "weights": torch.ones(1000)})
    with pytest.raises(CheckpointError, match=r"0\.pt: found a checkpoint of another.*theirs.*expected mine; delete"):
        load_checkpoint(path, "mine")
    whole = path.read_bytes()
    # what torch says of it hangs on where it ends
    for end in (0, 1, 50, 700, *range(1000, len(whole), 97), len(whole) - 1):
        caplog.clear()
        path.write_bytes(whole[:end])
        assert load_checkpoint(path, "theirs") is None, end
        assert f"{path}: not a whole checkpoint" in caplog.text


def test_a_checkpoint_of_a_gpu_is_read_where_there_is_none(tmp_path: Path):
    """Tensors that were saved from a CUDA device come to the processor: the file is whole, and not begun anew."""
    path, gpu = tmp_path / "0.pt", tmp_path / "gpu.pt"
    save_checkpoint(path, "mine", {"weights": torch.arange(5.0)})
    with zipfile.ZipFile(path) as saved, zipfile.ZipFile(gpu, "w") as moved:
        for entry in saved.infolist():
            # the pickle says of every tensor where it was, a text of its length and characters
            content = saved.read(entry)
            if entry.filename.endswith("data.pkl"):
                assert content.count(b"\3\0\0\0cpu") == 1
                content = content.replace(b"\3\0\0\0cpu", b"\6\0\0\0cuda:0")
            moved.writestr(entry.filename, content)
    state = load_checkpoint(gpu, "mine")
    assert state is not None
    assert torch.equal(state["weights"], torch.arange(5.0))


def test_a_checkpoint_that_cannot_be_read_is_not_begun_anew(tmp_path: Path):
    """Whatever the file system refuses stops the job: a fault of a disk must not cost weeks of training."""
    with pytest.raises(OSError, match="directory"):
        load_checkpoint(tmp_path, "mine")


def test_digest_sees_everything_that_defines_a_training():
    """Another learning rate, number of images, point, code or device is another training."""
    more = replace(TRAINING, minibatches=Minibatches(128, 16, 3))
    trainings = [
        (points(), TRAINING, "code", "cpu"),
        (points(), replace(TRAINING, learning_rate=0.2), "code", "cpu"),
        (points(), more, "code", "cpu"),
        (points().iloc[:2], TRAINING, "code", "cpu"),
        (points(), TRAINING, "other", "cpu"),
        (points(), TRAINING, "code", "cuda a GPU"),
    ]
    assert len({training_digest(*defined) for defined in trainings}) == 6
    assert training_digest(*trainings[0]) == training_digest(points(), TRAINING, "code", "cpu")


def test_divergence_is_recorded(tmp_path: Path):
    """A step far too large leaves parameters that are not finite: told as such, with nothing classified, not as NaN."""
    found = trained(points(), tmp_path / "w.pt", replace(TRAINING, learning_rate=1e38))
    assert found["diverged"].all()
    assert found.groupby("point")["epoch"].max().max() < 3
    assert (found["train_accuracy"] == 0).all()
    assert (found["test_accuracy"] == 0).all()
    assert found["running_accuracy"].between(0, 1).all()


def test_a_reached_goal_ends_a_network_alone(tmp_path: Path):
    """Networks stop at the epoch after which their accuracy is the goal or more; the others go on.

    Two classes of which one is brighter are learnt within some epochs whatever the rounding. Weights of zero stay zero,
    and that network takes every image for one class.
    """
    pixels = np.random.default_rng(0).integers(0, 100, (64, 4, 5), dtype=np.uint8)
    labels = (np.arange(64) % 2).astype(np.uint8)
    pixels[labels == 1, :2] += 155
    training = replace(TRAINING, epochs=60, learning_rate=0.05, goal=0.8)
    some = points().assign(weight_variance=[1.5, 1.0, 1.5, 0.0], bias_variance=0.0)
    found = trained(some, tmp_path / "g.pt", training, LabelledImages.of(pixels, labels))
    ends = found.groupby("point").tail(1)
    reached = ends[ends["train_accuracy"] >= 0.8]
    assert sorted(reached["point"]) == ["p0", "p1", "p2"]
    assert (reached["epoch"] < 60).all()
    assert (ends.loc[~ends.index.isin(reached.index), "epoch"] == 60).all()
    before = found[~found.index.isin(ends.index)]
    assert (before["train_accuracy"] < 0.8).all()


def test_accuracy_counts_every_image_once():
    """Batches of the evaluation, the last one short, together are the whole set."""
    networks = drawn().select([0, 1])
    many = data(1203)
    expected = [(sequential(networks, index)(many.images).argmax(1) == many.labels).double().mean() for index in (0, 1)]
    np.testing.assert_allclose(accuracy(networks, many).numpy(), expected, atol=1e-12)


def test_too_few_images_are_named():
    """More images asked for than the data set has."""
    with pytest.raises(ValueError, match="images: found 5, expected at least 6"):
        LabelledImages.of(np.zeros((5, 2, 2), np.uint8), np.zeros(5, np.uint8), first=6)


ALIKE = ["width", "depth"]


def test_shards_and_groups_hold_every_network_once():
    """Shards take turns; a group never mixes widths nor exceeds its size, and none is smaller than it must be."""
    manifest = pd.DataFrame({"point": range(11), "width": [8] * 5 + [16] * 6, "depth": 3})
    shards = [points_of_shard(manifest, shard, 3) for shard in range(3)]
    assert sorted(pd.concat(shards)["point"]) == list(range(11))
    for shard in shards:
        for group in groups_of(shard, 2, ALIKE):
            assert len(set(group["width"])) == 1
            assert len(group) <= 2
    assert [len(group) for group in groups_of(manifest, 4, ALIKE)] == [3, 2, 3, 3]
    whole = pd.concat(groups_of(manifest, 4, ALIKE))
    pd.testing.assert_frame_equal(whole, manifest)


def test_few_networks_of_a_kind_stay_together():
    """Kinds of less than half a shard are dealt out whole, so that no shard trains one of them alone."""
    manifest = pd.DataFrame({"point": range(20), "width": [8] * 13 + [16] * 2 + [32] * 5, "depth": 3})
    shards = [points_of_shard(manifest, shard, 2, ALIKE) for shard in range(2)]
    assert sorted(pd.concat(shards)["point"]) == list(range(20))
    assert [shard["width"].value_counts().to_dict() for shard in shards] == [{8: 7, 16: 2}, {8: 6, 32: 5}]
    one = points_of_shard(manifest.iloc[:1], 1, 2, ALIKE)
    assert one.empty
    assert list(one.columns) == list(manifest.columns)
