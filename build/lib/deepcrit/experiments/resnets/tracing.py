"""A traced forward pass in which inputs can be dropped between any two layers.

The pass is a list of operations found by symbolic tracing. When inputs are dropped, every tensor that is still needed
loses their rows: the signal itself, and the skip connections around it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import torch
from torch import fx

from deepcrit.pretrained.networks import is_layer

Keep = torch.Tensor | None
Visit = Callable[[int, torch.Tensor], Keep]
"""Called with the index of a layer and its output; returns indices of the inputs to keep, or None for all."""


class _Tracer(fx.Tracer):
    def is_leaf_module(self, m: torch.nn.Module, module_qualified_name: str) -> bool:
        return is_layer(m)


class TracedNetwork:
    """A network as a list of operations, in the mode (train or eval) that it is in when traced."""

    def __init__(self, network: torch.nn.Module) -> None:
        self._modules = dict(network.named_modules())
        self._network = network
        self._nodes = list(_Tracer().trace(network).nodes)
        self.layers = [str(node.target) for node in self._nodes if node.op == "call_module"]
        last: dict[fx.Node, int] = {}
        self._varies: set[fx.Node] = set()
        for index, node in enumerate(self._nodes):
            last[node] = index
            for source in node.all_input_nodes:
                last[source] = index
            if node.op == "placeholder" or any(source in self._varies for source in node.all_input_nodes):
                self._varies.add(node)
        self._released: list[list[fx.Node]] = [[] for _ in self._nodes]
        for node, index in last.items():
            self._released[index].append(node)

    def propagate(self, inputs: torch.Tensor, visit: Visit) -> None:
        """Run the network, showing every layer's output to ``visit``, until it keeps no input.

        Inputs are dropped as soon as each value that is alive and depends on them is a tensor with one row an input;
        a number that was read off the batch, such as its size, delays that until it is used up. What ``visit`` sees
        next are the inputs it kept last, in order: rows that could not be dropped yet are taken out before.

        Args:
            inputs: shape (batch, channels, height, width).
            visit: see :data:`Visit`; indices refer to the rows that it was shown.
        """
        values: dict[fx.Node, Any] = {}
        rows = len(inputs)
        waiting: Keep = None  # rows that are wanted but not taken out of the living values yet
        layer = 0
        for node, released in zip(self._nodes, self._released, strict=True):
            values[node] = self._value(node, values, inputs)
            if node.op == "call_module":
                shown = values[node] if waiting is None else values[node].index_select(0, waiting)
                keep = visit(layer, shown)
                layer += 1
                if keep is not None:
                    waiting = keep if waiting is None else waiting[keep]
            for gone in released:
                del values[gone]
            if waiting is not None:
                if not len(waiting):
                    return
                if self._can_drop(values, rows):
                    values = self._dropped(values, waiting)
                    rows, waiting = len(waiting), None

    def _value(self, node: fx.Node, values: dict[fx.Node, Any], inputs: torch.Tensor) -> Any:
        if node.op == "placeholder":
            return inputs
        if node.op == "get_attr":
            return operator.attrgetter(str(node.target))(self._network)
        arguments = fx.node.map_arg(node.args, lambda source: values[source])
        keywords = fx.node.map_arg(node.kwargs, lambda source: values[source])
        if node.op == "call_module":
            return self._modules[str(node.target)](*arguments, **keywords)
        if node.op == "call_method":
            return getattr(arguments[0], str(node.target))(*arguments[1:], **keywords)
        if node.op == "call_function":
            return node.target(*arguments, **keywords)  # type: ignore[operator]
        return arguments[0]

    def _can_drop(self, values: dict[fx.Node, Any], rows: int) -> bool:
        return all(
            isinstance(value, torch.Tensor) and value.ndim > 0 and len(value) == rows
            for node, value in values.items()
            if node in self._varies
        )

    def _dropped(self, values: dict[fx.Node, Any], keep: torch.Tensor) -> dict[fx.Node, Any]:
        # operations in place give one tensor two names, which it keeps
        kept: dict[int, torch.Tensor] = {}
        for node, value in values.items():
            if node in self._varies and id(value) not in kept:
                kept[id(value)] = value.index_select(0, keep)
        return {node: kept[id(value)] if node in self._varies else value for node, value in values.items()}
