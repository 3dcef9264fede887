"""Draw Fig. 1 of ghavasieh2025 from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.signals.figure import draw_fig1
from deepcrit.experiments.signals.schemas import EXAMPLE_AVALANCHE, GROWTH_RATES, SIGNAL_PATHS


def main(
    paths: str, growth_rates: str, example: str, template: str, figures: Sequence[str], caption: str,
    parameters: Mapping[str, Any],
) -> None:  # fmt: skip
    """Read tables only."""
    rates = read_tsv(growth_rates, GROWTH_RATES)
    avalanche = read_tsv(example, EXAMPLE_AVALANCHE)
    save_figure(draw_fig1(read_tsv(paths, SIGNAL_PATHS), rates, avalanche), figures)
    write_caption(template, caption, parameters=parameters, rates=rates, avalanche=avalanche.iloc[0])


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.paths,
        snakemake.input.growth_rates,
        snakemake.input.example,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
