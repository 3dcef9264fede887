"""Training of many networks at once, held against autograd, against training one by one, and against interruption."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from deepcrit.core.seeds import seed_key
from deepcrit.training.checkpoints import CheckpointError, load_checkpoint, save_checkpoint
from deepcrit.training.groups import groups_of, points_of_shard
from deepcrit.training.loop import LabelledImages, Training, accuracy, train_group, training_digest
from deepcrit.training.networks import NetworkShape, TanhNetworks

pytestmark = pytest.mark.usefixtures("torch_of_a_job")

SHAPE = NetworkShape(inputs=20, width=12, depth=5, classes=10)
KEYS = [seed_key(1, "test", "network", index) for index in range(4)]
SW2, SB2 = [0.9, 1.0, 1.5, 3.0], [0.0, 1e-3, 0.1, 0.0]


def data(images: int = 64, seed: int = 0) -> LabelledImages:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (images, 4, 5), dtype=np.uint8)
    return LabelledImages.of(pixels, (pixels[:, 0, 0] // 26).astype(np.uint8))


def sequential(networks: TanhNetworks, index: int) -> nn.Sequential:
    """One of the networks as torch has it."""
    layers: list[nn.Module] = []
    weights = [networks.first[index], *networks.hidden[:, index], networks.last[index]]
    biases = [*networks.biases[:, index, 0], networks.last_bias[index, 0]]
    for weight, bias in zip(weights, biases, strict=True):
        layer = nn.Linear(*weight.shape)
        layer.weight.copy_(weight.T)
        layer.bias.copy_(bias)
        layers += [layer, nn.Tanh()]
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


TRAINING = Training(learning_rate=0.1, batch=16, epochs=4, goal=None, order_seed=3)


def test_training_equals_autograd():
    """Ten steps move every parameter as torch's own layers, cross-entropy, backward pass and SGD do."""
    networks = TanhNetworks.drawn(SHAPE, KEYS, SW2, SB2)
    references = [sequential(networks, index) for index in range(4)]
    whole = data()
    for step in range(10):
        images, labels = whole.images[step : step + 16], whole.labels[step : step + 16]
        loss, correct = networks.descend(images, labels, 0.1)
        for index, reference in enumerate(references):
            with torch.enable_grad():
                optimiser = torch.optim.SGD(reference.parameters(), lr=0.1)
                logits = reference(images)
                expected = nn.functional.cross_entropy(logits, labels)
                optimiser.zero_grad()
                expected.backward()
                optimiser.step()
            assert loss[index].item() / 16 == pytest.approx(expected.item(), rel=1e-5)
            assert correct[index].item() == (logits.argmax(dim=1) == labels).sum().item()
    for index, reference in enumerate(references):
        ours = dict(sequential(networks, index).named_parameters())
        for name, parameter in reference.named_parameters():
            torch.testing.assert_close(ours[name], parameter, rtol=1e-4, atol=1e-5)


def test_initial_parameters_have_the_variances_asked_for():
    """sw2 over fan-in in every layer, the first included, and sb2."""
    shape = NetworkShape(inputs=300, width=100, depth=20, classes=10)
    networks = TanhNetworks.drawn(shape, KEYS[:1], [1.7], [0.3])
    assert networks.first.var().item() * 300 == pytest.approx(1.7, rel=0.05)
    assert networks.hidden.var().item() * 100 == pytest.approx(1.7, rel=0.02)
    assert networks.last.var().item() * 100 == pytest.approx(1.7, rel=0.15)
    assert networks.biases.var().item() == pytest.approx(0.3, rel=0.15)
    assert sum(parameter.numel() for parameter in networks.named().values()) == shape.parameters


@pytest.mark.parametrize("together", [1, 3])
def test_company_changes_nothing(tmp_path: Path, together: int):
    """To the last bit, a network's history is the same whichever networks are trained beside it."""
    train, test = data(), data(32, seed=1)
    whole = train_group(points(), TRAINING, train, test, tmp_path / "all.pt", "digest")
    parts = [
        train_group(group, TRAINING, train, test, tmp_path / f"{number}.pt", "digest")
        for number, group in enumerate(groups_of(points(), together))
    ]
    apart = points()[["point"]].merge(pd.concat(parts), on="point")
    together_again = points()[["point"]].merge(whole, on="point")
    pd.testing.assert_frame_equal(apart, together_again, check_exact=True)


