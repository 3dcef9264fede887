"""What a user would otherwise run: one random network in PyTorch, every input multiplied through to the end.

Runs in a process of its own, with nothing of deepcrit, and prints seconds a network. Every layer costs the same, so a
part of the layers is timed and scaled up.
"""

import argparse
import json
import time

import torch


def seconds_per_network(width: int, depth: int, inputs: int, timed_layers: int, threads: int) -> float:
    """Draw each layer's weights, multiply all inputs, apply tanh, and keep signal strengths."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    z = torch.randn(inputs, width)
    y = torch.tanh(0.1 * z / z.norm(dim=1, keepdim=True))
    strengths = torch.empty(timed_layers, inputs)
    with torch.no_grad():
        for layer in range(-3, timed_layers):
            if layer == 0:
                start = time.perf_counter()
            weights = torch.randn(width, width) * (1.001 / width) ** 0.5
            z = y @ weights.T
            strengths[max(layer, 0)] = (z * z).mean(dim=1).sqrt()
            y = torch.tanh(z)
    return (time.perf_counter() - start) / timed_layers * depth


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ("width", "depth", "inputs", "timed_layers", "threads"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, required=True)
    print(json.dumps({"seconds": seconds_per_network(**vars(parser.parse_args())), "torch": torch.__version__}))
