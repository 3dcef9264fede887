"""Draw Fig. 3c and 3f of ghavasieh2025 from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.figures.captions import write_caption
from deepcrit.figures.style import save_figure
from deepcrit.figures.trainability import draw_fig3cf
from deepcrit.logs import log_to
from deepcrit.schemas.training import RANK_CORRELATIONS, TRAINING_OUTCOMES, WINDOWS
from deepcrit.tables import read_tsv


def main(
    outcomes: str, windows: str, trends: str, template: str, figures: Sequence[str], caption: str,
    parameters: Mapping[str, Any],
) -> None:  # fmt: skip
    """Read tables only."""
    networks, where = read_tsv(outcomes, TRAINING_OUTCOMES), read_tsv(windows, WINDOWS)
    save_figure(draw_fig3cf(networks, where), figures)
    rows = read_tsv(trends, RANK_CORRELATIONS)
    write_caption(template, caption, **parameters, outcomes=networks, windows=where, trends=rows)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.outcomes,
        snakemake.input.windows,
        snakemake.input.trends,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