def test_company_changes_nothing_at_published_width():
    """The same of one step at N = 300, where the products are large enough for other kernels."""
    shape = NetworkShape(inputs=784, width=300, depth=3, classes=10)
    images, labels = torch.rand(128, 784), torch.randint(0, 10, (128,))
    beside = TanhNetworks.drawn(shape, KEYS[:3], SW2[:3], SB2[:3])
    alone = TanhNetworks.drawn(shape, KEYS[1:2], SW2[1:2], SB2[1:2])
    for networks in (beside, alone):
        networks.descend(images, labels, 0.01)
    for name, parameter in beside.kept([1]).named().items():
        assert torch.equal(parameter, alone.named()[name]), name


def test_killed_training_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Killed during the third epoch, it goes on after the second, and ends with the same history."""
    train, test = data(), data(32, seed=1)
    expected = train_group(points(), TRAINING, train, test, tmp_path / "a.pt", "digest")
    checkpoint = tmp_path / "b.pt"
    begun = []

    class KilledError(Exception):
        pass

    minibatches = Training.minibatches

    def killing(self, images, epoch):
        begun.append(epoch)
        if begun.count(3) == 1 and epoch == 3:
            raise KilledError
        return minibatches(self, images, epoch)

    monkeypatch.setattr(Training, "minibatches", killing)
    with pytest.raises(KilledError):
        train_group(points(), TRAINING, train, test, checkpoint, "digest")
    found = train_group(points(), TRAINING, train, test, checkpoint, "digest")
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert begun == [1, 2, 3, 3, 4]


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
    mine = training_digest(points(), TRAINING, 64, "code", "cpu")
    others = [
        training_digest(points(), Training(0.2, 16, 4, None, 3), 64, "code", "cpu"),
        training_digest(points(), TRAINING, 128, "code", "cpu"),
        training_digest(points().iloc[:2], TRAINING, 64, "code", "cpu"),
        training_digest(points(), TRAINING, 64, "other", "cpu"),
        training_digest(points(), TRAINING, 64, "code", "cuda a GPU"),
    ]
    assert len({mine, *others}) == 6


def test_divergence_is_recorded(tmp_path: Path):
    """A step far too large leaves parameters that are not finite: told as such, with nothing classified, not as NaN."""
    wild = Training(learning_rate=1e38, batch=16, epochs=3, goal=None, order_seed=3)
    found = train_group(points(), wild, data(), data(32, seed=1), tmp_path / "w.pt", "digest")
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
    training = Training(learning_rate=0.05, batch=16, epochs=60, goal=0.8, order_seed=3)
    some = points().assign(weight_variance=[1.5, 1.0, 1.5, 0.0], bias_variance=0.0)
    train = LabelledImages.of(pixels, labels)
    found = train_group(some, training, train, train, tmp_path / "g.pt", "digest")
    ends = found.groupby("point").tail(1)
    reached = ends[ends["train_accuracy"] >= 0.8]
    assert sorted(reached["point"]) == ["p0", "p1", "p2"]
    assert (reached["epoch"] < 60).all()
    assert (ends.loc[~ends.index.isin(reached.index), "epoch"] == 60).all()
    before = found[~found.index.isin(ends.index)]
    assert (before["train_accuracy"] < 0.8).all()


def test_accuracy_counts_every_image_once():
    """Batches of the evaluation, the last one short, together are the whole set."""
    networks = TanhNetworks.drawn(SHAPE, KEYS[:2], SW2[:2], SB2[:2])
    many = data(1203)
    expected = [(sequential(networks, index)(many.images).argmax(1) == many.labels).double().mean() for index in (0, 1)]
    np.testing.assert_allclose(accuracy(networks, many).numpy(), expected, atol=1e-12)


def test_too_few_images_are_named():
    """More images asked for than the data set has."""
    with pytest.raises(ValueError, match="images: found 5, expected at least 6"):
        LabelledImages.of(np.zeros((5, 2, 2), np.uint8), np.zeros(5, np.uint8), first=6)


def test_shards_and_groups_hold_every_network_once():
    """Shards take turns; a group never mixes widths nor exceeds its size, and none is smaller than it must be."""
    manifest = pd.DataFrame({"point": range(11), "width": [8] * 5 + [16] * 6, "depth": 3})
    shards = [points_of_shard(manifest, shard, 3) for shard in range(3)]
    assert sorted(pd.concat(shards)["point"]) == list(range(11))
    for shard in shards:
        for group in groups_of(shard, 2):
            assert len(set(group["width"])) == 1
            assert len(group) <= 2
    assert [len(group) for group in groups_of(manifest, 4)] == [3, 2, 3, 3]
    whole = pd.concat(groups_of(manifest, 4))
    pd.testing.assert_frame_equal(whole, manifest)
