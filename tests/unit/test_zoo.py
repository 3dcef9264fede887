"""Classifiers as lists of operations: layers, strengths, dropped inputs, thresholds, weights and shards."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from workflow_scripts import script

from deepcrit.data.fetch.downloader import Downloader
from deepcrit.data.fetch.wanted import FetchError
from deepcrit.experiments.resnets.inputs import gaussian_images, real_images
from deepcrit.experiments.resnets.propagation import calibrate, launch
from deepcrit.experiments.resnets.thresholds import calibrated, merge_moments, threshold_matrix
from deepcrit.experiments.resnets.tracing import TracedNetwork
from deepcrit.pretrained import weights as trained
from deepcrit.pretrained.networks import (
    ImageSizeError,
    UnknownModelError,
    is_layer,
    layer_calls,
    random_network,
)
from deepcrit.pretrained.strengths import strengths

# as in jobs
torch.set_num_threads(1)
ROOT = Path(__file__).resolve().parents[2]
SIZE = 32
LAUNCHED = [10, 20, 60, 60]


class Branching(torch.nn.Module):
    """A skip connection, an operation in place, a module used twice, and a number that is read off the batch."""

    def __init__(self) -> None:
        super().__init__()
        self.first = torch.nn.Conv2d(3, 8, 3, padding=1)
        self.relu = torch.nn.ReLU(inplace=True)
        self.second = torch.nn.Conv2d(8, 8, 3, padding=1)
        self.last = torch.nn.Linear(8 * 8 * 8, 5)
        self.offset = torch.nn.Parameter(torch.ones(1, 1, 1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch = x.shape[0]
        x = self.relu(self.first(x) + self.offset)
        y = self.second(x)
        y += x
        y = self.relu(y)
        return self.last(y.reshape(batch, -1))


def hooked(network: torch.nn.Module, inputs: torch.Tensor) -> np.ndarray:
    """Strengths of every layer by hooks on the whole forward pass and NumPy, shape (layers, batch)."""
    found = []
    hooks = [
        module.register_forward_hook(lambda _, __, output: found.append(output.detach().clone().double().numpy()))
        for module in network.modules()
        if is_layer(module)
    ]
    with torch.inference_mode():
        network(inputs)
    for hook in hooks:
        hook.remove()
    return np.array([np.linalg.norm(x.reshape(len(x), -1), axis=1) / x[0].size for x in found])


def traced_strengths(network: torch.nn.Module, inputs: torch.Tensor) -> np.ndarray:
    """The same through the traced network."""
    found: list[np.ndarray] = []
    with torch.inference_mode():
        TracedNetwork(network).propagate(inputs, lambda _, output: found.append(strengths(output)))
    return np.array(found)


def reference(found: np.ndarray, thresholds: np.ndarray, launched: list[int]) -> dict[tuple[int, int], tuple]:
    """Avalanches by the definition, one input and layer at a time, from the strengths of all layers."""
    avalanches = {}
    for n, number in enumerate(launched):
        for index in range(number):
            above = found[:, index] >= thresholds[n]
            if above[0]:
                ended = np.flatnonzero(~above)
                duration = ended[0] if len(ended) else len(found)
                size = (found[:duration, index] - thresholds[n, :duration]).sum()
                avalanches[n, index] = (duration, size, not len(ended))
    return avalanches


@pytest.mark.parametrize(("model", "layers"), [("resnet18", 60), ("resnet50", 158), ("resnet152", 464)])
def test_layers_of_resnets(model: str, layers: int) -> None:
    """Leaf-module calls are as many as the paper counts layers, and the traced network calls the same ones."""
    network = random_network(model, 0)
    calls = layer_calls(network, SIZE)
    assert len(calls) == layers
    assert TracedNetwork(network).layers == [call.name for call in calls]


@pytest.mark.parametrize("mode", ["eval", "train"])
def test_traced_strengths_are_those_of_hooks(mode: str) -> None:
    """Strengths of the traced network equal those by hooks and double-precision norms, in both modes of batch norm."""
    network = random_network("resnet18", 1).train(mode == "train")
    inputs = gaussian_images(8, SIZE, 2)
    np.testing.assert_allclose(traced_strengths(network, inputs), hooked(network, inputs), rtol=2e-6)


def test_strengths_are_precise_in_large_layers() -> None:
    """A layer of a million components and large values loses less than 1e-6 to single precision."""
    output = 1e7 * torch.randn(2, 64, 128, 128, generator=torch.Generator().manual_seed(0))
    exact = np.linalg.norm(output.double().numpy().reshape(2, -1), axis=1) / output[0].numel()
    np.testing.assert_allclose(strengths(output), exact, rtol=1e-6)


@pytest.mark.parametrize("model", ["resnet18", "branching"])
@pytest.mark.parametrize("drop", [True, False])
def test_avalanches_follow_the_definition(model: str, drop: bool) -> None:
    """With inputs dropped or not, avalanches are those that the definition gives from whole forward passes.

    Durations are equal; sizes to rounding, since convolutions choose their kernels by the size of the batch.
    """
    torch.manual_seed(3)
    network, size = (Branching().eval(), 8) if model == "branching" else (random_network(model, 3), SIZE)
    inputs = gaussian_images(LAUNCHED[-1], size, 4)
    found = hooked(network, inputs)
    # close to the mean, so that many live long and some to the end
    thresholds = found.mean(axis=1) + np.array([-0.5, 0.0, 0.5, 1.0])[:, np.newaxis] * found.std(axis=1)
    ours = launch(TracedNetwork(network), inputs, thresholds, LAUNCHED, drop)
    expected = reference(found, thresholds, LAUNCHED)
    durations, sizes, censored = (np.array(column) for column in zip(*expected.values(), strict=True))
    assert len(np.unique(durations)) > 3
    assert 0 < censored.sum() < len(censored)
    np.testing.assert_array_equal(ours.multiplier, [n for n, _ in expected])
    np.testing.assert_array_equal(ours.duration, durations)
    np.testing.assert_array_equal(ours.censored, censored)
    np.testing.assert_allclose(ours.size, sizes, rtol=1e-3, atol=1e-6 * found.max())


def test_dropped_inputs_are_no_longer_computed() -> None:
    """After the first layer only the rows that live reach later modules."""
    network = random_network("resnet18", 3)
    rows: list[int] = []
    network.layer1[0].conv1.register_forward_hook(lambda _, __, output: rows.append(len(output)))
    inputs = gaussian_images(40, SIZE, 4)
    found = hooked(network, inputs)
    rows.clear()
    thresholds = np.tile(found.mean(axis=1), (4, 1))
    launch(TracedNetwork(network), inputs, thresholds, [40] * 4, drop=True)
    (alive,) = rows
    assert alive == (found[:4] >= thresholds[0, :4, np.newaxis]).all(axis=0).sum() < 40


def test_normalisations_differ_by_a_factor_a_layer() -> None:
    """An avalanche of one layer has sizes in the ratio of the square root of that layer's components."""
    network = TracedNetwork(random_network("resnet18", 3))
    inputs = gaussian_images(50, SIZE, 4)
    moments = calibrate(network, inputs)
    thresholds = np.tile(moments.mean, (4, 1))
    thresholds[:, 1] = np.inf
    ours = launch(network, inputs, thresholds, [50] * 4, drop=True)
    assert set(ours.duration) == {1}
    np.testing.assert_allclose(ours.size_rms / ours.size, np.sqrt(moments.components[0]))


