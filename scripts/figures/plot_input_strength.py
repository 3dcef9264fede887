"""Draw avalanches against the strength of the input from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.signals.figure import draw_input_strength
from deepcrit.experiments.signals.schemas import INPUT_STRENGTH_SURVIVAL, INPUT_STRENGTHS


def main(
    strengths: str, survival: str, template: str, figures: Sequence[str], caption: str, parameters: Mapping[str, Any]
) -> None:
    """Read tables only."""
    points = read_tsv(strengths, INPUT_STRENGTHS)
    save_figure(draw_input_strength(points, read_tsv(survival, INPUT_STRENGTH_SURVIVAL)), figures)
    write_caption(template, caption, **parameters, strengths=points)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.strengths,
        snakemake.input.survival,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
