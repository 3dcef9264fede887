"""The experiments in the documentation's table of contents, made from what each says of itself."""

from __future__ import annotations

import re

from deepcrit.app.plan import FIGURES, experiment_of
from deepcrit.core.digest import ROOT
from deepcrit.experiments import EXPERIMENTS, about

PAGE = ROOT / "docs" / "index.md"
_HEADER = "| experiment | what it is | figures, each a target |\n|---|---|---|\n"


def experiments_table() -> str:
    """One row an experiment, in the order of their figures; those that others draw from come last."""
    targets: dict[str, list[str]] = {}
    for figure in FIGURES:
        targets.setdefault(experiment_of(figure), []).append(f"`{figure}`")
    targets |= {experiment: ["of others"] for experiment in EXPERIMENTS if experiment not in targets}
    rows = (
        f"| [{name}](experiments/{name}.md) | {about(name)} | {', '.join(figures)} |\n"
        for name, figures in targets.items()
    )
    return _HEADER + "".join(rows)


def contents_page() -> str:
    """The page as it is, with the table of experiments made anew."""
    page = PAGE.read_text(encoding="utf-8")
    return re.sub(r"^\| experiment \|.*?\n(?=\n)", lambda _: experiments_table(), page, flags=re.DOTALL | re.MULTILINE)


if __name__ == "__main__":
    PAGE.write_text(contents_page(), encoding="utf-8")
