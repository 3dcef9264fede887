"""Short pieces of the workflow in which faults are injected, and the workspace in which they were run undisturbed."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
from workspace import Workspace, copy_of_repository

from deepcrit.data.files import MNIST_FILES

HERE = Path(__file__).resolve().parent
POINT = "results/gaussian_avalanches/radial/N25"
TRAINED = "results/trainability/widths"
DATA = "results/data/mnist"


@dataclass(frozen=True)
class Scene:
    """A piece of the workflow.

    Attributes:
        targets: files that are asked for.
        root: directory of all its tables.
        shards: what the files of one shard are called, for every shard.
        downstream: files made from shards.
    """

    targets: tuple[str, ...]
    root: str
    shards: tuple[str, ...]
    downstream: tuple[str, ...]


SCENES = {
    "avalanches": Scene(
        (f"{POINT}/densities.tsv",),
        "results/gaussian_avalanches",
        tuple(f"{POINT}/shards/{shard}.*.parquet" for shard in range(4)),
        tuple(
            f"{POINT}/{name}" for name in ("avalanches.parquet", "blocks.parquet", "profiles.parquet", "densities.tsv")
        ),
    ),
    # before training, which takes its data
    "download": Scene(tuple(MNIST_FILES), DATA, (), (f"{DATA}/*",)),
    "training": Scene(
        (f"{TRAINED}/outcomes.tsv",),
        "results/trainability",
        tuple(f"{TRAINED}/shards/{shard}.parquet" for shard in range(3)),
        (f"{TRAINED}/history.tsv", f"{TRAINED}/outcomes.tsv"),
    ),
}


class Stage(Workspace):
    """A workspace of its own for one fault."""

    def processes(self) -> list[psutil.Process]:
        """Everything that runs in this workspace."""
        return [process for process in psutil.process_iter() if _directory(process) == str(self.path)]

    def running_jobs(self) -> list[psutil.Process]:
        """Scripts of rules that run in this workspace."""
        scripts = f"{self.path}/.snakemake/scripts/"
        return [process for process in self.processes() if any(scripts in part for part in _command(process))]

    def states(self, patterns: tuple[str, ...]) -> dict[str, tuple[int, int]]:
        """Inode and modification time of finished results; what Snakemake has marked as incomplete is not finished."""
        found = [path for pattern in patterns for path in self.path.glob(pattern)]
        names = {str(path.relative_to(self.path)): path.stat() for path in found}
        incomplete = self.path / ".snakemake" / "incomplete"
        return {
            name: (state.st_ino, state.st_mtime_ns)
            for name, state in names.items()
            if not (incomplete / urlsafe_b64encode(name.encode()).decode()).exists()
        }

    def content(self, scene: Scene) -> dict[str, bytes]:
        """Every table and data file of a scene, checkpoints left out."""
        files = [path for path in self.file(scene.root).rglob("*") if path.is_file()]
        return {str(path.relative_to(self.path)): path.read_bytes() for path in files if path.suffix != ".pt"}

    def end(self) -> None:
        """Kill whatever runs here."""
        while running := self.processes():
            for process in running:
                process.kill()
            psutil.wait_procs(running, timeout=5)


@dataclass(frozen=True)
class Prepared:
    """A workspace in which all scenes were run without disturbance.

    Attributes:
        stage: the workspace, only to be copied.
        mirror: directory that downloads come from.
        content: tables of every scene.
        seconds: that the whole of every scene takes.
    """

    stage: Stage
    mirror: Path
    content: Mapping[str, Mapping[str, bytes]]
    seconds: Mapping[str, float]

    def content_of(self, scene: Scene) -> Mapping[str, bytes]:
        """Tables of a scene as they should be."""
        return next(self.content[name] for name, other in SCENES.items() if other is scene)

    def copy(self, scene: Scene, rng: random.Random, path: Path) -> Stage:
        """A copy in which some shards, what is made from them, and no other data than the scene's are there."""
        subprocess.run(["cp", "-a", str(self.stage.path), str(path)], check=True)
        stage = Stage(path)
        if scene is SCENES["avalanches"]:
            # data sets are of no use here
            shutil.rmtree(path / DATA)
        lost = rng.sample(scene.shards, rng.randint(1, len(scene.shards))) if scene.shards else []
        stage.forget(*lost, *scene.downstream)
        return stage


def prepare(base: Path, mirror: Path) -> Prepared:
    """Run every scene twice: once to compile and to keep its tables, once more to see how long it takes."""
    stage = Stage(copy_of_repository(base / "prepared").path)
    overlays = [str(HERE / "mini.yaml"), str(base / "mirror.yaml")]
    Path(overlays[1]).write_text(json.dumps({"mnist": {"local_directory": str(mirror)}}), encoding="utf-8")
    content, seconds = {}, {}
    for name, scene in SCENES.items():
        for turn in range(2):
            if turn:
                stage.forget(*scene.shards, *scene.downstream)
            begin = time.monotonic()
            done = stage.call("deepcrit", "run", *arguments_of(scene, base))
            assert done.returncode == 0, done.stdout + done.stderr
            seconds[name] = time.monotonic() - begin
            tables = stage.content(scene)
            assert content.setdefault(name, tables) == tables
    return Prepared(stage, mirror, content, seconds)


def arguments_of(scene: Scene, base: Path) -> list[str]:
    """Arguments by which deepcrit run or Snakemake makes a scene."""
    configfiles = ("config.yaml", "scales/smoke.yaml", str(HERE / "mini.yaml"), str(base / "mirror.yaml"))
    return [*scene.targets, "--cores", "2", "--configfile", *configfiles]


def _directory(process: psutil.Process) -> str:
    try:
        return process.cwd()
    except psutil.Error:
        return ""


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
