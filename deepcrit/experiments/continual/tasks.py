"""Sequences of tasks: pairs of classes, and one data set behind ever new permutations of its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.seeds import generator, seed_key
from deepcrit.data.mnist import shrunk

Images = NDArray[np.float32]


@dataclass(frozen=True)
class Task:
    """Images of shape (images, colours, side, side) and their classes, from 0, to train and to test on."""

    train_images: Images
    train_labels: NDArray[np.int64]
    test_images: Images
    test_labels: NDArray[np.int64]


class Classes(Protocol):
    """Images by class."""

    def __len__(self) -> int: ...

    def images(self, number: int) -> tuple[Images, Images]:
        """Images of one class, shape (images, colours, side, side): to train and to test on."""
        ...


class ArrayClasses:
    """Classes of data sets that are held as arrays: those of the first set, then those of the next."""

    def __init__(
        self,
        sets: Sequence[tuple[tuple[NDArray[np.uint8], NDArray[np.uint8]], tuple[NDArray[np.uint8], NDArray[np.uint8]]]],
        train: int,
        test: int,
        side: int,
    ) -> None:
        """Keep the first images of each class.

        Args:
            sets: of each data set, images (n, height, width) and labels to train on, and the same to test on.
            train: images of each class to train on.
            test: images of each class to test on.
            side: to which images are shrunk.

        Raises:
            ValueError: if a class has fewer images.
        """
        self._classes = []
        for seen, unseen in sets:
            for label in np.unique(seen[1]):
                parts = []
                for (images, labels), wanted in ((seen, train), (unseen, test)):
                    of = images[labels == label]
                    if len(of) < wanted:
                        raise ValueError(f"class {label}: found {len(of)} images, expected at least {wanted}")
                    parts.append(shrunk(of[:wanted], side)[:, np.newaxis])
                self._classes.append((parts[0], parts[1]))

    def __len__(self) -> int:
        return len(self._classes)

    def images(self, number: int) -> tuple[Images, Images]:
        """Images of one class to train and to test on."""
        return self._classes[number]


class PairTasks:
    """Two classes to be told apart in each task.

    Classes are shuffled and paired off, so that none comes again before all have come; then they are shuffled anew.
    """

    def __init__(self, classes: Classes, seed: int, stream: int) -> None:
        self._classes, self._seed, self._stream = classes, seed, stream

    def pair(self, task: int) -> tuple[int, int]:
        """The two classes of a task, counted from 0."""
        each = len(self._classes) // 2
        rng = generator(seed_key(self._seed, "continual", f"classes/{self._stream}", task // each))
        order = rng.permutation(len(self._classes))
        first = 2 * (task % each)
        return int(order[first]), int(order[first + 1])

    def task(self, number: int) -> Task:
        """Images and labels of a task."""
        parts = [self._classes.images(label) for label in self.pair(number)]
        arrays = []
        for which in (0, 1):
            arrays.append(np.concatenate([part[which] for part in parts]))
            arrays.append(np.repeat(np.arange(2), [len(part[which]) for part in parts]))
        return Task(*arrays)


class PermutedTasks:
    """All classes of one data set, pixels permuted differently in each task (Dohare et al. 2024, Methods).

    Images to train on are drawn anew for each task, those to test on are the first.
    """

    def __init__(
        self,
        train: tuple[NDArray[np.uint8], NDArray[np.uint8]],
        test: tuple[NDArray[np.uint8], NDArray[np.uint8]],
        images: int,
        tested: int,
        side: int,
        seed: int,
        stream: int,
    ) -> None:
        # all of them as floats would be half a gigabyte
        self._train = train[0], train[1].astype(np.int64)
        self._test = shrunk(test[0][:tested], side).reshape(tested, -1), test[1][:tested].astype(np.int64)
        self._images, self._side, self._seed, self._stream = images, side, seed, stream

    def task(self, number: int) -> Task:
        """Images and labels of a task."""
        rng = generator(seed_key(self._seed, "continual", f"permutations/{self._stream}", number))
        order = rng.permutation(self._side**2)
        chosen = rng.choice(len(self._train[1]), self._images, replace=False)
        shape = (-1, 1, self._side, self._side)
        return Task(
            shrunk(self._train[0][chosen], self._side).reshape(self._images, -1)[:, order].reshape(shape),
            self._train[1][chosen],
            self._test[0][:, order].reshape(shape),
            self._test[1],
        )
