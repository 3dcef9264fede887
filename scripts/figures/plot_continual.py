"""Draw Fig. 5 of vock2025 from tables, and write the caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.claims.published import published_values
from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.continual.figure import draw_fig5
from deepcrit.experiments.continual.schemas import CONTINUAL_BINS, CONTINUAL_STATISTICS, CONTINUAL_TASKS


def main(
    bins: str, tasks: str, statistics: str, claims: str, template: str, figures: Sequence[str], caption: str,
    parameters: Mapping[str, Any],
) -> None:  # fmt: skip
    """Read tables only."""
    averages = read_tsv(bins, CONTINUAL_BINS)
    save_figure(draw_fig5(averages, published_values(claims)), figures)
    rows = read_tsv(tasks, CONTINUAL_TASKS)
    found = read_tsv(statistics, CONTINUAL_STATISTICS)
    sequences = [
        {
            "data": data,
            "protocol": of["protocol"].iloc[0],
            "diverged": int(of[of["diverged"]].groupby(["stream", "replacement_rate", "target", "strength"]).ngroups),
            "replaced": of[of["method"] == "continual backpropagation"].groupby("replacement_rate")["replaced"].sum(),
            "found": found[found["data"] == data].set_index("quantity"),
        }
        for data, of in rows.groupby("data", sort=False)
    ]
    write_caption(template, caption, sequences=sequences, **parameters)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input.bins,
        snakemake.input.tasks,
        snakemake.input.statistics,
        snakemake.input.claims,
        snakemake.input.template,
        [snakemake.output.pdf, snakemake.output.png],
        snakemake.output.caption,
        snakemake.params.parameters,
    )