def test_merged_moments_are_those_of_all() -> None:
    """Blocks of any sizes give the mean and the standard deviation of all strengths together, far from zero as well."""
    strength = 1e6 + np.random.default_rng(0).standard_normal((100, 3))
    parts = np.split(strength, [1, 7, 60])
    total, mean, squares = merge_moments(
        np.array([len(part) for part in parts]),
        np.array([part.mean(axis=0) for part in parts]),
        np.array([((part - part.mean(axis=0)) ** 2).sum(axis=0) for part in parts]),
    )
    assert total == 100
    np.testing.assert_allclose(mean, strength.mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(np.sqrt(squares / 99), strength.std(axis=0, ddof=1), rtol=1e-9)


def test_thresholds_rise_with_the_multiplier() -> None:
    """theta_l = mu_l + n sd_l, of the network that is asked for."""
    rows = [(network, 0, layer, 5, 4, 1.0 + layer + network, 12.0) for network in (0, 1) for layer in (1, 2)]
    columns = ["network", "block", "layer", "components", "inputs", "mean", "squares"]
    table = calibrated(pd.DataFrame(rows, columns=columns))
    np.testing.assert_allclose(threshold_matrix(table, 1, 3), [[3, 4], [5, 6], [7, 8]])


def test_real_images_have_the_format_of_classifiers() -> None:
    """White is 1 and black 0 in every channel before torchvision's normalisation, at the size asked for."""
    images = np.stack([np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)])
    batch = real_images(images, 50, 40, 0)
    assert batch.shape == (50, 3, 40, 40)
    levels = np.unique(batch[:, 0].numpy().round(4))
    np.testing.assert_allclose(levels, [(0 - 0.485) / 0.229, (1 - 0.485) / 0.229], atol=1e-3)


def test_unknown_models_and_impossible_sizes_are_named(tmp_path: Path) -> None:
    """The first rule stops with the nearest names, or with the model and the size that it cannot take."""
    count = script("resnets/count_layers").main
    with pytest.raises(UnknownModelError, match=r"found model 'resnet19', .* nearest: .*resnet18"):
        count(str(tmp_path / "depths.tsv"), ["resnet18", "resnet19"], SIZE, 0)
    with pytest.raises(ImageSizeError, match="SqueezeNet cannot take images of 8 x 8 pixels"):
        count(str(tmp_path / "depths.tsv"), ["squeezenet1_1"], 8, 0)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("stage", ["calibrate", "launch"])
