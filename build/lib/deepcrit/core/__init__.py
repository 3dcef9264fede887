"""What everything stands on: tables, provenance, digests, seeds, grids, logs, and the look of figures."""
