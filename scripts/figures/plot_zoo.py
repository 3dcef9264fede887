"""Draw Fig. 2 of vock2025 from tables, and write the caption."""

from collections.abc import Sequence

from deepcrit.claims.published import published_values
from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.zoo.figure import draw_fig2
from deepcrit.experiments.zoo.measured_models import with_dynamics
from deepcrit.experiments.zoo.schemas import DYNAMICS, JUDGED, MIXED_EFFECTS, MIXED_MODELS, MODELS, ZOO_LANDMARKS
from deepcrit.pretrained.sources import TORCHVISION
from deepcrit.stats.schemas import RANK_CORRELATIONS


def main(
    models: str, dynamics: str, correlations: str, landmarks: str, effects: str, fits: str, claims: str,
    template: str, figures: Sequence[str], caption: str,
) -> None:  # fmt: skip
    """Read tables only."""
    measured = read_tsv(dynamics, DYNAMICS)
    others = measured[measured["source"] != TORCHVISION]
    mixed = read_tsv(fits, MIXED_MODELS)
    judged = mixed[(mixed["reading"] == JUDGED) & (mixed["estimator"] == "REML")].sort_values(["models", "place"])
    save_figure(
        draw_fig2(
            with_dynamics(read_tsv(models, MODELS), measured),
            others,
            read_tsv(correlations, RANK_CORRELATIONS),
            read_tsv(effects, MIXED_EFFECTS),
            mixed,
            published_values(claims),
        ),
        figures,
    )
    marks = read_tsv(landmarks, ZOO_LANDMARKS).set_index("quantity")["value"].to_dict()
    shown = measured.groupby("images")["inputs"].max().to_dict()
    write_caption(template, caption, fits=judged, marks=marks, others=others, shown=shown)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.models,
        snakemake.input.dynamics,
        snakemake.input.correlations,
        snakemake.input.landmarks,
        snakemake.input.effects,
        snakemake.input.fits,
        snakemake.input.claims,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
    )