def test_strengths_that_are_not_finite_are_named(stage: str) -> None:
    """An overflow stops both stages with the layer at which it is seen first."""
    network = random_network("resnet18", 0)
    with torch.no_grad():
        network.layer1[0].conv1.weight.mul_(1e38)
    traced, inputs = TracedNetwork(network), gaussian_images(4, SIZE, 0)
    stages = {
        "calibrate": lambda: calibrate(traced, inputs),
        "launch": lambda: launch(traced, inputs, np.zeros((4, 60)), [4] * 4, drop=True),
    }
    with pytest.raises(FloatingPointError, match=r"layer 5 of 60 \(layer1.0.conv1\): found a signal strength"):
        stages[stage]()


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small file of weights in a directory, named after its checksum, that stands for torchvision's."""
    path = tmp_path / "local" / "weights.pth"
    path.parent.mkdir()
    torch.save(random_network("squeezenet1_1", 7).state_dict(), path)
    digits = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    named = path.rename(path.with_name(f"squeezenet1_1-{digits}.pth"))
    monkeypatch.setattr(trained, "weights_url", lambda *_: f"http://127.0.0.1:9/models/{named.name}")
    return named


def test_trained_weights_are_fetched_and_loaded(published: Path, tmp_path: Path) -> None:
    """A file of a local directory is accepted by the first digits of its checksum, and its weights are those used."""
    output = tmp_path / "data" / "squeezenet1_1-IMAGENET1K_V1.pth"
    output.parent.mkdir()
    script("resnets/download_weights").main(str(output), "squeezenet1_1", "IMAGENET1K_V1", str(published.parent), 1.0)
    network = random_network("squeezenet1_1", 0)
    trained.load_weights(network, output)
    inputs = gaussian_images(2, SIZE, 0)
    with torch.inference_mode():
        assert torch.equal(network(inputs), random_network("squeezenet1_1", 7)(inputs))
    with pytest.raises(RuntimeError, match="Missing key"):
        trained.load_weights(random_network("resnet18", 0), output)


def test_trained_weights_that_cannot_be_had(published: Path, tmp_path: Path) -> None:
    """A damaged file, an empty directory, a silent server and a name without checksum are refused by name."""
    cache = tmp_path / "data"
    wanted = trained.wanted_weights(trained.weights_url("", ""))
    with pytest.raises(FetchError, match=r"could not be had. Tried:\n  http://127.0.0.1:9/models/"):
        trained.cached_weights(wanted, cache, None, Downloader(1.0))
    with pytest.raises(FetchError, match=f"directory {tmp_path}: holds no {wanted.file.name}"):
        trained.cached_weights(wanted, cache, tmp_path, Downloader(1.0))
    published.write_bytes(b"damaged")
    with pytest.raises(FetchError, match=r"directory .*local: found sha256"):
        trained.cached_weights(wanted, cache, published.parent, Downloader(1.0))
    with pytest.raises(ValueError, match="expected a name that ends in"):
        trained.wanted_weights("http://127.0.0.1:9/models/weights.pth")
    assert list(cache.iterdir()) == []


def test_unknown_weights_are_named() -> None:
    """Weights that torchvision does not have are answered with those that it has."""
    with pytest.raises(
        ValueError, match=r"found weights 'IMAGENET22K', expected one of .*'IMAGENET1K_V1'\] for resnet18"
    ):
        trained.weights_url("resnet18", "IMAGENET22K")


KEYS = {
    "model": "resnet18",
    "image_size": SIZE,
    "mode": "eval",
    "inputs": "gaussian",
    "weights": "random",
    "networks": 2,
}


def run_sample(path: Path, shards: int, mode: str) -> dict[str, bytes]:
    """All tables of a small sample, made by the scripts in that many shards."""
    keys = KEYS | {"mode": mode}
    moments, found, counts = ([str(path / f"{shard}.{name}") for shard in range(shards)] for name in "mac")
    calibration = str(path / "calibration")
    for shard, table in enumerate(moments):
        stage = keys | {"calibration_blocks": 2, "calibration_inputs": 12}
        script("resnets/calibrate_layers").main(None, None, table, stage, 1, shard, shards, "code")
    script("resnets/merge_calibration").main(moments, calibration)
    for shard, (avalanches, launches) in enumerate(zip(found, counts, strict=True)):
        stage = keys | {"blocks": 2, "launched": [6, 6, 12, 12]}
        script("resnets/launch_avalanches").main(
            calibration, None, None, avalanches, launches, stage, 1, shard, shards, "code"
        )
    outputs = {name: str(path / name) for name in ("avalanches", "launches")}
    script("resnets/merge_launches").main(found, counts, outputs)
    return {name: (path / name).read_bytes() for name in ("calibration", *outputs)}


@pytest.mark.parametrize("mode", ["eval", "train"])
def test_shards_do_not_change_a_byte(tmp_path: Path, mode: str) -> None:
    """One job or three: thresholds, avalanches and counts are the same files, and torch's random state is as before."""
    paths = [tmp_path / str(shards) for shards in (1, 3)]
    for path in paths:
        path.mkdir()
    state = torch.get_rng_state()
    assert run_sample(paths[0], 1, mode) == run_sample(paths[1], 3, mode)
    assert torch.equal(torch.get_rng_state(), state)
