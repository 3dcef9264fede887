"""Draw Fig. 5 of ghavasieh2025 from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.mean_field.figure import draw_fig5
from deepcrit.experiments.mean_field.schemas import CRITICAL_LINES, FINITE_WIDTH_DECAY, FINITE_WIDTH_LINES, LANDMARKS


def main(
    critical_lines: str, landmarks: str, finite_lines: str, decay: str, template: str, figures: Sequence[str],
    caption: str, parameters: Mapping[str, Any],
) -> None:  # fmt: skip
    """Read tables only."""
    lines = read_tsv(critical_lines, CRITICAL_LINES)
    found = read_tsv(landmarks, LANDMARKS).set_index("quantity")["value"].to_dict()
    finite = read_tsv(finite_lines, FINITE_WIDTH_LINES)
    save_figure(draw_fig5(lines, finite), figures)
    biased = lines[lines["bias_variance"] > 0].sort_values("bias_variance")
    write_caption(
        template, caption, **parameters, first=biased.iloc[0], last=biased.iloc[-1], landmarks=found, finite=finite,
        decay=read_tsv(decay, FINITE_WIDTH_DECAY),
    )  # fmt: skip


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.critical_lines,
        snakemake.input.landmarks,
        snakemake.input.finite_lines,
        snakemake.input.decay,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
