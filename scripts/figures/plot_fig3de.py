"""Draw Fig. 3d and 3e of ghavasieh2025 from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.susceptibility.figure import draw_fig3de
from deepcrit.experiments.susceptibility.schemas import DERIVATIVES, SIZE_AGAINST_FIELD, SIZE_PLANE


def main(
    plane: str, derivatives: str, against_field: str, template: str, figures: Sequence[str], caption: str,
    parameters: Mapping[str, Any],
) -> None:  # fmt: skip
    """Read tables only; the networks drawn are those of the published size."""
    tables = [
        read_tsv(path, schema).query("network == 'published'")
        for path, schema in ((plane, SIZE_PLANE), (derivatives, DERIVATIVES), (against_field, SIZE_AGAINST_FIELD))
    ]
    save_figure(draw_fig3de(*tables), figures)
    write_caption(template, caption, **parameters, against_field=tables[2])


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.plane,
        snakemake.input.derivatives,
        snakemake.input.against_field,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
