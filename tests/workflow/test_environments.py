"""Environments, rules and scripts: pins equal the lock, and an environment provides what its rules import."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from environments import CONDA_NAMES, ENVIRONMENTS, PYPI_NAMES, ROOT, needs, pins
from workflow_rules import asks, environment_of, rules, script_of, workflow

from deepcrit.app.plan import FIGURES, drawn_by, not_a_job
from deepcrit.core.digest import module_files

FETCHING = "scripts/data/fetch_data.py"
# the report asks Snakemake for its rule graph in a process of its own
EXTRA = {"envs/report.yaml": {"snakemake-minimal"}}


def needed(rule: Any) -> set[str]:
    """What a rule's script imports; that of figures also what draws them, which it finds by name."""
    drawing = {drawn_by(figure).split(":")[0] for figure in FIGURES} if rule.name == "draw_figure" else set()
    return set().union(*(needs(path) for path in (script_of(rule), *(f"{m.replace('.', '/')}.py" for m in drawing))))


def locked() -> dict[str, str]:
    # what follows a semicolon says on which systems a package is installed
    lines = [line.split(";")[0] for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()]
    return {
        name.lower().replace("_", "-"): version
        for name, version in (line.split("==") for line in lines if "==" in line)
    }


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.stem)
def test_pins_equal_the_lock(path: Path) -> None:
    """Conda users and venv users run the same versions, exactly pinned, from conda-forge alone."""
    environment = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    for package, version in pins(path).items():
        if package != "python":
            assert version == locked()[PYPI_NAMES[package]], package


@pytest.mark.parametrize("name", rules())
def test_rules_follow_the_conventions(name: str) -> None:
    """A rule is verb_noun, its script has its name, and it says what it is and asks for more at every attempt."""
    rule = rules()[name]
    assert re.fullmatch(r"[a-z]+_[a-z0-9_]+", name)
    # data sets have a rule each and one script
    assert name == (f"fetch_{rule.params['dataset']}" if script_of(rule) == FETCHING else Path(script_of(rule)).stem)
    assert (ROOT / script_of(rule)).is_file()
    assert (ROOT / environment_of(rule)).is_file()
    assert rule.docstring.endswith((".", "?"))
    for kind, path in (("logs", rule.log[0]), ("benchmarks", rule.benchmark)):
        assert re.match(rf"results/{kind}/{name}[/.]", path)
    assert rule.resources["_cores"].value == 1
    assert all(callable(asks(rule, resource)) for resource in ("mem_mb", "runtime"))
    # that of the code which the job runs, found for jobs that are planned alone
    assert callable(rule.params["code"])


def test_rules_that_others_inherit_from_are_no_jobs() -> None:
    """They have no output, and are refused where they are asked for by name."""
    inherited = [rule for rule in workflow().rules if rule.params.get("script") is not_a_job]
    assert inherited
    assert not any(rule.output for rule in inherited)
    with pytest.raises(ValueError, match="expected a job"):
        not_a_job(None)


@pytest.mark.parametrize("name", rules())
def test_environments_provide_every_import(name: str) -> None:
    """Every third-party import reached from a rule's script is pinned in that rule's environment."""
    rule = rules()[name]
    assert needed(rule) <= set(pins(ROOT / environment_of(rule)))


def test_every_environment_is_used_and_minimal() -> None:
    """No environment is orphaned, and none pins a package that no script of its rules imports."""
    found: dict[str, set[str]] = {}
    for rule in rules().values():
        found.setdefault(environment_of(rule), {"python"}).update(needed(rule))
    assert set(found) == {f"envs/{path.name}" for path in ENVIRONMENTS}
    for environment, packages in found.items():
        assert set(pins(ROOT / environment)) <= packages | EXTRA.get(environment, set()), environment


def test_tables_by_name_need_no_more_than_their_scripts_have() -> None:
    """What finds all declared tables needs nothing that the environments lack whose scripts find tables by name.

    It imports every module that declares some, with their packages, which syntax trees do not show.
    """
    registry = ROOT / "deepcrit" / "core" / "registry.py"
    by_name = [rule for rule in rules().values() if registry in module_files(ROOT / script_of(rule))]
    environments = {environment_of(rule) for rule in by_name}
    assert "envs/numerics.yaml" in environments
    for environment in environments:
        present = pins(ROOT / environment)
        absent = [module for module, name in CONDA_NAMES.items() if name not in present]
        program = f"import sys; sys.modules.update(dict.fromkeys({absent})); import deepcrit.core.registry"
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, f"{environment}: {done.stderr}"
