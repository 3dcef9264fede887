"""qu2022, Fig. 2: mean field of networks of stable weights, spectra of their Jacobians, and the phase diagram.

Equations 3, 5, 7 and 8 of the paper are solved by quadrature; simulated networks and matrices stand beside.
"""

from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.core.keys import select_keys

FIGURES = (
    DeclaredFigure(
        "qu2022_fig2",
        "Spectra of heavy-tailed networks, and their phases",
        ["fig2a", "fig2b", "mf", "rmt", "text.ordered_suppression"],
        {
            "densities": "levy_mean_field/radial_densities",
            "drawn": "levy_mean_field/drawn_eigenvalues",
            "matrices": "levy_mean_field/matrix_spectra",
            "fitted": "levy_mean_field/pseudolengths",
            "lines": "levy_mean_field/ordered_lines",
            "diagram": "levy_mean_field/phase_diagram",
            "boundaries": "levy_mean_field/phase_boundaries",
        },
        lambda plan: (
            select_keys(plan.config["levy_mean_field"], "log_powers", "shifted_powers", "pseudolengths")
            | {"spectra": plan.config["levy_mean_field"]["spectra"]}
        ),
    ),
)
