"""Where the workflow runs and where not, and how it is met by other tools."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from workspace import POINT, REPOSITORY, SMOKE, Workspace, copy_of_repository

MANIFEST = f"{POINT}/manifest.tsv"


@pytest.mark.parametrize("name", ["with space", "it's", "a&b", "a$b", "a(b)"])
def test_a_path_that_a_shell_takes_apart_is_refused(tmp_path: Path, name: str) -> None:
    """At once and with the reason, before any script ends without a word."""
    workspace = copy_of_repository(tmp_path / name)
    (sign,) = set(name) & set(" '&$(")
    for program, arguments in (("deepcrit", ["run", MANIFEST]), ("snakemake", ["--cores", "1", MANIFEST])):
        done = workspace.call(program, *arguments)
        assert done.returncode != 0
        assert f"through a shell, which does not take {sign!r} as it stands: move it" in done.stderr
        assert "rule " not in done.stdout + done.stderr
    assert not workspace.file("results").exists()


def test_letters_of_any_language_are_no_reason(tmp_path: Path) -> None:
    """A path with an umlaut needs no quotes, and everything works there."""
    workspace = copy_of_repository(tmp_path / "schöne_größe")
    done = workspace.run(MANIFEST)
    assert done.returncode == 0, done.stderr
    assert workspace.file(MANIFEST).is_file()


def test_another_directory_is_refused_by_name(clean: Workspace, tmp_path: Path) -> None:
    """With --directory elsewhere, or from elsewhere, the workflow says where it runs."""
    done = clean.call("snakemake", "--cores", "1", MANIFEST, "--directory", str(tmp_path))
    assert done.returncode == 1
    assert f"deepcrit runs in its repository, {clean.path}" in done.stderr
    assert f"not in {tmp_path}" in done.stderr
    assert not (tmp_path / "results").exists()


def test_the_snakefile_of_catalogues_is_the_same_workflow(tmp_path: Path) -> None:
    """``workflow/Snakefile`` does what the Snakefile of the repository does, which then finds nothing to do."""
    workspace = copy_of_repository(tmp_path / "copy")
    drawn = ("results/report/rulegraph.svg", "--configfile", "scales/smoke.yaml")
    done = workspace.call("snakemake", "--cores", "1", "--snakefile", "workflow/Snakefile", *drawn)
    assert done.returncode == 0, done.stderr
    again = workspace.call("snakemake", "-n", *drawn)
    assert "Nothing to be done" in again.stdout + again.stderr, again.stdout


def test_the_catalogue_is_told_what_it_asks_for() -> None:
    """The keys of a usage in the catalogue of workflows, and a page on the configuration."""
    usage = yaml.safe_load((REPOSITORY / ".snakemake-workflow-catalog.yml").read_text(encoding="utf-8"))["usage"]
    assert set(usage) == {"mandatory-flags", "software-stack-deployment", "report"}
    assert usage["software-stack-deployment"]["conda"] is True
    assert set(usage["mandatory-flags"]) == {"desc", "flags"}
    assert (REPOSITORY / "config/README.md").read_text(encoding="utf-8").startswith("# Configuration\n")


def test_plain_snakemake_shows_one_line_a_job(tmp_path: Path) -> None:
    """``--logger deepcrit``: rule, wildcards, seconds and memory, failures with the end of their log, and no more."""
    workspace = copy_of_repository(tmp_path / "copy")
    done = workspace.call("snakemake", "--cores", "1", MANIFEST, *SMOKE, "--logger", "deepcrit")
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("initialise_networks radial N25 ")]
    assert line.split()[4:5] == ["s"]
    assert "rule initialise_networks:" not in done.stderr
    assert "1 of 1 jobs done" in done.stderr
    again = workspace.call("snakemake", "--cores", "1", MANIFEST, *SMOKE, "--logger", "deepcrit")
    assert "Nothing to be done" in again.stderr
    planned = workspace.call("snakemake", "-n", "--forceall", MANIFEST, *SMOKE, "--logger", "deepcrit")
    assert "  initialise_networks radial N25\n" in planned.stderr
