"""Draw Fig. 2 of ghavasieh2025 from tables, and write its caption."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deepcrit.avalanches.schemas import TRANSFER
from deepcrit.claims.published import published_values
from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_parquet, read_tsv
from deepcrit.experiments.gaussian_avalanches.figure import draw_fig2


def main(
    tables: Sequence[str],
    transfers: Mapping[int, str],
    claims: str,
    template: str,
    figures: Sequence[str],
    caption: str,
    parameters: Mapping[str, Any],
) -> None:
    """Read tables only; nothing is fitted here."""
    frames = {Path(path).stem: read_tsv(path, SCHEMAS[Path(path).stem]) for path in tables}
    laws = {width: read_parquet(path, TRANSFER) for width, path in transfers.items()}
    save_figure(draw_fig2(frames, laws, published_values(claims)), figures)
    write_caption(template, caption, **parameters, **frames)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.tables,
        dict(zip(snakemake.params.parameters["widths"], snakemake.input.transfers, strict=True)),
        snakemake.input.claims,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
