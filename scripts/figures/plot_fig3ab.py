"""Draw Fig. 3a and 3b of ghavasieh2025 from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.mean_field.figure import draw_fig3ab
from deepcrit.experiments.mean_field.schemas import CLOSED_FORM_ERRORS, FINITE_WIDTH, PLANE


def main(
    plane: str, closed_forms: str, finite_width: str, template: str, figures: Sequence[str], caption: str,
    parameters: Mapping[str, Any],
) -> None:  # fmt: skip
    """Read tables only."""
    forms = read_tsv(closed_forms, CLOSED_FORM_ERRORS)
    finite = read_tsv(finite_width, FINITE_WIDTH)
    widths = finite["width"].unique()
    drawn = int(widths[len(widths) // 2])
    save_figure(draw_fig3ab(read_tsv(plane, PLANE), forms, finite, drawn), figures)
    deviation = {
        int(width): float((of["value"] / of["infinite_width"] - 1.0).abs().max())
        for width, of in finite[finite["quantity"] == "weight_susceptibility"].groupby("width")
    }
    write_caption(template, caption, **parameters, closed_forms=forms, drawn=drawn, deviation=deviation)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.plane,
        snakemake.input.closed_forms,
        snakemake.input.finite_width,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
