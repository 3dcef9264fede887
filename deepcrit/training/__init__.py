"""Training of many networks side by side, resumed to the last bit.

Needs torch, but for how networks are shared out: import the rest from rules of training alone.
"""
