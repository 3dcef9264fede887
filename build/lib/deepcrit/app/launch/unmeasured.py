"""Own models that a run was asked for and could not measure, which fails no job and must not pass in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deepcrit.app.plan import FIGURES

STATUS = Path("results/zoo/dynamics_status.tsv")
_WHOLE = ("all", "vock2025")  # targets that measure classifiers


def unmeasured_own_models(root: Path, config: Mapping[str, Any]) -> list[str]:
    """A sentence for each own model that could not be measured.

    Raises:
        TableError: if the table that says so is not whole.
    """
    if not config["zoo"]["own_models"] or not (root / STATUS).is_file():
        return []
    # pandas takes a while to import, which a run without own models is spared
    from deepcrit.core.tables import read_tsv
    from deepcrit.experiments.zoo.schemas import DYNAMICS_STATUS
    from deepcrit.pretrained.sources import OWN

    status = read_tsv(root / STATUS, DYNAMICS_STATUS)
    failed = status[(status["source"] == OWN) & ~status["measured"]]
    return [
        f"own model {model} was not measured: {reason}"
        for model, reason in zip(failed["model"], failed["reason"], strict=True)
    ]


def measure_classifiers(targets: Sequence[str]) -> bool:
    """Whether dynamics of classifiers stand behind any of the targets."""
    figures = [FIGURES[Path(target).stem] for target in targets if Path(target).stem in FIGURES]
    return any(target in _WHOLE or target.startswith("results/zoo/") for target in targets) or any(
        "zoo/dynamics" in figure.tables.values() for figure in figures
    )
