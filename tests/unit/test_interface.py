"""What `import deepcrit` offers: names that are there, imported late, with examples that run, shown on a page."""

from __future__ import annotations

import ast
import doctest
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import deepcrit
from deepcrit.app.interface import Shown, groups, interface_page
from deepcrit.core.dependencies import Library
from deepcrit.core.digest import module_files

ROOT = Path(__file__).resolve().parents[2]
SHOWN = [one for shown in groups().values() for one in shown]
TORCH = {"A network of your own", "Lyapunov exponents"}
FINDER = doctest.DocTestFinder(recurse=False)


def test_names_are_there() -> None:
    """Each is found once, listed by dir and by a star import; others are refused as Python refuses them."""
    names = [name for name in deepcrit.__all__ if name != "__version__"]
    assert len(set(names)) == len(names)
    assert {one.name.split(".")[0] for one in SHOWN} == set(names)
    assert set(names) <= set(dir(deepcrit))
    starred: dict[str, object] = {}
    exec("from deepcrit import *", starred)
    assert {*names, "__version__"} <= set(starred)
    with pytest.raises(AttributeError, match="module 'deepcrit' has no attribute 'fit_descrete'"):
        deepcrit.fit_descrete  # noqa: B018


def test_the_version_is_that_of_the_project() -> None:
    """As installed, and as pyproject.toml has it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert deepcrit.__version__ == version("deepcrit") == project["version"]


def test_nothing_is_imported_before_it_is_used() -> None:
    """Neither numpy nor torch by the import; torch by what measures networks alone."""
    names = [one.name for heading, shown in groups().items() for one in shown if heading not in TORCH]
    program = (
        "import sys, deepcrit\n"
        "before = set(sys.modules)\n"
        "assert not {'numpy', 'pandas', 'ast', 'pathlib'} & before, before\n"
        f"for name in {names!r}:\n    getattr(deepcrit, name.split('.')[0])\n"
        "assert 'numpy' in sys.modules and 'torch' not in sys.modules\n"
        "deepcrit.largest_singular_values\n"
        "assert 'torch' in sys.modules\n"
    )
    # without site packages that import before the program does
    done = subprocess.run(
        [sys.executable, "-S", "-c", path() + program], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr[-1000:]


def path() -> str:
    """Where this process imports from, for one that looks for nothing itself."""
    return f"import sys; sys.path[:] = {[str(ROOT), *sys.path]!r}\n"


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.name)
def test_every_name_has_an_example_that_runs(shown: Shown) -> None:
    """As it stands: with its own imports, and with what it prints."""
    (example,) = FINDER.find(shown.definition, shown.name, globs={})
    assert example.examples, f"{shown.path} has no example"
    output: list[str] = []
    doctest.DocTestRunner().run(example, out=output.append)
    assert output == []


def test_the_page_has_not_drifted() -> None:
    """It is what the stub and the docstrings say."""
    assert (ROOT / "docs" / "api.md").read_text(encoding="utf-8") == interface_page(), "run make docs"


def test_five_minutes_say_what_is_known() -> None:
    """The example runs, and what it prints holds the exact exponent, the relation, alpha and both phases."""
    done = subprocess.run(
        [sys.executable, "examples/five_minutes.py"],
        cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-1000:]
    assert [line[:2] for line in done.stdout.splitlines() if line[0] != " "] == [f"{part}." for part in range(1, 7)]
    numbers = r"\[([-+\d.]+), ([-+\d.]+)\]"
    found = re.search(rf"tau_d = \S+ {numbers}; exact (\S+),", done.stdout)
    assert found is not None
    assert float(found[1]) < float(found[3]) < float(found[2])
    found = re.search(rf"alpha = \S+ {numbers}", done.stdout)
    assert found is not None
    assert float(found[1]) < 1.6 < float(found[2])
    assert "compatible with zero" in done.stdout
    exponents = [float(one) for one in re.findall(r"([-+]\d\.\d+) \+- \S+ nat", done.stdout)]
    assert exponents[0] < -0.2 < -0.1 < exponents[1] < 0.1 < exponents[2]


def test_no_job_goes_through_it() -> None:
    """Digests follow names to where they are defined, which they could not follow through what is imported late."""
    public = set(deepcrit.__all__) - {"__version__"}
    files = [*ROOT.glob("scripts/*/*.py"), *(ROOT / "deepcrit").rglob("*.py")]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "deepcrit" and not node.level:
                assert not public & {alias.name for alias in node.names}, file
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "deepcrit":
                assert node.attr not in public, file


def test_digests_do_not_hold_it() -> None:
    """A name more, or the code that finds it, re-runs nothing: not even what asks where the package lies."""
    door = ROOT / "deepcrit" / "__init__.py"
    asks = ROOT / "deepcrit" / "core" / "registry.py"
    assert "deepcrit.__file__" in asks.read_text(encoding="utf-8")
    assert door not in {definition.file for definition in Library(ROOT, "deepcrit").reached(asks)}
    assert door not in module_files(ROOT / "scripts" / "figures" / "draw_figure.py")
