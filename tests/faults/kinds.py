"""The kinds of faults: what is done to a run, or to what it left.

Each is a generator: it starts a run if there is to be one, does the damage, puts right what no rerun could (space on
the disk, a true download) and says whether there was anything left to damage. What it holds is let go afterwards.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psutil
from mounts import ROOMY, remount, results_apart
from scenes import DATA, SCENES, Prepared, Scene, Stage, arguments_of

PROGRAMS = ("deepcrit", "deepcrit", "snakemake")
PATIENCE = 900.0  # seconds after which a run is taken to hang, on a machine that is busy
ANSWERS = 60.0  # seconds that a run may wait for daemons that are dead


class Cluster(Protocol):
    """A running SLURM, as a fixture may hand it over."""

    arguments: tuple[str, ...]  # by which Snakemake submits to it

    def kill_daemons(self) -> None:
        """Kill -9 of all its daemons."""

    def revive(self) -> None:
        """Start them again, and wait until they answer."""


@dataclass
class Situation:
    """One run and what is done to it.

    Attributes:
        stage: its workspace.
        scene: what it is to make.
        prepared: where everything is as it should be.
        rng: source of every choice.
        program: ``deepcrit`` or plain ``snakemake``.
        fraction: by which moments come sooner than drawn.
        cluster: a running SLURM, or None.
        damaged: results that were finished and cannot be kept.
    """

    stage: Stage
    scene: Scene
    prepared: Prepared
    rng: random.Random
    program: str
    fraction: float = 1.0
    cluster: Cluster | None = None
    damaged: set[str] = field(default_factory=set)

    @property
    def arguments(self) -> list[str]:
        """Of the program."""
        return arguments_of(self.scene, self.prepared.mirror.parent)

    def start(self, program: str = "", extra: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
        """Begin a run in a process group of its own, its output kept in a file."""
        program = program or self.program
        command = self.stage.command(program, *(["run"] if program == "deepcrit" else []), *self.arguments, *extra)
        with self.stage.file("output.txt").open("ab") as output:
            return subprocess.Popen(
                command,
                cwd=self.stage.path,
                env=self.stage.environment,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def at_some_moment(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait for some moment of the run; is it still at work?"""
        name = next(name for name, scene in SCENES.items() if scene is self.scene)
        try:
            process.wait(self.fraction * self.rng.uniform(0.1, 0.9) * self.prepared.seconds[name])
        except subprocess.TimeoutExpired:
            return True
        return False

    def some_job(self, process: subprocess.Popen[bytes]) -> psutil.Process | None:
        """A job that runs at some moment, or the first after it; None if the run ended before."""
        self.at_some_moment(process)
        while process.poll() is None:
            if jobs := self.stage.running_jobs():
                return self.rng.choice(sorted(jobs, key=lambda job: job.pid))
            time.sleep(0.01)
        return None

    def some_result(self, *patterns: str) -> Path | None:
        """A finished file of these."""
        paths = sorted(path for pattern in patterns for path in self.stage.path.glob(pattern) if path.stat().st_size)
        return self.rng.choice(paths) if paths else None


Kind = Callable[[Situation], Iterator[bool]]
KINDS: dict[str, Kind] = {}
MOUNTING: set[str] = set()
ON_A_CLUSTER: set[str] = set()


def kind(name: str, *groups: set[str]) -> Callable[[Kind], Kind]:
    """Enter a kind under a name, and among those that need root or a cluster."""

    def enter(function: Kind) -> Kind:
        KINDS[name] = function
        for group in groups:
            group.add(name)
        return function

    return enter


@kind("kill -9 of a job")
def kill_job(situation: Situation) -> Iterator[bool]:
    """The run fails or tries the job again."""
    process = situation.start()
    job = situation.some_job(process)
    if job is not None:
        signal_to(job, signal.SIGKILL)
    process.wait(PATIENCE)
    yield job is not None


