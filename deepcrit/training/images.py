"""Labelled images, and the order in which training sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from deepcrit.core.devices import placed
from deepcrit.core.seeds import generator, seed_key
from deepcrit.data.mnist import shrunk
from deepcrit.training.networks import FullyConnected, Loss, cross_entropy

EVALUATED_TOGETHER = 500  # images
_MEAN, _DEVIATION = 0.1307, 0.3081  # of the pixels of MNIST, as the code of qu2022 normalises them


@dataclass(frozen=True)
class LabelledImages:
    """Images of shape (images, pixels), from 0 to 1, and their classes of shape (images,)."""

    images: Tensor
    labels: Tensor

    @classmethod
    def of(cls, pixels: NDArray[np.uint8], labels: NDArray[np.uint8], first: int | None = None) -> LabelledImages:
        """The first images of a data set, pixels of 0 to 255 divided by 255.

        Raises:
            ValueError: if there are fewer than ``first``.
        """
        wanted = len(pixels) if first is None else first
        if wanted > len(pixels):
            raise ValueError(f"images: found {len(pixels)}, expected at least {wanted}")
        flat = pixels[:wanted].reshape(wanted, -1).astype(np.float32) / np.float32(255.0)
        return cls(placed(torch.from_numpy(flat)), placed(torch.from_numpy(labels[:wanted].astype(np.int64))))

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, chosen: Tensor | slice) -> tuple[Tensor, Tensor]:
        """Some images and their classes."""
        return self.images[chosen], self.labels[chosen]


def normalised(data: LabelledImages) -> LabelledImages:
    """Images of mean zero and variance one over the whole of MNIST."""
    return LabelledImages((data.images - _MEAN) / _DEVIATION, data.labels)


def shrunk_images(pixels: NDArray[np.uint8], labels: NDArray[np.uint8], side: int, first: int) -> LabelledImages:
    """The first images of MNIST, shrunk, and normalised as the authors do.

    Args:
        pixels: images of MNIST.
        labels: their classes.
        side: pixels of a side of the shrunk images.
        first: how many.

    Raises:
        ValueError: if there are fewer than ``first``.
    """
    if first > len(pixels):
        raise ValueError(f"images: found {len(pixels)}, expected at least {first}")
    flat = torch.from_numpy(shrunk(pixels[:first], side).reshape(first, -1))
    return normalised(LabelledImages(placed(flat), placed(torch.from_numpy(labels[:first].astype(np.int64)))))


@dataclass(frozen=True)
class Minibatches:
    """A stream of minibatches, the same for all networks that are trained on it.

    In every epoch the images come in a new order, which seed and epoch define; what does not fill a minibatch is left
    out of that epoch.

    Attributes:
        images: how many there are.
        batch: images of a minibatch.
        seed: root of the orders.
    """

    images: int
    batch: int
    seed: int

    @property
    def each_epoch(self) -> int:
        """Minibatches of an epoch."""
        return self.images // self.batch

    def epoch(self, number: int) -> list[Tensor]:
        """Indices of the images of every minibatch of one epoch, counted from 1."""
        order = generator(seed_key(self.seed, "training", "order", number)).permutation(self.images)
        return list(placed(torch.from_numpy(order[: self.each_epoch * self.batch].reshape(-1, self.batch))))

    def iterations(self, done: int, last: int) -> Iterator[Tensor]:
        """The minibatches that follow the first ``done`` of the stream, up to the ``last``-th."""
        while done < last:
            epoch, place = divmod(done, self.each_epoch)
            chosen = self.epoch(epoch + 1)[place : place + last - done]
            yield from chosen
            done += len(chosen)


def evaluate(networks: FullyConnected, data: LabelledImages) -> Loss:
    """What networks make of all images of a data set."""
    total, correct = torch.zeros(len(networks), dtype=torch.float64), torch.zeros(len(networks), dtype=torch.int64)
    for start in range(0, len(data), EVALUATED_TOGETHER):
        images, labels = data[start : start + EVALUATED_TOGETHER]
        loss, _ = cross_entropy(networks.logits(images), labels)
        total += loss.total
        correct += loss.correct
    return Loss(total, correct)
