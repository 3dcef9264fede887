"""Hooks of mkdocs.yml: pages of the repository's root beside those of docs/, and the order of all."""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"README.md": "readme.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}


def on_config(config: Any) -> Any:
    """Navigation: the pages of each section of docs/index.md, in its order, and the others of the root."""
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8").replace("(../README.md)", "(readme.md)")
    pages, experiments = (
        [{title: page} for title, page in re.findall(r"^\| \[([^\]]+)\]\(([^)]+)\)", section, re.MULTILINE)]
        for section in index.split("\n## Experiments\n")
    )
    others = [{Path(page).stem: page} for name, page in PAGES.items() if name != "README.md"]
    config["nav"] = [{"contents": "index.md"}, *pages, *others, {"experiments": experiments}]
    return config


def on_files(files: Files, config: Any) -> Files:
    """The pages of the root."""
    for name, page in PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / name).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Links as they are on the site; of those to what is no page, the text alone."""
    source = page.file.src_uri
    here = "" if source in PAGES.values() else join("docs", dirname(source))

    def linked(link: re.Match[str]) -> str:
        text, path, heading = link[1], link[2], link[3] or ""
        if not path or ":" in path:
            return link[0]
        there = normpath(join(here, path))
        if not there.startswith("docs/") and there not in PAGES:
            return text
        target = PAGES.get(there, there.removeprefix("docs/"))
        return f"[{text}]({relpath(target, dirname(source) or '.')}{heading})"

    return re.sub(r"\[([^\]]*)\]\(([^)\s#]*)(#[^)\s]*)?\)", linked, markdown)
