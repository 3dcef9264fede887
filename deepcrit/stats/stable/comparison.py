"""A stable law against its rivals on the same values, each with its own parameters counted."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from deepcrit.stats.stable.checks import StableError
from deepcrit.stats.stable.fits import StableFit
from deepcrit.stats.stable.grouping import GroupedValues, group, quadrature_nodes
from deepcrit.stats.stable.laws import log_density
from deepcrit.stats.stable.rivals import RIVALS, fit_rival, log_mean


@dataclass(frozen=True)
class RivalComparison:
    """A fitted stable law against one rival on the same grouped values.

    Attributes:
        rival: one of `RIVALS`.
        estimates: of the rival, as named there; dof is infinite where Student's t is normal.
        log_likelihood: of the rival, densities per unit of the values.
        stable_log_likelihood: of the stable law; against the lognormal, both without the values at the location itself.
        parameters: fitted of the rival, the location included if it was fitted.
        stable_parameters: fitted of the stable law.
        n: values compared.
        ratio: ln L(stable) - ln L(rival).
        aic_difference: AIC(rival) - AIC(stable), positive where the stable law is better.
        bic_difference: the same for BIC.
        normalised_ratio: ratio / (sqrt(n) standard deviation of the pointwise ratio) (Vuong 1989); NaN where nested.
        p_value: two-sided Vuong test that both are as far from the truth. Against the normal law, which is stable with
            alpha = 2: half the chi-square tail of 2 ratio, which is an upper bound, as that boundary is not regular
            (normal values exceed its 5% point in fewer than 2% of samples).
        preferred: 'stable' or the rival where the p-value is below the level, else 'undecided'.
        converged: the rival's maximum was found.
        at_boundary: it is at an end of the shapes considered, or the normal law itself.
    """

    rival: str
    estimates: dict[str, float]
    log_likelihood: float
    stable_log_likelihood: float
    parameters: int
    stable_parameters: int
    n: int
    ratio: float
    aic_difference: float
    bic_difference: float
    normalised_ratio: float
    p_value: float
    preferred: str
    converged: bool
    at_boundary: bool


def compare(values: ArrayLike | GroupedValues, fit: StableFit, rival: str, level: float = 0.05) -> RivalComparison:
    """Fit one rival by maximum likelihood and compare it with a stable law that was fitted to the same values.

    The rival is held at the stable law's location, which counts as a parameter of both if it was fitted.

    Args:
        values: any shape, or grouped; values are grouped about the fitted location.
        fit: of these values.
        rival: one of `RIVALS`.
        level: of significance, for what is preferred.

    Raises:
        StableError: an unknown rival, a fit that did not converge or of another number of values, or values that
            `group` refuses.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import stable
        >>> values = stable.sample(np.random.default_rng(1), 5000, alpha=1.5)
        >>> stable.compare(values, stable.fit(values), "normal").preferred
        'stable'
    """
    if rival not in RIVALS:
        raise StableError(f"rival: found {rival!r}, expected one of {', '.join(RIVALS)}")
    grouped = values if isinstance(values, GroupedValues) else group(values, fit.location)
    if not fit.converged or fit.n != grouped.n:
        raise StableError(f"fit: found one of {fit.n} values, converged: {fit.converged}; expected one of {grouped.n}")
    nodes, counts = quadrature_nodes(grouped, signed=True)
    d = np.abs(nodes - (fit.location - grouped.center))
    if rival == "lognormal":
        elsewhere = d.min(axis=1) > 1e-300
        d, counts = d[elsewhere], counts[elsewhere]
    stable = log_mean(log_density(d, fit.alpha, fit.scale))
    other = fit_rival(rival, d, counts)
    n = int(counts.sum())
    stable_total = float((counts * stable).sum())
    total = float((counts * other.log_densities).sum())
    ratio = stable_total - total
    location = fit.parameters - 2
    parameters = 1 + other.shape_parameters + location
    more = parameters - fit.parameters
    if rival == "normal":
        normalised = math.nan
        p_value = 1.0 if fit.normal else float(chdtrc(1, max(2 * ratio, 0.0))) / 2
    else:
        pointwise = stable - other.log_densities
        spread = math.sqrt(float((counts * (pointwise - ratio / n) ** 2).sum()))
        normalised = ratio / spread if spread > 1e-9 * math.sqrt(n) else 0.0
        p_value = math.erfc(abs(normalised) / math.sqrt(2))
    preferred = "undecided"
    if other.converged and p_value < level:
        preferred = "stable" if ratio > 0 else rival
    return RivalComparison(
        rival=rival,
        estimates=other.estimates,
        log_likelihood=total,
        stable_log_likelihood=stable_total,
        parameters=parameters,
        stable_parameters=fit.parameters,
        n=n,
        ratio=ratio,
        aic_difference=2 * ratio + 2 * more,
        bic_difference=2 * ratio + math.log(n) * more,
        normalised_ratio=normalised,
        p_value=p_value,
        preferred=preferred,
        converged=other.converged,
        at_boundary=other.at_boundary,
    )
