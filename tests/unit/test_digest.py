"""Digests change with the code a script runs, and with nothing else."""

import pytest

from deepcrit import digest


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A small repository: one script, a package with a module imported relatively and one not imported at all."""
    monkeypatch.setattr(digest, "ROOT", tmp_path)
    for path, text in {
        "scripts/x/do_it.py": "from deepcrit.one import f\nf()\n",
        "deepcrit/__init__.py": "",
        "deepcrit/one.py": '"""Doc."""\nfrom .two import g\n\n\ndef f():\n    """Doc."""\n    return g()\n',
        "deepcrit/two.py": "def g():\n    return 1\n",
        "deepcrit/three.py": "def h():\n    return 1\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    def current():
        for cached in (digest.code_digest, digest._parse, digest._tree_digest, digest._imports):
            cached.cache_clear()
        return digest.code_digest("scripts/x/do_it.py")

    return tmp_path, current


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new", "changes"),
    [
        ("scripts/x/do_it.py", "f()\n", "f()  # comment\n", False),
        ("deepcrit/one.py", "Doc.", "Other doc.", False),
        ("deepcrit/two.py", "return 1", "return (1)", False),
        ("deepcrit/three.py", "return 1", "return 2", False),
        ("scripts/x/do_it.py", "f()\n", "f(), f()\n", True),
        ("deepcrit/one.py", "return g()", "return -g()", True),
        ("deepcrit/two.py", "return 1", "return 2", True),
        ("deepcrit/__init__.py", "", "x = 1", True),
    ],
)
def test_only_imported_code_counts(tree, file, old, new, changes):
    """Comments, docstrings, layout and modules not imported leave the digest as it is; imported code changes it."""
    root, current = tree
    before = current()
    edit(root / file, old, new)
    assert (current() != before) is changes


def test_third_party_imports_are_followed(tree):
    """Imports of imported modules count as the script's own."""
    root, current = tree
    edit(root / "deepcrit/two.py", "def g", "import numpy as np\nfrom scipy.stats import norm\n\n\ndef g")
    current()
    assert digest.third_party_imports(root / "scripts/x/do_it.py") == {"numpy", "scipy"}


def test_missing_script(tree):
    """A script that is not there has no digest."""
    with pytest.raises(FileNotFoundError):
        digest.code_digest("scripts/x/absent.py")
