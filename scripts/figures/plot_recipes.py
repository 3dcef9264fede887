"""Draw Fig. 3 of vock2025 from tables, and write the caption."""

from collections.abc import Sequence

from deepcrit.claims.published import published_values
from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.zoo.figure import draw_fig3
from deepcrit.experiments.zoo.schemas import DYNAMICS, RECIPE_CHANGES, WEIGHT_PAIRS
from deepcrit.pretrained.sources import TORCHVISION


def main(
    pairs: str, changes: str, dynamics: str, claims: str, template: str, figures: Sequence[str], caption: str
) -> None:
    """Read tables only."""
    found, paired = read_tsv(changes, RECIPE_CHANGES), read_tsv(pairs, WEIGHT_PAIRS)
    save_figure(draw_fig3(paired, found, published_values(claims)), figures)
    accuracy = found[found["measure"] == "accuracy"].set_index("over")
    measured = found[(found["measure"] != "accuracy") & (found["over"] == "every pair")].set_index("measure")
    first = paired[paired["reading"] == paired["reading"].iloc[0]]
    known = int(first["branching_distance_change"].notna().sum())
    trained = read_tsv(dynamics, DYNAMICS)
    trained = trained[trained["source"] == TORCHVISION]
    images = " and ".join(sorted(set(trained["images"])))
    write_caption(
        template, caption, accuracy=accuracy, measured=measured, images=images, sets=len(trained), known=known
    )


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.pairs,
        snakemake.input.changes,
        snakemake.input.dynamics,
        snakemake.input.claims,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
    )
