"""Beyond the papers: do their four notions of criticality agree, and does training? One population, measured by all.

Needs torch in :mod:`notions` and :mod:`loop` alone.
"""

from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.core.keys import select_keys

FIGURES = (
    DeclaredFigure(
        "qu2022_agreement",
        "Do the four criticalities agree?",
        [],
        {
            "networks": "agreement/agreement_networks",
            "correlations": "agreement/agreement_correlations",
            "findings": "agreement/agreement_findings",
        },
        lambda plan: select_keys(
            plan.config["agreement"], "width", "hidden_layers", "seeds", "bias", "goal", "agreeing", "images",
            "epochs", "threshold", "jacobian_layers",
        ),
    ),
)  # fmt: skip
