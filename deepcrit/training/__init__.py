"""Training of deep fully connected networks, many at once, by plain stochastic gradient descent.

Needs torch, which nothing else of the library does: import it from rules of training alone.
"""
