"""The same network with weights that know nothing: Gaussian ones, or its own in any order."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch.nn.modules.batchnorm import _NormBase

from deepcrit.core.seeds import generator, seed_key
from deepcrit.diagnosis.results import GAUSSIAN, SHUFFLED
from deepcrit.pretrained.weight_files import is_weight

KINDS_OF_WEIGHTS = (GAUSSIAN, SHUFFLED)


def random_weights(weights: torch.Tensor, kind: str, rng: np.random.Generator) -> torch.Tensor:
    """Gaussian weights of the same mean and standard deviation as these, or these in any order.

    Raises:
        ValueError: for a kind that is none of :data:`KINDS_OF_WEIGHTS`.
    """
    if kind not in KINDS_OF_WEIGHTS:
        raise ValueError(f"kind: found {kind!r}, expected one of {KINDS_OF_WEIGHTS}")
    flat = weights.detach().double().cpu().numpy().ravel()
    drawn = rng.permutation(flat) if kind == SHUFFLED else flat.mean() + flat.std() * rng.standard_normal(flat.size)
    return torch.from_numpy(drawn.reshape(tuple(weights.shape))).to(weights)


def randomised(network: torch.nn.Module, kind: str, seed: int, draw: int, inputs: torch.Tensor) -> torch.nn.Module:
    """A copy whose weight tensors are Gaussian of the same mean and standard deviation, or shuffled within each.

    Biases and what normalisations have learned stay. Batch normalisation that has counted batches takes its statistics
    anew, from these inputs: those of the other weights would be wrong for these.

    Args:
        network: any module, which stays as it is.
        kind: one of :data:`KINDS_OF_WEIGHTS`.
        seed: of the diagnosis.
        draw: which of several.
        inputs: shape (inputs, ...).
    """
    changed = copy.deepcopy(network)
    with torch.no_grad():
        for name, parameter in changed.named_parameters():
            if not (is_weight(name, tuple(parameter.shape)) and parameter.is_floating_point()):
                continue
            rng = generator(seed_key(seed, "diagnosis", f"{kind}/{name}", draw))
            parameter.copy_(random_weights(parameter, kind, rng))
        _count_again(changed, inputs)
    return changed


def _count_again(network: torch.nn.Module, inputs: torch.Tensor) -> None:
    counted = [
        module
        for module in network.modules()
        if isinstance(module, _NormBase) and module.num_batches_tracked is not None and int(module.num_batches_tracked)
    ]
    if not counted:
        return
    network.eval()
    for module in counted:
        module.reset_running_stats()
        module.momentum = None  # the plain mean over batches
        module.train()
    network(inputs.clone())
    network.eval()
