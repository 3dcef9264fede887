"""Choose the images that classifiers are shown."""

from collections.abc import Sequence
from pathlib import Path

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.zoo.schemas import ZOO_IMAGES
from deepcrit.pretrained.images import choose_images, images_below
from deepcrit.pretrained.sources import IMAGENET, PHOTOGRAPHS


def main(photographs: Sequence[str], output: str, directory: str, number: int, seed: int) -> None:
    """Images of a directory, drawn by the seed, or the photographs in their order; those unreadable are listed too."""
    if directory:
        rng = generator(seed_key(seed, "zoo", "images", 0))
        chosen = choose_images(images_below(directory, rng), number, IMAGENET)
    else:
        chosen = choose_images(map(Path, photographs), number, PHOTOGRAPHS)
    write_tsv(chosen, output, ZOO_IMAGES)


if "snakemake" in globals():
    run(main, snakemake)
