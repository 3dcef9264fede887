"""Largest singular value of the Jacobian of a ResNet-18, against the full Jacobian and its decomposition."""

from __future__ import annotations

import time

import pandas as pd
import torch
from sizes import size
from torchvision.models import resnet18

from deepcrit.physics.lyapunov.singular import largest_singular_values

IMAGE_SIZE = size(224, 32)
CHUNK = size(50, 250)  # rows of the full Jacobian at a time; all 1000 at once need more memory than a laptop has
REPEATS = size(3, 1)


def _full(network: torch.nn.Module, image: torch.Tensor) -> float:
    """The usual way: jacrev, in chunks, and singular values of the whole matrix."""
    full = torch.func.jacrev(lambda x: network(x[None])[0], chunk_size=CHUNK)(image)
    return float(torch.linalg.svdvals(full.detach().flatten(1).double())[0])


def run() -> pd.DataFrame:
    """Seconds for one image, and how far the values are apart; one thread."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    network = resnet18().eval()
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    image = torch.randn(1, 3, IMAGE_SIZE, IMAGE_SIZE)
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        found = largest_singular_values(network, image)
        seconds.append(time.perf_counter() - start)
    start = time.perf_counter()
    theirs = _full(network, image[0])
    full = time.perf_counter() - start
    ratio, error = full / min(seconds), abs(float(found.value[0]) / theirs - 1.0)
    of = f"ResNet-18, {IMAGE_SIZE} x {IMAGE_SIZE}, 1000 outputs, one thread"
    rows = [
        ("jacobians", f"{of}; jacrev in chunks of {CHUNK} and SVD", min(seconds), full, "s an image", ratio,
         ">= 50 times", ratio >= 50),
        ("jacobians", f"{of}: relative error of the largest singular value, {found.iterations[0]} iterations", error,
         None, "1", None, "< 1e-5", error < 1e-5),
    ]  # fmt: skip
    names = ["benchmark", "quantity", "deepcrit", "alternative", "unit", "ratio", "target", "met"]
    return pd.DataFrame(rows, columns=names)


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
