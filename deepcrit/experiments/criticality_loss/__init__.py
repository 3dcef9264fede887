"""Training with a penalty on the distance to criticality: the criticality loss of vock2025, Fig. 4.

Needs torch, except for :mod:`design`, :mod:`outcomes`, :mod:`comparisons` and :mod:`mixed`.
"""
