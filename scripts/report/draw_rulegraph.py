"""Draw the rules of the workflow."""

from collections.abc import Sequence

from deepcrit.core.jobs import run
from deepcrit.core.tables import written_aside
from deepcrit.report.rulegraph import ask_rulegraph, draw_rulegraph


def main(picture: str, target: str, configfiles: Sequence[str] = (), root: str = ".") -> None:
    """Ask Snakemake, in the directory of the Snakefile, which rules the target needs, and draw them as SVG."""
    with written_aside(picture) as aside:
        drawn = aside.with_name(aside.name + ".svg")
        draw_rulegraph(ask_rulegraph(root, [target], configfiles), drawn)
        drawn.replace(aside)


if "snakemake" in globals():
    run(main, snakemake)
