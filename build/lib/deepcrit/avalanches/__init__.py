"""Avalanches of signals: blocks and shards, observables, power laws, scaling."""
