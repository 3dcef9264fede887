"""Render the report: one HTML file that shows all without any other."""

import platform
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from deepcrit.claims.model import load_claims
from deepcrit.claims.schemas import SCOREBOARD
from deepcrit.core.jobs import run
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv, written_aside
from deepcrit.report.page import Picture, render_page

# Libraries that numbers and pictures depend on.
PACKAGES = ("deepcrit", "igraph", "matplotlib", "numba", "numpy", "pandas", "powerlaw", "pyarrow", "scipy", "seaborn")


def main(
    scoreboard: str,
    claims: Sequence[str],
    tables: Sequence[str],
    figures: Sequence[str],
    captions: Sequence[str],
    shown: Sequence[Sequence[str]],
    titles: Sequence[str],
    rulegraph: str,
    parameters: Mapping[str, object],
    report: str,
) -> None:
    """Write the report.

    A table at .../experiment/schema.tsv is the one that claims call experiment/schema. For each of `figures`, PNG
    files, there are the file of its caption, the beginnings of the identifiers of the claims that it shows, and its
    title. `parameters` are shown as provenance, in their order, before the versions of packages.
    """
    paths = {f"{Path(table).parent.name}/{Path(table).stem}": table for table in tables}
    page = render_page(
        read_tsv(scoreboard, SCOREBOARD),
        [load_claims(path) for path in claims],
        {name: read_tsv(path, SCHEMAS[Path(path).stem]) for name, path in paths.items()},
        [
            Picture(tuple(shows), title, Path(png), Path(caption))
            for png, caption, shows, title in zip(figures, captions, shown, titles, strict=True)
        ],
        Path(rulegraph),
        {**{name: str(value) for name, value in parameters.items()}, "git commit": _commit(), **_versions()},
    )
    with written_aside(report) as aside:
        aside.write_text(page, encoding="utf-8")


def _commit() -> str:
    """The commit that is checked out while the page is written."""
    try:
        asked = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, encoding="utf-8", check=True)
    except (OSError, subprocess.CalledProcessError):
        return "none: not a git repository"
    return asked.stdout.strip()


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for package in (*PACKAGES, "snakemake"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not in the environment of the report"
    return versions


if "snakemake" in globals():
    run(main, snakemake)
