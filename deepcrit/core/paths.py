"""Where results are kept: a directory an experiment."""

from __future__ import annotations

GAUSSIAN = "results/gaussian_avalanches"
REAL = "results/real_inputs"
RESNETS = "results/resnets"
MEAN_FIELD = "results/mean_field"
TRAINABILITY = "results/trainability"
SIGNALS = "results/signals"
SUSCEPTIBILITY = "results/susceptibility"
ZOO = "results/zoo"
UNIFORM = "results/uniform_networks"
CRITICALITY = "results/criticality_loss"
CONTINUAL = "results/continual"
