"""Compiled inner loops: moments of ln x under truncated power laws, exponents, exact KS distances.

Everything compiled lives in this one file because numba's on-disk cache looks only at the file of the
function it caches: a kernel calling another from a different file could run a stale copy of it.

All kernels are serial and use plain IEEE arithmetic, so that their results do not depend on the number of
threads.
"""

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.arrays import Floats
from deepcrit.core.compiled import njit

HEAD = 64
"""Lattice points summed one by one before the Euler-Maclaurin formula takes over."""

STEEPLY_RISING = -5.0
"""Exponents below this (a density that grows as x^5 or faster) are summed term by term from the upper end."""


@njit(cache=True, error_model="numpy")
def continuous_moments(rate: float, length: float) -> tuple[float, float, float]:
    """ln Z, mean and variance of u on [0, length] with density exp(-rate u)/Z.

    With u = ln(x/xmin), rate = exponent - 1 and length = ln(xmax/xmin), this is the truncated power law in x.
    Written with expm1 and, near rate = 0, as its Bernoulli series, so that exponents at, near and below 1
    lose no digits.
    """
    if np.isinf(length):
        return -np.log(rate), 1.0 / rate, 1.0 / (rate * rate)
    t = rate * length
    if abs(t) < 0.5:
        t2 = t * t
        mean = 0.5 - t * (
            1 / 12 - t2 * (1 / 720 - t2 * (1 / 30240 - t2 * (1 / 1209600 - t2 * (1 / 47900160 - t2 * 5.284e-10))))
        )
        variance = 1 / 12 - t2 * (1 / 240 - t2 * (1 / 6048 - t2 * (1 / 172800 - t2 * (1 / 5322240 - t2 * 5.81259e-9))))
        log_z = np.log(length) + (np.log(-np.expm1(-t) / t) if t != 0.0 else 0.0)
        return log_z, mean * length, variance * length * length
    sinh = np.sinh(0.5 * t)
    mean = 1.0 / rate - length / np.expm1(t)
    variance = 1.0 / (rate * rate) - 0.25 * (length / sinh) ** 2
    log_z = np.log(-np.expm1(-t) / rate) if t > 0 else -t + np.log(np.expm1(t) / rate)
    return log_z, mean, variance


@njit(cache=True, error_model="numpy")
def _end_terms(exponent: float, x: float, y: float) -> tuple[float, float, float]:
    """Derivative terms of the Euler-Maclaurin formula at one end x, for sums of exp(-exponent y) y^j, j = 0, 1, 2.

    y = ln(x/xmin). Three Bernoulli terms; the rest is below 2e-13 of the whole sum once x >= xmin + HEAD.
    """
    s = exponent
    weight = np.exp(-s * y)
    total0 = 0.0
    total1 = 0.0
    total2 = 0.0
    for k in range(3):
        if k == 0:
            c, p, dp, ddp = 1.0 / (12.0 * x), s, 1.0, 0.0
        elif k == 1:
            c = -1.0 / (720.0 * x**3)
            p, dp, ddp = s * (s + 1) * (s + 2), (3 * s + 6) * s + 2, 6 * s + 6
        else:
            c = 1.0 / (30240.0 * x**5)
            p = s * (s + 1) * (s + 2) * (s + 3) * (s + 4)
            dp = (((5 * s + 40) * s + 105) * s + 100) * s + 24
            ddp = ((20 * s + 120) * s + 210) * s + 100
        total0 += c * p
        total1 += c * (y * p - dp)
        total2 += c * (y * y * p - 2 * y * dp + ddp)
    return weight * total0, weight * total1, weight * total2


@njit(cache=True, error_model="numpy")
def _smooth_sums(exponent: float, xmin: float, first: float, last: float) -> tuple[float, float, float]:
    """Sums of (k/xmin)^-exponent ln(k/xmin)^j over k = first..last, j = 0, 1, 2, without a loop.

    The last k may be infinite.
    """
    a = np.log(first / xmin)
    log_z, mean, variance = continuous_moments(exponent - 1.0, np.log(last / first))
    integral = first * np.exp(log_z - exponent * a)
    mean += a
    f = 0.5 * np.exp(-exponent * a)
    d0, d1, d2 = _end_terms(exponent, first, a)
    s0 = integral + f + d0
    s1 = integral * mean + f * a + d1
    s2 = integral * (variance + mean * mean) + f * a * a + d2
    if not np.isinf(last):
        b = np.log(last / xmin)
        f = 0.5 * np.exp(-exponent * b)
        d0, d1, d2 = _end_terms(exponent, last, b)
        s0 += f - d0
        s1 += f * b - d1
        s2 += f * b * b - d2
    return s0, s1, s2


