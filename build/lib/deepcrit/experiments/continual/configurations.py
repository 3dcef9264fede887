"""Which networks are trained on a sequence of tasks, and which of them may be side by side."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from deepcrit.experiments.continual.schemas import BACKPROPAGATION, CRITICALITY, REPLACEMENT


def configurations(
    sample: str, streams: int, rates: Sequence[float], targets: Sequence[float], strengths: Sequence[float]
) -> pd.DataFrame:
    """One row a network, schema ``continual_manifest``: every configuration on every stream.

    Backpropagation and continual backpropagation form one group of a stream, the criticality loss, which takes longer,
    another: networks of a group may be trained side by side, all or some of them. Groups of one kind follow each other,
    so that shards that take every n-th piece take as many of each kind.
    """
    plain = [(BACKPROPAGATION, 0.0, 0.0, 0.0), *((REPLACEMENT, rate, 0.0, 0.0) for rate in rates)]
    critical = [(CRITICALITY, 0.0, target, strength) for target in targets for strength in strengths]
    rows = []
    for kind, chosen in (("criticality", critical), ("replacement", plain)):
        for number in range(streams):
            stream = f"{sample}/{number}"
            for method, rate, target, strength in chosen:
                name = (
                    f"{stream}/rho{rate:g}" if kind == "replacement" else f"{stream}/target{target:g}/alpha{strength:g}"
                )
                rows.append((name, f"{stream}/{kind}", stream, method, rate, target, strength))
    columns = ["network", "group", "stream", "method", "replacement_rate", "target", "strength"]
    return pd.DataFrame(rows, columns=columns)
