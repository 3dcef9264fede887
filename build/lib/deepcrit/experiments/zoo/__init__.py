"""vock2025, Fig. 2 and 3: pretrained classifiers as published, their dynamics, and what accuracy goes with."""

from deepcrit.core.figures.declared import DeclaredFigure

FIGURES = (
    DeclaredFigure(
        "vock2025_fig2",
        "Pretrained classifiers",
        ["fig2", "figS1", "supp", "tableS1", "tableS4", "tableS5"],
        {
            "models": "zoo/models",
            "dynamics": "zoo/dynamics",
            "correlations": "zoo/rank_correlations",
            "landmarks": "zoo/zoo_landmarks",
            "effects": "zoo/mixed_effects",
            "fits": "zoo/mixed_models",
        },
        published=True,
    ),
    DeclaredFigure(
        "vock2025_fig3",
        "New weights of the same architecture",
        ["fig3", "tableS2", "tableS3"],
        {"pairs": "zoo/weight_pairs", "changes": "zoo/recipe_changes", "dynamics": "zoo/dynamics"},
        published=True,
    ),
)
