"""Broken configurations end to end: refused before the first job, and nothing that was computed is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from workspace import EXPONENTS, SMOKE, Workspace

# name: what an overlay holds, and what is said of it
OVERLAYS = {
    "unknown key": ("signals: {paths: {dept: 3}}", "signals.paths.dept: unknown key, expected one of ['depth'"),
    "wrong type": ("seed: twelve", "seed: found 'twelve', expected a valid integer"),
    "out of range": ("zoo: {minimum_models: 81}", "zoo.minimum_models: found 81, expected less than or equal to 80"),
    "not finite": ("trainability: {plane: {weight_variances: {stop: .inf}}}", "weight_variances.stop: found inf, exp"),
    "empty list": ("mean_field: {finite_pairs: {widths: []}}", "mean_field.finite_pairs.widths: found [], expected"),
    "contradiction": ("signals: {paths: {drawn: 1000}}", "signals.paths.drawn: found 1000, expected at most"),
    "key that stands twice": ("seed: 1\nseed: 2", "seed: found in line 1 and again in line 2, expected once"),
    "section without content": ("uniform_networks:", "uniform_networks: found None, expected a mapping of keys"),
}


def refused(workspace: Workspace, program: str, overlay: Path, *messages: str) -> None:
    """The program ends with an error that says this, runs no job, and leaves every result as it is."""
    before = workspace.times("results/**/*")
    arguments = ["run"] if program == "deepcrit" else ["--cores", "1"]
    done = workspace.call(program, *arguments, EXPONENTS, *SMOKE, str(overlay))
    output = done.stdout + done.stderr
    assert done.returncode == (2 if program == "deepcrit" else 1)
    for message in messages:
        assert message in output
    assert "Traceback" not in output
    assert "rule " not in output
    assert before
    assert workspace.times("results/**/*") == before
    assert not list(workspace.file(".snakemake/locks").glob("*"))


@pytest.mark.parametrize("program", ["deepcrit", "snakemake"])
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slice] if name == "unknown key" else []) for name in OVERLAYS]
)
def test_a_broken_overlay_is_refused(finished: Workspace, tmp_path: Path, program: str, name: str) -> None:
    """By deepcrit and by plain snakemake, in a directory where everything is made."""
    content, message = OVERLAYS[name]
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(content + "\n", encoding="utf-8")
    refused(finished, program, overlay, message)


def empty(path: Path) -> None:
    """A file without content."""
    path.write_text("", encoding="utf-8")


def tabbed(path: Path) -> None:
    """A file indented by a tab."""
    path.write_text("signals:\n\tactivation: tanh\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "ours", "snakemakes"),
    [
        (empty, "found nothing, expected a mapping of keys", "Config file must be given as JSON or YAML with keys"),
        (tabbed, "found character '\\t' that cannot start any token", "make sure to not mix whitespace and tab"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(
    finished: Workspace, tmp_path: Path, spoil: Callable[[Path], None], ours: str, snakemakes: str
) -> None:
    """Files that Snakemake refuses before it comes to ours, in its words."""
    overlay = tmp_path / "overlay.yaml"
    spoil(overlay)
    refused(finished, "deepcrit", overlay, f"{overlay}: ", ours)
    refused(finished, "snakemake", overlay, snakemakes)


@pytest.mark.parametrize("content", [None, b"seed: \xff\n"], ids=["absent", "binary"])
def test_a_file_that_cannot_be_read_is_refused(finished: Workspace, tmp_path: Path, content: bytes | None) -> None:
    """By deepcrit, which names it; plain Snakemake fails on it too, with a traceback of its own."""
    overlay = tmp_path / "overlay.yaml"
    if content is not None:
        overlay.write_bytes(content)
    refused(finished, "deepcrit", overlay, f"{overlay}: ")
