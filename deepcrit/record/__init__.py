"""What runs found: kept as a record of the best run of each claim, and compared with each other.

An outcome (:mod:`deepcrit.record.outcome`) is the scoreboard of a run with the tables it was judged from. The record
(:mod:`deepcrit.record.keeping`) holds the best of each claim; two outcomes are compared in
:mod:`deepcrit.record.comparing`.
"""
