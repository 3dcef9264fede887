"""Licence, citation, changelog and hooks say what the rest of the project says."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from deepcrit.claims.model import load_claims

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))

# what version 1.2.0 of the Citation File Format demands, and the part of what it allows that is used here
CITED = {"type", "title", "authors"}
PERSON = {"given-names", "family-names"}
IDENTIFIER_TYPES = {"doi", "url", "swh", "other"}


def test_citation_is_that_of_the_package() -> None:
    """All fields that the format demands are there, none that it does not know, and they agree with the package."""
    assert CITATION["cff-version"] == "1.2.0"
    assert {"authors", "cff-version", "message", "title"} <= set(CITATION)
    assert set(CITATION) <= {
        "abstract", "authors", "cff-version", "license", "message", "references", "title", "type", "version",
    }  # fmt: skip
    assert CITATION["type"] in {"software", "dataset"}
    assert (CITATION["title"], CITATION["version"]) == (PROJECT["name"], PROJECT["version"])
    assert CITATION["license"] == PROJECT["license"] == "MIT"
    assert CITATION["authors"] == PROJECT["authors"] == [{"name": "the deepcrit contributors"}]


@pytest.mark.parametrize("reference", CITATION["references"], ids=lambda reference: reference["notes"])
def test_papers_are_cited_whole(reference: dict[str, object]) -> None:
    """Each paper has the fields that the format demands, known ones besides, and persons with both names."""
    assert set(reference) >= CITED
    assert set(reference) <= CITED | {"identifiers", "notes", "year"}
    assert reference["type"] == "article"
    assert isinstance(reference["authors"], list)
    assert all(set(author) == PERSON for author in reference["authors"])
    for identifier in reference.get("identifiers", []):
        assert set(identifier) <= {"description", "type", "value"}
        assert identifier["type"] in IDENTIFIER_TYPES


def test_papers_are_those_that_are_judged() -> None:
    """Every paper with a claims file is cited, under the title that the report prints."""
    cited = {reference["notes"]: reference["title"] for reference in CITATION["references"]}
    judged = {paper.paper: paper.title for paper in map(load_claims, (ROOT / "claims").glob("*.yaml"))}
    assert judged.items() <= cited.items()


def test_licence_names_no_one_else() -> None:
    """The licence file is the one that the package declares, for the contributors."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License\n\nCopyright (c) ")
    assert "the deepcrit contributors" in text
    assert PROJECT["license-files"] == ["LICENSE"]


def test_hooks_are_local_and_those_of_make_lint() -> None:
    """Before a commit the tools of `make lint` run, from .venv, so that nothing is fetched."""
    repositories = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    entries = [hook["entry"] for hook in repositories[0]["hooks"]]
    assert {hook["language"] for hook in repositories[0]["hooks"]} == {"system"}
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert recipe is not None
    lint = recipe[1].replace("$(BIN)", ".venv/bin")
    assert entries == [".venv/bin/ruff check", ".venv/bin/ruff format", ".venv/bin/snakefmt", ".venv/bin/mypy"]
    assert all(entry in lint for entry in entries)


def test_changelog_keeps_its_form() -> None:
    """Versions, each with the kinds of change that Keep a Changelog knows; what is not released comes first."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)[0] == "Unreleased"
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert kinds
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_paths_that_the_guide_names_exist() -> None:
    """Every file and folder in the contributors' guide is there, and every figure or claim it uses as an example."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[a-z]+/)+[a-z_]*(?:\.[a-z]+)?|[a-z]+\.yaml)`", text))
    assert len(named) > 10
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    claims = [claim.id for path in (ROOT / "claims").glob("*.yaml") for claim in load_claims(path).claims]
    assert set(re.findall(r"deepcrit trace (\S+)", text)) <= set(claims)


def test_the_guide_says_where_every_test_runs() -> None:
    """Each folder of tests and each file of tests/workflow is in make test, or named among what test-all adds."""
    quick = set(re.findall(r"tests/\S+", re.search(r"^test:.*?^test-all:", MAKEFILE, re.MULTILINE | re.DOTALL)[0]))
    quick |= set(re.findall(r"tests/\S+", " ".join(re.findall(r"^(?:WHOLE|QUICK) := .*$", MAKEFILE, re.MULTILINE))))
    named = set(
        re.findall(r"^\| `(tests/[^`]+)` \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    folders = {f"tests/{path.parent.name}" for path in (ROOT / "tests").glob("*/test_*.py")} - {"tests/workflow"}
    files = {f"tests/workflow/{path.name}" for path in (ROOT / "tests/workflow").glob("test_*.py")}
    assert quick & named == set()
    assert (quick | named) & (folders | files) == folders | files
