"""Deep networks of one scaled-tanh activation and uniform weights: activity, branching and Lyapunov exponents.

vock2025, Fig. 1 and Methods, "Deep neural network models".
"""
