"""vock2025: pretrained classifiers as published, their dynamics, and what accuracy goes with."""
