"""Torchvision classifiers, module by module: weights, inputs, avalanches of signal strength, and fits to them.

``networks``, ``tracing``, ``weights``, ``inputs`` and ``propagation`` import torch; the other modules do not.
"""
