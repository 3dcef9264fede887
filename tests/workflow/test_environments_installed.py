"""Environments as they are once installed: nothing but their pins, and scripts that run there as they do here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from environments import PYPI_NAMES, ROOT, pins
from workflow_rules import environment_of, rules, script_of

from deepcrit.claims.required_tables import tables_of
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import write_tsv

# runs scripts as Snakemake does, but for the object `snakemake`: first all of them, then the main function of one
DRIVER = """
import json, runpy, sys
scripts, chosen, arguments = json.loads(sys.argv[1])
mains = {script: runpy.run_path(script)["main"] for script in scripts}
mains[chosen](*arguments)
"""
UNREACHABLE = ("Failed to establish a new connection", "Temporary failure in name resolution", "Max retries exceeded")


def plane(directory: Path) -> tuple[str, list[Any], Path]:
    """Mean field on a small plane, which needs no input."""
    table = directory / "plane.tsv"
    grids = [{"start": 0.5, "stop": 2.5, "step": 0.5}, {"start": -3.0, "stop": -1.0, "step": 1.0}]
    return "scripts/mean_field/compute_plane.py", [str(table), "tanh", *grids], table


def verdicts(directory: Path) -> tuple[str, list[Any], Path]:
    """Verdicts from tables without rows: some need none, all others say what is missing."""
    claims = ROOT / "claims" / "ghavasieh2025.yaml"
    tables = {name: SCHEMAS[Path(name).stem] for name in tables_of(claims)}
    for name, schema in tables.items():
        write_tsv(pd.DataFrame(columns=[column.name for column in schema.columns]), directory / f"{name}.tsv", schema)
    judged = directory / "judged.tsv"
    found = [str(directory / f"{name}.tsv") for name in tables]
    return "scripts/claims/judge_claims.py", [str(claims), found, str(judged), "smoke"], judged


@pytest.mark.parametrize(("environment", "job"), [("numerics", plane), ("report", verdicts)])
def test_scripts_run_with_nothing_but_the_pins(
    environment: str, job: Callable[[Path], tuple[str, list[Any], Path]], tmp_path: Path
) -> None:
    """In a fresh environment of exactly the pinned versions every script of the environment's rules can be imported.

    deepcrit is not installed there; one of them makes, byte for byte, what it makes here.
    """
    path = ROOT / "envs" / f"{environment}.yaml"
    wanted = [f"{PYPI_NAMES[name]}=={version}" for name, version in pins(path).items() if name != "python"]
    fresh = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(fresh)], check=True)
    pip = [str(fresh / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *wanted]
    installed = subprocess.run(pip, capture_output=True, encoding="utf-8", check=False)
    if installed.returncode and any(sign in installed.stderr for sign in UNREACHABLE):
        pytest.skip("no package index is reachable")
    assert installed.returncode == 0, installed.stderr

    scripts = sorted(script_of(rule) for rule in rules().values() if environment_of(rule) == f"envs/{environment}.yaml")
    made = []
    for python in (str(fresh / "bin" / "python"), sys.executable):
        directory = tmp_path / str(len(made))
        script, arguments, output = job(directory)
        assert script in scripts
        ran = subprocess.run(
            [python, "-c", DRIVER, json.dumps([scripts, script, arguments])],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "agg"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        made.append(output.read_bytes())
    assert made[0] == made[1]
