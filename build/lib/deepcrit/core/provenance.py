"""What a table was made from, kept in its metadata, and held against what its neighbours were made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from deepcrit.core.tables import TableError, read_provenance


def provenance(manifest: str | Path, code_digest: str, packages: Sequence[str], device: str = "cpu") -> dict[str, str]:
    """What a simulated table was made from: configuration, seed, code and versions.

    Args:
        manifest: path of the sample's manifest, which holds every science key that defines it.
        code_digest: digest of the script and its library code.
        packages: those whose versions matter to the numbers.
        device: which computed them.
    """
    first = pd.read_csv(manifest, sep="\t", nrows=1)
    seed = str(first["seed_key"].iloc[0]).split(":")[0]
    return made_from(Path(manifest).read_bytes(), seed, code_digest, packages, device)


def made_from(
    content: bytes, seed: str, code_digest: str, packages: Sequence[str], device: str = "cpu"
) -> dict[str, str]:
    """Provenance of a table that is defined by ``content``: every science key, in a form that does not vary."""
    return {
        "config_digest": _digest(content),
        "code_digest": code_digest,
        "seed": seed,
        "device": device,
        "versions": " ".join(f"{package}={version(package)}" for package in packages),
    }


def check_provenance(shards: Iterable[str | Path], manifest: str | Path | None = None) -> dict[str, str]:
    """Provenance common to all shards of a sample.

    Args:
        shards: paths of Parquet tables.
        manifest: of the sample, whose content all must be made from; without one, that of the first shard.

    Raises:
        TableError: naming the shard that was made from another configuration or by other code than the first.
    """
    source = "in the first shard" if manifest is None else f"of {manifest}"
    expected: dict[str, str] = {}
    common: dict[str, str] = {}
    for shard in shards:
        found = read_provenance(shard)
        if not common:
            common = found
            expected = {key: common.get(key, "") for key in ("config_digest", "code_digest")}
            if manifest is not None:
                expected["config_digest"] = _digest(Path(manifest).read_bytes())
        for key, value in expected.items():
            if found.get(key) != value:
                raise TableError(
                    f"{shard}: found {key} {found.get(key)}, expected {value} as {source}; "
                    "delete it to have it made again"
                )
    return common


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
