"""What the conda environments pin, in the words of conda-forge, of PyPI and of import statements."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import yaml

from deepcrit.core.digest import third_party_imports

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))
with (ROOT / "envs" / "packages.tsv").open(newline="", encoding="utf-8") as _stream:
    _PACKAGES = list(csv.DictReader(_stream, delimiter="\t"))
PYPI_NAMES = {row["conda"]: row["pypi"] for row in _PACKAGES}
CONDA_NAMES = {module: row["conda"] for row in _PACKAGES for module in row["imports"].split(",")}


def needs(script: str) -> set[str]:
    """Conda names of what a script imports, itself or through deepcrit."""
    imported = third_party_imports(ROOT / script) - set(sys.stdlib_module_names)
    return {CONDA_NAMES[module] for module in imported}


def pins(environment: Path) -> dict[str, str]:
    """Version of every package an environment names, by its conda name."""
    dependencies = yaml.safe_load(environment.read_text(encoding="utf-8"))["dependencies"]
    return dict(dependency.split("=") for dependency in dependencies)
