"""Data sets: read as arrays here, fetched by :mod:`deepcrit.data.fetch`, which nothing here imports."""
