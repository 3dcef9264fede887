"""liu2025: the training runs, from which all its figures are made."""
