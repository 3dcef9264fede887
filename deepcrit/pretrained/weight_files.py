"""Weight tensors in files of any of the usual formats, one at a time, without the networks that they belong to."""

from __future__ import annotations

import json
import pickle
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
import safetensors
import torch
from numpy.typing import NDArray

WEIGHT_SUFFIXES = (".pth", ".pt", ".safetensors", ".h5", ".json")
"""Of state dicts of torch, safetensors, weights of Keras, and models of TensorFlow.js, whose weights lie beside."""


class WeightsFileError(ValueError):
    """A file that holds no weights that could be read; the message names it."""


class WeightTensor(NamedTuple):
    """A named tensor of floating numbers, of any shape."""

    name: str
    entries: NDArray[np.floating[Any]]


def is_weight(name: str, shape: tuple[int, ...]) -> bool:
    """Whether a tensor is a weight: two dimensions or more, and no bias, which leaves batch norm out, too."""
    return len(shape) > 1 and "bias" not in name.rsplit(".", 1)[-1].rsplit("/", 1)[-1]


def weight_tensors(path: str | Path) -> Iterator[WeightTensor]:
    """The weights of a file, in its order.

    Raises:
        WeightsFileError: naming the file, for a suffix that is none of `WEIGHT_SUFFIXES`, for what cannot be read as
            that, and for one without any weight.
    """
    path = Path(path)
    if path.suffix not in _READERS:
        raise WeightsFileError(f"{path}: found suffix {path.suffix!r}, expected one of {', '.join(WEIGHT_SUFFIXES)}")
    found = False
    try:
        for name, values in _READERS[path.suffix](path):
            if is_weight(name, values.shape):
                found = True
                yield WeightTensor(name, values)
    # what readers raise of a file that is none of theirs depends on its bytes
    except (
        RuntimeError, TypeError, LookupError, ValueError, EOFError, OSError, pickle.UnpicklingError,
        safetensors.SafetensorError, struct.error,
    ) as error:  # fmt: skip
        raise WeightsFileError(f"{path}: cannot be read as weights: {type(error).__name__}: {error}") from error
    if not found:
        raise WeightsFileError(f"{path}: found no tensor of two or more dimensions, expected weights")


def state_dict_of(path: Path) -> Mapping[str, Any]:
    """The state dict in a file of torch, or in a checkpoint that has one under one of the usual keys.

    Raises:
        TypeError: if there is none.
    """
    loaded = torch.load(path, map_location="cpu", weights_only=True)
    for key in ("state_dict", "model_state_dict", "model"):
        if isinstance(loaded, Mapping) and isinstance(loaded.get(key), Mapping):
            loaded = loaded[key]
    if not isinstance(loaded, Mapping):
        raise TypeError(f"found {type(loaded).__name__}, expected a state dict")
    return loaded


def _torch(path: Path) -> Iterator[tuple[str, NDArray[Any]]]:
    loaded = state_dict_of(path)
    for name, value in loaded.items():
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            yield str(name), _array(value)


def _safetensors(path: Path) -> Iterator[tuple[str, NDArray[Any]]]:
    with safetensors.safe_open(path, framework="pt") as file:
        for name in file.keys():  # noqa: SIM118 (it is no mapping)
            value = file.get_tensor(name)
            if value.is_floating_point():
                yield name, _array(value)


def _array(value: torch.Tensor) -> NDArray[Any]:
    """Numbers narrower than single precision become single."""
    return (value if value.dtype in (torch.float32, torch.float64) else value.float()).numpy()


def _keras(path: Path) -> Iterator[tuple[str, NDArray[Any]]]:
    names: list[str] = []
    with h5py.File(path, "r") as file:
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        for name in names:
            data = file[name]
            # what an optimiser remembers has the shape of weights
            if data.dtype.kind == "f" and not name.startswith("optimizer"):
                yield name, np.asarray(data, np.float64 if data.dtype.itemsize > 4 else np.float32)


def _tfjs(path: Path) -> Iterator[tuple[str, NDArray[Any]]]:
    """Float32 weights of a TensorFlow.js model, cut into files beside the one that describes them."""
    described = json.loads(path.read_text(encoding="utf-8"))
    for group in described["weightsManifest"]:
        content = b"".join((path.parent / part).read_bytes() for part in group["paths"])
        start = 0
        for entry in group["weights"]:
            if entry["dtype"] != "float32" or "quantization" in entry:
                raise ValueError(f"found {entry['dtype']} weights {entry['name']}, expected float32 as it is")
            count = int(np.prod(entry["shape"], dtype=np.int64))
            values = np.frombuffer(content, "<f4", count, start)
            start += 4 * count
            yield entry["name"], values.reshape(entry["shape"])
        if start != len(content):
            raise ValueError(f"found {len(content)} bytes beside it, expected {start}")


_READERS = {".pth": _torch, ".pt": _torch, ".safetensors": _safetensors, ".h5": _keras, ".json": _tfjs}
