"""Compiled inner loops: values of tabulated laws, quantiles, variates, and the sums that a likelihood needs.

Everything compiled lives in this one file, because numba's cache on disk looks only at the file of the function it
caches. All loops are serial, so that no result depends on the number of threads.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.arrays import Floats
from deepcrit.core.compiled import njit

CELL_START = 0.25
"""Cells divide each octave of x + START."""

CELLS = 192
OCTAVES = 6
"""Of 32 cells each, as the shift below has it."""

DEGREE = 7
TERMS = 14
END = 15.75

_SHIFT = 47
"""A double above this many bits is its octave and the 32nd of it, which numbers the cell."""

FIRST = int(np.float64(CELL_START).view(np.int64)) >> _SHIFT
_WITHIN = (1 << _SHIFT) - 1
HALF_CELL = 2.0 ** (1 - _SHIFT)

QUANTILE_SHIFT = 46
"""The same for probabilities in [2^-53, 1), 64 cells an octave."""

QUANTILE_FIRST = int(np.float64(2.0**-53).view(np.int64)) >> QUANTILE_SHIFT
QUANTILE_WITHIN = (1 << QUANTILE_SHIFT) - 1
QUANTILE_HALF = 2.0 ** (1 - QUANTILE_SHIFT)

BIN_SHIFT = 45
"""The same for grouped values, 128 bins an octave."""

MAGNITUDE = (1 << 63) - 1


@njit(cache=True, error_model="numpy")
def add_corrections(eps: float, expansion: Floats, out: Floats) -> None:
    """Add eps sum_j c_j T_j(log2 alpha) and its derivatives with respect to alpha to out, shape (orders <= 3, values).

    expansion holds the c_j, shape (polynomials, values).
    """
    alpha = 2.0 - eps
    z = np.log2(alpha)
    slope = 1.0 / (alpha * np.log(2.0))
    bend = -slope / alpha
    before = np.zeros(3)  # T_(j - 1) with its first two derivatives with respect to z
    now = np.array([1.0, 0.0, 0.0])
    weights = np.empty(3)
    for j in range(expansion.shape[0]):
        first = now[1] * slope
        weights[0] = eps * now[0]
        weights[1] = eps * first - now[0]
        weights[2] = eps * (now[2] * slope * slope + now[1] * bend) - 2.0 * first
        for order in range(out.shape[0]):
            w = weights[order]
            for i in range(out.shape[1]):
                out[order, i] += w * expansion[j, i]
        twice = 1.0 if j == 0 else 2.0
        after0 = twice * z * now[0] - before[0]
        after1 = twice * (z * now[1] + now[0]) - before[1]
        after2 = twice * (z * now[2] + 2.0 * now[1]) - before[2]
        for order in range(3):
            before[order] = now[order]
        now[0], now[1], now[2] = after0, after1, after2


@njit(cache=True, error_model="numpy", inline="always")
def _place(x: float) -> tuple[Any, float]:
    """Cell of x in [0, END) and the place in it, in [-1, 1)."""
    bits = np.float64(x + CELL_START).view(np.int64)
    return (bits >> _SHIFT) - FIRST, (bits & _WITHIN) * HALF_CELL - 1.0


@njit(cache=True, error_model="numpy", inline="always")
def _polynomial(c: Floats, z: float) -> float:
    return c[0] + z * (c[1] + z * (c[2] + z * (c[3] + z * (c[4] + z * (c[5] + z * (c[6] + z * c[7]))))))


@njit(cache=True, error_model="numpy", inline="always")
def _series(a: Floats, z: float) -> float:
    total = a[-1]
    for k in range(a.size - 2, -1, -1):
        total = total * z + a[k]
    return total


@njit(cache=True, error_model="numpy", inline="always")
def _density(x: float, alpha: float, cells: Floats, tail: Floats) -> float:
    if x < END:
        cell, z = _place(x)
        return _polynomial(cells[cell], z)
    return _series(tail, x**-alpha) * x ** (-1.0 - alpha)


@njit(cache=True, error_model="numpy", inline="always")
def _survival(x: float, alpha: float, cells: Floats, tail: Floats) -> float:
    if x < END:
        cell, z = _place(x)
        return _polynomial(cells[cell], z)
    power = x**-alpha
    return _series(tail, power) * power


@njit(cache=True, nogil=True, error_model="numpy")
def densities(x: Floats, alpha: float, cells: Floats, tail: Floats, out: Floats) -> None:
    """Density of unit scale at x of shape (n,)."""
    for i in range(x.size):
        out[i] = _density(abs(x[i]), alpha, cells, tail)


@njit(cache=True, nogil=True, error_model="numpy")
def log_densities(x: Floats, alpha: float, cells: Floats, tail: Floats, out: Floats) -> None:
    """Its logarithm, finite where the density itself would underflow."""
    for i in range(x.size):
        y = abs(x[i])
        if y < END:
            cell, z = _place(y)
            out[i] = np.log(_polynomial(cells[cell], z))
        else:
            out[i] = np.log(_series(tail, y**-alpha)) - (1.0 + alpha) * np.log(y)


@njit(cache=True, nogil=True, error_model="numpy")
def survivals(x: Floats, alpha: float, cells: Floats, tail: Floats, out: Floats) -> None:
    """P(X > x) at x of shape (n,) and either sign."""
    for i in range(x.size):
        upper = _survival(abs(x[i]), alpha, cells, tail)
        out[i] = upper if x[i] >= 0 else 1.0 - upper


@njit(cache=True, error_model="numpy")
def _quantile_in_cells(q: float, cells: Floats) -> float:
    """x in [0, END) with P(X > x) = q, by bisection to the cell and Newton steps within it."""
    low, high = 0, CELLS
    while high - low > 1:
        middle = (low + high) // 2
        if _polynomial(cells[middle], -1.0) >= q:
            low = middle
        else:
            high = middle
    c = cells[low]
    z, left, right = 0.0, -1.0, 1.0
    for _ in range(60):
        value = _polynomial(c, z) - q
        slope = c[DEGREE] * DEGREE
        for k in range(DEGREE - 1, 0, -1):
            slope = slope * z + k * c[k]
        if value > 0:
            left = z
        else:
            right = z
        step = -value / slope
        new = z + step
        if not left <= new <= right:
            new = 0.5 * (left + right)
        if abs(new - z) < 1e-15:
            z = new
            break
        z = new
    per_octave = CELLS // OCTAVES
    lower = CELL_START * 2.0 ** (low // per_octave)
    return lower * (1.0 + (low % per_octave + 0.5 * (z + 1.0)) / per_octave) - CELL_START


@njit(cache=True, error_model="numpy")
def _quantile_in_tail(q: float, alpha: float, tail: Floats) -> float:
    """x >= END with P(X > x) = q, by Newton steps in ln x on ln P."""
    log_x = max((np.log(tail[0]) - np.log(q)) / alpha, np.log(END))
    for _ in range(60):
        power = np.exp(-alpha * log_x)
        value = _series(tail, power)
        slope = 0.0
        for k in range(TERMS - 1, 0, -1):
            slope = slope * power + k * tail[k]
        excess = np.log(value) - alpha * log_x - np.log(q)
        step = excess / (alpha * (1.0 + power * slope / value))
        log_x += step
        if abs(step) < 1e-15 * abs(log_x):
            break
    return np.exp(log_x)


@njit(cache=True, nogil=True, error_model="numpy")
def upper_quantiles(q: Floats, alpha: float, cells: Floats, tail: Floats, out: Floats) -> None:
    """x with P(X > x) = q, for q in [0, 1] of shape (n,)."""
    last = _polynomial(cells[CELLS - 1], 1.0)
    for i in range(q.size):
        upper = min(q[i], 1.0 - q[i])
        if upper == 0.0:
            x = np.inf
        elif upper >= 0.5:
            x = 0.0
        elif upper > last:
            x = _quantile_in_cells(upper, cells)
        else:
            x = _quantile_in_tail(upper, alpha, tail)
        out[i] = x if q[i] <= 0.5 else -x


@njit(cache=True, nogil=True, error_model="numpy")
def draw_from_quantiles(
    rng: np.random.Generator, quantiles: Floats, scale: float, location: float, out: Floats
) -> None:
    """Symmetric variates from cubics of |x| in u = P(|X| > |x|), shape (53 * 64, 4), as `quantile_cells` places them.

    Half the range of a uniform number chooses the sign, what is left is u, a multiple of 2^-52 moved to the middle of
    its interval.
    """
    for i in range(out.size):
        uniform = 2.0 * rng.random()
        negative = uniform < 1.0
        u = (uniform if negative else uniform - 1.0) + 2.0**-53
        bits = np.float64(u).view(np.int64)
        c = quantiles[(bits >> QUANTILE_SHIFT) - QUANTILE_FIRST]
        z = (bits & QUANTILE_WITHIN) * QUANTILE_HALF - 1.0
        x = c[0] + z * (c[1] + z * (c[2] + z * c[3]))
        out[i] = location + scale * (-x if negative else x)


@njit(cache=True, nogil=True, error_model="numpy")
def draw_exactly(rng: np.random.Generator, alpha: float, scale: float, location: float, out: Floats) -> None:
    """Symmetric variates by Chambers, Mallows and Stuck (1976), two random numbers each."""
    for i in range(out.size):
        angle = np.pi * (rng.random() - 0.5)
        wait = rng.standard_exponential()
        x = np.sin(alpha * angle) / np.cos(angle) ** (1.0 / alpha)
        out[i] = location + scale * x * (np.cos((1.0 - alpha) * angle) / wait) ** ((1.0 - alpha) / alpha)


@njit(cache=True, error_model="numpy", inline="always")
def _kanter(distance: float, b: float) -> float:
    """(1 - b) ln A of Zolotarev's function A at theta = pi - distance: rises from theta = 0 to infinity at pi."""
    theta = np.pi - distance
    rise = (1.0 - b) * np.pi + b * distance  # pi - b theta, whose sine keeps its digits as b approaches 1
    return (1.0 - b) * np.log(np.sin((1.0 - b) * theta)) + b * np.log(np.sin(rise)) - np.log(np.sin(distance))


