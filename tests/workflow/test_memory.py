"""Memory that rules ask for, held against what jobs took in the finished run of this repository, if there is one."""

from __future__ import annotations

import csv

import pytest
from asked import STARTING, asked_jobs, largest_use
from workflow_rules import local_rules
from workspace import REPOSITORY, Workspace

pytestmark = pytest.mark.slice


@pytest.fixture(scope="module")
def scale() -> str:
    """Scale of the finished run."""
    scoreboard = REPOSITORY / "results" / "scoreboard.tsv"
    if not scoreboard.is_file():
        pytest.skip("nothing has been run in this repository: there is no results/scoreboard.tsv")
    with scoreboard.open(newline="", encoding="utf-8") as stream:
        return next(csv.DictReader(stream, delimiter="\t"))["scale"]


@pytest.fixture(scope="module")
def used(clean: Workspace, scale: str) -> dict[str, tuple[int, float]]:
    """Memory in MB asked for each finished job, and what it takes on a cluster, by the path of its benchmark."""
    overlay = [] if scale == "default" else ["--configfile", "config.yaml", f"scales/{scale}.yaml"]
    planned = clean.call("snakemake", "-n", "--profile", "slurm", "all", *overlay)
    assert planned.returncode == 0, planned.stderr
    local = local_rules()
    return {
        job.benchmark: (job.megabytes, largest_use(file) + (0 if job.rule in local else STARTING))
        for job in asked_jobs(planned.stdout)
        if (file := REPOSITORY / job.benchmark).is_file()
    }


def test_no_job_took_more_memory_than_its_rule_asks_for(used: dict[str, tuple[int, float]]) -> None:
    """With the two Snakemakes that start it, every job stays within its request: no cluster would kill it."""
    assert used
    assert {name: use for name, use in used.items() if use[1] > use[0]} == {}


def test_no_rule_asks_for_much_more_than_it_takes(used: dict[str, tuple[int, float]], scale: str) -> None:
    """The job of a rule that took most was given less than four times that, if it was given more than 1 GB."""
    if scale == "smoke":
        pytest.skip("at the smoke scale jobs take little of anything")
    most: dict[str, tuple[int, float]] = {}
    for name, use in used.items():
        rule = name.split("/")[2].removesuffix(".tsv")
        if rule == "measure_dynamics":
            continue  # asks for the largest of torchvision's classifiers, whose weights may not be had
        most[rule] = max(most.get(rule, use), use, key=lambda pair: pair[1])
    assert {rule: use for rule, use in most.items() if use[0] > max(1000, 4 * use[1])} == {}
