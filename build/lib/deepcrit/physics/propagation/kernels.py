"""Compiled inner loops of propagation, all in one file.

Numba's cache on disk notices a change of the file a function stands in and not of the files it calls into, so that
everything that is compiled together stands together.

Normals: annealed and network simulations spend their time on them, and here every loop is written so that the
compiler vectorises it, several times faster than a scalar ziggurat. xoshiro128++ (Blackman and Vigna 2021) runs in
independent lanes; Box and Muller (1958) needs one logarithm, one square root, one sine and one cosine for two
variates, all by series on a reduced argument.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.compiled import njit

_ZERO = np.float32(0.0)
_QUARTER = np.float32(0.25)
_HALF = np.float32(0.5)
_ONE = np.float32(1.0)
_TWO = np.float32(2.0)
LANES = 256
BATCH = 2 * LANES  # variates made at once
_LN2 = np.float32(math.log(2.0))
_SQRT_HALF_BITS = np.int32(np.float32(math.sqrt(0.5)).view(np.int32))
_UNIT = np.float32(2.0**-32)
# Taylor coefficients: sin(pi y) / y and cos(pi y) in y^2 on |y| <= 1/2, 2 atanh(s) / s in s^2 on |s| <= 0.172
_S = [np.float32((-1) ** k * math.pi ** (2 * k + 1) / math.factorial(2 * k + 1)) for k in range(7)]
_C = [np.float32((-1) ** k * math.pi ** (2 * k) / math.factorial(2 * k)) for k in range(7)]
_L = [np.float32(2.0 / (2 * k + 1)) for k in range(5)]
_S0, _S1, _S2, _S3, _S4, _S5, _S6 = _S
_C0, _C1, _C2, _C3, _C4, _C5, _C6 = _C
_L0, _L1, _L2, _L3, _L4 = _L
CODES = {"tanh": 0, "relu": 1, "linear": 2}  # activations as compiled code knows them
_TANH = CODES["tanh"]
_RELU = CODES["relu"]
_SATURATED = np.float32(9.0)  # tanh(9) is 1 in single precision
# Lambert's continued fraction for tanh, convergent of order 8
_P0, _P1, _P2, _P3 = (np.float32(c) for c in (2027025.0, 270270.0, 6930.0, 36.0))
_Q0, _Q1, _Q2, _Q3 = (np.float32(c) for c in (2027025.0, 945945.0, 51975.0, 630.0))


def lane_states(rng: np.random.Generator) -> NDArray[np.uint32]:
    """Independent non-zero xoshiro128++ states, shape (4, LANES), for :func:`fill_normals`."""
    states = rng.integers(0, 2**32, size=(4, LANES), dtype=np.uint32)
    states[0] |= np.uint32(1)
    return states


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def fill_normals(states: NDArray[np.uint32], out: NDArray[np.float32]) -> None:
    """Fill ``out``, whose length is a multiple of BATCH, with independent N(0, 1); advances ``states``."""
    uniform = np.empty(LANES, np.float32)
    uniform_bits = uniform.view(np.int32)
    turn = np.empty(LANES, np.float32)
    exponent = np.empty(LANES, np.float32)
    mantissa_bits = np.empty(LANES, np.int32)
    mantissa = mantissa_bits.view(np.float32)
    radius = np.empty(LANES, np.float32)
    cosines = np.empty(LANES, np.float32)
    sines = np.empty(LANES, np.float32)
    for begin in range(0, out.size, BATCH):
        _fill_uniform(states, uniform)
        _fill_uniform(states, turn)
        for i in range(LANES):
            # u = 2^e m with m in [sqrt(1/2), sqrt(2))
            e = np.int32(np.int32(uniform_bits[i] - _SQRT_HALF_BITS) >> np.int32(23))
            exponent[i] = np.float32(e)
            mantissa_bits[i] = np.int32(uniform_bits[i] - np.int32(e << np.int32(23)))
        for i in range(LANES):
            s = (mantissa[i] - _ONE) / (mantissa[i] + _ONE)
            s2 = s * s
            log_u = exponent[i] * _LN2 + s * (_L0 + s2 * (_L1 + s2 * (_L2 + s2 * (_L3 + s2 * _L4))))
            radius[i] = np.sqrt(abs(_TWO * log_u))
        for i in range(LANES):
            # the angle is 2 pi y, y in [-1/2, 1/2]; sine and cosine of its half
            y = turn[i] - _HALF
            y2 = y * y
            sine = y * (_S0 + y2 * (_S1 + y2 * (_S2 + y2 * (_S3 + y2 * (_S4 + y2 * (_S5 + y2 * _S6))))))
            cosine = _C0 + y2 * (_C1 + y2 * (_C2 + y2 * (_C3 + y2 * (_C4 + y2 * (_C5 + y2 * _C6)))))
            cosines[i] = radius[i] * (_ONE - _TWO * sine * sine)
            sines[i] = radius[i] * (_TWO * sine * cosine)
        out[begin : begin + LANES] = cosines
        out[begin + LANES : begin + BATCH] = sines


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def _fill_uniform(states: NDArray[np.uint32], out: NDArray[np.float32]) -> None:
    """Uniforms in (0, 1], one per lane."""
    for i in range(LANES):
        s0, s1, s2, s3 = states[0, i], states[1, i], states[2, i], states[3, i]
        total = np.uint32(s0 + s3)
        result = np.uint32((total << np.uint32(7)) | (total >> np.uint32(25))) + s0
        t = np.uint32(s1 << np.uint32(9))
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= t
        s3 = np.uint32((s3 << np.uint32(11)) | (s3 >> np.uint32(21)))
        states[0, i], states[1, i], states[2, i], states[3, i] = s0, s1, s2, s3
        out[i] = (np.float32(np.uint32(result)) + _HALF) * _UNIT


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy", inline="always")
def _tanh(x: np.float32) -> np.float32:
    """tanh to a few units in the last place, small arguments included: tanh(x / 4), doubled twice."""
    y = _QUARTER * min(max(x, -_SATURATED), _SATURATED)
    y2 = y * y
    t = y * (_P0 + y2 * (_P1 + y2 * (_P2 + y2 * _P3))) / (_Q0 + y2 * (_Q1 + y2 * (_Q2 + y2 * (_Q3 + y2))))
    t = _TWO * t / (_ONE + t * t)
    return _TWO * t / (_ONE + t * t)


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def mean_square(z: NDArray[np.float32]) -> float:
    """Mean of z^2 over one layer."""
    total = _ZERO
    for i in range(z.size):
        total += z[i] * z[i]
    return float(total / z.size)


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def mean_square_activity(code: int, z: NDArray[np.float32], scale: np.float32) -> float:
    """Mean of phi(scale z)^2 over one layer; ``code`` is from ``CODES``."""
    total = _ZERO
    if code == _TANH:
        for i in range(z.size):
            y = _tanh(scale * z[i])
            total += y * y
    elif code == _RELU:
        for i in range(z.size):
            y = max(scale * z[i], _ZERO)
            total += y * y
    else:
        for i in range(z.size):
            y = scale * z[i]
            total += y * y
    return float(total / z.size)


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def activate(code: int, z: NDArray[np.float32]) -> None:
    """Replace z, of any shape flattened to one dimension, by phi(z)."""
    if code == _TANH:
        for i in range(z.size):
            z[i] = _tanh(z[i])
    elif code == _RELU:
        for i in range(z.size):
            z[i] = max(z[i], _ZERO)


@njit(cache=True, nogil=True)
def _add_profile(
    layers: int,
    shortest: int,
    excess: NDArray[np.float64],
    offsets: NDArray[np.int64],
    profile_count: NDArray[np.int64],
    profile_sum: NDArray[np.float64],
) -> None:
    """Add the excess at layers 1..layers to the packed sums of avalanches of that duration."""
    profile_count[layers - shortest] += 1
    start = offsets[layers - shortest]
    for layer in range(layers):
        profile_sum[start + layer] += excess[layer + 1]


@njit(cache=True, nogil=True, fastmath=False)
def run_radial(
    rng: np.random.Generator,
    width: int,
    depth: int,
    weight_variance: float,
    bias_variance: float,
    threshold: float,
    ratio: NDArray[np.float64],
    relative_deviation: NDArray[np.float64],
    launched: int,
    duration: NDArray[np.int32],
    size: NDArray[np.float64],
    censored: NDArray[np.bool_],
    shortest: int,
    longest: int,
    offsets: NDArray[np.int64],
    profile_count: NDArray[np.int64],
    profile_sum: NDArray[np.float64],
) -> int:
    """Fill duration, size and censored for the avalanches that start; return how many did."""
    # chi^2_N / N as a gamma variate, by Marsaglia and Tsang (2000): shape N/2, scale 2/N
    gamma_d = 0.5 * width - 1.0 / 3.0
    gamma_c = 1.0 / np.sqrt(9.0 * gamma_d)
    gamma_scale = 2.0 * gamma_d / width
    cells = ratio.size
    root_width = np.sqrt(width)
    q_threshold = threshold * threshold
    excess = np.empty(longest + 1)
    started = 0
    for _ in range(launched):
        q = q_threshold
        total = 0.0
        layer = 0
        while layer < depth:
            position = q / (1.0 + q) * cells
            cell = min(int(position), cells - 2)
            fraction = position - cell
            mean_square = q * (ratio[cell] + fraction * (ratio[cell + 1] - ratio[cell]))
            a = relative_deviation[cell] + fraction * (relative_deviation[cell + 1] - relative_deviation[cell])
            factor = 1.0 + a * rng.standard_normal()
            v = weight_variance * mean_square * factor * factor / (1.0 + a * a) + bias_variance
            while True:
                x = rng.standard_normal()
                cube = 1.0 + gamma_c * x
                if cube <= 0.0:
                    continue
                cube = cube * cube * cube
                u = rng.random()
                if u < 1.0 - 0.0331 * x * x * x * x:
                    break
                if np.log(u) < 0.5 * x * x + gamma_d * (1.0 - cube + np.log(cube)):
                    break
            q = v * gamma_scale * cube
            if q < q_threshold:
                break
            layer += 1
            above = root_width * (np.sqrt(q) - threshold)
            total += above
            if layer <= longest:
                excess[layer] = above
        if layer > 0:
            duration[started] = layer
            size[started] = total
            censored[started] = layer == depth
            started += 1
            if layer < depth and shortest <= layer <= longest:
                _add_profile(layer, shortest, excess, offsets, profile_count, profile_sum)
    return started


@njit(cache=True, nogil=True)
def run_annealed(
    states: NDArray[np.uint32],
    normals: NDArray[np.float32],
    width: int,
    depth: int,
    weight_variance: float,
    bias_variance: float,
    threshold: float,
    code: int,
    launched: int,
    duration: NDArray[np.int32],
    size: NDArray[np.float64],
    censored: NDArray[np.bool_],
    shortest: int,
    longest: int,
    offsets: NDArray[np.int64],
    profile_count: NDArray[np.int64],
    profile_sum: NDArray[np.float64],
) -> int:
    """Fill duration, size and censored for the avalanches that start; return how many did."""
    root_width = np.sqrt(width)
    q_threshold = threshold * threshold
    excess = np.empty(longest + 1)
    used = normals.size
    started = 0
    for _ in range(launched):
        if used + width > normals.size:
            fill_normals(states, normals)
            used = 0
        g = normals[used : used + width]
        used += width
        # the input: a uniform direction at the input strength
        scale = threshold / np.sqrt(mean_square(g))
        total = 0.0
        layer = 0
        while layer < depth:
            v = weight_variance * mean_square_activity(code, g, np.float32(scale)) + bias_variance
            if used + width > normals.size:
                fill_normals(states, normals)
                used = 0
            g = normals[used : used + width]
            used += width
            q = v * mean_square(g)
            if q < q_threshold:
                break
            layer += 1
            scale = np.sqrt(v)
            above = root_width * (np.sqrt(q) - threshold)
            total += above
            if layer <= longest:
                excess[layer] = above
        if layer > 0:
            duration[started] = layer
            size[started] = total
            censored[started] = layer == depth
            started += 1
            if layer < depth and shortest <= layer <= longest:
                _add_profile(layer, shortest, excess, offsets, profile_count, profile_sum)
    return started
