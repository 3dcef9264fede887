"""What a table was made from, kept in its metadata, and held against what its neighbours were made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from deepcrit.tables import TableError, read_provenance


def provenance(manifest: str | Path, code_digest: str, packages: Sequence[str]) -> dict[str, str]:
    """What a simulated table was made from: configuration, seed, code and versions.

    Args:
        manifest: path of the sample's manifest, which holds every science key that defines it.
        code_digest: digest of the script and its library code.
        packages: those whose versions matter to the numbers.
    """
    content = Path(manifest).read_bytes()
    first = pd.read_csv(manifest, sep="\t", nrows=1)
    return {
        "config_digest": hashlib.sha256(content).hexdigest()[:16],
        "code_digest": code_digest,
        "seed": str(first["seed_key"].iloc[0]).split(":")[0],
        "versions": " ".join(f"{package}={version(package)}" for package in packages),
    }


def check_provenance(shards: Iterable[str | Path], manifest: str | Path) -> dict[str, str]:
    """Provenance common to all shards of a sample.

    Raises:
        TableError: naming the shard that was made from another manifest or by other code than the first.
    """
    expected = ""
    common: dict[str, str] = {}
    for shard in shards:
        found = read_provenance(shard)
        if not common:
            common = found
            expected = hashlib.sha256(Path(manifest).read_bytes()).hexdigest()[:16]
        for key, value in {"config_digest": expected, "code_digest": common.get("code_digest", "")}.items():
            if found.get(key) != value:
                raise TableError(
                    f"{shard}: found {key} {found.get(key)}, expected {value} as of {manifest}; "
                    "delete it to have it made again"
                )
    return common