@njit(cache=True, error_model="numpy")
def lattice_moments(exponent: float, xmin: float, xmax: float) -> tuple[float, float, float]:
    """ln sum of (k/xmin)^-exponent over the integers xmin..xmax, and mean and variance of ln(k/xmin).

    xmax may be infinite (the Hurwitz zeta function, exponent > 1). The first HEAD terms are added one by one
    and the rest by Euler-Maclaurin, which agrees with the direct sum to about 1e-13.
    """
    if exponent < STEEPLY_RISING:
        length = np.log(xmax / xmin)
        s0 = 0.0
        s1 = 0.0
        s2 = 0.0
        k = xmax
        while k >= xmin:
            y = np.log(k / xmax)
            w = np.exp(-exponent * y)
            s0 += w
            s1 += w * y
            s2 += w * y * y
            if w < 1e-40:
                break
            k -= 1.0
        mean = s1 / s0
        return np.log(s0) - exponent * length, mean + length, s2 / s0 - mean * mean
    s0 = 0.0
    s1 = 0.0
    s2 = 0.0
    direct = min(xmax, xmin + (HEAD - 1.0)) if xmax - xmin >= 2 * HEAD else xmax
    k = xmin
    while k <= direct:
        y = np.log(k / xmin)
        w = np.exp(-exponent * y)
        s0 += w
        s1 += w * y
        s2 += w * y * y
        k += 1.0
    if direct < xmax:
        t0, t1, t2 = _smooth_sums(exponent, xmin, direct + 1.0, xmax)
        s0 += t0
        s1 += t1
        s2 += t2
    mean = s1 / s0
    return np.log(s0), mean, s2 / s0 - mean * mean


@njit(cache=True, error_model="numpy")
def log_moments(exponent: float, xmin: float, xmax: float, discrete: bool) -> tuple[float, float, float]:
    """ln Z, mean and variance of ln(x/xmin).

    Z is the sum or integral of (x/xmin)^-exponent, in units of xmin if continuous.
    """
    if discrete:
        return lattice_moments(exponent, xmin, xmax)
    return continuous_moments(exponent - 1.0, np.log(xmax / xmin))


@njit(cache=True, error_model="numpy")
def solve_exponent(mean_log: float, xmin: float, xmax: float, discrete: bool) -> float:
    """The exponent at which the mean of ln(x/xmin) equals mean_log: the maximum-likelihood equation.

    Newton's method inside a bracket; the mean falls monotonically with the exponent, so the root is unique.
    NaN if mean_log lies outside the open interval (0, ln(xmax/xmin)), where the likelihood has no maximum.
    """
    unbounded = np.isinf(xmax)
    if not (mean_log > 0.0) or (not unbounded and mean_log >= np.log(xmax / xmin)):
        return np.nan
    if unbounded and not discrete:
        return 1.0 + 1.0 / mean_log
    low = 1.0 if unbounded else -np.inf
    high = np.inf
    s = 1.0 + 1.0 / mean_log if unbounded else 1.5
    for _ in range(300):
        _, mean, variance = log_moments(s, xmin, xmax, discrete)
        excess = mean - mean_log
        if excess > 0.0:
            low = s
        else:
            high = s
        step = excess / variance if variance > 0.0 else np.nan
        new = s + step
        if not (low < new < high) or abs(step) > 2.0 * (1.0 + abs(s)):
            if np.isinf(high):
                new = s + 1.0 + abs(s)
            elif np.isinf(low):
                new = s - 1.0 - abs(s)
            else:
                new = 0.5 * (low + high)
        if abs(new - s) <= 1e-14 * (1.0 + abs(s)):
            return new
        s = new
    return s


@njit(cache=True, error_model="numpy")
def solve_exponents(mean_log: Floats, xmin: float, xmax: float, discrete: bool) -> Floats:
    """`solve_exponent` for each entry of a one-dimensional array."""
    out = np.empty(mean_log.size)
    for i in range(mean_log.size):
        out[i] = solve_exponent(mean_log[i], xmin, xmax, discrete)
    return out


@njit(cache=True, error_model="numpy")
def continuous_cdf(y: float, rate: float, length: float) -> float:
    """P(u <= y) on [0, length] for the density proportional to exp(-rate u)."""
    if np.isinf(length):
        return -np.expm1(-rate * y)
    t = rate * length
    if t == 0.0:
        return y / length
    if t > 0.0:
        return np.expm1(-rate * y) / np.expm1(-t)
    return np.exp(rate * (length - y)) * np.expm1(rate * y) / np.expm1(t)


