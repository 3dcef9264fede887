"""Draw Fig. 1 of vock2025 from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.uniform_networks.figure import draw_fig1
from deepcrit.experiments.uniform_networks.schemas import (
    COUPLING_FITS,
    COUPLING_SWEEP,
    CRITICAL_COUPLINGS,
    DYNAMIC_RANGES,
    LAYER_ACTIVITY,
    RESPONSES,
)

READ = {
    "activity": LAYER_ACTIVITY,
    "sweep": COUPLING_SWEEP,
    "couplings": CRITICAL_COUPLINGS,
    "fits": COUPLING_FITS,
    "responses": RESPONSES,
    "ranges": DYNAMIC_RANGES,
}


def main(
    tables: Mapping[str, str], template: str, figures: Sequence[str], caption: str, parameters: Mapping[str, Any]
) -> None:
    """Read tables only; ``tables`` are paths by the keys of ``READ``."""
    frames = {name: read_tsv(tables[name], schema) for name, schema in READ.items()}
    save_figure(draw_fig1(**frames), figures)
    write_caption(
        template,
        caption,
        **parameters,
        fit=frames["fits"].set_index(["definition", "parameter"]),
        couplings=frames["couplings"],
        sweep=frames["sweep"],
        ranges=frames["ranges"],
    )


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        {name: snakemake.input[name] for name in READ},
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
