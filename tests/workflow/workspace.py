"""Copies of the repository in which the workflow is run for real, at the smallest scale and a few targets only."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

REPOSITORY = Path(__file__).resolve().parents[2]
SMOKE = ("--configfile", "config.yaml", "scales/smoke.yaml")
POINT = "results/gaussian_avalanches/radial/N25"
NETWORK = "results/gaussian_avalanches/network/N25/avalanches.parquet"
EXPONENTS = f"{POINT}/exponents.tsv"
TARGETS = (EXPONENTS, f"{POINT}/gammas.tsv", f"{POINT}/collapses.tsv", NETWORK)
PATIENCE = 300.0  # seconds, on a machine that is busy
Found = TypeVar("Found")


@dataclass
class Workspace:
    """A copy of the repository."""

    path: Path

    @property
    def environment(self) -> dict[str, str]:
        """Environment in which the library of the copy is imported."""
        return os.environ | {"PYTHONPATH": str(self.path)}

    def command(self, program: str, *arguments: str) -> list[str]:
        """Command line of deepcrit or snakemake."""
        module = {"deepcrit": "deepcrit.app.cli", "snakemake": "snakemake"}[program]
        return [sys.executable, "-m", module, *arguments]

    def call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = self.command(program, *arguments)
        return subprocess.run(
            command, cwd=self.path, env=self.environment, capture_output=True, encoding="utf-8", check=False
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """deepcrit run at the smoke scale."""
        return self.call("deepcrit", "run", *arguments, *SMOKE)

    def planned(self, *arguments: str) -> list[str]:
        """Rules of the jobs that a run would do, in order."""
        done = self.call("deepcrit", "run", *arguments, "--dry-run")
        assert done.returncode == 0, done.stderr
        return [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]

    def file(self, name: str) -> Path:
        """A file of the copy."""
        return self.path / name

    def forget(self, *names: str) -> None:
        """Remove results, which have to be made again."""
        for name in names:
            found = list(self.path.glob(name))
            assert found, f"nothing to remove at {name}"
            for path in found:
                path.unlink()

    def tables(self) -> dict[str, bytes]:
        """Content of every table that does not depend on the number of shards."""
        root = self.path / "results" / "gaussian_avalanches"
        paths = sorted([*root.rglob("*.parquet"), *root.rglob("*.tsv")])
        return {str(path.relative_to(root)): path.read_bytes() for path in paths if path.parent.name != "shards"}

    def times(self, pattern: str) -> dict[str, int]:
        """Modification times of results."""
        return {path.name: path.stat().st_mtime_ns for path in sorted(self.path.glob(pattern))}

    def jobs(self, rule: str) -> list[psutil.Process]:
        """Running processes of a rule's script."""
        found = []
        for process in psutil.process_iter():
            try:
                command = process.cmdline()
            except psutil.Error:
                continue
            if command and Path(command[0]).name.startswith("python"):
                scripts = [part for part in command if part.endswith(f".{rule}.py")]
                if scripts and str(self.path) in scripts[0]:
                    found.append(process)
        return found

    def await_job(self, rule: str) -> psutil.Process:
        """The process of a rule's script, as soon as there is one."""
        return until(lambda: next(iter(self.jobs(rule)), None), f"a job of {rule}")


def made(targets: Sequence[str], destination: Path) -> Workspace:
    """A copy of the repository with the results that these targets need at the smoke scale, and no others.

    They are taken from the repository if it holds them all as Snakemake would make them now, or else made, on two
    cores and without disturbance.
    """
    workspace = copy_of_repository(destination)
    for name in _made_in_repository(targets):
        copy(REPOSITORY / name, workspace.file(name))
    done = workspace.run(*targets, "--cores", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    return workspace


def _made_in_repository(targets: Sequence[str]) -> list[str]:
    """Files of these targets in the repository with what Snakemake recorded of them; none if it would make any anew."""
    done = Workspace(REPOSITORY).call("snakemake", "--summary", *targets, *SMOKE)
    rows = list(csv.DictReader(done.stdout.splitlines(), delimiter="\t"))
    if done.returncode != 0 or not rows or any(row["plan"] != "no update" for row in rows):
        return []
    metadata = REPOSITORY / ".snakemake" / "metadata"
    records = [str(path.relative_to(REPOSITORY)) for path in metadata.rglob("*") if path.is_file()]
    benchmarks = [str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "results/benchmarks").rglob("*.tsv")]
    return [row["output_file"] for row in rows] + benchmarks + records


def until(look: Callable[[], Found | None], what: str) -> Found:
    """What is looked for, once it is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = look()
        if found is not None:
            return found
        time.sleep(0.01)
    raise TimeoutError(f"{what} did not appear within {PATIENCE:.0f} s")


def copy_of_repository(destination: Path, compiled_in: Path = REPOSITORY) -> Workspace:
    """Copy the files of the repository, and what was compiled of its library there or in another copy."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.split("\0")
    compiled = [str(path.relative_to(compiled_in)) for path in (compiled_in / "deepcrit").rglob("*.nb[ic]")]
    for root, names in ((REPOSITORY, listed), (compiled_in, compiled)):
        for name in filter(None, names):
            copy(root / name, destination / name)
    return Workspace(destination)


def copy(source: Path, target: Path) -> None:
    """Copy a file or link with its times; what git lists and is not there is left out."""
    if source.is_symlink() or source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)