@njit(cache=True, error_model="numpy")
def ks_continuous(
    log_x: Floats, start: int, stop: int, origin: float, rate: float, length: float, jump: float
) -> float:
    """Exact Kolmogorov-Smirnov distance of sorted log_x[start:stop] from the law on origin + [0, length].

    jump = 1 takes both one-sided limits of the empirical distribution at each point (the supremum over x);
    jump = 0 takes only the left one, as the code of Clauset, Shalizi and Newman does.

    Both distribution functions are monotone, so between two evaluated points i < j the distance cannot exceed
    max(F_j - (i+1)/n, j/n - F_i). Stretches whose bound is below the largest distance found so far are
    skipped and the others halved: the result is that of the full scan, from about sqrt(n) evaluations instead
    of n.
    """
    n = stop - start
    stride = max(1, int(np.sqrt(n)))
    nodes = (n - 1) // stride + 2
    index = np.empty(nodes, np.int64)
    value = np.empty(nodes)
    distance = 0.0
    used = 0
    i = 0
    while True:
        f = continuous_cdf(log_x[start + i] - origin, rate, length)
        index[used] = i
        value[used] = f
        used += 1
        distance = max(distance, abs(f - i / n), abs(f - (i + jump) / n))
        if i == n - 1:
            break
        i = min(i + stride, n - 1)
    right = np.empty(64, np.int64)
    right_value = np.empty(64)
    for b in range(used - 1):
        i = index[b]
        fi = value[b]
        depth = 0
        right[0] = index[b + 1]
        right_value[0] = value[b + 1]
        while depth >= 0:
            j = right[depth]
            fj = right_value[depth]
            if j - i < 2 or max(fj - (i + 1) / n, (j - 1 + jump) / n - fi) <= distance:
                i = j
                fi = fj
                depth -= 1
                continue
            middle = (i + j) // 2
            f = continuous_cdf(log_x[start + middle] - origin, rate, length)
            distance = max(distance, abs(f - middle / n), abs(f - (middle + jump) / n))
            depth += 1
            right[depth] = middle
            right_value[depth] = f
    return distance


@njit(cache=True, error_model="numpy")
def lattice_cdf(x: Floats, exponent: float, xmin: float, xmax: float) -> Floats:
    """P(k <= x) under the lattice power law on xmin..xmax, for ascending whole numbers x >= xmin - 1."""
    out = np.empty(x.size)
    if exponent < STEEPLY_RISING:
        total = 0.0
        i = 0
        k = xmin
        while k <= xmax:
            while i < x.size and x[i] < k:
                out[i] = total
                i += 1
            total += np.exp(-exponent * np.log(k / xmax))
            k += 1.0
        while i < x.size:
            out[i] = total
            i += 1
        return out / total
    log_z, _, _ = lattice_moments(exponent, xmin, xmax)
    z = np.exp(log_z)
    total = 0.0
    k = xmin
    edge = xmin + HEAD
    for i in range(x.size):
        while k < edge and k <= x[i]:
            total += np.exp(-exponent * np.log(k / xmin))
            k += 1.0
        out[i] = total
        if x[i] >= edge:
            body, _, _ = _smooth_sums(exponent, xmin, edge, x[i])
            out[i] += body
        out[i] /= z
    return out


@njit(cache=True, error_model="numpy")
def ks_discrete(values: Floats, counts: Floats, exponent: float, xmin: float, xmax: float) -> float:
    """Exact Kolmogorov-Smirnov distance of counted data from the lattice law, over every integer in range.

    values ascending whole numbers in range, as floats; counts as floats. Between two observed values the
    empirical distribution is flat while the law rises, so the extremes sit at each observed value and one
    step before it.
    """
    at = lattice_cdf(values, exponent, xmin, xmax)
    before = lattice_cdf(values - 1.0, exponent, xmin, xmax)
    n = counts.sum()
    empirical = 0.0
    distance = 0.0
    for i in range(values.size):
        distance = max(distance, abs(before[i] - empirical))
        empirical += counts[i] / n
        distance = max(distance, abs(at[i] - empirical))
    return distance


@njit(cache=True, error_model="numpy")
def scan_continuous(
    log_x: Floats,
    stop: int,
    starts: NDArray[np.int64],
    log_candidates: Floats,
    log_xmax: float,
    minimum: int,
    jump: float,
) -> tuple[Floats, Floats, Floats]:
    """Exponent, standard error and KS distance for each candidate xmin.

    log_x ascending; points starts[c]..stop-1 are those in range of candidate c; starts ascending. Candidates
    with fewer than `minimum` points, or a single value, give NaN.
    """
    m = starts.size
    exponents = np.full(m, np.nan)
    errors = np.full(m, np.nan)
    distances = np.full(m, np.nan)
    total = 0.0
    carry = 0.0
    i = stop
    for c in range(m - 1, -1, -1):
        start = starts[c]
        while i > start:  # compensated suffix sum of ln x
            i -= 1
            term = log_x[i] - carry
            grown = total + term
            carry = (grown - total) - term
            total = grown
        n = stop - start
        if n < minimum or n < 2 or log_x[start] == log_x[stop - 1]:
            continue
        origin = log_candidates[c]
        length = log_xmax - origin
        mean = total / n - origin
        s = solve_exponent(mean, 1.0, np.exp(length), False)
        if np.isnan(s):
            continue
        _, _, variance = continuous_moments(s - 1.0, length)
        exponents[c] = s
        errors[c] = 1.0 / np.sqrt(n * variance)
        distances[c] = ks_continuous(log_x, start, stop, origin, s - 1.0, length, jump)
    return exponents, errors, distances


@njit(cache=True, error_model="numpy")
def power_sum(log_x: Floats, power: float) -> float:
    """Sum of expm1(power u)/power over an array u (the sum of u when power = 0)."""
    total = 0.0
    if power == 0.0:
        for i in range(log_x.size):
            total += log_x[i]
        return total
    for i in range(log_x.size):
        total += np.expm1(power * log_x[i])
    return total / power