@kind("kill -9 of Snakemake")
def kill_snakemake(situation: Situation) -> Iterator[bool]:
    """Its jobs are orphans that go on writing; lock and marks of incomplete files stay."""
    yield struck(situation, subprocess.Popen.kill)


@kind("kill -9 of Snakemake, a job stopped")
def kill_snakemake_and_stop_job(situation: Situation) -> Iterator[bool]:
    """The orphan takes no signal but one, and holds its files open."""
    process = situation.start()
    job = situation.some_job(process)
    if job is not None:
        signal_to(job, signal.SIGSTOP)
    process.kill()
    process.wait(PATIENCE)
    yield job is not None


@kind("kill -9 of everything")
def kill_group(situation: Situation) -> Iterator[bool]:
    """As when the machine loses power, but that nothing is lost of what was written."""
    yield struck(situation, lambda process: kill_all(situation, process))


@kind("SIGTERM")
def terminate(situation: Situation) -> Iterator[bool]:
    """Snakemake lets its jobs end, starts none and leaves."""
    yield struck(situation, subprocess.Popen.terminate)


@kind("SIGINT")
def interrupt(situation: Situation) -> Iterator[bool]:
    """Ctrl-C at a terminal reaches the jobs, too."""
    yield struck(situation, lambda process: signal_to_group(process, signal.SIGINT))


@kind("two runs at once")
def two_runs(situation: Situation) -> Iterator[bool]:
    """The second refuses, unless the first has ended, or has not come to Snakemake's lock yet and is refused itself."""
    first = situation.start()
    hit = situation.at_some_moment(first)
    second = situation.start(situation.rng.choice(PROGRAMS))
    assert second.wait(PATIENCE) in (0, 1, 2)
    assert second.returncode != 0 or first.poll() is not None, "two runs in one directory"
    assert 0 in (first.wait(PATIENCE), second.returncode), "a second run disturbed the first"
    yield hit


@kind("two runs, begun together")
def two_runs_together(situation: Situation) -> Iterator[bool]:
    """At most one is refused."""
    runs = [situation.start(program) for program in (situation.program, situation.rng.choice(PROGRAMS))]
    assert 0 in [process.wait(PATIENCE) for process in runs], "two runs refused each other"
    yield True


@kind("a full disk", MOUNTING)
def full_disk(situation: Situation) -> Iterator[bool]:
    """No space is left while results are written; then there is some again."""
    wanted = sum(len(content) for content in situation.prepared.content_of(situation.scene).values())
    present = sum(len(content) for content in situation.stage.content(situation.scene).values())
    room = int(situation.rng.uniform(0, 0.9) * (wanted - present))
    with results_apart(situation.stage, room) as results:
        process = situation.start()
        hit = process.wait(PATIENCE) != 0
        assert remount(results, f"size={ROOMY}")
        yield hit


@kind("results become read-only", MOUNTING)
def read_only(situation: Situation) -> Iterator[bool]:
    """No file can be opened for writing any more; then they can again."""
    with results_apart(situation.stage) as results:
        process = situation.start()
        hit = situation.at_some_moment(process)
        # refused for as long as some file is open for writing
        while hit and not remount(results, "ro") and process.poll() is None:
            time.sleep(0.01)
        hit = hit and process.wait(PATIENCE) != 0
        process.wait(PATIENCE)
        assert remount(results, "rw")
        yield hit


@kind("a truncated result")
def truncate(situation: Situation) -> Iterator[bool]:
    """A finished shard or table ends at a random byte."""
    yield damaged(situation, lambda path: os.truncate(path, situation.rng.randrange(path.stat().st_size)))


