"""Draw Fig. 3c and 3f of ghavasieh2025 from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.trainability.figure import draw_fig3cf
from deepcrit.experiments.trainability.schemas import TRAINING_OUTCOMES, WINDOWS
from deepcrit.stats.schemas import RANK_CORRELATIONS


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
