"""Trained classifiers: their names, weights and images, and how they are loaded."""
