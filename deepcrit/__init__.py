"""Criticality in deep networks: physics and statistics, experiments that use them, and the workflow around both."""
