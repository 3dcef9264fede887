"""Real images beside Gaussian inputs: survival of avalanches, and what inputs of one network are worth."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deepcrit.core.figures.style import OURS, PUBLISHED, Drawn, grouped, label_panel, use_style

_COLOURS = {"gaussian": OURS, "mnist": PUBLISHED}
_LABELS = {"gaussian": "Gaussian inputs", "mnist": "MNIST images"}
_TITLES = {
    "tanh": "tanh, Gaussian weights",
    "relu": "ReLU, Gaussian weights",
    "levy": "tanh, Lévy weights",
}


def _draw_real_inputs(survival: pd.DataFrame, independence: pd.DataFrame) -> Figure:
    """Three panels of survival, one a case, and one of effective sample sizes.

    Args:
        survival: schema ``input_survival``.
        independence: schema ``input_independence``.
    """
    use_style()
    figure, axes = plt.subplots(1, 4, figsize=(7.2, 2.1), layout="constrained")
    cases = [case for case in _TITLES if case in set(survival["case"])]
    for panel, case in zip(axes, cases, strict=False):
        _draw_survival(panel, survival[survival["case"] == case])
        panel.set_title(_TITLES[case])
    _draw_independence(axes[3], independence[independence["case"] == cases[0]])
    axes[0].set_ylabel("$P(D \\geq n)$")
    axes[0].legend(loc="lower left", handlelength=1.3)
    for letter, panel in zip("abcd", axes, strict=True):
        label_panel(panel, letter)
    return figure


def _draw_survival(axes: Axes, survival: pd.DataFrame) -> None:
    for inputs, curve in grouped(survival, "inputs"):
        if inputs in _COLOURS:
            axes.plot(curve["duration"], curve["alive"], color=_COLOURS[inputs], label=_LABELS[inputs],
                      ls="-" if inputs == "gaussian" else "--")  # fmt: skip
            low, high = curve["alive"] - curve["standard_error"], curve["alive"] + curve["standard_error"]
            axes.fill_between(curve["duration"], low.clip(lower=1e-6), high, color=_COLOURS[inputs], alpha=0.25, lw=0)
        else:
            axes.plot(
                curve["duration"], curve["alive"], "k:", lw=0.8, label="exact law" if "gaussian" in inputs else None
            )
    smallest = survival.loc[survival["alive"] > 0, "alive"].min()
    axes.set(xscale="log", yscale="log", xlabel="$n$ (layers)", ylim=(0.25 * smallest, 1.3))


def _draw_independence(axes: Axes, independence: pd.DataFrame) -> None:
    for inputs, curve in grouped(independence, "inputs"):
        axes.plot(curve["layer"], curve["effective_n"] / curve["n"], color=_COLOURS[inputs],
                  ls="-" if inputs == "gaussian" else "--")  # fmt: skip
        axes.fill_between(curve["layer"], curve["ci_low"], curve["ci_high"], color=_COLOURS[inputs], alpha=0.25, lw=0)
    axes.axhline(1.0, color="0.25", lw=0.8, ls=":")
    axes.set(xscale="log", yscale="log", xlabel="$n$ (layers)", ylabel="effective inputs / inputs")
    axes.set_title("worth of shared inputs")


def ghavasieh2025_real_inputs(survival: pd.DataFrame, independence: pd.DataFrame, offsets: pd.DataFrame) -> Drawn:
    """Images beside Gaussian inputs."""
    return _draw_real_inputs(survival, independence), {"offsets": offsets}
