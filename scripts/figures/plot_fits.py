"""Draw how well power laws fit, from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.avalanches.powerlaws.schemas import ALTERNATIVES, GOODNESS, XMIN_SCAN
from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.gaussian_avalanches.figure_fits import draw_fits


def main(
    xmin_scan: str,
    goodness: str,
    alternatives: str,
    template: str,
    figures: Sequence[str],
    caption: str,
    parameters: Mapping[str, Any],
) -> None:
    """Read tables only."""
    tested, compared = read_tsv(goodness, GOODNESS), read_tsv(alternatives, ALTERNATIVES)
    scanned = read_tsv(xmin_scan, XMIN_SCAN)
    drawn = draw_fits(scanned, tested, compared, parameters["straight_ks"], parameters["goodness_level"])
    save_figure(drawn, figures)
    write_caption(template, caption, **parameters, goodness=tested, alternatives=compared)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.xmin_scan,
        snakemake.input.goodness,
        snakemake.input.alternatives,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
