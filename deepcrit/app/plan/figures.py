"""The figures of each paper, as the report shows them."""

from __future__ import annotations

# each figure with the beginnings of the claims it shows, and its title, in the order of the report
_SHOWN = {
    "ghavasieh2025": {
        "fig1": (["fig1"], "Signals along the layers"),
        "fig2": (["fig2"], "Crackling noise in Gaussian networks"),
        "fits": (["fits"], "Are they power laws?"),
        "fig3ab": (["fig3b", "mf"], "Signal strength and susceptibility"),
        "fig3cf": (["fig3c", "fig3f"], "Where networks train"),
        "fig3de": (["fig3d", "fig3e"], "Mean avalanche size and its response"),
        "learning": (["main"], "Learning against dynamics"),
        "fig4": (["fig4"], "Avalanches in residual networks"),
        "fig5": (["fig5"], "Widom-like line and edge of chaos"),
        "input_strength": (["main.large_inputs_dissolve"], "Avalanches of strong inputs"),
        "real_inputs": (["inputs"], "Images and Gaussian inputs"),
    },
    "vock2025": {
        "fig1": (["fig1"], "The transition in uniform networks"),
        "fig2": (["fig2", "figS1", "supp", "tableS1", "tableS4", "tableS5"], "Pretrained classifiers"),
        "fig3": (["fig3", "tableS2", "tableS3"], "New weights of the same architecture"),
        "fig4": (["fig4", "tableS6"], "A loss that keeps networks critical"),
        "fig5": (["fig5", "tableS7"], "One task after another"),
    },
}
FIGURES = {
    paper: {
        f"results/figures/{paper}_{name}.png": ([f"{paper}.{shown}" for shown in claims], title)
        for name, (claims, title) in figures.items()
    }
    for paper, figures in _SHOWN.items()
}
ALL_FIGURES = {figure: shown for figures in FIGURES.values() for figure, shown in figures.items()}
