"""Networks that learn one task after another: backpropagation, continual backpropagation and the criticality loss.

Training needs torch: import ``networks``, ``replacement`` and ``loop`` from rules of training alone.
"""
