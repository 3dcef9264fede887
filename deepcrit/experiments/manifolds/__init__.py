"""qu2022, Fig. 4, 5 and S1: a circle of inputs on its way through random networks of stable weights."""

from deepcrit.core.figures.declared import DeclaredFigure

_CIRCLES = {"projections": "manifolds/circle_projections", "summary": "manifolds/circle_summary"}

FIGURES = (
    DeclaredFigure(
        "qu2022_fig4",
        "A circle on its way through heavy-tailed networks",
        ["fig4", "figS1"],
        _CIRCLES,
        lambda plan: plan.manifolds.circles(),
    ),
    DeclaredFigure(
        "qu2022_fig5",
        "Contraction and expansion along the circle",
        ["fig5", "text.crossover_size"],
        {
            "plane": "manifolds/distance_plane",
            "widths": "manifolds/crossover_widths",
            "lines": "levy_mean_field/ordered_lines",
            "boundaries": "levy_mean_field/phase_boundaries",
        },
        lambda plan: plan.manifolds.distances(),
    ),
)
