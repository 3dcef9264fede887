"""Intervals, rank correlations, mixed models, stable laws."""
