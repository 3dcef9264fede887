"""Train the networks of one shard through their tasks, with a checkpoint after every task."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from deepcrit.core.devices import training_on
from deepcrit.core.jobs import run
from deepcrit.core.provenance import made_from
from deepcrit.core.tables import read_tsv
from deepcrit.data.continual_imagenet import COLOURS, IMAGE_SIDE, ContinualImageNet
from deepcrit.data.mnist import CLASSES, load
from deepcrit.experiments.continual.loop import Tasks, TaskTraining, train_tasks
from deepcrit.experiments.continual.networks import ConvolutionalShape
from deepcrit.experiments.continual.schemas import CONTINUAL_HISTORY, CONTINUAL_MANIFEST
from deepcrit.experiments.continual.tasks import ArrayClasses, PairTasks, PermutedTasks
from deepcrit.training.checkpoints import training_digest
from deepcrit.training.shards import groups_of, train_shard


def main(
    manifest: str,
    mnist: Sequence[str],
    fashion_mnist: Sequence[str],
    history: str,
    checkpoints: str,
    sample: str,
    shard: int,
    shards: int,
    together: int,
    learning: Mapping[str, Any],
    tasks: Mapping[str, Any],
    imagenet_directory: str,
    seed: int,
    code: str,
    device: str = "cpu",
) -> None:
    """A shard takes every n-th piece of the groups; its checkpoints are removed once its history is written."""
    networks = read_tsv(manifest, CONTINUAL_MANIFEST)
    training = TaskTraining(
        tasks["tasks"], tasks["epochs"], learning["batch"], tasks["learning_rate"], learning["momentum"],
        learning["jacobian_images"], learning["measured_images"], learning["utility_decay"], learning["maturity"], seed,
    )  # fmt: skip
    content = Path(manifest).read_text(encoding="utf-8")
    content += json.dumps([dict(learning), dict(tasks), imagenet_directory, seed])
    pieces = list(enumerate(groups_of(networks, together, ["group"])))[shard::shards]
    sources = _Sources(sample, Path(mnist[0]).parent, Path(fashion_mnist[0]).parent, tasks, imagenet_directory)
    shape = sources.shape(learning["initial_bound"])
    named = {f"{group['group'].iloc[0].replace('/', '_')}_{number}": group for number, group in pieces}
    with training_on(device) as used_device:

        def trained(group: pd.DataFrame, checkpoint: Path) -> pd.DataFrame:
            stream = sources.stream(seed, int(group["stream"].iloc[0].split("/")[1]))
            digest = training_digest(group, shape, training, content, code, used_device)
            return train_tasks(group, shape, training, stream, checkpoint, digest)

        versions = made_from(content.encode(), str(seed), code, ("numpy", "torch", "pandas"), used_device)
        train_shard(named, trained, checkpoints, history, CONTINUAL_HISTORY, versions)


class _Sources:
    """Images of a sample, read once for all streams."""

    def __init__(self, sample: str, mnist: Path, fashion: Path, keys: Mapping[str, Any], imagenet: str) -> None:
        self._sample, self._keys, self._imagenet = sample, keys, imagenet
        sizes = keys["train_images"], keys["test_images"]
        if sample == "permuted_mnist":
            self._sets = [(load(mnist, "train"), load(mnist, "test"))]
        elif imagenet:
            self._classes: ArrayClasses | ContinualImageNet = ContinualImageNet(Path(imagenet), *sizes)
        else:
            sets = [(load(path, "train"), load(path, "test")) for path in (mnist, fashion)]
            self._classes = ArrayClasses(sets, *sizes, keys["side"])

    def shape(self, initial_bound: float) -> ConvolutionalShape:
        """Of the networks that fit these images."""
        keys = self._keys
        convolutions = [tuple(keys.get(key, ())) for key in ("channels", "kernels", "paddings")]
        colours, side = (COLOURS, IMAGE_SIDE) if self._imagenet else (1, keys["side"])
        outputs = CLASSES if self._sample == "permuted_mnist" else 2
        return ConvolutionalShape(colours, side, *convolutions, tuple(keys["hidden"]), outputs, initial_bound)

    def stream(self, seed: int, number: int) -> Tasks:
        """Tasks of one stream."""
        if self._sample == "class_pairs":
            return PairTasks(self._classes, seed, number)
        keys, (train, test) = self._keys, self._sets[0]
        return PermutedTasks(train, test, keys["train_images"], keys["test_images"], keys["side"], seed, number)


if "snakemake" in globals():
    run(main, snakemake)
