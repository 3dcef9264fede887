"""Bin the entries of the tensor that is shown, or of the one that stands in for it, beside both fitted laws."""

from pathlib import Path

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.experiments.weight_tails.example import choose_example, example_row
from deepcrit.experiments.weight_tails.networks import NetworkSource
from deepcrit.experiments.weight_tails.schemas import WEIGHT_EXAMPLE, WEIGHT_HISTOGRAM, WEIGHT_TENSORS
from deepcrit.experiments.weight_tails.survey import WeightFiles, tensors_of
from deepcrit.stats.stable import histograms_beside_laws


def main(
    tensors: str, example: str, histogram: str, cache: str, local_directory: str, own: str, timeout_seconds: float
) -> None:
    """Its file was fetched before."""
    chosen = choose_example(read_tsv(tensors, WEIGHT_TENSORS))
    files = WeightFiles(
        cache=Path(cache),
        local=Path(local_directory) if local_directory else None,
        own=Path(own) if own else None,
        downloader=Downloader(timeout_seconds),
    )
    one = NetworkSource(chosen["network"], chosen["source"])
    values = next(values for name, values in tensors_of(one, files) if name == chosen["tensor"])
    write_tsv(example_row(chosen), example, WEIGHT_EXAMPLE)
    write_tsv(histograms_beside_laws(values, chosen["alpha"], chosen["scale"]), histogram, WEIGHT_HISTOGRAM)


if "snakemake" in globals():
    run(main, snakemake)
