"""Environments, rules and scripts: pins equal the lock, and an environment provides what its rules import."""

import re
from pathlib import Path

import pytest
import yaml
from environments import ENVIRONMENTS, PYPI_NAMES, ROOT, Rule, pins, rules

# the report asks Snakemake for its rule graph in a process of its own
EXTRA = {"envs/report.yaml": {"snakemake-minimal"}}


def locked() -> dict[str, str]:
    # what follows a semicolon says on which systems a package is installed
    lines = [line.split(";")[0] for line in (ROOT / "requirements.lock").read_text().splitlines()]
    return {
        name.lower().replace("_", "-"): version
        for name, version in (line.split("==") for line in lines if "==" in line)
    }


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.stem)
def test_pins_equal_the_lock(path: Path) -> None:
    """Conda users and venv users run the same versions, exactly pinned, from conda-forge alone."""
    environment = yaml.safe_load(path.read_text())
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    for package, version in pins(path).items():
        if package != "python":
            assert version == locked()[PYPI_NAMES[package]], package


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_rules_follow_the_conventions(rule: Rule) -> None:
    """A rule is verb_noun, its script has its name, and it declares its log, environment and resources."""
    assert re.fullmatch(r"[a-z]+_[a-z0-9_]+", rule.name)
    assert rule.script
    assert Path(rule.script).stem == rule.name
    assert (ROOT / rule.script).is_file()
    assert rule.environment
    for key in ("log:", "benchmark:", "conda:", "threads:", "mem_mb=", "runtime=", "code=code_digest("):
        assert key in rule.text, key
    if "localrule: True" not in rule.text:
        assert not re.search(r"(mem_mb|runtime)=\d", rule.text), "a submitted job asks for more at every attempt"
    folder = Path(rule.script).parent.name
    assert f'code_digest("{folder}/{rule.name}")' in rule.text


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_environments_provide_every_import(rule: Rule) -> None:
    """Every third-party import reached from a rule's script is pinned in that rule's environment."""
    assert rule.environment is not None
    assert rule.needs() <= set(pins(ROOT / rule.environment))


def test_every_environment_is_used_and_minimal() -> None:
    """No environment is orphaned, and none pins a package that no script of its rules imports."""
    needed: dict[str, set[str]] = {}
    for rule in rules():
        assert rule.environment is not None
        needed.setdefault(rule.environment, {"python"}).update(rule.needs())
    assert set(needed) == {f"envs/{path.name}" for path in ENVIRONMENTS}
    for environment, packages in needed.items():
        assert set(pins(ROOT / environment)) <= packages | EXTRA.get(environment, set()), environment
