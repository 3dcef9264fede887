"""What the conda environments pin, in the words of conda-forge, of PyPI and of import statements."""

from __future__ import annotations

import csv
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

from deepcrit.core.digest import third_party_imports

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))
with (ROOT / "envs" / "packages.tsv").open(newline="", encoding="utf-8") as _stream:
    _PACKAGES = list(csv.DictReader(_stream, delimiter="\t"))
PYPI_NAMES = {row["conda"]: row["pypi"] for row in _PACKAGES}
CONDA_NAMES = {module: row["conda"] for row in _PACKAGES for module in row["imports"].split(",")}


@dataclass(frozen=True)
class Rule:
    """A rule of the workflow, as its text says."""

    name: str
    text: str
    script: str | None
    environment: str | None

    def needs(self) -> set[str]:
        """Conda names of what its script imports, itself or through deepcrit."""
        assert self.script is not None
        imported = third_party_imports(ROOT / self.script) - set(sys.stdlib_module_names)
        return {CONDA_NAMES[module] for module in imported}


def rules() -> list[Rule]:
    found = []
    for path in sorted((ROOT / "rules").glob("*.smk")):
        for text in re.split(r"\nrule ", path.read_text())[1:]:
            script = re.search(r'"\.\./(scripts/[^"]+)"', text)
            environment = re.search(r'"\.\./(envs/[^"]+)"', text)
            found.append(Rule(text.split(":")[0], text, script and script[1], environment and environment[1]))
    return found


def pins(environment: Path) -> dict[str, str]:
    """Version of every package an environment names, by its conda name."""
    dependencies = yaml.safe_load(environment.read_text())["dependencies"]
    return dict(dependency.split("=") for dependency in dependencies)