@njit(cache=True, nogil=True, error_model="numpy")
def draw_positive(rng: np.random.Generator, b: float, scale: float, out: Floats) -> None:
    """Positive variates for 0 < b < 1 by Kanter (1975): (A(theta) / wait)^((1 - b)/b)."""
    for i in range(out.size):
        distance = np.pi * (rng.random() + 2.0**-54)
        log_wait = np.log(rng.standard_exponential())
        out[i] = scale * np.exp((_kanter(distance, b) - (1.0 - b) * log_wait) / b)


@njit(cache=True, error_model="numpy")
def _log_distance(level: float, b: float, least: float) -> float:
    """ln of the distance at which `_kanter` is `level`, between the smallest that can matter and `least` above it."""
    low, high = -745.0, least
    for _ in range(64):
        middle = 0.5 * (low + high)
        if _kanter(np.exp(middle), b) > level:
            low = middle
        else:
            high = middle
    return high


@njit(cache=True, nogil=True, error_model="numpy")
def log_positive_densities(y: Floats, b: float, nodes: Floats, weights: Floats, out: Floats) -> None:
    """Density of ln S at y of shape (n,), E exp(-s S) = exp(-s^b), 0 < b < 1.

    b/(1 - b)/pi integral_0^pi w exp(-w) dtheta, w = A(theta) exp(-b y/(1 - b)) (Zolotarev 1986, section 2.5), over
    panels of Gauss-Legendre nodes, shape (n,) on [0, 1], in ln(pi - theta), cut where nothing is left of w exp(-w).
    """
    last = np.log(np.pi) - 1e-15
    flat = (1.0 - b) * np.log(1.0 - b) + b * np.log(b)
    for i in range(y.size):
        lowest = (flat - b * y[i]) / (1.0 - b)
        if lowest > 6.7:
            out[i] = 0.0
            continue
        floor = np.exp(lowest)
        low = _log_distance(b * y[i] + (1.0 - b) * np.log(floor + 45.0), b, last)
        high = last
        if lowest < -40.0 / b:
            high = _log_distance(b * y[i] - (1.0 - b) * 40.0 / b, b, last)
        total = 0.0
        for k in range(nodes.size):
            p = low + (high - low) * nodes[k]
            log_w = (_kanter(np.exp(p), b) - b * y[i]) / (1.0 - b)
            total += weights[k] * np.exp(log_w - np.exp(log_w) + p)
        out[i] = total * (high - low) * b / (1.0 - b) / np.pi


