"""EfficientNet-Lite classifies photographs, where its weights have been downloaded."""

from pathlib import Path

import pytest
import torch
import torchvision

from deepcrit.pretrained.efficientnet_lite import LITES, EfficientNetLite
from deepcrit.pretrained.images import read_image
from deepcrit.pretrained.loading import load_state, prepare_lite
from deepcrit.pretrained.weights import packaged_weights

DATA = Path(__file__).resolve().parents[2] / "results" / "data"


@pytest.mark.parametrize(
    ("name", "convolutions"), [("efficientnet_lite0", 49), ("efficientnet_lite1", 64), ("efficientnet_lite2", 64)]
)
def test_architecture(name: str, convolutions: int) -> None:
    """As many convolutions as published, and 1000 logits for an image of any size."""
    network = EfficientNetLite(LITES[name].width, LITES[name].depth).eval()
    assert sum(isinstance(module, torch.nn.Conv2d) for module in network.modules()) == convolutions
    with torch.inference_mode():
        assert network(torch.zeros(1, 3, 33, 47)).shape == (1, 1000)


@pytest.mark.parametrize("name", LITES)
def test_photographs_are_recognised(name: str) -> None:
    """A cat and coffee are the first guesses, its cup and a rocket among the first five."""
    lite = LITES[name]
    files = [
        DATA / "weights" / packaged_weights(name).file.name,
        *(DATA / "photographs" / f for f in ("chelsea.png", "coffee.png", "rocket.jpg")),
    ]
    if not all(file.is_file() for file in files):
        pytest.skip("weights and photographs are not downloaded")
    network = EfficientNetLite(lite.width, lite.depth).eval()
    load_state(network, files[0])
    names = torchvision.models.AlexNet_Weights.IMAGENET1K_V1.meta["categories"]
    prepare = prepare_lite(lite.image_size)
    with torch.inference_mode():
        cat, coffee, rocket = (
            [names[index] for index in network(prepare(read_image(file))[None])[0].topk(5).indices]
            for file in files[1:]
        )
    assert {"tabby", "tiger cat", "Egyptian cat"} == set(cat[:3])
    assert coffee[0] == "espresso"
    assert "cup" in coffee
    assert {"missile", "projectile"} < set(rocket)
