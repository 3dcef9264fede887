"""Which classifiers are trained: four initialisations on either loss, and every target with every strength."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.seeds import seed_key
from deepcrit.experiments.criticality_loss.initial import INITIALISATIONS
from deepcrit.experiments.criticality_loss.schemas import PENALISED, PLAIN


def design_runs(
    targets: Sequence[float],
    strengths: Sequence[float],
    scanned: str,
    compared: tuple[float, float],
    replicates: int,
    root_seed: int,
) -> pd.DataFrame:
    """One row a network, schema ``criticality_runs``; no two share a seed.

    Args:
        targets: lambda_t of the scan.
        strengths: alpha of the scan, every one with every target.
        scanned: initialisation of the scan.
        compared: target and strength of the criticality loss in the comparison of initialisations; that of ``scanned``
            is part of the scan already.
        replicates: networks of each kind.
        root_seed: of the configuration.
    """
    kinds = [(name, PLAIN, 0.0, 0.0) for name in INITIALISATIONS]
    kinds += [(name, PENALISED, *compared) for name in INITIALISATIONS if name != scanned]
    kinds += [(scanned, PENALISED, target, strength) for target in targets for strength in strengths]
    rows = []
    for initialisation, loss, target, strength in kinds:
        for replicate in range(replicates):
            point = f"{initialisation}/{loss}/target {target:g}/strength {strength:g}/{replicate}"
            rows.append(
                {
                    "point": point,
                    "seed_key": seed_key(root_seed, "criticality_loss", point, 0),
                    "initialisation": initialisation,
                    "loss": loss,
                    "target": target,
                    "strength": strength,
                    "replicate": replicate,
                }
            )
    return pd.DataFrame(rows)


def comparison(runs: pd.DataFrame, compared: tuple[float, float]) -> pd.DataFrame:
    """Rows of the comparison of initialisations, in the order of their names."""
    target, strength = compared
    chosen = (runs["loss"] == PLAIN) | ((runs["target"] == target) & (runs["strength"] == strength))
    return runs[chosen].sort_values(["initialisation", "loss"], kind="stable")


def scan(runs: pd.DataFrame, scanned: str) -> pd.DataFrame:
    """Rows of the scan of targets and strengths."""
    return runs[(runs["loss"] == PENALISED) & (runs["initialisation"] == scanned)]