@njit(cache=True, nogil=True, error_model="numpy")
def count_in_bins(values: Floats, center: float, counts: NDArray[np.int64]) -> None:
    """Add values of shape (n,) to counts of shape (2, 2^18), at or above the center and below it.

    The bin of a value is what the double |value - center| starts with: its octave and the 128th of it.
    """
    for i in range(values.size):
        bits = np.float64(np.float64(values[i]) - center).view(np.int64)
        counts[1 if bits < 0 else 0, (bits & MAGNITUDE) >> BIN_SHIFT] += 1


@njit(cache=True, error_model="numpy", inline="always")
def _derivatives(y: float, alpha: float, cells: Floats, tail: Floats, out: Floats) -> None:
    """Density q at y >= 0, and dq/dalpha, d2q/dalpha2, dq/dy, d2q/dy2, d2q/dy dalpha."""
    if y < END:
        cell, z = _place(y)
        per_octave = CELLS // OCTAVES
        slope = 2.0 * per_octave / (CELL_START * 2.0 ** (cell // per_octave))
        c = cells[0, cell]
        d = cells[1, cell]
        value, first, second = c[DEGREE], 0.0, 0.0
        tilt, tilt_first = d[DEGREE], 0.0
        for k in range(DEGREE - 1, -1, -1):
            second = second * z + first
            first = first * z + value
            value = value * z + c[k]
            tilt_first = tilt_first * z + tilt
            tilt = tilt * z + d[k]
        out[0] = value
        out[1] = tilt
        out[2] = _polynomial(cells[2, cell], z)
        out[3] = first * slope
        out[4] = 2.0 * second * slope * slope
        out[5] = tilt_first * slope
        return
    log_y = np.log(y)
    power = np.exp(-alpha * log_y)
    for j in range(6):
        out[j] = 0.0
    weight = 1.0 / y
    for k in range(1, TERMS + 1):
        weight *= power
        a = tail[0, k - 1]
        b = tail[1, k - 1] - k * log_y * a  # of y^(-alpha k), coefficient included
        bend = tail[2, k - 1] - 2.0 * k * log_y * tail[1, k - 1] + k * k * log_y * log_y * a
        steep = alpha * k + 1.0
        out[0] += weight * a
        out[1] += weight * b
        out[2] += weight * bend
        out[3] -= weight * steep * a / y
        out[4] += weight * steep * (steep + 1.0) * a / (y * y)
        out[5] -= weight * (k * a + steep * b) / y


@njit(cache=True, nogil=True, error_model="numpy")
def sum_log_likelihood(
    nodes: Floats,
    counts: Floats,
    alpha: float,
    cells: Floats,
    tail: Floats,
    scale: float,
    location: float,
    unit: float,
    total: Floats,
) -> None:
    """Log likelihood with its first and second derivatives with respect to alpha, ln scale and location / unit.

    nodes, shape (n, nodes a bin), are where the density is averaged for the likelihood of one value, and counts, shape
    (n,), how many values that is. total, shape (10,), takes the log likelihood, the three first derivatives and the
    second ones in the order (alpha, alpha), (alpha, ln scale), (alpha, location), (ln scale, ln scale), (ln scale,
    location), (location, location).
    """
    total[:] = 0.0
    one = np.empty(6)
    p = np.empty(10)
    n = 0.0
    for i in range(nodes.shape[0]):
        p[:] = 0.0
        for j in range(nodes.shape[1]):
            y = (nodes[i, j] - location) / scale
            side = -unit / scale if y >= 0 else unit / scale  # d|y|/d(location / unit)
            y = abs(y)
            _derivatives(y, alpha, cells, tail, one)
            p[0] += one[0]
            p[1] += one[1]
            p[2] -= y * one[3]
            p[3] += side * one[3]
            p[4] += one[2]
            p[5] -= y * one[5]
            p[6] += side * one[5]
            p[7] += y * (one[3] + y * one[4])
            p[8] -= side * (one[3] + y * one[4])
            p[9] += side * side * one[4]
        count = counts[i]
        n += count
        inverse = 1.0 / p[0]
        by_alpha, by_scale, by_location = p[1] * inverse, p[2] * inverse, p[3] * inverse
        total[0] += count * np.log(p[0])
        total[1] += count * by_alpha
        total[2] += count * by_scale
        total[3] += count * by_location
        total[4] += count * (p[4] * inverse - by_alpha * by_alpha)
        total[5] += count * (p[5] * inverse - by_alpha * by_scale)
        total[6] += count * (p[6] * inverse - by_alpha * by_location)
        total[7] += count * (p[7] * inverse - by_scale * by_scale)
        total[8] += count * (p[8] * inverse - by_scale * by_location)
        total[9] += count * (p[9] * inverse - by_location * by_location)
    total[0] -= n * np.log(scale * nodes.shape[1])
    total[2] -= n
