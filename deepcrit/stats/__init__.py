"""Intervals, rank correlations, mixed models."""
