"""qu2022, Fig. 3 and S2: how far eigenvectors of layerwise Jacobians spread, in random networks and in trained ones."""

from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.core.keys import select_keys

_TRAINED = {
    "dimensions": "multifractality/trained_dimensions",
    "landmarks": "multifractality/multifractal_landmarks",
    "lines": "levy_mean_field/ordered_lines",
}

FIGURES = (
    DeclaredFigure(
        "qu2022_fig3",
        "Fractal dimensions after training",
        ["fig3"],
        _TRAINED,
        lambda plan: select_keys(plan.config["levy_training"], "width", "measured_layer", "repeats"),
    ),
    DeclaredFigure(
        "qu2022_figS2",
        "Fractal dimensions before and during training",
        ["figS2"],
        _TRAINED,
        lambda plan: select_keys(plan.config["levy_training"], "width", "measured_layer", "repeats"),
    ),
    DeclaredFigure(
        "qu2022_multifractality",
        "Does an intermediate dimension survive?",
        ["fig3a.gauss_finite_size"],
        {"random": "multifractality/random_dimensions", "scaling": "multifractality/dimension_scaling"},
        lambda plan: plan.config["multifractality"],
    ),
)
