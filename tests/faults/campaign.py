"""Faults on purpose: a schedule that follows from a seed, every fault in a workspace of its own, and what came of it.

    python tests/faults/campaign.py --number 200 --seed 1

After each fault the documented command has to finish, to keep every finished shard, and to leave tables that are byte
for byte those of a run that nothing disturbed.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "workflow")]

from kinds import BY_DEEPCRIT, KINDS, MOUNTING, ON_A_CLUSTER, PROGRAMS, SCENE_OF, Cluster, Situation  # noqa: E402
from mounts import can_mount, unmount_all  # noqa: E402
from one_node import one_node_if_possible  # noqa: E402
from scenes import SCENES, Prepared, prepare  # noqa: E402

from deepcrit.app.launch.ownership import LEFTOVER  # noqa: E402
from deepcrit.data.fetch.datasets import DATASETS  # noqa: E402
from deepcrit.data.fetch.downloader import Downloader  # noqa: E402

# training imports torch, which takes longer than all the rest
WEIGHTS = {"avalanches": 3, "training": 1}
# a fault that found its run ended comes again at these fractions of its moment: how long a run takes depends on what
# it finds done, and on the machine
SOONER = (1.0, 0.5, 0.25, 0.1)


@dataclass(frozen=True)
class Fault:
    """One fault of a schedule, with all that is decided beforehand."""

    number: int
    kind: str
    scene: str
    program: str
    seed: str

    def __str__(self) -> str:
        return f"{self.number} {self.kind}, {self.scene} by {self.program}"


@dataclass(frozen=True)
class Outcome:
    """What came of a fault: whether it met a run or file at all, and everything that was not as promised."""

    fault: Fault
    hit: bool
    problems: tuple[str, ...]
    seconds: float


def schedule(number: int, seed: int) -> list[Fault]:
    """As many faults, every kind in turn in an order that is drawn anew each time round."""
    rng = random.Random(seed)
    faults: list[Fault] = []
    while len(faults) < number:
        for kind in rng.sample(sorted(KINDS), len(KINDS))[: number - len(faults)]:
            scene = SCENE_OF.get(kind) or rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            program = "deepcrit" if kind in BY_DEEPCRIT else rng.choice(PROGRAMS)
            faults.append(Fault(len(faults) + 1, kind, scene, program, f"{seed}:{len(faults)}"))
    return faults


def impossible(fault: Fault, cluster: Cluster | None) -> str:
    """Why a fault cannot be injected here; empty if it can."""
    if fault.kind in MOUNTING and not can_mount():
        return "needs root, to mount a file system"
    if fault.kind in ON_A_CLUSTER and cluster is None:
        return "no SLURM is up"
    return ""


def inject(fault: Fault, prepared: Prepared, cluster: Cluster | None = None) -> Outcome:
    """Do the damage, run the documented command, and look; sooner once more if there was no run left to damage."""
    begin = time.monotonic()
    for fraction in SOONER:
        hit, problems = _tried(fault, prepared, cluster, fraction)
        if hit or problems:
            break
    return Outcome(fault, hit, problems, time.monotonic() - begin)


def _tried(fault: Fault, prepared: Prepared, cluster: Cluster | None, fraction: float) -> tuple[bool, tuple[str, ...]]:
    """Did the fault, at this fraction of its moment, meet anything, and what was not as promised?"""
    rng = random.Random(fault.seed)
    scene = SCENES[fault.scene]
    path = prepared.stage.path.parent / f"fault{fault.number}"
    stage = prepared.copy(scene, rng, path)
    situation = Situation(stage, scene, prepared, rng, fault.program, fraction, cluster)
    finished = stage.states(scene.shards)
    injection = KINDS[fault.kind](situation)
    problems: list[str] = []
    hit = False
    try:
        hit = next(injection)
        finished |= stage.states(scene.shards)
        problems = list(problems_after(situation, finished))
    except AssertionError as error:
        problems = [str(error) or repr(error)]
    finally:
        injection.close()  # type: ignore[attr-defined]
        stage.end()
    if not problems:
        shutil.rmtree(path)
    return hit, tuple(problems)


def problems_after(situation: Situation, finished: dict[str, tuple[int, int]]) -> Iterator[str]:
    """Run what the README says is run after a crash, and tell what is not as it says."""
    stage, scene = situation.stage, situation.scene
    if situation.program == "snakemake":
        stage.call("snakemake", "--unlock", *situation.arguments)
        done = stage.call("snakemake", *situation.arguments)
    else:
        done = stage.call("deepcrit", "run", *situation.arguments)
    if done.returncode != 0:
        yield f"the next run ended with {done.returncode}: {(done.stdout + done.stderr)[-1500:]}"
        return
    after = stage.states(scene.shards)
    for name in sorted(finished.keys() - situation.damaged):
        if after.get(name) != finished[name]:
            yield f"{name} was finished and not kept"
    content = stage.content(scene)
    expected = situation.prepared.content_of(scene)
    for name in sorted(expected.keys() | content.keys()):
        if content.get(name) != expected.get(name):
            state = "missing" if name not in content else "unknown" if name not in expected else "not the same"
            # plain Snakemake does not look for what other runs left
            if state != "unknown" or situation.program == "deepcrit" or not LEFTOVER.fullmatch(Path(name).name):
                yield f"{name} is {state}"
    if situation.program == "deepcrit" and stage.processes():
        yield f"still running: {stage.processes()}"


def table(outcomes: Sequence[Outcome], skipped: Counter[str]) -> str:
    """How many faults of each kind there were, how many met a run, and how many were survived."""
    lines = [f"{'kind':38}{'injected':>9}{'too late':>9}{'survived':>9}"]
    for kind in KINDS:
        chosen = [outcome for outcome in outcomes if outcome.fault.kind == kind]
        hit = [outcome for outcome in chosen if outcome.hit or outcome.problems]
        survived = sum(not outcome.problems for outcome in hit)
        lines.append(f"{kind:38}{len(hit):9}{len(chosen) - len(hit):9}{survived:9}")
    hit = [outcome for outcome in outcomes if outcome.hit or outcome.problems]
    survived = sum(not outcome.problems for outcome in hit)
    lines.append(f"{'all':38}{len(hit):9}{len(outcomes) - len(hit):9}{survived:9}")
    lines += [f"skipped {number}: {reason}" for reason, number in skipped.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Inject faults one after the other; 1 if one of them was not survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=200, help="faults of the schedule (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="of the schedule (default: 1)")
    parser.add_argument("--only", type=int, default=0, help="number of the one fault to inject again")
    options = parser.parse_args(arguments)
    # ended by a signal, it still takes away what it mounted and started
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    base = Path(tempfile.mkdtemp(prefix="deepcrit-faults-")).resolve()
    outcomes: list[Outcome] = []
    skipped: Counter[str] = Counter()
    try:
        prepared = prepare(base, mirror_in(base))
        with one_node_if_possible() as cluster:
            for fault in schedule(options.number, options.seed):
                if options.only not in (0, fault.number):
                    continue
                if reason := impossible(fault, cluster):
                    skipped[reason] += 1
                    continue
                outcomes.append(inject(fault, prepared, cluster))
                ended = "survived" if outcomes[-1].hit else "too late"
                print(f"{fault}: {outcomes[-1].problems or ended} ({outcomes[-1].seconds:.0f} s)", flush=True)
    finally:
        unmount_all(base)
        if not any(outcome.problems for outcome in outcomes):
            shutil.rmtree(base)
    print(f"\n{table(outcomes, skipped)}")
    if any(outcome.problems for outcome in outcomes):
        print(f"what was not survived is kept in {base}")
        return 1
    return 0


def mirror_in(base: Path) -> Path:
    """A directory with the true MNIST files, fetched from wherever they can be had.

    Raises:
        FetchError: if they cannot be had.
    """
    directory = base / "mirror"
    Downloader().fetch(*DATASETS["mnist"], directory)
    return directory


if __name__ == "__main__":
    sys.exit(main())
