"""The rules of the workflow as Snakemake reads them, for tests that hold them to the conventions."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from snakemake.api import SnakemakeApi
from snakemake.settings.types import OutputSettings, Quietness, ResourceSettings

ROOT = Path(__file__).resolve().parents[1]
INHERITED = {"numerics", "torch", "downloads", "reporting"}


@cache
def parsed() -> Any:
    """Snakemake's workflow of the repository at the default scale."""
    with SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api:
        found = api.workflow(ResourceSettings(), snakefile=ROOT / "Snakefile", workdir=ROOT)
        return found._workflow


@cache
def rules() -> dict[str, Any]:
    """Rules that are jobs of a script, by name: those that are only inherited from, and targets, are left out."""
    return {rule.name: rule for rule in parsed().rules if rule.script and rule.name not in INHERITED}
