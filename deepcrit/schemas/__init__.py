"""Declared tables, one module a kind, so that a changed table re-runs only what uses it."""
