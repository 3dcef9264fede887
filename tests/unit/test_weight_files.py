"""Weight tensors in files of every format that is read, and files that are none."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
import safetensors.torch
import torch

from deepcrit.pretrained.weight_files import WeightsFileError, is_weight, weight_tensors

VALUES = np.arange(24, dtype=np.float32).reshape(2, 3, 4) / 7


def written(directory: Path, kind: str) -> Path:
    """A file with the weight `layer.weight`, and with all that is none: a bias, a vector, and whole numbers."""
    state = {
        "layer.weight": torch.from_numpy(VALUES),
        "layer.bias": torch.ones(2, 3),
        "norm.weight": torch.ones(4),
        "norm.num_batches_tracked": torch.tensor([[3, 4]]),
    }
    path = directory / f"weights{kind}"
    if kind == ".safetensors":
        safetensors.torch.save_file(state, path)
    elif kind == ".h5":
        with h5py.File(path, "w") as file:
            for name, value in state.items():
                file[name.replace(".", "/")] = value.numpy()
            file["optimizer/vars/0"] = VALUES
    elif kind == ".json":
        entries = {name: value for name, value in state.items() if value.is_floating_point()}
        content = b"".join(value.numpy().tobytes() for value in entries.values())
        # cut in the middle of a number
        (directory / "a.bin").write_bytes(content[:101])
        (directory / "b.bin").write_bytes(content[101:])
        weights = [{"name": name, "shape": list(v.shape), "dtype": "float32"} for name, v in entries.items()]
        path.write_text(
            json.dumps({"weightsManifest": [{"paths": ["a.bin", "b.bin"], "weights": weights}]}), encoding="utf-8"
        )
    else:
        torch.save({"state_dict": state, "epoch": 3} if kind == ".pth" else state, path)
    return path


@pytest.mark.parametrize("kind", [".pth", ".pt", ".safetensors", ".h5", ".json"])
def test_weights_are_read_from_every_format(tmp_path: Path, kind: str) -> None:
    """The one weight comes back as it is, and no bias, batch norm, counter or state of an optimiser."""
    ((name, values),) = weight_tensors(written(tmp_path, kind))
    assert name.replace("/", ".") == "layer.weight"
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, VALUES)


@pytest.mark.parametrize("kind", [".pth", ".safetensors"])
def test_narrow_numbers_become_single(tmp_path: Path, kind: str) -> None:
    """Of half and brain floats nothing is lost."""
    for dtype in (torch.float16, torch.bfloat16):
        path, state = tmp_path / f"{dtype}{kind}", {"w": torch.tensor([[0.5, -2.0]], dtype=dtype)}
        safetensors.torch.save_file(state, path) if kind == ".safetensors" else torch.save(state, path)
        ((_, values),) = weight_tensors(path)
        assert values.dtype == np.float32
        assert values.tolist() == [[0.5, -2.0]]


@pytest.mark.parametrize("kind", [".pth", ".pt", ".safetensors", ".h5", ".json"])
@pytest.mark.parametrize("damage", ["cut", "foreign", "empty", "absent"])
def test_damaged_files_are_named(tmp_path: Path, kind: str, damage: str) -> None:
    """Cut off, of another kind, empty or absent: the error names the file."""
    path = written(tmp_path, kind)
    content = path.read_bytes()
    {
        "cut": lambda: path.write_bytes(content[: len(content) // 2]),
        "foreign": lambda: path.write_bytes(b"\x89PNG not weights at all" * 9),
        "empty": lambda: path.write_bytes(b""),
        "absent": path.unlink,
    }[damage]()
    with pytest.raises(WeightsFileError, match=f"weights{kind}"):
        list(weight_tensors(path))


def test_what_is_missing_beside_a_model_is_told(tmp_path: Path) -> None:
    """A part of the weights that is gone, or too long, is found out; so are weights that were quantized."""
    path = written(tmp_path, ".json")
    (tmp_path / "b.bin").write_bytes((tmp_path / "b.bin").read_bytes() + b"\0\0\0\0")
    with pytest.raises(WeightsFileError, match="bytes beside it"):
        list(weight_tensors(path))
    (tmp_path / "b.bin").unlink()
    with pytest.raises(WeightsFileError, match=r"b\.bin"):
        list(weight_tensors(path))
    path.write_text(path.read_text(encoding="utf-8").replace("float32", "uint8"), encoding="utf-8")
    (tmp_path / "b.bin").write_bytes(b"")
    with pytest.raises(WeightsFileError, match="uint8"):
        list(weight_tensors(path))


def test_files_without_weights_are_told(tmp_path: Path) -> None:
    """A suffix of another kind, a tensor in place of a state dict, and a state dict of vectors alone."""
    with pytest.raises(WeightsFileError, match=r"found suffix '.npy'"):
        list(weight_tensors(tmp_path / "weights.npy"))
    torch.save(torch.ones(3, 3), tmp_path / "tensor.pt")
    with pytest.raises(WeightsFileError, match="expected a state dict"):
        list(weight_tensors(tmp_path / "tensor.pt"))
    torch.save({"bias": torch.ones(3)}, tmp_path / "vectors.pt")
    with pytest.raises(WeightsFileError, match="no tensor of two or more dimensions"):
        list(weight_tensors(tmp_path / "vectors.pt"))


def test_biases_are_told_by_their_names() -> None:
    """Of the last part of a name; a layer may be called what it likes."""
    assert is_weight("bias_free.weight", (3, 3))
    assert not is_weight("attention.in_bias", (3, 3))
    assert not is_weight("layer/bias", (3, 3))
    assert not is_weight("norm.weight", (3,))
