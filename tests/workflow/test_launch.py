"""What is run, and what is not run again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from workspace import EXPONENTS, POINT, REPOSITORY, SMOKE, TARGETS, Workspace, copy_of_repository


def test_tables_do_not_depend_on_cores_or_shards(finished: Workspace, tmp_path: Path) -> None:
    """One core and other numbers of shards give the same tables as two cores, byte for byte."""
    other = copy_of_repository(tmp_path / "other", compiled_in=finished.path)
    overlay = tmp_path / "shards.yaml"
    overlay.write_text("execution: {shards: {radial: 3, network: 2}}\n", encoding="utf-8")
    done = other.call("deepcrit", "run", *TARGETS, "--cores", "1", *SMOKE, str(overlay))
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(TARGETS) <= {f"results/gaussian_avalanches/{name}" for name in finished.tables()}
    assert other.tables() == finished.tables()


def test_a_second_run_does_nothing(workspace: Workspace) -> None:
    """With everything made, a run makes nothing, says so, and still shows what was asked for."""
    before = workspace.times(f"{POINT}/**/*")
    done = workspace.run(*TARGETS)
    assert done.returncode == 0
    assert "nothing to do" in done.stdout
    assert EXPONENTS in done.stdout
    assert workspace.times(f"{POINT}/**/*") == before


def test_the_way_configuration_files_are_named_reruns_nothing(workspace: Workspace) -> None:
    """The overlay alone, as make names it, and plain Snakemake plan nothing after a run that named both files."""
    planned = workspace.call("snakemake", "-n", *TARGETS, "--configfile", "scales/smoke.yaml")
    assert "Nothing to be done" in planned.stdout + planned.stderr, planned.stdout


@pytest.mark.slice
def test_comments_and_docstrings_rerun_nothing(workspace: Workspace) -> None:
    """A comment, a docstring or a touched file in the library is no reason to run anything again."""
    for module in ("avalanches/scaling/collapse", "avalanches/observables", "physics/propagation/radial"):
        path = workspace.file(f"deepcrit/{module}.py")
        text = path.read_text(encoding="utf-8")
        assert text.startswith('"""')
        path.write_text('"""Said differently. ' + text.removeprefix('"""') + "\n# a remark\n", encoding="utf-8")
    assert workspace.planned(*TARGETS, *SMOKE) == []


@pytest.mark.slice
def test_changed_code_reruns_what_uses_it(workspace: Workspace) -> None:
    """A constant of the collapse changed: collapses are made again, no simulation and no other fit."""
    path = workspace.file("deepcrit/avalanches/scaling/collapse.py")
    text = path.read_text(encoding="utf-8")
    assert "_PARABOLA_POINTS = 21" in text
    path.write_text(text.replace("_PARABOLA_POINTS = 21", "_PARABOLA_POINTS = 23"), encoding="utf-8")
    assert workspace.planned(*TARGETS, *SMOKE) == ["collapse_profiles"]


@pytest.mark.slice
def test_a_changed_leaf_reruns_its_dependents(workspace: Workspace, tmp_path: Path) -> None:
    """One leaf of the configuration changed: only the rules that take it run again."""
    overlay = tmp_path / "grid.yaml"
    overlay.write_text("gaussian_avalanches: {collapse: {grid_points: 50}}\n", encoding="utf-8")
    assert workspace.planned(*TARGETS, *SMOKE, str(overlay)) == ["collapse_profiles"]


@pytest.mark.parametrize("scale", [None, "smoke", pytest.param("paper", marks=pytest.mark.slice)])
def test_everything_can_be_planned_in_a_clean_copy(clean: Workspace, scale: str | None) -> None:
    """The whole workflow resolves at every scale, into fewer than 2000 jobs."""
    overlay = ["--configfile", "config.yaml", f"scales/{scale}.yaml"] if scale else []
    done = clean.call("snakemake", "-n", "all", *overlay)
    assert done.returncode == 0, done.stderr
    (total,) = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("total ")}
    assert 50 < int(total) < 2000


def test_the_slurm_profile_is_found_from_the_root(clean: Workspace) -> None:
    """``--profile slurm`` is read, and a workflow can be planned with it."""
    done = clean.call("snakemake", "--profile", "slurm", "-n", "all", *SMOKE)
    assert done.returncode == 0, done.stderr
    assert clean.file("slurm/config.yaml").samefile(clean.file("profiles/slurm/config.yaml"))


def test_values_on_the_command_line_have_types(clean: Workspace) -> None:
    """Numbers within what ``--config`` says are numbers, and wrong ones are refused as in a file."""
    for value, status, said in (("3", 0, "simulate_paths"), ("three", 1, "signals.paths.drawn: found 'three'")):
        changed = f"signals={{paths: {{drawn: {value}}}}}"
        done = clean.call("snakemake", "-n", "ghavasieh2025_fig1", *SMOKE, "--config", changed)
        assert (done.returncode, said in done.stdout + done.stderr) == (status, True), done.stderr


def test_a_run_belongs_to_a_repository(clean: Workspace, tmp_path: Path) -> None:
    """Outside a repository, or with the library of another copy, a run refuses with exit status 2."""
    command = clean.command("deepcrit", "run")
    outside = subprocess.run(
        command, cwd=tmp_path, env=clean.environment, capture_output=True, encoding="utf-8", check=False
    )
    assert outside.returncode == 2
    assert "holds no Snakefile" in outside.stderr
    foreign = {**clean.environment, "PYTHONPATH": str(REPOSITORY)}
    mixed = subprocess.run(
        [sys.executable, "-c", "from deepcrit.app.cli import main; raise SystemExit(main(['run']))"],
        cwd=clean.path,
        env=foreign | {"PYTHONSAFEPATH": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert mixed.returncode == 2
    assert "not the one in" in mixed.stderr


def test_wrong_arguments_are_answered_briefly(clean: Workspace) -> None:
    """An unknown target or argument is named in a few lines, with targets of nearly that name."""
    for arguments, named in (
        (["no_such_target"], "no_such_target"),
        (["ghavasieh2025_fig50"], "the nearest are\n  ghavasieh2025_fig5\n"),
        ([f"{POINT}/exponent.tsv"], f"the nearest are\n  {EXPONENTS}\n"),
        (["all", "--cores", "0"], "argument --cores: found '0', expected all or a number of at least 1"),
        (["all", "--", "--no-such-option"], "--no-such-option"),
    ):
        done = clean.call("deepcrit", "run", *arguments)
        assert done.returncode != 0
        assert named in done.stderr
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) < 12


def test_make_says_what_is_missing(clean: Workspace) -> None:
    """Without a fit Python, both main commands stop with the name of what is missing."""
    for goal in ("all", "test"):
        done = subprocess.run(
            ["make", goal, "PYTHON=no_such_python"], cwd=clean.path, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 2
        assert "no_such_python: Python 3.11 or newer" in done.stderr
    assert not clean.file(".venv").exists()
