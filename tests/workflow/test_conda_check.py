"""`make conda-check`, with an executable in place of conda: what it is asked, and what becomes of its answers.

Whether the environments can be solved only a channel can say.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONDA = """#!/bin/sh
echo "$*" >>"{calls}"
case "$1 $2" in
    "info --json") echo '{{"platform": "linux-64"}}' ;;
    "env create") case "$*" in *broken.yaml*) echo "nothing provides numpy 99" >&2; exit 1 ;; esac ;;
    "list --explicit") printf '@EXPLICIT\\nchannel://numpy.conda#1\\nchannel://python.conda#2\\n' ;;
    *) exit 3 ;;
esac
"""


@pytest.fixture
def environments(tmp_path: Path) -> Path:
    directory = tmp_path / "envs"
    directory.mkdir()
    shutil.copy(ROOT / "envs" / "data.yaml", directory)
    (tmp_path / "conda").write_text(CONDA.format(calls=tmp_path / "calls"), encoding="utf-8")
    (tmp_path / "conda").chmod(0o755)
    return directory


def check(environments: Path, conda: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", str(ROOT / "scripts" / "check_conda.sh"), str(environments)]
    variables = {**os.environ, "CONDA": conda}
    return subprocess.run(command, env=variables, capture_output=True, encoding="utf-8", check=False)


def test_solved_environments_are_pinned_for_the_platform(environments: Path, tmp_path: Path) -> None:
    """The explicit list is left under the name that Snakemake looks for."""
    done = check(environments, str(tmp_path / "conda"))
    assert done.returncode == 0, done.stderr
    assert "data: solved, 2 packages" in done.stdout
    assert (environments / "data.linux-64.pin.txt").read_text(encoding="utf-8").startswith("@EXPLICIT\n")
    assert f"--file {environments / 'data.yaml'}" in (tmp_path / "calls").read_text(encoding="utf-8")


def test_an_environment_without_solution_is_named_and_the_others_are_pinned(environments: Path, tmp_path: Path) -> None:
    """One failure is the exit code, conda's reason is shown, and no pins are left for it."""
    shutil.copy(environments / "data.yaml", environments / "broken.yaml")
    done = check(environments, str(tmp_path / "conda"))
    assert done.returncode == 1
    assert "nothing provides numpy 99" in done.stderr
    assert "broken: could not be solved" in done.stderr
    assert [path.name for path in environments.glob("*.pin.txt")] == ["data.linux-64.pin.txt"]


def test_no_conda_is_said_before_anything_is_done(environments: Path) -> None:
    done = check(environments, "no-such-conda")
    assert done.returncode == 2
    assert "no-such-conda: not found" in done.stderr
