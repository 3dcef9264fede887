"""ghavasieh2025, beyond Fig. 2: exponents of Gaussian networks as their width and durations tend to infinity."""

from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.core.keys import select_keys

FIGURES = (
    DeclaredFigure(
        "ghavasieh2025_universality",
        "The universality class of avalanches",
        [],
        {
            "exponents": "universality/local_exponents",
            "profiles": "universality/exact_profiles",
            "limits": "universality/limiting_exponents",
            "expected": "universality/expected_exponents",
        },
        lambda plan: (
            select_keys(
                plan.config["universality"],
                "widths",
                "relative_offsets",
                "multiples",
                "published_avalanches",
                "published_sharing",
                "replicates",
            )
            | {
                "depth": plan.config["gaussian_avalanches"]["depth"],
                "published_widths": plan.gaussian_avalanches.widths,
            }
        ),
        published=True,
    ),
)
