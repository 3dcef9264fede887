"""A small network for handwritten digits, as an example of an own model; see docs/your_own_model.md."""

from torch import nn


def build() -> nn.Module:
    """Two convolutions and two linear layers, from images (1, 28, 28) with values 0 to 1 to ten logits."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, stride=2),
        nn.ReLU(),
        nn.Conv2d(8, 16, 5, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(256, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )
