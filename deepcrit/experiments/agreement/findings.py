"""What follows, in sentences made from the correlations by rules that know none of them."""

from __future__ import annotations

import pandas as pd

from deepcrit.experiments.agreement.schemas import (
    AGREE,
    AT_DISTANCE,
    CRITICALITIES,
    DIFFER,
    EVERYWHERE,
    IN_CELLS,
    OPEN,
    OPPOSED,
    PAPER_OF,
    TRAINED,
)

_OVER = {EVERYWHERE: "over all networks", AT_DISTANCE: "at fixed distance from the edge of chaos",
         IN_CELLS: "within cells"}  # fmt: skip
ONE = "The four notions are one: all pairs agree, at fixed distance from the edge of chaos too."
SHARED = "The four notions agree as far as all follow the edge of chaos, and not all of them beyond it."
SEVERAL = "The four notions are not one"
UNDECIDED = "This population does not decide whether the four notions are one."


def agreement_findings(correlations: pd.DataFrame, agreeing: float) -> pd.DataFrame:
    """Sentences on the notions, on training, and what follows, schema ``agreement_findings``.

    Args:
        correlations: schema ``agreement_correlations``.
        agreeing: rank correlation that was declared for agreement.
    """
    between = correlations[correlations["of"].isin(list(CRITICALITIES))]
    between = between[between["of"].map(PAPER_OF) != between["against"].map(PAPER_OF)]
    rows = [("notions", _pairs(between, agreeing))]
    rows += [("training", _followed(correlations[correlations["of"] == of], name)) for of, name in TRAINED.items()]
    rows.append(("conclusion", _conclusion(between)))
    return pd.DataFrame(rows, columns=["about", "finding"])


def _pairs(between: pd.DataFrame, agreeing: float) -> str:
    pairs = len(between) // len(_OVER)
    told = []
    for over, where in _OVER.items():
        verdicts = between.loc[between["over"] == over, "verdict"].tolist()
        # that none agrees is worth a word
        kinds = [kind for kind in (AGREE, DIFFER, OPPOSED, OPEN) if kind == AGREE or kind in verdicts]
        told.append(f"{where} " + _listed([f"{verdicts.count(kind) or 'none'} {kind}" for kind in kinds]))
    meaning = f"agree: rank correlation above {agreeing:g} with its whole interval"
    return f"Of {pairs} pairs of measures from different papers ({meaning}), " + "; ".join(told) + "."


def _followed(trained: pd.DataFrame, name: str) -> str:
    told = []
    for over, where in _OVER.items():
        rows = trained[trained["over"] == over]
        named = {kind: [CRITICALITIES[key] for key in rows.loc[rows["verdict"] == kind, "against"]]
                 for kind in (AGREE, OPPOSED, OPEN)}  # fmt: skip
        parts = [f"goes with {_listed(named[AGREE] or ['none of the measures'])}"]
        parts += [f"against {_listed(named[OPPOSED])}"] if named[OPPOSED] else []
        parts += [f"undecided with {_listed(named[OPEN])}"] if named[OPEN] else []
        for _, best in rows.dropna(subset="correlation").nlargest(1, "correlation").iterrows():
            parts.append(f"most with {CRITICALITIES[best['against']]}, {best['correlation']:.2f} "
                         f"[{best['ci_low']:.2f}, {best['ci_high']:.2f}]")  # fmt: skip
        told.append(f"{where} it " + ", ".join(parts))
    return f"As for {name}: " + "; ".join(told) + "."


def _conclusion(between: pd.DataFrame) -> str:
    verdicts = {over: rows["verdict"] for over, rows in between.groupby("over")}
    everywhere, controlled = verdicts[EVERYWHERE], verdicts[AT_DISTANCE]
    apart = int(everywhere.isin([DIFFER, OPPOSED]).sum())
    if apart:
        opposed = int((everywhere == OPPOSED).sum())
        rest = f", {opposed} of them opposed" if opposed else ""
        return f"{SEVERAL}: {apart} of {len(everywhere)} pairs do not agree over all networks{rest}."
    if (everywhere == AGREE).all() and controlled.isin([AGREE]).all():
        return ONE
    if (everywhere == AGREE).all() and controlled.isin([DIFFER, OPPOSED]).any():
        return SHARED
    return UNDECIDED


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
