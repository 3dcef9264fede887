"""Fractal dimension of the eigenvectors of layer Jacobians, beside Jacobians of weights that know nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from threadpoolctl import threadpool_limits
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.modules.conv import _ConvNd

from deepcrit.core.arrays import Floats
from deepcrit.core.modes import in_eval_mode
from deepcrit.core.seeds import generator, seed_key
from deepcrit.diagnosis.nulls import random_weights
from deepcrit.diagnosis.results import GAUSSIAN, NOTIONS, SHUFFLED, Notion, Null, Quantity, null_of
from deepcrit.physics.heavytails import delocalised_dimensions, dimensions, right_eigenvectors
from deepcrit.physics.lyapunov.products import require_own_statistics
from deepcrit.stats.intervals import mean_interval

_TITLE = NOTIONS["multifractality"]
_MOST_NEURONS = 512
_FEWEST_NEURONS = 10
_MOST_LAYERS = 4
_INPUTS = 2
_NULL_DRAWS = 3
_COLUMNS = {GAUSSIAN: "gaussian", SHUFFLED: "shuffled"}
_PAGE = 64  # rows of a Jacobian at a time


class _Call(NamedTuple):
    """A layer with weights in a forward pass: what it was given, and what it returned."""

    name: str
    module: torch.nn.Module
    given: torch.Tensor
    output: torch.Tensor


class LayerJacobians:
    """Derivatives of the output of every linear or convolutional layer by that of the one before it.

    Each is W A: the layer's own weights times the derivative A of what it is given. In a network h_l = W_l phi(h_(l-1))
    that is W_l D_(l-1), the Jacobian of pre-activations of qu2022.

    Args:
        network: any module.
        one: a single input, without the batch.

    Raises:
        JacobianError: for normalisation by the statistics of the batch.
    """

    def __init__(self, network: torch.nn.Module, one: torch.Tensor) -> None:
        require_own_statistics(network)
        self._calls: list[_Call] = []

        def keep(name: str, module: torch.nn.Module, given: tuple[Any, ...], output: torch.Tensor) -> torch.Tensor:
            self._calls.append(_Call(name, module, given[0], output))
            # what comes next may change its input in place
            return output.clone()

        hooks = [
            module.register_forward_hook(lambda called, given, output, name=name: keep(name, called, given, output))
            for name, module in network.named_modules()
            if isinstance(module, torch.nn.Linear | _ConvNd)
        ]
        try:
            with torch.enable_grad(), in_eval_mode(network), sdpa_kernel(SDPBackend.MATH):
                network(one.detach().clone().unsqueeze(0).requires_grad_(one.is_floating_point()))
        finally:
            for hook in hooks:
                hook.remove()

    @property
    def layers(self) -> int:
        """Calls of layers."""
        return len(self._calls)

    def squares(self) -> list[tuple[int, str, int]]:
        """Layers with as many outputs as the one before: place, name and how many."""
        pairs = enumerate(zip(self._calls, self._calls[1:], strict=False))
        return [
            (place, after.name, after.output.numel())
            for place, (before, after) in pairs
            if before.output.numel() == after.output.numel() >= _FEWEST_NEURONS
        ]

    def slopes(self, place: int) -> torch.Tensor | None:
        """A transposed, shape (outputs of the layer before, ...) with what the layer is given; None if it is zero."""
        before, given = self._calls[place].output, self._calls[place + 1].given
        flat = given.flatten()
        rows = []
        for start in range(0, flat.numel(), _PAGE):
            some = torch.eye(flat.numel(), dtype=flat.dtype)[start : start + _PAGE].to(flat.device)
            (found,) = torch.autograd.grad(
                flat, before, some, retain_graph=True, allow_unused=True, is_grads_batched=True
            )
            if found is None:
                return None
            rows.append(found.flatten(1))
        together = torch.cat(rows)
        return together.T.reshape(-1, *given.shape[1:]) if together.any() else None

    def matrix(self, place: int, slopes: torch.Tensor, weights: torch.Tensor | None = None) -> Floats:
        """W A with the weights of the layer, or with others of their shape in their place."""
        module = self._calls[place + 1].module
        own: Any = module.weight
        replaced = {"weight": own if weights is None else weights}
        if module.bias is not None:
            replaced["bias"] = torch.zeros_like(module.bias)  # type: ignore[arg-type]
        with torch.no_grad():
            columns = torch.func.functional_call(module, replaced, (slopes,))
        return np.asarray(columns.flatten(1).T.double().cpu().numpy(), np.float64)

    def weights(self, place: int) -> torch.Tensor:
        """The weights of the layer."""
        own: Any = self._calls[place + 1].module.weight
        return own.detach()


def mean_dimension(matrix: Floats) -> float:
    """Mean D_2 over right eigenvectors.

    Raises:
        HeavyTailsError: for a matrix that is not finite.
    """
    return float(dimensions(right_eigenvectors(matrix)[1], [2.0]).mean())


def measure_multifractality(
    network: torch.nn.Module, inputs: torch.Tensor, seed: int, told: Callable[[str], None]
) -> Notion:
    """D_2 of some layer Jacobians, or why there is none to measure.

    Args:
        network: any module.
        inputs: shape (inputs, ...).
        seed: of nulls.
        told: called when it is done.
    """
    try:
        # eigenvectors of such sizes gain nothing from threads, and lose where cores are shared
        with threadpool_limits(1, user_api="blas"):
            rows = _rows(network, inputs, seed)
    # what a module raises that cannot be differentiated, or takes no single input, is its own
    except (ValueError, RuntimeError) as error:
        return Notion("multifractality", _TITLE, reason=" ".join(f"{type(error).__name__}: {error}".split()))
    finally:
        told("multifractality")
    if isinstance(rows, str):
        return Notion("multifractality", _TITLE, reason=rows)
    table = pd.DataFrame(rows)
    by_layer = table.groupby("layer", sort=False).mean(numeric_only=True)
    # layers differ, so that they are what intervals are over, unless there is but one
    over, unit = (by_layer, "layers") if len(by_layer) > 1 else (table, "inputs")
    means = {kind: over[[f"{column}_{draw}" for draw in range(_NULL_DRAWS)]] for kind, column in _COLUMNS.items()}
    plain = float(over["delocalised"].mean())
    nulls = [null_of(kind, columns.mean().tolist()) for kind, columns in means.items()]
    whole = _quantity("dimension", "mean fractal dimension D_2 of right eigenvectors", over["dimension"], unit)
    whole = replace(
        whole,
        nulls=(*nulls, Null("delocalised vectors", plain, plain, plain, 0)),
        meaning="D_2 is 0 of a vector on one neuron, and 1 of one that is as large on all.",
    )
    differences = [_difference(kind, over["dimension"] - columns.mean(axis=1), unit) for kind, columns in means.items()]
    return Notion("multifractality", _TITLE, (whole, *differences), {"jacobians": table})


def _quantity(name: str, title: str, values: pd.Series[float], unit: str) -> Quantity:
    mean = mean_interval(values)
    return Quantity(name, title, mean.value, mean.ci_low, mean.ci_high, f"Student over {unit}", len(values))


def _difference(kind: str, values: pd.Series[float], unit: str) -> Quantity:
    """D_2 less that with other weights, and the same slopes, layer by layer."""
    found = _quantity(
        f"dimension_less_{_COLUMNS[kind]}", f"D_2 less that with {kind} and the same slopes", values, unit
    )
    if found.ci_high < 0:
        told = f"Eigenvectors of layer Jacobians are more localised than with {kind}."
    elif found.ci_low > 0:
        told = f"Eigenvectors of layer Jacobians are spread more evenly than with {kind}."
    else:
        told = f"Eigenvectors of layer Jacobians are spread as with {kind}, as far as the interval tells."
    return replace(found, nulls=(Null(kind, 0.0, 0.0, 0.0, 0),), meaning=told)


def _rows(network: torch.nn.Module, inputs: torch.Tensor, seed: int) -> list[dict[str, Any]] | str:
    """A row a Jacobian, or why there is none."""
    rows: list[dict[str, Any]] = []
    for index, one in enumerate(inputs[:_INPUTS]):
        jacobians = LayerJacobians(network, one)
        square = jacobians.squares()
        fit = [pair for pair in square if pair[2] <= _MOST_NEURONS]
        if not square:
            return (
                f"found no neighbours with equally many outputs among {jacobians.layers} linear or convolutional layers"
            )
        if not fit:
            least = min(pair[2] for pair in square)
            return f"found square layer Jacobians of {least} neurons or more, expected at most {_MOST_NEURONS}"
        chosen = [fit[at] for at in np.unique(np.linspace(0, len(fit) - 1, _MOST_LAYERS).round().astype(int))]
        for place, name, size in chosen:
            slopes = jacobians.slopes(place)
            if slopes is None:
                continue
            row = {"layer": name, "input": index, "neurons": size}
            row["dimension"] = mean_dimension(jacobians.matrix(place, slopes))
            row["delocalised"] = float(delocalised_dimensions(size, True, [2.0])[0])
            weights = jacobians.weights(place)
            for kind, column in _COLUMNS.items():
                for draw in range(_NULL_DRAWS):
                    rng = generator(seed_key(seed, "diagnosis", f"jacobian/{kind}/{place}/{index}", draw))
                    drawn = random_weights(weights, kind, rng)
                    row[f"{column}_{draw}"] = mean_dimension(jacobians.matrix(place, slopes, drawn))
            rows.append(row)
    return rows or "found no square layer Jacobian that is not zero, expected one"
