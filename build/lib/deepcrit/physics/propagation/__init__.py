"""One avalanche at four costs: a network, its annealed chain, the radial chain, and the exact law of that."""
