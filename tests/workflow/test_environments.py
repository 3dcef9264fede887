"""Environments, rules and scripts: pins equal the lock, and an environment provides what its rules import."""

import re
import sys
from pathlib import Path

import pytest
import yaml

from deepcrit.digest import third_party_imports

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))
# conda-forge names that differ from those of the lock, and import names that differ from conda's
LOCK_NAMES = {
    "matplotlib-base": "matplotlib",
    "python-igraph": "igraph",
    "pytorch": "torch",
    "snakemake-minimal": "snakemake",
}
CONDA_NAMES = {
    "matplotlib": "matplotlib-base",
    "igraph": "python-igraph",
    "yaml": "pyyaml",
    "snakemake": "snakemake-minimal",
    "markupsafe": "jinja2",
    "torch": "pytorch",
}


def locked():
    # what follows a semicolon says on which systems a package is installed
    lines = [line.split(";")[0] for line in (ROOT / "requirements.lock").read_text().splitlines()]
    return {
        name.lower().replace("_", "-"): version
        for name, version in (line.split("==") for line in lines if "==" in line)
    }


def pins(path):
    dependencies = yaml.safe_load(path.read_text())["dependencies"]
    return dict(dependency.split("=") for dependency in dependencies)


def rules() -> list:
    """Name, environment and script of every rule with a script."""
    found = []
    for path in sorted((ROOT / "rules").glob("*.smk")):
        for text in re.split(r"\nrule ", path.read_text())[1:]:
            name = text.split(":")[0]
            script = re.search(r'"\.\./(scripts/[^"]+)"', text)
            environment = re.search(r'"\.\./(envs/[^"]+)"', text)
            found.append(pytest.param(name, text, script and script[1], environment and environment[1], id=name))
    return found


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.stem)
def test_pins_equal_the_lock(path):
    """Conda users and venv users run the same versions, exactly pinned, from conda-forge alone."""
    environment = yaml.safe_load(path.read_text())
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    for package, version in pins(path).items():
        if package != "python":
            assert version == locked()[LOCK_NAMES.get(package, package)], package


@pytest.mark.parametrize(("name", "text", "script", "environment"), rules())
def test_rules_follow_the_conventions(name, text, script, environment):
    """A rule is verb_noun, its script has its name, and it declares its log, environment and resources."""
    assert re.fullmatch(r"[a-z]+_[a-z0-9_]+", name)
    assert script
    assert Path(script).stem == name
    assert (ROOT / script).is_file()
    assert environment
    for key in ("log:", "benchmark:", "conda:", "threads:", "mem_mb=", "runtime=", "code=code_digest("):
        assert key in text, key
    folder = Path(script).parent.name
    assert f'code_digest("{folder}/{name}")' in text


@pytest.mark.parametrize(("name", "text", "script", "environment"), rules())
def test_environments_provide_every_import(name, text, script, environment):
    """Every third-party import reached from a rule's script is pinned in that rule's environment."""
    provided = set(pins(ROOT / environment))
    imported = third_party_imports(ROOT / script) - set(sys.stdlib_module_names)
    needed = {CONDA_NAMES.get(module, module) for module in imported}
    assert needed <= provided


def test_every_environment_is_used_and_minimal():
    """No environment is orphaned, and none pins a package that no script of its rules imports."""
    needed: dict[str, set[str]] = {}
    for rule in rules():
        _, _, script, environment = rule.values
        imported = third_party_imports(ROOT / script) - set(sys.stdlib_module_names)
        needed.setdefault(environment, {"python"}).update(CONDA_NAMES.get(module, module) for module in imported)
    assert set(needed) == {f"envs/{path.name}" for path in ENVIRONMENTS}
    for environment, packages in needed.items():
        assert set(pins(ROOT / environment)) <= packages | EXTRA.get(environment, set()), environment


# the report asks Snakemake for its rule graph in a process of its own
EXTRA = {"envs/report.yaml": {"snakemake-minimal"}}
