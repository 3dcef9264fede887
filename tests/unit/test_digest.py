"""Digests change with the code a script runs, and with nothing else."""

import os
import subprocess
import sys

import pytest

from deepcrit.core import digest


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A small repository: one script, a package with a module imported relatively and one not imported at all."""
    monkeypatch.setattr(digest, "ROOT", tmp_path)
    for path, text in {
        "scripts/x/do_it.py": "from deepcrit.one import f\nf()\n",
        "deepcrit/__init__.py": "",
        "deepcrit/one.py": '"""Doc."""\nfrom .both import g\n\n\ndef f(x: int = 0):\n    """Doc."""\n    return g(x)\n',
        "deepcrit/both/__init__.py": "from deepcrit.both.two import g\nfrom deepcrit.three import h\n",
        "deepcrit/both/two.py": "import numpy as np\nSCALE = 1\nOTHER = 1\ndef g(x):\n    return np.abs(x * SCALE)\n",
        "deepcrit/three.py": "def h():\n    return 1\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")

    def current():
        for cached in (digest.library, digest.code_digest, digest._told, digest._text, digest._text_digest):
            cached.cache_clear()
        return digest.code_digest("scripts/x/do_it.py")

    return tmp_path, current


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "changes"),
    [
        ("scripts/x/do_it.py", "f()\n", "f()  # comment\n", False),
        ("deepcrit/one.py", "Doc.", "Other doc.", False),
        ("deepcrit/one.py", "x: int", "x: float", False),
        ("deepcrit/both/two.py", "SCALE)", "(SCALE))", False),
        ("deepcrit/both/two.py", "OTHER = 1", "OTHER = 2", False),
        ("deepcrit/three.py", "return 1", "return 2", False),
        ("scripts/x/do_it.py", "f()\n", "f(), f()\n", True),
        ("deepcrit/one.py", "return g(x)", "return -g(x)", True),
        ("deepcrit/one.py", "x: int = 0", "x: int = 1", True),
        ("deepcrit/both/two.py", "SCALE = 1", "SCALE = 2", True),
        ("deepcrit/both/two.py", "import numpy as np", "import scipy as np", True),
        ("deepcrit/both/__init__.py", "from", "x = f(1)\nfrom", False),
        ("deepcrit/both/__init__.py", "from deepcrit.three", "print()\nfrom deepcrit.three", True),
        ("deepcrit/both/two.py", "OTHER = 1", "print()", True),
    ],
)
def test_only_code_that_is_used_counts(tree, file, old, new, changes):
    """Comments, docstrings, annotations, layout and definitions beside leave the digest as it is.

    What is used, directly or through packages, and what runs when it is imported, change it.
    """
    root, current = tree
    before = current()
    edit(root / file, old, new)
    assert (current() != before) is changes


def test_third_party_imports_are_followed(tree):
    """Imports of imported modules count as the script's own."""
    root, current = tree
    edit(root / "deepcrit/three.py", "def h", "from scipy.stats import norm\n\n\ndef h")
    current()
    assert digest.third_party_imports(root / "scripts/x/do_it.py") == {"numpy", "scipy"}


def test_a_move_changes_nothing(tree):
    """A module elsewhere, under another name, or without a package that re-exports it, has the same digest."""
    root, current = tree
    before = current()
    (root / "deepcrit/both/two.py").rename(root / "deepcrit/moved.py")
    edit(root / "deepcrit/one.py", "from .both import g", "from deepcrit.moved import g")
    assert current() == before


def test_imports_within_functions_are_followed(tree):
    """A function that imports where it needs it, beside what is nothing but a docstring, counts what it uses."""
    root, current = tree
    edit(
        root / "deepcrit/one.py",
        "    return g(x)",
        '    from deepcrit.three import h\n\n    class Nothing:\n        """Doc."""\n\n    return g(x) + h()',
    )
    before = current()
    edit(root / "deepcrit/one.py", '        """Doc."""', '        """Other."""')
    assert current() == before
    edit(root / "deepcrit/three.py", "return 1", "return 2")
    assert current() != before


def test_names_that_change_places_count(tree):
    """What a name stands for counts, not only which definitions are used: swapped ones change the digest."""
    root, current = tree
    edit(root / "deepcrit/one.py", "return g(x)", "return g(x) - h()")
    edit(root / "deepcrit/one.py", "from .both import g", "from .both import g, h")
    before = current()
    edit(root / "deepcrit/one.py", "import g, h", "import g as h, h as g")
    assert current() != before


def test_the_locale_changes_nothing():
    """Sources are read as UTF-8, whatever the locale says."""
    code = "from deepcrit.core.digest import code_digest; print(code_digest('scripts/figures/draw_figure.py'))"
    found = {
        subprocess.run(
            [sys.executable, "-X", "utf8=0", "-c", code],
            env=os.environ | {"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0"},
            capture_output=True, encoding="utf-8", check=True,
        ).stdout
        for locale in ("C", "C.UTF-8", "POSIX")
    }  # fmt: skip
    assert len(found) == 1


# where the library would begin anew what takes hours: what each may not depend on
EXPENSIVE = {
    "avalanches/simulate_avalanches": "gaussian_avalanches",
    "continual/train_tasks": "continual",
    "criticality_loss/train_runs": "criticality_loss",
    "resnets/launch_avalanches": "resnets",
    "susceptibility/simulate_plane": "susceptibility",
    "susceptibility/solve_plane": "susceptibility",
    "trainability/train_networks": "trainability",
    "uniform_networks/sweep_couplings": "uniform_networks",
    "zoo/measure_dynamics": "zoo",
}


@pytest.mark.parametrize("script", EXPENSIVE)
def test_expensive_results_depend_on_what_makes_them(script):
    """Fetching, figures, claims, other experiments, the plan and the command line re-run nothing that takes long."""
    files = [
        path.relative_to(digest.ROOT).parts[1:] for path in digest.module_files(digest.ROOT / f"scripts/{script}.py")
    ]
    if script == "zoo/measure_dynamics":  # fetches weights itself, one classifier after another
        files = [parts for parts in files if parts[:2] != ("data", "fetch")]
    rooms = {parts[0] for parts in files}
    assert "core" in rooms
    assert not rooms & {"app", "claims", "report"}
    assert not {name for parts in files for name in parts} & {"fetch", "figures", "figure.py", "plan.py", "config.py"}
    assert {parts[1] for parts in files if parts[0] == "experiments"} <= {EXPENSIVE[script]}


def test_digests_hold_little():
    """Definitions that a script uses stand in less than sixteen modules, on average."""
    scripts = list((digest.ROOT / "scripts").rglob("*.py"))
    assert sum(len(digest.module_files(path)) for path in scripts) < 16 * len(scripts)


def test_one_definition_of_a_file(tree):
    """A digest of one definition changes with what that uses, and not with another of the same file."""
    root, current = tree
    edit(root / "deepcrit/three.py", "def h", "def k():\n    return 3\n\n\ndef h")

    def of_k():
        current()
        return digest.code_digest("deepcrit/three.py", "k")

    before = of_k()
    edit(root / "deepcrit/three.py", "return 1", "return 2")
    assert of_k() == before
    edit(root / "deepcrit/three.py", "return 3", "return 4")
    assert of_k() != before
    with pytest.raises(KeyError):
        digest.code_digest("deepcrit/three.py", "absent")


def test_missing_script(tree):
    """A script that is not there has no digest."""
    with pytest.raises(FileNotFoundError):
        digest.code_digest("scripts/x/absent.py")
