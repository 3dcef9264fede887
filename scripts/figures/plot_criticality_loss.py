"""Draw Fig. 4 of vock2025 from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.criticality_loss.figure import draw_fig4
from deepcrit.experiments.criticality_loss.schemas import (
    CRITICALITY_CURVES,
    CRITICALITY_EFFECTS,
    CRITICALITY_MEANS,
    CRITICALITY_SCAN,
    CRITICALITY_TESTS,
    DERIVATIVES,
)


def main(
    tables: Mapping[str, str], template: str, figures: Sequence[str], caption: str, parameters: Mapping[str, Any]
) -> None:
    """Read tables only."""
    curves, means = read_tsv(tables["curves"], CRITICALITY_CURVES), read_tsv(tables["means"], CRITICALITY_MEANS)
    tests, scan = read_tsv(tables["tests"], CRITICALITY_TESTS), read_tsv(tables["scan"], CRITICALITY_SCAN)
    save_figure(draw_fig4(curves, means, tests, scan, parameters["averaged_epochs"]), figures)
    effects = read_tsv(tables["effects"], CRITICALITY_EFFECTS)
    judged = effects[effects["derivative"] == next(iter(DERIVATIVES))].set_index(["exponent", "effect"])
    losses = tests[(tests["of"] == "accuracy") & (tests["between"] == "losses")].set_index("within")
    label = means["protocol"].iloc[0]
    write_caption(template, caption, **parameters, protocol=label, losses=losses, scan=scan, effects=judged)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    inputs = dict(snakemake.input.items())
    template = inputs.pop("template")
    main(
        inputs,
        template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
