"""ghavasieh2025: accuracy held against dynamics by rank correlations."""
