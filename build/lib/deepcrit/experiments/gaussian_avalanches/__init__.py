"""ghavasieh2025, Fig. 2: crackling noise in Gaussian networks."""

from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.core.keys import select_keys

FIGURES = (
    DeclaredFigure(
        "ghavasieh2025_fig2",
        "Crackling noise in Gaussian networks",
        ["fig2"],
        {
            table: f"gaussian_avalanches/{table}"
            for table in (
                "agreement",
                "collapse_curve",
                "collapsed_profiles",
                "collapses",
                "densities",
                "exponents",
                "extrapolations",
                "gammas",
                "size_duration",
            )
        },
        lambda plan: plan.gaussian_avalanches.figure_parameters(),
        lambda plan: {"transfers": plan.gaussian_avalanches.at_widths("transfer/N{width}.parquet")},
        published=True,
    ),
    DeclaredFigure(
        "ghavasieh2025_fits",
        "Are they power laws?",
        ["fits"],
        {table: f"gaussian_avalanches/{table}" for table in ("xmin_scan", "goodness", "alternatives")},
        lambda plan: select_keys(
            plan.config["gaussian_avalanches"]["fits"],
            "duration_range",
            "size_range",
            "scan_longest",
            "goodness_level",
            "goodness_repeats",
        ),
    ),
)
