"""Draw images beside Gaussian inputs from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.real_inputs.figure import draw_real_inputs
from deepcrit.experiments.real_inputs.schemas import DERIVED_OFFSETS, INPUT_INDEPENDENCE, INPUT_SURVIVAL


def main(
    survival: str,
    independence: str,
    offsets: str,
    template: str,
    figures: Sequence[str],
    caption: str,
    parameters: Mapping[str, Any],
) -> None:
    """Read tables only."""
    drawn = draw_real_inputs(read_tsv(survival, INPUT_SURVIVAL), read_tsv(independence, INPUT_INDEPENDENCE))
    save_figure(drawn, figures)
    write_caption(template, caption, **parameters, offsets=read_tsv(offsets, DERIVED_OFFSETS))


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.survival,
        snakemake.input.independence,
        snakemake.input.offsets,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
