"""Draw training accuracy against susceptibility and the edge of chaos, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.learning.figure import draw_learning
from deepcrit.experiments.learning.schemas import EDGE_ACCURACY, LEARNING_POINTS
from deepcrit.stats.schemas import RANK_CORRELATIONS


def main(
    points: str, edge: str, correlations: str, template: str, figures: Sequence[str], caption: str,
    parameters: Mapping[str, Any],
) -> None:  # fmt: skip
    """Read tables only."""
    rows = read_tsv(correlations, RANK_CORRELATIONS)
    trained = read_tsv(points, LEARNING_POINTS)
    save_figure(draw_learning(trained, read_tsv(edge, EDGE_ACCURACY), rows), figures)
    known = int(trained["relation_closeness"].notna().sum())
    write_caption(template, caption, **parameters, correlations=rows, points=len(trained), known=known)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.points,
        snakemake.input.edge,
        snakemake.input.correlations,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
