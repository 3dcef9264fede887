"""Draw Fig. 4 of ghavasieh2025 from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.resnets.figure import draw_fig4
from deepcrit.experiments.resnets.schemas import LAYER_COUNTS, LAYER_DENSITIES, LAYER_FITS, LAYER_SIZES


def main(
    tables: Mapping[str, str], template: str, figures: Sequence[str], caption: str, parameters: Mapping[str, Any]
) -> None:
    """Read tables only; ``tables`` holds the paths of fits, counts, densities and sizes."""
    fits, counts = read_tsv(tables["fits"], LAYER_FITS), read_tsv(tables["counts"], LAYER_COUNTS)
    drawn = draw_fig4(fits, read_tsv(tables["densities"], LAYER_DENSITIES), read_tsv(tables["sizes"], LAYER_SIZES))
    save_figure(drawn, figures)
    write_caption(template, caption, **parameters, fits=fits, counts=counts)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        {name: snakemake.input[name] for name in ("fits", "counts", "densities", "sizes")},
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
