"""The documentation: every reference in it leads somewhere, and every experiment has its page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from workflow_rules import rule_names, rules

from deepcrit import experiments
from deepcrit.app.config import Config
from deepcrit.app.contents import contents_page
from deepcrit.claims.model import load_claims
from deepcrit.core.registry import SCHEMAS

ROOT = Path(__file__).resolve().parents[2]
EXPERIMENTS = ROOT / "docs" / "experiments"
# what this page names is there once it has been followed, which a test of the workflow does
FOLLOWED = "adding_an_experiment.md"
PAGES = [
    page
    for page in [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    if page.name != FOLLOWED or (ROOT / "claims" / "girko1985.yaml").is_file()
]
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()}
PAPERS = {path.stem for path in (ROOT / "claims").glob("*.yaml")}
COMMANDS = ("make", "snakemake", "deepcrit", ".venv/bin/deepcrit", "python -m", ".venv/bin/python")
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def prose(page: Path) -> str:
    """Text of a page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def references(page: Path) -> Iterator[str]:
    """What stands in backticks on a page, a name broken at the end of a line joined again."""
    for token in CODE.findall(re.sub(r"\n(?!\n)", " ", prose(page))):
        yield re.sub(r"\s+", " ", token)


def wildcard(name: str) -> str:
    """What may stand for a wildcard."""
    return f"(?:{'|'.join(sorted(SCHEMAS))})" if name == "table" else "[^/]+"


@cache
def outputs() -> list[re.Pattern[str]]:
    """Every path below results/ that a rule writes or keeps, a wildcard standing for any name."""
    found = set()
    for rule in rules().values():
        kept = [value for value in rule.params if isinstance(value, str) and value.startswith("results/")]
        for path in map(str, (*rule.output, *rule.log, rule.benchmark, *kept)):
            # text, and wildcards without what constrains them, in turn
            parts = re.split(r"\{(\w+)(?:,(?:[^{}]|\{\d+\})*)?\}", path)
            found.add("".join(wildcard(part) if odd % 2 else re.escape(part) for odd, part in enumerate(parts)))
    return [re.compile(pattern) for pattern in sorted(found)]


@cache
def claims() -> list[str]:
    return [claim.id for paper in sorted(PAPERS) for claim in load_claims(ROOT / "claims" / f"{paper}.yaml").claims]


@cache
def columns() -> set[str]:
    return {column.name for schema in SCHEMAS.values() for column in schema.columns}


@cache
def settings() -> Any:
    return yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))


def has_key(key: str) -> bool:
    """Whether config.yaml has a dotted key."""
    node = settings()
    for part in key.split("."):
        if not isinstance(node, dict) or part not in node:
            return False
        node = node[part]
    return True


def values(node: Any) -> Iterator[str]:
    """Every name and value of the configuration, as text."""
    if isinstance(node, dict):
        for key, child in node.items():
            yield str(key)
            yield from values(child)
    elif isinstance(node, list):
        for child in node:
            yield from values(child)
    else:
        yield str(node)


def is_there(path: str) -> bool:
    """Whether a file of the repository, or a test in it, exists; a star and <name> stand for any name."""
    name, _, test = path.partition("::")
    if test:
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        return any(isinstance(node, ast.FunctionDef) and node.name == test for node in ast.walk(tree))
    if "<" in name:  # made on the reader's machine
        return (ROOT / name).parent.is_dir()
    return any(ROOT.glob(name.rstrip("/")))


def broken(token: str) -> str:
    """What is wrong with a reference, empty if nothing is or if it is none."""
    first = token.split("/")[0].split(".")[0]
    if " " in token:
        return ""
    if token.startswith("results/"):
        path = token.rstrip("/")
        made = any(
            pattern.fullmatch(path) or pattern.pattern.startswith(re.escape(path) + "/") for pattern in outputs()
        )
        return "" if made or "<" in path else "no rule makes it"
    if "/" in token and first in FOLDERS:
        return "" if is_there(token) else "no such file"
    if token.startswith(tuple(f"{paper}." for paper in PAPERS)):
        return "" if any(claim.startswith(token) for claim in claims()) else "no such claim"
    if re.fullmatch(rf"(?:{'|'.join(PAPERS)})(?:_\w+)?", token):
        return "" if token in rule_names() else "no such target"
    if re.fullmatch(r"[a-z_]+(?:\.\w+)+", token) and first in Config.model_fields and token != "config.yaml":
        return "" if has_key(token) else "no such key in config.yaml"
    return ""


