"""Torch is an extra: what does not train networks or look into them does without it."""

import subprocess
import sys
import tomllib
from types import SimpleNamespace

import pytest
from snakemake.exceptions import WorkflowError
from snakemake.settings.types import DeploymentMethod
from workflow_rules import ROOT, rules, workflow_of_hooks

from deepcrit.experiments import EXPERIMENTS

BLOCKED = """
import sys

class Absent:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in ("torch", "torchvision"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
"""


def without_torch(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program in which torch cannot be imported."""
    return subprocess.run(
        [sys.executable, "-c", BLOCKED + program], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )


def test_torch_is_an_extra() -> None:
    """Neither torch nor torchvision is among what every installation brings, nor what reads other files of weights."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert not [name for name in project["dependencies"] if name.startswith("torch")]
    extra = {name.split("=")[0] for name in project["optional-dependencies"]["torch"]}
    assert extra == {"h5py", "safetensors", "torch", "torchvision"}


def test_rules_do_without_torch_unless_their_environment_has_it() -> None:
    """Scripts of all other rules, and figures, are loaded where torch is absent, and those of its rules are not."""
    scripts: dict[bool, set[str]] = {True: set(), False: set()}
    for rule in rules().values():
        scripts["torch" in str(rule.conda_env)].add(dict(rule.params.items())["script"])
    assert len(scripts[True]) > 5 < len(scripts[False])
    drawn = [name for name in EXPERIMENTS if (ROOT / "deepcrit" / "experiments" / name / "figure.py").exists()]
    program = (
        "import importlib, runpy\n"
        f"for name in {drawn!r}:\n    importlib.import_module('deepcrit.experiments.' + name + '.figure')\n"
        f"for name in {sorted(scripts[False])!r}:\n    runpy.run_path('scripts/' + name + '.py')\n"
        f"for name in {sorted(scripts[True])!r}:\n"
        "    try:\n        runpy.run_path('scripts/' + name + '.py')\n"
        "    except ImportError:\n        continue\n"
        "    raise SystemExit(name + ' needs no torch')\n"
    )
    done = without_torch(program)
    assert done.returncode == 0, done.stderr[-2000:]


def test_runs_are_planned_without_torch() -> None:
    """The configuration is checked, and Snakemake plans jobs that need torch and others, where torch is absent."""
    done = without_torch("from deepcrit.app.cli import main; sys.exit(main(['check']))")
    assert done.returncode == 0, done.stderr[-2000:]
    targets = ["ghavasieh2025_fig5", "results/zoo/dynamics.tsv"]
    arguments = [*targets, "--dry-run", "--quiet", "all", "--cores", "1", "--nolock"]
    done = without_torch(f"from snakemake.cli import main; main({arguments!r})")
    assert done.returncode == 0, done.stderr[-2000:]


def test_jobs_that_need_torch_are_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first job, by name; not where none of them is due, nor where Snakemake makes environments."""
    for name in ("torch", "torchvision"):
        monkeypatch.setitem(sys.modules, name, None)
    due = {"list_models": True, "train_tasks": False, "compute_plane": True}
    jobs = [SimpleNamespace(rule=rules()[name]) for name in due]
    dag = SimpleNamespace(jobs=jobs, needrun=lambda job: due[job.rule.name])
    planned = workflow_of_hooks(monkeypatch)
    monkeypatch.setattr(planned, "_dag", dag, raising=False)
    monkeypatch.setattr(planned, "deployment_settings", SimpleNamespace(deployment_method=set()))
    with pytest.raises(WorkflowError, match="torch is not installed, and list_models needs it: make setup installs"):
        planned._onstart(None)
    planned.deployment_settings.deployment_method.add(DeploymentMethod.CONDA)
    planned._onstart(None)
    planned.deployment_settings.deployment_method.clear()
    due["list_models"] = False
    planned._onstart(None)
