"""What a run costs, before it starts: work of every rule, speed of a machine, memory, disk, and the sum over all jobs.

The rules ask this package for what they need, the launcher and ``deepcrit cost`` for how long it takes. No script
imports it, so that a change here re-runs nothing.
"""
