"""Draw Fig. 3a and 3b of ghavasieh2025 from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.figures.captions import write_caption
from deepcrit.figures.mean_field import draw_fig3ab
from deepcrit.figures.style import save_figure
from deepcrit.logs import log_to
from deepcrit.schemas.mean_field import CLOSED_FORM_ERRORS, PLANE
from deepcrit.tables import read_tsv


def main(
    plane: str, closed_forms: str, template: str, figures: Sequence[str], caption: str, parameters: Mapping[str, Any]
) -> None:
    """Read tables only."""
    forms = read_tsv(closed_forms, CLOSED_FORM_ERRORS)
    save_figure(draw_fig3ab(read_tsv(plane, PLANE), forms), figures)
    write_caption(template, caption, **parameters, closed_forms=forms)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.plane,
        snakemake.input.closed_forms,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
