"""Caches of compiled code and of Snakemake, where there is no home or library that can be written."""

import logging
from pathlib import Path

import numba
import pytest
from numba.core import caching

from deepcrit.app.engine import cache_home
from deepcrit.core import compiled
from deepcrit.core.dependencies import Library


def double(x: int) -> int:
    return 2 * x


def test_loops_are_compiled_where_nothing_can_be_kept(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """numba refuses to compile what it cannot keep; ours compiles all the same, and names the remedy once."""
    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    with pytest.raises(RuntimeError, match="no locator available"):
        numba.njit(cache=True)(double)
    compiled._told.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert [compiled.njit(cache=True, nogil=True)(double)(number) for number in (1, 2)] == [2, 4]
    assert caplog.text.count("NUMBA_CACHE_DIR or XDG_CACHE_HOME") == 1


def test_other_errors_of_numba_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the want of a place to write is borne."""

    def broken(**_: object) -> None:
        raise RuntimeError("something else")

    monkeypatch.setattr(numba, "njit", broken)
    with pytest.raises(RuntimeError, match="something else"):
        compiled.njit(cache=True)(double)


@pytest.mark.parametrize("variable", ["HOME", "XDG_CACHE_HOME"])
def test_a_run_without_a_home_keeps_caches_here(variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither can be written, caches are kept in Snakemake's directory; where they can, there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    (tmp_path / "file").touch()
    monkeypatch.setenv(variable, str(tmp_path / "file" / "nowhere"))
    assert cache_home() == tmp_path / ".snakemake" / "cache"
    monkeypatch.setenv(variable, str(tmp_path / "home"))
    assert cache_home() == tmp_path / "home" / (".cache" if variable == "HOME" else "")


def test_all_loops_are_compiled_so() -> None:
    """No other module asks numba to compile."""
    folder = Path(compiled.__file__).parents[1]
    library = Library(folder.parent, "deepcrit")
    imported = {path: library.source(path).imported for path in folder.rglob("*.py")}
    direct = [path for path, names in imported.items() if any(name.split(".")[0] == "numba" for name in names)]
    assert direct == [Path(compiled.__file__)]
