"""Batches of images for classifiers: Gaussian noise, and real images brought to their format."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from deepcrit.core.devices import placed

# mean and standard deviation of the three channels, as torchvision normalises images for its classifiers
CHANNEL_MEANS = (0.485, 0.456, 0.406)
CHANNEL_DEVIATIONS = (0.229, 0.224, 0.225)


def _drawn_by(seed: int) -> torch.Generator:
    return torch.Generator("cpu").manual_seed(seed)


def gaussian_images(number: int, image_size: int, seed: int) -> torch.Tensor:
    """Independent standard normal values, shape (number, 3, image_size, image_size)."""
    return placed(torch.randn(number, 3, image_size, image_size, generator=_drawn_by(seed), device="cpu"))


def real_images(images: NDArray[np.uint8], number: int, image_size: int, seed: int) -> torch.Tensor:
    """Images drawn with replacement, resized, in three equal channels, and normalised as torchvision does.

    Args:
        images: grey images, shape (images, rows, columns), 0 to 255.
        number: how many to draw.
        image_size: side to which they are resized bilinearly, in pixels.
        seed: seed of the draw.
    """
    chosen = torch.randint(len(images), (number,), generator=_drawn_by(seed), device="cpu")
    grey = placed(torch.from_numpy(images[chosen.numpy()])).float().div(255).unsqueeze(1)
    sized = torch.nn.functional.interpolate(grey, size=(image_size, image_size), mode="bilinear", antialias=True)
    means, deviations = (torch.tensor(values).view(3, 1, 1) for values in (CHANNEL_MEANS, CHANNEL_DEVIATIONS))
    return (sized - means) / deviations
