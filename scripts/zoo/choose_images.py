"""Choose the images that classifiers are shown."""

from collections.abc import Sequence
from pathlib import Path

from deepcrit.logs import log_to
from deepcrit.schemas.dynamics import IMAGENET, PHOTOGRAPHS, ZOO_IMAGES
from deepcrit.seeds import generator, seed_key
from deepcrit.tables import write_tsv
from deepcrit.zoo.images import choose_images, images_below


def main(photographs: Sequence[str], output: str, directory: str, number: int, seed: int) -> None:
    """Images of a directory, drawn by the seed, or the photographs in their order; those unreadable are listed too."""
    if directory:
        rng = generator(seed_key(seed, "zoo", "images", 0))
        chosen = choose_images(images_below(Path(directory).expanduser(), rng), number, IMAGENET)
    else:
        chosen = choose_images(map(Path, photographs), number, PHOTOGRAPHS)
    write_tsv(chosen, output, ZOO_IMAGES)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        [*snakemake.input],
        snakemake.output[0],
        snakemake.params.directory,
        snakemake.params.inputs,
        snakemake.params.seed,
    )
