"""EfficientNet-Lite0, -Lite1 and -Lite2: ImageNet classifiers whose trained weights come as packages."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import nn

_WEIGHTS = "IMAGENET1K"
_EPSILON = 1e-3  # of batch normalisation, as in the original
# blocks, kernel, stride, expansion and channels of EfficientNet-B0; Lite has no squeeze and excitation
_STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
_STEM, _HEAD, _CLASSES = 32, 1280, 1000


class Lite(NamedTuple):
    """One network, as its authors describe it; its weights are the data set of its name.

    ``accuracy`` is top-1 in percent on the validation images, of the original weights in single precision
    (github.com/tensorflow/tpu, models/official/efficientnet/lite); these are a conversion of them.
    """

    width: float
    depth: float
    image_size: int
    accuracy: float


LITES = {
    "efficientnet_lite0": Lite(1.0, 1.0, 224, 75.1),
    "efficientnet_lite1": Lite(1.0, 1.1, 240, 76.7),
    "efficientnet_lite2": Lite(1.1, 1.2, 260, 77.6),
}


class _Convolution(nn.Conv2d):
    """Padded as TensorFlow does: to ceil(size / stride), the odd pixel at the lower right."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        (kernel, _), (stride, _) = self.kernel_size, self.stride
        rows, columns = (max((-(-size // stride) - 1) * stride + kernel - size, 0) for size in input.shape[-2:])
        padding = (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2)
        return super().forward(nn.functional.pad(input, padding))


class _Block(nn.Module):
    """Expansion, depthwise convolution and projection; around them the input is carried where shapes allow."""

    def __init__(self, kernel: int, stride: int, expansion: int, entering: int, leaving: int) -> None:
        super().__init__()
        inner = entering * expansion
        self.expands = expansion > 1
        if self.expands:
            self._expand_conv = _Convolution(entering, inner, 1, bias=False)
            self._bn0 = nn.BatchNorm2d(inner, eps=_EPSILON)
            self._relu0 = nn.ReLU6()
        self._depthwise_conv = _Convolution(inner, inner, kernel, stride, groups=inner, bias=False)
        self._bn1 = nn.BatchNorm2d(inner, eps=_EPSILON)
        self._relu1 = nn.ReLU6()
        self._project_conv = _Convolution(inner, leaving, 1, bias=False)
        self._bn2 = nn.BatchNorm2d(leaving, eps=_EPSILON)
        self.carries = stride == 1 and entering == leaving

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        x = self._relu0(self._bn0(self._expand_conv(input))) if self.expands else input
        x = self._relu1(self._bn1(self._depthwise_conv(x)))
        x = self._bn2(self._project_conv(x))
        return x + input if self.carries else x


class EfficientNetLite(nn.Module):
    """EfficientNet without squeeze and excitation, with ReLU6, stem and head of fixed width (Tan and Le 2019).

    Parameters have the names that they have in the files of the packages.

    Args:
        width: factor of the channels of stages.
        depth: factor of the blocks of all stages but the first and the last.
    """

    def __init__(self, width: float, depth: float) -> None:
        super().__init__()
        self._conv_stem = _Convolution(3, _STEM, 3, 2, bias=False)
        self._bn0 = nn.BatchNorm2d(_STEM, eps=_EPSILON)
        self._relu0 = nn.ReLU6()
        blocks, entering = [], _STEM
        for stage, (number, kernel, stride, expansion, channels) in enumerate(_STAGES):
            repeats = number if stage in (0, len(_STAGES) - 1) else math.ceil(number * depth)
            leaving = _rounded(channels * width)
            for repeat in range(repeats):
                blocks.append(_Block(kernel, stride if repeat == 0 else 1, expansion, entering, leaving))
                entering = leaving
        self._blocks = nn.Sequential(*blocks)
        self._conv_head = _Convolution(entering, _HEAD, 1, bias=False)
        self._bn1 = nn.BatchNorm2d(_HEAD, eps=_EPSILON)
        self._relu1 = nn.ReLU6()
        self._pool = nn.AdaptiveAvgPool2d(1)
        self._fc = nn.Linear(_HEAD, _CLASSES)

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """Logits of a batch of images."""
        x = self._blocks(self._relu0(self._bn0(self._conv_stem(input))))
        x = self._relu1(self._bn1(self._conv_head(x)))
        return self._fc(self._pool(x).flatten(1))


def _rounded(channels: float) -> int:
    """The nearest multiple of eight, and the next one where that would take away more than a tenth."""
    near = max(8, int(channels + 4) // 8 * 8)
    return near if near >= 0.9 * channels else near + 8
