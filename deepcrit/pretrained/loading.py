"""Networks with their weights and inputs, ready to be measured, from wherever each comes."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
import torchvision
from torchvision.models import WeightsEnum
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional

from deepcrit.core.seeds import generator, seed_key
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.pretrained.efficientnet_lite import LITES, EfficientNetLite
from deepcrit.pretrained.images import Prepare, choose_images, images_below, read_image
from deepcrit.pretrained.networks import random_network
from deepcrit.pretrained.own_models import builder_files, builder_function
from deepcrit.pretrained.sources import OTHER, OWN, PACKAGE, PHOTOGRAPHS, RANDOM
from deepcrit.pretrained.subjects import Subject
from deepcrit.pretrained.weight_files import state_dict_of
from deepcrit.pretrained.weights import cached_weights, load_weights, packaged_weights, wanted_weights, weights_url

_LITE_MEAN, _LITE_DEVIATION, _LITE_SHARE = 127 / 255, 128 / 255, 0.875  # as EfficientNet-Lite was trained


class LoadingError(ValueError):
    """A network that could not be made ready; the message says what was found and what was expected."""


class Loaded(NamedTuple):
    """A network ready to be measured; ``accuracy`` is NaN where none is published."""

    network: torch.nn.Module
    inputs: Iterable[torch.Tensor]
    images: str
    accuracy: float
    modules: int
    classes: Sequence[str]


@dataclass(frozen=True)
class Loader:
    """Where weights and inputs come from.

    Args:
        images: schema ``zoo_images``, those that are used.
        accuracies: of torchvision's weights, by model and weights, in percent.
        own: own models of the configuration by name, with all their keys.
        cache: directory of downloaded weights, which stay there.
        local: directory of weights, the only source when given.
        downloader: of weights, for all networks of a job.
        seed: of the configuration.
    """

    images: pd.DataFrame
    accuracies: Mapping[tuple[str, str], float]
    own: Mapping[str, Mapping[str, Any]]
    cache: Path
    local: Path | None
    downloader: Downloader
    seed: int

    def identity(self, subject: Subject) -> str:
        """What defines the weights of a subject and its inputs, known before anything is fetched or built.

        Raises:
            ImageError: for an own model whose images cannot be used.
        """
        if subject.source == OWN:
            model = self.own[subject.model]
            files = [*map(str, builder_files(model["builder"])), model["checkpoint"], model["inputs"]]
            digests = [_sha256(Path(file)) for file in files if file and Path(file).is_file()]
            shown = [len(self.images), self._own_images(model)["sha256"].tolist()]
            return json.dumps([model, digests, *shown], sort_keys=True)
        if subject.source == RANDOM:
            weights = str(self.weights_seed(subject))
        elif subject.source == PACKAGE:
            weights = packaged_weights(subject.model).file.checksum
        else:
            weights = weights_url(subject.model, subject.weights)
        return json.dumps([weights, self.images["sha256"].tolist()])

    def weights_seed(self, subject: Subject) -> int:
        """Seed of random weights, and of the first vectors of every subject of this model."""
        return int(generator(seed_key(self.seed, "zoo", subject.model, 0)).integers(2**62))

    def load(self, subject: Subject) -> Loaded:
        """The network with its weights and inputs.

        Raises:
            FetchError: naming the sources of the weights, and why each failed.
            LoadingError: if weights do not fit, or an own model cannot be built.
            ImageError: if its inputs cannot be used.
        """
        if subject.source == OWN:
            return self._own(subject)
        if subject.source == PACKAGE:
            lite = LITES[subject.model]
            network: torch.nn.Module = EfficientNetLite(lite.width, lite.depth)
            load_state(
                network, cached_weights(packaged_weights(subject.model), self.cache, self.local, self.downloader)
            )
            accuracy = lite.accuracy
            prepare = prepare_lite(lite.image_size)
        elif subject.source == RANDOM:
            network, accuracy = random_network(subject.model, self.weights_seed(subject)), np.nan
            prepare = next(iter(torchvision.models.get_model_weights(subject.model))).transforms()
        else:
            wanted = wanted_weights(weights_url(subject.model, subject.weights))
            path = cached_weights(wanted, self.cache, self.local, self.downloader)
            network = trained_network(subject.model, subject.weights, path)
            accuracy = self.accuracies[subject.model, subject.weights]
            prepare = torchvision.models.get_model_weights(subject.model)[subject.weights].transforms()
        inputs = _prepared(self.images["path"], prepare)
        return Loaded(
            network, inputs, self.images["images"].iloc[0], accuracy, leaf_modules(network), _imagenet_classes()
        )

    def _own(self, subject: Subject) -> Loaded:
        model = self.own[subject.model]
        network = built_network(model["builder"])
        if model["checkpoint"]:
            load_state(network, Path(model["checkpoint"]))
        chosen = self._own_images(model)
        inputs: Iterable[torch.Tensor]
        if len(chosen):
            inputs = _prepared(chosen["path"], _prepare_own(model["size"], model["mean"], model["std"]))
        else:
            inputs = islice(input_tensors(Path(model["inputs"])), len(self.images))
        kind = self.images["images"].iloc[0] if model["inputs"] == PHOTOGRAPHS else OTHER
        accuracy = np.nan if model["accuracy"] is None else model["accuracy"]
        return Loaded(network, inputs, kind, accuracy, model["layers"] or leaf_modules(network), [])

    def _own_images(self, model: Mapping[str, Any]) -> pd.DataFrame:
        """Images of an own model, as many as others see; none if its inputs are tensors."""
        if model["inputs"] == PHOTOGRAPHS:
            return self.images
        if not Path(model["inputs"]).is_dir():
            return self.images.iloc[:0]
        rng = generator(seed_key(self.seed, "zoo", f"images/{model['builder']}", 0))
        chosen = choose_images(images_below(model["inputs"], rng), len(self.images), OTHER)
        return chosen[chosen["image"] >= 0]


def built_network(builder: str) -> torch.nn.Module:
    """What a builder, written ``module:function``, builds.

    Raises:
        LoadingError: naming the builder, if it fails or builds no module.
    """
    try:
        network = builder_function(builder)()
    except Exception as error:
        raise LoadingError(f"builder {builder}: {type(error).__name__}: {error}") from error
    if not isinstance(network, torch.nn.Module):
        raise LoadingError(f"builder {builder}: found {type(network).__name__}, expected a torch module")
    return network


def leaf_modules(network: torch.nn.Module) -> int:
    """Modules without parts, m."""
    return sum(not any(module.children()) for module in network.modules())


def load_state(network: torch.nn.Module, path: Path) -> None:
    """Give a network the weights of a file, every one of them and no other.

    Raises:
        LoadingError: naming the file, and the tensors that do not fit.
    """
    with _explained(path):
        load_weights(network, path)


def load_wrapped_state(network: torch.nn.Module, path: Path) -> None:
    """As :func:`load_state`, also of a checkpoint that has the state dict under one of the usual keys.

    Raises:
        LoadingError: naming the file, and the tensors that do not fit.
    """
    with _explained(path):
        network.load_state_dict(state_dict_of(path))


def trained_network(model: str, weights: str, path: Path) -> torch.nn.Module:
    """A classifier as torchvision builds it for one of its weight sets, with the weights of a file.

    torchvision's own builder is used, because it knows what each set needs: image sizes of vision transformers, old
    names of tensors in DenseNet, heads that GoogLeNet drops.

    Raises:
        LoadingError: naming the file, and the tensors that do not fit.
    """
    published = torchvision.models.get_model_weights(model)[weights]
    with _explained(path), _states_from(path), torch.device("cpu"), torch.random.fork_rng(devices=[]):
        return torchvision.models.get_model(model, weights=published)


@contextmanager
def _states_from(path: Path) -> Iterator[None]:
    """Torchvision reads this file where it would download one."""
    download = WeightsEnum.get_state_dict
    WeightsEnum.get_state_dict = lambda *_, **__: torch.load(path, map_location="cpu", weights_only=True)
    try:
        yield
    finally:
        WeightsEnum.get_state_dict = download


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Errors of reading and fitting weights, with the file."""
    try:
        yield
    # what torch raises of a file that is none of its own depends on its bytes
    except (RuntimeError, TypeError, LookupError, ValueError, EOFError, OSError, pickle.UnpicklingError) as error:
        raise LoadingError(f"{path}: these weights do not fit: {type(error).__name__}: {error}") from error


def _prepared(paths: Iterable[str], prepare: Prepare) -> Iterator[torch.Tensor]:
    for path in paths:
        yield prepare(read_image(path))


def _prepare_own(size: int, mean: Sequence[float], deviation: Sequence[float]) -> Prepare:
    """Shorter side to ``size`` pixels, the middle square, values 0 to 1, normalised by channel."""

    def prepare(image: torch.Tensor) -> torch.Tensor:
        sized = functional.resize(image, [size], antialias=True)
        values = functional.center_crop(sized, [size, size]).float().div(255)
        return functional.normalize(values, list(mean), list(deviation))

    return prepare


def prepare_lite(size: int) -> Prepare:
    """As the networks were validated: bicubic, a margin of an eighth cut off, x = (x - 127) / 128."""

    def prepare(image: torch.Tensor) -> torch.Tensor:
        sized = functional.resize(image, [round(size / _LITE_SHARE)], InterpolationMode.BICUBIC, antialias=True)
        values = functional.center_crop(sized, [size, size]).float().div(255)
        return functional.normalize(values, [_LITE_MEAN] * 3, [_LITE_DEVIATION] * 3)

    return prepare


def input_tensors(path: Path) -> torch.Tensor:
    """Inputs of an own model, shape (inputs, ...).

    Raises:
        LoadingError: naming the file, if it does not hold one floating tensor of at least one input.
    """
    with _explained(path):
        found = torch.load(path, map_location="cpu", weights_only=True)
    if not (isinstance(found, torch.Tensor) and found.is_floating_point() and found.ndim > 1):
        raise LoadingError(f"{path}: found {type(found).__name__}, expected a floating tensor (inputs, ...)")
    if not len(found):
        raise LoadingError(f"{path}: found shape {tuple(found.shape)}, expected at least one input")
    return found


def _imagenet_classes() -> Sequence[str]:
    return torchvision.models.AlexNet_Weights.IMAGENET1K_V1.meta["categories"]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
