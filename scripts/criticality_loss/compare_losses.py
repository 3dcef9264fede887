"""Average the networks of each kind and setting, test losses and initialisations, and find where accuracy is best."""

from collections.abc import Mapping
from typing import Any

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.criticality_loss.comparisons import control, differences, loss_landmarks
from deepcrit.experiments.criticality_loss.design import comparison, scan
from deepcrit.experiments.criticality_loss.outcomes import KIND, curves, means
from deepcrit.experiments.criticality_loss.schemas import (
    CRITICALITY_CURVES,
    CRITICALITY_HISTORY,
    CRITICALITY_LANDMARKS,
    CRITICALITY_MEANS,
    CRITICALITY_OUTCOMES,
    CRITICALITY_RUNS,
    CRITICALITY_SCAN,
    CRITICALITY_TESTS,
)
from deepcrit.stats.schemas import RANK_CORRELATIONS, SETTING


def main(
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    design: Mapping[str, Any],
    protocol: str,
    replicates: int,
    seed: int,
) -> None:
    """Tables of Fig. 4; ``protocol`` says whether they are of the published one."""
    runs, history = read_tsv(inputs["runs"], CRITICALITY_RUNS), read_tsv(inputs["history"], CRITICALITY_HISTORY)
    outcomes = read_tsv(inputs["outcomes"], CRITICALITY_OUTCOMES)
    compared, scanned = comparison(outcomes, tuple(design["compared"])), scan(outcomes, design["scanned"])
    write_tsv(curves(comparison(runs, tuple(design["compared"])), history), outputs["curves"], CRITICALITY_CURVES)
    write_tsv(means(compared, KIND).assign(protocol=protocol), outputs["means"], CRITICALITY_MEANS)
    adjustments = scanned.groupby([*SETTING], as_index=False)["adjustment"].mean()
    settings = means(scanned, [*SETTING]).merge(adjustments, on=[*SETTING])
    write_tsv(settings, outputs["scan"], CRITICALITY_SCAN)
    write_tsv(differences(compared), outputs["tests"], CRITICALITY_TESTS)
    write_tsv(control(settings), outputs["correlations"], RANK_CORRELATIONS)
    rng = generator(seed_key(seed, "criticality_loss", "best setting", 0))
    write_tsv(loss_landmarks(outcomes, scanned, replicates, rng), outputs["landmarks"], CRITICALITY_LANDMARKS)


if "snakemake" in globals():
    run(main, snakemake)
