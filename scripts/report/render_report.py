"""Render the report: one HTML file that shows all without any other."""

from collections.abc import Sequence
from pathlib import Path

from deepcrit.claims.model import load_claims
from deepcrit.claims.schemas import RUN_PROVENANCE, SCOREBOARD
from deepcrit.claims.tables import read_tables
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, written_aside
from deepcrit.report.page import Picture, render_page


def main(
    scoreboard: str,
    provenance: str,
    claims: Sequence[str],
    tables: Sequence[str],
    figures: Sequence[str],
    captions: Sequence[str],
    shown: Sequence[Sequence[str]],
    titles: Sequence[str],
    rulegraph: str,
    report: str,
) -> None:
    """Write the report.

    For each of `figures`, PNG files, there are the file of its caption, the beginnings of the identifiers of the claims
    that it shows, and its title.
    """
    page = render_page(
        read_tsv(scoreboard, SCOREBOARD),
        [load_claims(path) for path in claims],
        read_tables(tables),
        [
            Picture(tuple(shows), title, Path(png), Path(caption))
            for png, caption, shows, title in zip(figures, captions, shown, titles, strict=True)
        ],
        Path(rulegraph),
        dict(read_tsv(provenance, RUN_PROVENANCE).itertuples(index=False, name=None)),
    )
    with written_aside(report) as aside:
        aside.write_text(page, encoding="utf-8")


if "snakemake" in globals():
    run(main, snakemake)
