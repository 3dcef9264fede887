"""Continual ImageNet as Dohare et al. (2024) keep it: in a directory, one array of 32 x 32 colour images a class."""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

IMAGE_SIDE, COLOURS = 32, 3
_NAME = re.compile(r"\d+\.npy")


class ContinualImageNet:
    """The classes of a directory of files 0.npy, 1.npy and so on, each read when it is asked for.

    Every file holds the images of one class, shape (images, 3, 32, 32) or (images, 32, 32, 3), as bytes of 0 to 255,
    which are divided by 255, or as floats, which are taken as they are. The first ones are to train on.

    Attributes:
        paths: of the files, in the order of their numbers.
    """

    def __init__(self, directory: Path, train: int, test: int) -> None:
        """Look at what is there.

        Args:
            directory: of the files.
            train: images of each class to train on; 600 are published.
            test: images of each class to test on; 100 are published.

        Raises:
            ValueError: if there are fewer than two such files; the message says where they were looked for.
        """
        if not directory.is_dir():
            raise ValueError(f"{directory}: there is no such directory")
        self.paths = sorted(
            (path for path in directory.iterdir() if _NAME.fullmatch(path.name)), key=lambda path: int(path.stem)
        )
        if len(self.paths) < 2:
            raise ValueError(f"{directory}: found {len(self.paths)} files of a number and .npy, expected one a class")
        self._train, self._test = train, test

    def __len__(self) -> int:
        return len(self.paths)

    def images(self, number: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Images of one class, shape (images, 3, 32, 32): to train and to test on.

        Raises:
            ValueError: naming the file, if it is no array of enough such images.
        """
        path = self.paths[number]
        try:
            found = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise ValueError(f"{path}: not a whole array ({error})") from error
        if found.shape[1:] == (IMAGE_SIDE, IMAGE_SIDE, COLOURS):
            found = np.moveaxis(found, -1, 1)
        if found.shape[1:] != (COLOURS, IMAGE_SIDE, IMAGE_SIDE):
            raise ValueError(
                f"{path}: found shape {found.shape}, expected (images, {COLOURS}, {IMAGE_SIDE}, {IMAGE_SIDE})"
            )
        wanted = self._train + self._test
        if len(found) < wanted:
            raise ValueError(f"{path}: found {len(found)} images, expected {self._train} + {self._test}")
        if found.dtype == np.uint8:
            values = found[:wanted].astype(np.float32) / np.float32(255.0)
        elif np.issubdtype(found.dtype, np.floating) and np.isfinite(found[:wanted]).all():
            values = found[:wanted].astype(np.float32)
        else:
            raise ValueError(f"{path}: found values of type {found.dtype}, expected bytes or finite floats")
        return values[: self._train], values[self._train :]
