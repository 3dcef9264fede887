"""Makes digits.pt and digits_inputs.pt: python -m examples.train_digits, after snakemake results/data/mnist/...

Prints the test accuracy that examples/own_model.yaml states.
"""

from pathlib import Path

import numpy as np
import torch

from deepcrit.data.mnist import load
from examples.digits import build

HERE, MNIST = Path(__file__).parent, Path("results/data/mnist")
EPOCHS, BATCH, SHOWN = 3, 100, 10


def tensors(images: np.ndarray, labels: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """Values 0 to 1, shape (images, 1, 28, 28), and labels."""
    return torch.from_numpy(images.copy()).float().div(255).unsqueeze(1), torch.from_numpy(labels.astype(np.int64))


def main() -> None:
    """Adam on cross entropy."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    network = build()
    images, labels = tensors(*load(MNIST, "train"))
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images)).split(BATCH):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(network(images[batch]), labels[batch]).backward()
            optimiser.step()
    images, labels = tensors(*load(MNIST, "test"))
    with torch.inference_mode():
        accuracy = (network(images).argmax(dim=1) == labels).float().mean()
    print(f"{100 * accuracy:.1f}% of test images")
    torch.save(network.state_dict(), HERE / "digits.pt")
    torch.save(images[:SHOWN].clone(), HERE / "digits_inputs.pt")


if __name__ == "__main__":
    main()
