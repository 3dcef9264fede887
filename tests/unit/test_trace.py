"""From a verdict back to table, rule, script and library, on a workflow of three rules."""

from pathlib import Path

import pandas as pd
import pytest

from deepcrit.app.trace import TraceError, library_functions, trace
from deepcrit.avalanches.schemas import GAMMAS
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import load_claims
from deepcrit.claims.schemas import SCOREBOARD
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv, write_tsv

SNAKEFILE = """
rule all:
    input: "results/gaussian_avalanches/gammas.tsv"

rule fit_size_duration:
    input: expand("results/gaussian_avalanches/N{width}/sample.tsv", width=[25, 500, 1000])
    output: "results/gaussian_avalanches/gammas.tsv"
    log: "results/logs/fit_size_duration.log"
    script: "scripts/gaussian_avalanches/fit_size_duration.py"

rule simulate_avalanches:
    output: "results/gaussian_avalanches/N{width}/sample.tsv"
    log: "results/logs/simulate_avalanches/N{width}.log"
    script: "scripts/avalanches/simulate_avalanches.py"
"""

CLAIMS = """
paper: ghavasieh2025
title: a title
claims:
  - id: ghavasieh2025.fig2c.gamma_fit
    figure: Fig. 2c
    quantity: gamma
    statement: the slope is this
    published: "1.5303"
    source: main text
    conditions: N = 1000
    measure:
      table: gaussian_avalanches/gammas
      where: {width: [500, 1000], declared: true}
      value: gamma
      samples: {column: n, unit: avalanches}
    compare: {kind: absolute, target: 1.5303, tolerance: 0.05}
"""

SCRIPT = """
from deepcrit.avalanches.scaling import fit_slope, Unused
from deepcrit.core.tables import write_tsv as write
from deepcrit.core import seeds
import deepcrit.avalanches.scaling.deep as deep

def main():
    write(fit_slope(seeds.generator("1:2:3:4")))
    deep.plunge(deep.LEVEL)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository in small: workflow, script, library with re-exports, claims; no results yet."""
    root = tmp_path_factory.mktemp("repository")
    files = {
        "Snakefile": SNAKEFILE,
        "claims/ghavasieh2025.yaml": CLAIMS,
        "scripts/gaussian_avalanches/fit_size_duration.py": SCRIPT,
        "scripts/avalanches/simulate_avalanches.py": "",
        "deepcrit/__init__.py": "",
        "deepcrit/avalanches/__init__.py": "",
        "deepcrit/core/__init__.py": "",
        "deepcrit/core/tables.py": "\n\ndef write_tsv(): ...\n",
        "deepcrit/core/seeds.py": "def generator(key): ...\n",
        "deepcrit/avalanches/scaling/__init__.py": "from .slopes import fit_slope\n"
        "from deepcrit.avalanches.scaling.slopes import Unused\n",
        "deepcrit/avalanches/scaling/slopes.py": "class Unused: ...\n\n\ndef fit_slope(): ...\n",
        "deepcrit/avalanches/scaling/deep.py": "LEVEL = 1\n\ndef plunge(level): ...\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def make_results(root: Path) -> None:
    defaults = {"text": "", "bool": True, "int32": 1, "int64": 4047112, "float64": 0.5}
    rows = []
    for width, declared in ((500, True), (1000, False), (1000, True)):
        row = {column.name: defaults[column.kind] for column in SCHEMAS["gammas"].columns}
        rows.append(
            {
                **row,
                "sample": "radial",
                "width": width,
                "declared": declared,
                "gamma": 1.54,
                "ci_low": 1.53,
                "ci_high": 1.55,
            }
        )
    for width in (25, 500, 1000):
        log = root / f"results/logs/simulate_avalanches/N{width}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.touch()
    path = root / "results/gaussian_avalanches/gammas.tsv"
    write_tsv(pd.DataFrame(rows), path, GAMMAS)
    tables = {"gaussian_avalanches/gammas": read_tsv(path, GAMMAS)}
    board = judge_paper(load_claims(root / "claims/ghavasieh2025.yaml"), tables, "default")
    write_tsv(board, root / "results/scoreboard.tsv", SCOREBOARD)


def test_unknown_claim_names_the_nearest(root: Path) -> None:
    """A misspelt identifier is answered with those that are close."""
    with pytest.raises(TraceError, match=r"no claim is called 'ghavasieh2025\.fig2c\.gama'") as caught:
        trace("ghavasieh2025.fig2c.gama", root)
    assert "ghavasieh2025.fig2c.gamma_fit" in str(caught.value)
    with pytest.raises(TraceError, match="'nonsense', nor nearly so; deepcrit scoreboard lists them"):
        trace("nonsense", root)


def test_trace_before_and_after_results_exist(root: Path) -> None:
    """Without results it says what makes them; with results it shows verdict, rows by line, rules, script and code."""
    before = trace("ghavasieh2025.fig2c.gamma_fit", root)
    assert "snakemake --cores all results/scoreboard.tsv makes it" in before
    assert "snakemake --cores all results/gaussian_avalanches/gammas.tsv makes it" in before
    assert "width = [500, 1000], declared = True" in before
    assert "MADE BY  fit_size_duration" in before

    make_results(root)
    after = trace("ghavasieh2025.fig2c.gamma_fit", root)
    assert "Fig. 2c; main text" in after
    assert "gamma: 1.5303" in after
    assert "VERDICT  results/scoreboard.tsv, line 2" in after
    assert "reproduced" in after
    lines = [line.split() for line in after.splitlines()]
    assert ["line", "2", "4"] in lines
    assert ["->", "gamma", "1.54", "1.54"] in lines
    assert ["width", "500", "1000"] in lines
    assert ["fit_size_duration:", "reads", "what", "simulate_avalanches", "wrote"] in lines
    assert ["simulate_avalanches:", "reads", "no", "table"] in lines
    assert ["script", "scripts/gaussian_avalanches/fit_size_duration.py"] in lines
    assert ["calls", "deepcrit/avalanches/scaling/slopes.py:4", "fit_slope"] in lines
    assert ["log", "results/logs/simulate_avalanches/N1000.log", "and", "1", "more"] in lines, "those of the rows"
    assert not list((root / ".snakemake").glob("locks/*"))


def test_workflow_that_cannot_be_read_is_told(root: Path, tmp_path: Path) -> None:
    """Where Snakemake fails, its own words stand in the place of the rules and the rest is still shown."""
    (tmp_path / "claims").symlink_to(root / "claims")
    told = trace("ghavasieh2025.fig2c.gamma_fit", tmp_path)
    assert "No Snakefile found" in told
    assert "the slope is this" in told


def test_library_functions_are_found_through_reexports(root: Path) -> None:
    """Functions imported by name, renamed, through a package, or reached through a module have file and line."""
    found = library_functions(root / "scripts/gaussian_avalanches/fit_size_duration.py", root)
    assert found == [
        ("fit_slope", "deepcrit/avalanches/scaling/slopes.py:4"),
        ("generator", "deepcrit/core/seeds.py:1"),
        ("plunge", "deepcrit/avalanches/scaling/deep.py:3"),
        ("write_tsv", "deepcrit/core/tables.py:3"),
    ]
