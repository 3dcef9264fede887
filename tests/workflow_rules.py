"""The rules of the workflow as Snakemake reads them, for tests that hold them to the conventions."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from snakemake.api import SnakemakeApi
from snakemake.settings.types import OutputSettings, Quietness, ResourceSettings

from deepcrit.app.plan import not_a_job

ROOT = Path(__file__).resolve().parents[1]


@cache
def workflow() -> Any:
    """Snakemake's workflow of the repository at the default scale, read and not run."""
    with SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api:
        return api.workflow(ResourceSettings(), snakefile=ROOT / "Snakefile", workdir=ROOT)._workflow


def workflow_of_hooks(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The same, with which the hooks of its rule files work until the test ends.

    Snakemake keeps one set of global names a process: theirs are else those of the workflow that was read last.
    """
    planned = workflow()
    monkeypatch.setitem(planned.globals, "workflow", planned)
    return planned


@cache
def rules() -> dict[str, Any]:
    """Snakemake's rules that jobs are of, by name: no targets, and none that others only inherit from."""
    return {rule.name: rule for rule in workflow().rules if rule.script and rule.params["script"] is not not_a_job}


@cache
def rule_names() -> set[str]:
    """Whatever can be asked for by name, targets included."""
    return {rule.name for rule in workflow().rules}


def local_rules() -> set[str]:
    """Rules that run beside Snakemake itself, not as jobs of a cluster."""
    return set(workflow()._localrules)


def asks(rule: Any, resource: str) -> Any:
    """What a rule gives for a resource: a function of wildcards and attempt."""
    return rule.ruleinfo.resources[1][resource]


def script_of(rule: Any) -> str:
    """Path of the script of a rule, from the root of the repository."""
    return f"scripts/{rule.params['script']}.py"


def environment_of(rule: Any) -> str:
    """Path of the conda environment of a rule, from the root of the repository."""
    return f"envs/{Path(rule.conda_env).name}"
