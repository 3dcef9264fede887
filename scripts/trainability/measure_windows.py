"""Which weight variances train at which width and bias variance, and how these windows move."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.trainability.points import point_means
from deepcrit.experiments.trainability.schemas import RETESTS, TRAINING_OUTCOMES, WINDOWS
from deepcrit.experiments.trainability.windows import retest_of, windows_of
from deepcrit.stats.ranks import trend
from deepcrit.stats.schemas import RANK_CORRELATIONS

BIASES = "bias variances, none included"
WIDTHS = "widths"
LOW_ACCURACY = 0.5  # the paper has "low", and no number


def main(
    parts: Sequence[str], outcomes: str, windows: str, retests: str, trends: str, steps: dict[str, float],
    trained_accuracy: float, protocols: dict[str, tuple[str, str]],
) -> None:  # fmt: skip
    """Outcomes of all samples in one table, windows of those that cover a grid, and rank correlations of these."""
    every = pd.concat([read_tsv(part, TRAINING_OUTCOMES) for part in parts])
    write_tsv(every, outcomes, TRAINING_OUTCOMES)
    by_sample = dict(list(every.groupby("sample")))
    by_sample["plane"] = point_means(by_sample["plane"])
    found = {
        sample: windows_of(by_sample[sample], step, trained_accuracy, *protocols[sample])
        for sample, step in steps.items()
    }
    write_tsv(pd.concat(found.values()), windows, WINDOWS)
    write_tsv(retest_of(every[every["sample"] == "retests"], LOW_ACCURACY), retests, RETESTS)
    plane, widths = (
        found["plane"],
        found["widths"].assign(
            edge_distance=lambda frame: (frame["first"] - 1.0).abs(),
            centre_distance=lambda frame: (frame["centre"] - 1.0).abs(),
        ),
    )
    open_windows = plane[plane["trained"] > 0]
    reached = widths[widths["trained"] > 0]
    extent, centre = "extent of the window", "centre of the window"
    rows = [
        trend(centre, "bias variance", BIASES, open_windows["centre"], open_windows["bias_variance"]),
        trend(extent, "bias variance", BIASES, plane["extent"], plane["bias_variance"]),
        trend(extent, "width", WIDTHS, widths["extent"], widths["width"]),
        trend("distance of the lower edge from one", "width", WIDTHS, reached["edge_distance"], reached["width"]),
        trend("distance of the centre from one", "width", WIDTHS, reached["centre_distance"], reached["width"]),
    ]
    write_tsv(pd.DataFrame(rows), trends, RANK_CORRELATIONS)


if "snakemake" in globals():
    run(main, snakemake)