def known(token: str) -> bool:
    """Whether a word in backticks names something of the project."""
    named = {*rule_names(), *columns(), *SCHEMAS, *Config.model_fields, *values(settings())}
    at_root = (ROOT / token).exists() and "/" not in token
    reference = "/" in token or "." in token or token in PAPERS
    verdict = token in {"not testable here", "undecided", "kept", "started", "all"}
    return token in named or at_root or verdict or token.startswith(COMMANDS) or (reference and not broken(token))


# the page that is made from the schema names keys of samples as NAME, and cannot be wrong
@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name != "configuration.md"], ids=lambda page: str(page.relative_to(ROOT))
)
def test_references_lead_somewhere(page: Path) -> None:
    """Files, tests, tables, claims, targets and configuration keys that a page names in backticks exist."""
    wrong = {token: broken(token) for token in references(page) if broken(token)}
    assert wrong == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Relative links of a page lead to a file, and to a heading of it where they name one."""
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, heading = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        if heading:
            titles = re.findall(r"^#+ (.+)$", prose(target), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
            assert heading in anchors, link


def test_every_experiment_has_its_page() -> None:
    """No page is missing, the table of contents lists each and nothing else, and has not drifted."""
    assert {path.stem for path in EXPERIMENTS.glob("*.md")} == set(experiments.EXPERIMENTS)
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert index == contents_page(), "run make docs"
    listed = {ROOT / "docs" / link for link in re.findall(r"\]\(([^)\s]+\.md)\)", index)}
    found = {*(ROOT / "docs").rglob("*.md"), ROOT / "docs" / "../README.md"} - {ROOT / "docs" / "index.md"}
    assert listed == found


def test_the_map_shows_every_module() -> None:
    """The table of the library names each module and package of deepcrit, and no other."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.split("## The library")[1].split("\n## ")[0]
    shown = {name for row in re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE) for name in CODE.findall(row)}
    inside = (ROOT / "deepcrit").iterdir()
    assert shown == {path.stem for path in inside if path.suffix == ".py" or any(path.glob("*.py"))} - {"__init__"}


@pytest.mark.parametrize("page", sorted(EXPERIMENTS.glob("*.md")), ids=lambda page: page.stem)
def test_pages_of_experiments_name_what_exists(page: Path) -> None:
    """Whatever stands in backticks on such a page is a column, rule, key, value, file, target, claim or command."""
    assert [token for token in references(page) if not known(token)] == []


@pytest.mark.parametrize("figure", sorted(ROOT.glob("report/*.md")), ids=lambda figure: figure.stem)
def test_every_figure_is_listed(figure: Path) -> None:
    """The target of each figure is in the table of contents and on the page of one experiment."""
    target = f"`{figure.stem}`"
    assert target in (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert any(
        target in page.read_text(encoding="utf-8") or f" {figure.stem}`" in page.read_text(encoding="utf-8")
        for page in EXPERIMENTS.glob("*.md")
    )


@pytest.mark.parametrize(
    ("token", "fault"),
    [
        ("deepcrit/nothing.py", "no such file"),
        ("tests/unit/test_config.py::test_nothing", "no such file"),
        ("results/mean_field/nothing.tsv", "no rule makes it"),
        ("results/gaussian_avalanches/nothing.tsv", "no rule makes it"),
        ("ghavasieh2025.fig9", "no such claim"),
        ("ghavasieh2025_fig9", "no such target"),
        ("mean_field.nothing", "no such key in config.yaml"),
    ],
)
def test_wrong_references_are_found(token: str, fault: str) -> None:
    """Each kind of reference is refused when it leads nowhere."""
    assert broken(token) == fault
