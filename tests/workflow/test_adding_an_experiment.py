"""The page on adding an experiment, followed to the letter in a copy of the repository."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from workspace import REPOSITORY, Workspace, copy_of_repository

from deepcrit.claims.schemas import SCOREBOARD
from deepcrit.core.tables import read_tsv

PAGE = REPOSITORY / "docs" / "adding_an_experiment.md"
STEP = re.compile(
    r"^(?:(?P<whole>Write|Append to) `(?P<name>[^`]+)`"
    r"|In `(?P<edited>[^`]+)`, (?P<side>before|after) each line that begins with "
    r"(?P<tick>``?)(?P<anchor>[^\n]+?)(?P=tick)):\n\n"
    r"```\w+\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
MADE = {
    "docs/configuration.md": "deepcrit.app.config.page",
    "docs/index.md": "deepcrit.app.contents",
    "docs/tables.md": "deepcrit.app.describe",
}
MOST_FILES, MOST_LINES = 11, 300


def follow(page: str, root: Path) -> dict[str, bool]:
    """Take every step of the page; the files touched, and whether they are new."""
    touched: dict[str, bool] = {}
    for step in STEP.finditer(page):
        name, text, anchor = step["name"] or step["edited"], step["text"], (step["anchor"] or "").strip()
        path = root / name
        if step["whole"] == "Write":
            assert not path.exists(), name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            touched[name] = True
            continue
        before = path.read_text(encoding="utf-8")
        touched.setdefault(name, False)
        if step["whole"]:
            path.write_text(before + text, encoding="utf-8")
            continue
        lines = before.splitlines(keepends=True)
        places = [number for number, line in enumerate(lines) if line.lstrip().startswith(anchor)]
        assert places, f"{name} has no line that begins with {anchor!r}"
        for number in reversed(places):
            lines.insert(number + (step["side"] == "after"), text)
        path.write_text("".join(lines), encoding="utf-8")
    return touched


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A copy of the repository with the experiment of the page in it, and its figure and verdict made."""
    workspace = copy_of_repository(tmp_path_factory.mktemp("extended"))
    page = PAGE.read_text(encoding="utf-8")
    touched = follow(page, workspace.path)
    table = dict(re.findall(r"^\| `([^`]+)` \| (new|edited|made) \|", page, re.MULTILINE))
    assert table == {name: "new" if new else "edited" for name, new in touched.items()} | dict.fromkeys(MADE, "made")
    for module in MADE.values():
        check(workspace, module)
    done = workspace.call("snakemake", "--cores", "2", "girko1985", "girko1985_spectral_radius")
    assert done.returncode == 0, done.stdout + done.stderr
    return workspace


def check(workspace: Workspace, *module: str) -> None:
    """Run a Python module in the copy, which must succeed."""
    command = [sys.executable, "-m", *module]
    done = subprocess.run(
        command, cwd=workspace.path, env=workspace.environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_little_has_to_be_done() -> None:
    """The page is short, and few files are written or edited."""
    page = PAGE.read_text(encoding="utf-8")
    assert len(page.splitlines()) < MOST_LINES
    assert len({step["name"] or step["edited"] for step in STEP.finditer(page)}) <= MOST_FILES


def test_the_new_claim_is_judged_and_drawn(extended: Workspace) -> None:
    """There is a verdict with an interval around 1, a figure in both formats, and a caption with the parameters."""
    (row,) = read_tsv(extended.file("results/claims/girko1985.tsv"), SCOREBOARD).itertuples()
    assert row.verdict == "reproduced"
    assert 0.95 < row.ci_low < row.ci_high < 1.05
    assert extended.file("results/figures/girko1985_spectral_radius.pdf").read_bytes().startswith(b"%PDF")
    assert extended.file("results/figures/girko1985_spectral_radius.png").stat().st_size > 10_000
    assert "mean of 100 matrices" in extended.file("results/figures/girko1985_spectral_radius.md").read_text(
        encoding="utf-8"
    )


def test_scoreboard_and_report_take_it_in(extended: Workspace) -> None:
    """What all papers go into reads the new verdict and figure, and nothing new is left to be made for it."""
    done = extended.call("snakemake", "-n", "results/scoreboard.tsv", "results/report.html")
    assert done.returncode == 0, done.stderr
    inputs = re.findall(r"^    input: (.*)$", done.stdout, re.MULTILINE)
    (board,) = [line for line in inputs if line.startswith("results/claims/")]
    (report,) = [line for line in inputs if "results/scoreboard.tsv" in line]
    assert "results/claims/girko1985.tsv" in board
    assert "results/figures/girko1985_spectral_radius.png" in report
    assert not re.search(r"^(?:local)?rule measure_spectra:", done.stdout, re.MULTILINE)
    assert "wildcards: figure=ghavasieh2025_fig1\n" in done.stdout
    assert "wildcards: figure=girko1985_spectral_radius\n" not in done.stdout


def test_the_new_experiment_keeps_the_conventions(extended: Workspace) -> None:
    """Style, the workflow's lint, its own tests, and those of rules, environments and pages pass."""
    check(extended, "ruff", "check", ".")
    check(extended, "ruff", "format", "--check", ".")
    check(extended, "snakefmt", "--check", "rules/spectral_radius.smk")
    check(extended, "snakemake", "--lint")
    drift = "test_config.py::test_documentation_has_not_drifted"
    unit = ("test_spectral_radius.py", "test_documentation.py", "test_jobs.py", drift)
    tests = ["tests/workflow/test_environments.py", *(f"tests/unit/{name}" for name in unit)]
    check(extended, "pytest", "-p", "no:cacheprovider", *tests)


def test_the_new_modules_are_typed(extended: Workspace) -> None:
    """The type checker accepts the library as the page leaves it."""
    folder = "deepcrit/experiments/spectral_radius"
    modules = [f"{folder}/{name}.py" for name in ("__init__", "config", "figure", "schemas")]
    # what is known of numpy and pandas is the same here and there
    check(extended, "mypy", "--cache-dir", str(REPOSITORY / ".mypy_cache"), "--follow-imports=silent", *modules)
