"""Branching of signals, growth of small differences, and the largest Lyapunov exponent, beside random weights."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import torch

from deepcrit.core.modes import in_eval_mode
from deepcrit.core.seeds import generator, seed_key
from deepcrit.diagnosis.nulls import KINDS_OF_WEIGHTS, randomised
from deepcrit.diagnosis.results import NOTIONS, Notion, Quantity, beside, null_of
from deepcrit.physics.lyapunov.exponent import lyapunov_exponent
from deepcrit.physics.lyapunov.products import JacobianError, JacobianProducts
from deepcrit.pretrained.dynamics import OutputError, measure_network
from deepcrit.stats.intervals import mean_interval

_TITLE = NOTIONS["dynamics"]
_INPUTS = 6
_NULL_DRAWS = 4
_NULL_INPUTS = 2
_DIRECTIONS = 4
_TOLERANCE = 1e-2
_MOST_PRODUCTS = 60
_COUNTED = 32  # inputs from which statistics of batch normalisation are taken anew
DYNAMICS_STEPS = 1 + len(KINDS_OF_WEIGHTS) * _NULL_DRAWS
_TITLES = {
    "branching_parameter": "branching parameter per layer, (|out| / |in|)^(1/m)",
    "growth_rate": "growth of a small random difference, in nat per layer",
    "lyapunov_exponent": "largest Lyapunov exponent lambda_0, in nat per layer",
}


def measure_dynamics(
    network: torch.nn.Module, inputs: torch.Tensor, layers: int, seed: int, told: Callable[[str], None]
) -> Notion:
    """All three for some inputs, and for networks of the same shape with random weights.

    Args:
        network: any module that torch can differentiate twice.
        inputs: shape (inputs, ...).
        layers: m, calls of modules with weights in a forward pass.
        seed: of directions, first vectors and nulls.
        told: called after each step, with what was done.
    """
    if not inputs.is_floating_point():
        return Notion(
            "dynamics", _TITLE, reason=f"found inputs of {inputs.dtype}, expected numbers to differentiate by"
        )
    if not layers:
        return Notion("dynamics", _TITLE, reason="found no layer with weights, expected one to count by")
    try:
        own = _each_input(copy.deepcopy(network), inputs[:_INPUTS], layers, seed)
        told("dynamics")
        drawn: dict[str, list[pd.Series[float]]] = {}
        for kind in KINDS_OF_WEIGHTS:
            drawn[kind] = []
            for draw in range(_NULL_DRAWS):
                changed = randomised(network, kind, seed, draw, inputs[:_COUNTED])
                drawn[kind].append(_each_input(changed, inputs[:_NULL_INPUTS], layers, seed + draw).mean())
                told(f"dynamics, {kind}")
    # what torch raises of a module that it cannot differentiate twice is a RuntimeError of many kinds
    except (JacobianError, OutputError, RuntimeError) as error:
        return Notion("dynamics", _TITLE, reason=" ".join(f"{type(error).__name__}: {error}".split()))
    quantities = []
    for name, title in _TITLES.items():
        mean = mean_interval(own[name])
        nulls = tuple(null_of(kind, [float(means[name]) for means in drawn[kind]]) for kind in KINDS_OF_WEIGHTS)
        quantity = Quantity(name, title, mean.value, mean.ci_low, mean.ci_high, "Student over inputs", len(own), nulls)
        quantities.append(replace(quantity, meaning=f"{_meaning(quantity, layers)} {_beside(quantity)}"))
    return Notion("dynamics", _TITLE, tuple(quantities), {"inputs": own.reset_index(names="input")})


def _each_input(network: torch.nn.Module, inputs: torch.Tensor, layers: int, seed: int) -> pd.DataFrame:
    """All three of every input, in the columns of their names."""
    found = measure_network(network, inputs, _TOLERANCE, _MOST_PRODUCTS, seed)
    return pd.DataFrame(
        {
            "branching_parameter": (found["activity_out"] / found["activity_in"]) ** (1 / layers),
            "growth_rate": growth_rates(network, inputs, layers, seed),
            "lyapunov_exponent": lyapunov_exponent(np.log(found["top_singular_value"]), layers),
        }
    )


def growth_rates(network: torch.nn.Module, inputs: torch.Tensor, layers: int, seed: int) -> list[float]:
    """ln(rms(J v) / rms(v)) / m of every input, with Gaussian v: of mean squares over directions and components.

    In a wide network with weights of variance sw2/N it is half the mean of ln(sw2 <phi'^2>), zero at the edge of chaos.

    Args:
        network: any module that torch can differentiate twice.
        inputs: shape (inputs, ...).
        layers: m.
        seed: of v.

    Raises:
        OutputError: where differences vanish.
        JacobianError: as :class:`~deepcrit.physics.lyapunov.products.JacobianProducts`.
    """
    rates = []
    with in_eval_mode(network):
        for index, one in enumerate(inputs):
            rng = generator(seed_key(seed, "diagnosis", "directions", index))
            products = JacobianProducts(network, one.unsqueeze(0))
            squares = []
            for _ in range(_DIRECTIONS):
                tangent = torch.from_numpy(rng.standard_normal(tuple(one.shape))).to(one).unsqueeze(0)
                pushed = products.push(tangent).double()
                squares.append(float(pushed.square().mean() / tangent.double().square().mean()))
            mean = float(np.mean(squares))
            if mean == 0:
                raise OutputError(f"input {index}: found differences that vanish in single precision, expected others")
            rates.append(0.5 * math.log(mean) / layers)
    return rates


def phase(rate: Quantity, layers: int) -> str:
    """``chaotic``, ``ordered`` or ``edge``: whether small differences change by more than a factor e over all layers.

    ``undecided`` where the interval holds both.

    The depth over which they grow or die out by that factor, 1 / |rate|, is what the network has to be held against: a
    finite network cannot be nearer to the edge than its depth resolves.
    """
    if rate.ci_low * layers > 1:
        return "chaotic"
    if rate.ci_high * layers < -1:
        return "ordered"
    return "edge" if max(abs(rate.ci_low), abs(rate.ci_high)) * layers <= 1 else "undecided"


def _meaning(quantity: Quantity, layers: int) -> str:
    if quantity.name == "branching_parameter":
        if quantity.ci_low > math.exp(1 / layers):
            return "Signals grow from layer to layer."
        if quantity.ci_high < math.exp(-1 / layers):
            return "Signals fade from layer to layer."
        return "Signals keep their strength, to a factor e over all layers, as in a balanced branching process."
    if quantity.name == "growth_rate":
        factor = math.exp(min(quantity.value * layers, 700.0))
        over = f"over {layers} layers with weights by a factor of {factor:.2g}"
        return {
            "chaotic": f"Chaotic: small differences between inputs grow, {over}.",
            "ordered": f"Ordered: small differences between inputs die out, {over}.",
            "undecided": f"Near the edge of chaos, where exactly inputs do not tell: differences change {over}.",
            "edge": f"At the edge of chaos, as near as its depth resolves: small differences change {over}.",
        }[phase(quantity, layers)]
    if quantity.ci_low > 0:
        return "In its most sensitive direction the network amplifies differences."
    if quantity.ci_high < 0:
        return "Even in its most sensitive direction the network dampens differences."
    return "Whether the network amplifies differences in its most sensitive direction, inputs do not tell."


def _beside(quantity: Quantity) -> str:
    told = [f"{_WORDS[beside(quantity, null)]} {null.name}" for null in quantity.nulls]
    return f"It is {' and '.join(told)}." if told else ""


_WORDS = {"above": "above that of", "below": "below that of", "like": "like that of"}
