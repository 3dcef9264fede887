"""`make benchmarks`: every benchmark runs by itself, and what it measures or why it failed stands in one page."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def collect() -> ModuleType:
    """benchmarks/collect.py."""
    spec = importlib.util.spec_from_file_location("collect", BENCHMARKS / "collect.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def runnable() -> list[str]:
    """Modules that measure something: they have a function ``run``."""
    return sorted(
        path.stem
        for path in BENCHMARKS.glob("*.py")
        if re.search(r"^def run\(", path.read_text(encoding="utf-8"), re.M)
    )


def cells(row: str) -> list[str]:
    """Cells of a row of the page."""
    return [cell.strip() for cell in row.strip("|").split("|")]


@pytest.mark.slice
def test_no_benchmark_is_left_out(collect: ModuleType) -> None:
    """The page is made of everything in benchmarks/ that can be run."""
    assert sorted(collect.BENCHMARKS) == runnable()


@pytest.mark.parametrize("name", runnable())
def test_it_runs_at_toy_size(collect: ModuleType, name: str) -> None:
    """From start to end, by itself; it says quantities, numbers with their unit, targets, and if they are met.

    Costs have no row where no run at the default scale has been.
    """
    rows, well = collect.rows_of(BENCHMARKS / f"{name}.py", ["--toy"])
    assert well, rows
    assert rows or name == "cost"
    for quantity, ours, theirs, _, ratio, target, met in map(cells, rows):
        assert quantity
        assert float(ours) >= 0
        assert (theirs == "") or float(theirs) >= 0
        assert (ratio == "") or float(ratio) > 0
        assert met in ("", "yes", "no")
        assert not met or target


@pytest.mark.slice
def test_one_that_fails_says_so_beside_the_others(
    collect: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What another left behind reaches nobody, its error is in the page and on the terminal, and the status tells."""
    good = (
        "import sys, os\n"
        "assert 'LEFT' not in os.environ and sys.argv[1:] == ['--toy']\n"
        "print('quantity\\tdeepcrit\\talternative\\tunit\\tratio\\ttarget\\tmet')\n"
        "print('speed of {name}\\t1.5\\t3\\ts\\t2\\t>= 1.5\\tTrue')\n"
        "print('size\\t7\\t\\t\\t\\t\\t')\n"
    )
    scripts = [tmp_path / f"{name}.py" for name in ("first", "broken", "last")]
    for script in scripts:
        script.write_text(good.format(name=script.stem), encoding="utf-8")
    scripts[1].write_text(
        "import os\nos.environ['LEFT'] = '1'\nraise RuntimeError('no gradient | of anything')\n", encoding="utf-8"
    )
    page = tmp_path / "page.md"
    assert collect.main(page, scripts, ["--toy"]) == 1
    rows = page.read_text(encoding="utf-8").splitlines()[-5:]
    measured = ["1.5", "3", "s", "2", ">= 1.5", "yes"]
    assert cells(rows[0]) == ["speed of first", *measured]
    assert cells(rows[1]) == ["size", "7", "", "", "", "", ""]
    assert cells(rows[2])[0] == "**`broken.py` failed**: RuntimeError: no gradient &#124; of anything"
    assert cells(rows[3]) == ["speed of last", *measured]
    assert "failed: broken.py" in capsys.readouterr().err
    assert collect.main(page, [scripts[0]], ["--toy"]) == 0
    assert "failed" not in page.read_text(encoding="utf-8")
