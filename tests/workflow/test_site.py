"""The documentation as a site: every page, every link, and docstrings as they are meant to be read."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [page.relative_to(ROOT / "docs") for page in sorted((ROOT / "docs").rglob("*.md"))]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built strictly: a page outside the navigation, or a link or heading that is not there, ends it."""
    pytest.importorskip("mkdocs", reason="mkdocs is not installed: make site does it")
    built = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(built)],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return built


def test_every_page_is_on_the_site(site: Path) -> None:
    """Those of docs/, in the navigation of the first page, and those of the root that they lead to."""
    navigation = (site / "index.html").read_text(encoding="utf-8")
    for page in [*PAGES, Path("readme.md"), Path("contributing.md"), Path("changelog.md")]:
        assert (site / page.with_suffix(".html")).is_file(), page
        assert f'href="{page.with_suffix(".html").as_posix()}"' in navigation, page


def test_pages_fetch_nothing(site: Path) -> None:
    """Neither fonts nor scripts come from elsewhere."""
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert re.findall(r'<(?:script|img|link)[^>]*(?:src|href)="(?:https?:)?//[^"]+"', text) == [], page


def test_docstrings_are_understood(site: Path) -> None:
    """Arguments, attributes and examples are told as such, and no markup of another kind is left."""
    page = (site / "api.html").read_text(encoding="utf-8")
    names = re.findall(r"^\| `deepcrit\.\S+` \|", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert page.count("Examples:") == len(names) > 40
    assert re.findall(r":(?:class|func|mod|meth):", page) == []
    assert re.findall(r"<code>\w+,</code>", page) == []
    assert ":::" not in page