@kind("a result with wrong bytes")
def alter(situation: Situation) -> Iterator[bool]:
    """A byte of a finished shard or table is another."""

    def flip_bit(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[situation.rng.randrange(len(content))] ^= 1 << situation.rng.randrange(8)
        path.write_bytes(content)

    yield damaged(situation, flip_bit)


@kind("a truncated checkpoint")
def truncate_checkpoint(situation: Situation) -> Iterator[bool]:
    """A run is killed while it trains, and its checkpoint with it."""
    process = situation.start()
    pattern = f"{situation.scene.root}/*/checkpoints/*.pt"
    while process.poll() is None and situation.some_result(pattern) is None:
        time.sleep(0.01)
    kill_all(situation, process)
    process.wait(PATIENCE)
    path = situation.some_result(pattern)
    if path is not None:
        os.truncate(path, situation.rng.randrange(path.stat().st_size))
    yield path is not None


@kind("a corrupt download")
def corrupt_download(situation: Situation) -> Iterator[bool]:
    """A mirror with half a file or wrong bytes, and half-finished files of an earlier attempt; then a true mirror."""
    path = situation.rng.choice(sorted(situation.prepared.mirror.iterdir()))
    true = path.read_bytes()
    place = situation.rng.randrange(len(true))
    wrong = (
        true[:place] if situation.rng.random() < 0.5 else true[:place] + bytes([true[place] ^ 1]) + true[place + 1 :]
    )
    half = situation.stage.file(f"{DATA}/{path.name}.part")
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(true[:place])
    try:
        path.write_bytes(wrong)
        status = situation.start().wait(PATIENCE)
    finally:
        path.write_bytes(true)
    assert status != 0, "a corrupt download was accepted"
    yield True


@kind("a clock gone wrong")
def touch(situation: Situation) -> Iterator[bool]:
    """A finished result is a day younger or older than it was; a table whose time tells nothing may be made again."""

    def shift_time(path: Path) -> None:
        day = situation.rng.choice((-86400, 86400))
        state = path.stat()
        os.utime(path, (state.st_atime + day, state.st_mtime + day))

    yield damaged(situation, shift_time)


@kind("SLURM's daemons die", ON_A_CLUSTER)
def kill_slurm(situation: Situation) -> Iterator[bool]:
    """Snakemake cannot ask what became of its jobs; the daemons come back later."""
    assert situation.cluster is not None
    process = situation.start(
        extra=("--", *situation.cluster.arguments)
        if situation.program == "deepcrit"
        else tuple(situation.cluster.arguments)
    )
    hit = situation.at_some_moment(process)
    situation.cluster.kill_daemons()
    try:
        process.wait(ANSWERS)
    except subprocess.TimeoutExpired:
        # it waits for an answer; its user loses patience
        process.kill()
        process.wait()
    situation.cluster.revive()
    yield hit


# kinds that need a certain scene or program: damage to what is finished is put right by deepcrit run alone
SCENE_OF = {"a corrupt download": "download", "a truncated checkpoint": "training"}
BY_DEEPCRIT = {"a truncated result", "a result with wrong bytes", "a clock gone wrong"}


def struck(situation: Situation, blow: Callable[[subprocess.Popen[bytes]], None]) -> bool:
    """Deal a run a blow at some moment and wait for its end; was it still at work?"""
    process = situation.start()
    hit = situation.at_some_moment(process)
    blow(process)
    process.wait(PATIENCE)
    return hit


def kill_all(situation: Situation, process: subprocess.Popen[bytes]) -> None:
    """Kill a run with all its jobs."""
    signal_to_group(process, signal.SIGKILL)
    situation.stage.end()


def damaged(situation: Situation, damage: Callable[[Path], None]) -> bool:
    """Damage a finished shard or table, which cannot be kept, nor can the other files of its job; was there any?"""
    path = situation.some_result(f"{situation.scene.root}/**/*.parquet", f"{situation.scene.root}/**/*.tsv")
    if path is None:
        return False
    damage(path)
    stem = path.name.partition(".")[0]
    siblings = path.parent.glob(f"{stem}.*") if path.parent.name == "shards" else [path]
    situation.damaged |= {str(sibling.relative_to(situation.stage.path)) for sibling in siblings}
    return True


def signal_to(process: psutil.Process, number: signal.Signals) -> None:
    """Send a signal to a process that may have ended."""
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def signal_to_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a process group that may have ended."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
