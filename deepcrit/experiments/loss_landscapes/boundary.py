"""Where networks converge in the plane of mobility and size: a parabola, by logistic regression."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from deepcrit.core.arrays import Floats, Mask

_RIDGE = 1e-3  # per network: so that kinds that are told apart without error have a boundary, too
LEAST_OF_A_KIND = 4
BOUNDARY_PARAMETERS = ("curvature", "center", "floor")


def parabolic_boundary(log_mobility: Floats, log_size: Floats, converged: Mask) -> Floats:
    """Curvature, center and floor of ln M = curvature (ln gamma - center)^2 + floor, where half of networks converge.

    Args:
        log_mobility: ln(nu/B) of every network, shape (networks,).
        log_size: ln M of every network, shape (networks,).
        converged: whether it did, shape (networks,).

    Returns:
        Shape (3,), NaN if fewer than four networks did, or did not, or if convergence does not depend on size.
    """
    kinds = int(converged.sum()), int((~converged).sum())
    if min(kinds) < LEAST_OF_A_KIND or np.ptp(log_size) == 0.0 or np.unique(log_mobility).size < 3:
        return np.full(len(BOUNDARY_PARAMETERS), np.nan)
    x, y = log_mobility - log_mobility.mean(), log_size - log_size.mean()
    features = np.stack([x**2, x, y, np.ones_like(x)], axis=1)
    scale = np.append(features[:, :3].std(axis=0), 1.0)
    standard = features / scale

    def loss(w: Floats) -> tuple[float, Floats]:
        z = standard @ w
        ridge = _RIDGE * x.size * np.append(w[:3], 0.0)
        value = -log_expit(np.where(converged, z, -z)).sum() + 0.5 * float(ridge @ w)
        return float(value), standard.T @ (expit(z) - converged) + ridge

    square, line, size, offset = minimize(loss, np.zeros(4), jac=True, method="BFGS").x / scale
    if size <= 0.0 or square == 0.0:
        return np.full(len(BOUNDARY_PARAMETERS), np.nan)
    center = -line / (2.0 * square)
    floor = -(offset - square * center**2) / size
    return np.array([-square / size, center + log_mobility.mean(), floor + log_size.mean()])
