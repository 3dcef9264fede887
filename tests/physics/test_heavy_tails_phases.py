"""Phases and multifractality of heavy-tailed networks: known limits, known vectors, refusals."""

import math

import mpmath
import numpy as np
import pytest

from deepcrit.physics.heavytails import (
    HeavyTailsError,
    PhaseColumn,
    Spectrum,
    delocalised_dimensions,
    dimension_spectrum,
    dimensions,
    jacobian_averages,
    phase_column,
    random_jacobian,
    right_eigenvectors,
    stable_dimensions,
    stable_vectors,
)
from deepcrit.stats import stable

GAINS = np.arange(1, 31) / 10


@pytest.fixture(scope="module")
def columns() -> dict[float, PhaseColumn]:
    return {alpha: phase_column(alpha, GAINS) for alpha in (1.2, 1.5, 1.9, 2.0)}


def test_gaussian_networks_are_best_at_the_edge(columns: dict[float, PhaseColumn]) -> None:
    """At alpha = 2, E f(|z|) is largest at g = 1 whatever the reading, so that nothing beats the classical point."""
    column = columns[2.0]
    for radii in ("all", "clipped"):
        assert GAINS[column.averages.values["shifted", radii][0].argmax()] == 1
        for family in ("log", "shifted"):
            np.testing.assert_array_equal(column.upper_gains(family, radii, "radius"), 1)
            assert not column.largest_power(family, radii, "radius").any()


def test_averages_below_the_edge_are_those_of_the_circle(columns: dict[float, PhaseColumn]) -> None:
    """At alpha = 2 and g < 1, E(|z| - 2) = 2 g/3 - 2 and E ln |z| = ln g - 1/2."""
    below = GAINS < 1
    values = columns[2.0].averages.values
    np.testing.assert_allclose(values["shifted", "all"][0][below], 2 * GAINS[below] / 3 - 2, rtol=1e-8)
    np.testing.assert_allclose(values["log", "all"][0][below], np.log(GAINS[below]) - 0.5, rtol=1e-7)


def test_columns_hold_the_averages_of_spectra(columns: dict[float, PhaseColumn]) -> None:
    """Row, column and window are in their places."""
    spectrum = Spectrum(1.5, 1.7)
    at, values = 16, columns[1.5].averages.values
    assert values["shifted", "all"][1, at] == pytest.approx(spectrum.shifted_averages([11])[0], rel=1e-9)
    window = spectrum.log_averages([3], 0.01, spectrum.characteristic_radius)[0]
    assert values["log", "window"][2, at] == pytest.approx(window, rel=1e-9)
    assert columns[1.5].averages.median[at] == spectrum.median


def test_boundaries(columns: dict[float, PhaseColumn]) -> None:
    """With eigenvalues beyond the window counted at its ends, the region shrinks with L and towards alpha = 2.

    At each boundary the average is that of the ordered line, a little inside it is above.
    """
    for alpha in (1.2, 1.9):
        for family in ("log", "shifted"):
            upper = columns[alpha].upper_gains(family, "clipped", "fixed_point")
            line = columns[alpha].lines["fixed_point"]
            finite = upper[(upper > line) & np.isfinite(upper)]
            assert finite.size >= 3
            assert (np.diff(finite) < 0).all()
    column = columns[1.5]
    gain = column.upper_gains("shifted", "clipped", "fixed_point", 1e-9)[1]
    found = jacobian_averages(1.5, [gain - 0.05, gain], shifted_powers=(11,)).values["shifted", "clipped"][0]
    aim = column.at_line["fixed_point"].values["shifted", "clipped"][1, 0]
    assert found[1] == pytest.approx(aim, rel=1e-6)
    assert found[0] > aim
    widths = [columns[a].upper_gains("log", "clipped", "radius")[1] - columns[a].lines["radius"] for a in columns]
    assert (np.diff(widths) < 0).all()


def test_colours_agree_with_boundaries(columns: dict[float, PhaseColumn]) -> None:
    """A gain is coloured L exactly if it lies below the boundary of L, and of all smaller powers, above the line."""
    column = columns[1.5]
    upper = column.upper_gains("log", "clipped", "radius")
    colours = column.largest_power("log", "clipped", "radius")
    for gain, colour in zip(GAINS, colours, strict=True):
        expected = int((gain < upper).sum()) if gain > column.lines["radius"] else 0
        assert colour == expected


def test_logarithms_have_no_phases_of_their_own(columns: dict[float, PhaseColumn]) -> None:
    """Over all radii, f1 with L >= alpha is -inf on and off the line: no comparison, no colour above L = 1."""
    column = columns[1.5]
    assert np.isnan(column.excess("log", "all", "radius")[1:]).all()
    assert np.isnan(column.upper_gains("log", "all", "radius")[1:]).all()
    assert set(column.largest_power("log", "all", "radius")) == {0, 1}


def test_grids_that_do_not_straddle_are_refused() -> None:
    """The line, where it is, and the grid are named."""
    with pytest.raises(
        HeavyTailsError, match=r"found 1 to 2 at alpha = 1.5, expected a grid that straddles .* at 0.761"
    ):
        phase_column(1.5, [1.0, 2.0])
    with pytest.raises(HeavyTailsError, match="gains: found a grid that does not increase"):
        phase_column(1.5, [2.0, 1.0])
    with pytest.raises(stable.StableError, match=r"alpha: found 0\.5, expected at least 1"):
        phase_column(0.5, [0.1, 3.0])
    with pytest.raises(HeavyTailsError, match="family: found 'other'"):
        phase_column(1.5, [0.1, 3.0], (1,), (1,)).excess("other", "all", "radius")


def test_dimensions_of_known_vectors() -> None:
    """Zero of one entry, one of equal moduli, ln k/ln N of k equal ones; the norm does not matter."""
    size = 256
    localised, partial = np.zeros(size), np.zeros(size)
    localised[3], partial[:16] = 5, 1e-200
    uniform = 7 * np.exp(1j * np.arange(size))
    found = dimensions(np.stack([localised, partial, uniform], axis=1), np.append(np.linspace(0, 2, 50), 1.0))
    np.testing.assert_allclose(found, np.tile([0.0, 0.5, 1.0], (51, 1)), atol=1e-12)


def test_smallest_entries_count() -> None:
    """An entry whose square is no float is a neuron all the same at q = 0, and weighs nothing at q >= 1/2."""
    v = np.array([[1.0], [1.0], [1e-300], [0.0]])
    np.testing.assert_allclose(dimensions(v, [0.0, 0.5, 1.0, 2.0])[:, 0], [math.log(3) / math.log(4), 0.5, 0.5, 0.5])


def test_dimensions_are_continuous_at_one() -> None:
    """The limit is the entropy -sum p ln p/ln N, and values beside it lie beside it; q = 2 is the usual ratio."""
    v = np.random.default_rng(1).normal(size=(300, 4))
    below, at, above, second = dimensions(v, [1 - 1e-9, 1, 1 + 1e-9, 2])
    p = v**2 / (v**2).sum(axis=0)
    np.testing.assert_allclose(at, -(p * np.log(p)).sum(axis=0) / math.log(300), rtol=1e-12)
    np.testing.assert_allclose((below + above) / 2, at, rtol=1e-7)
    assert (below > above).all()
    inner, outer = dimensions(v, [1.1 - 1e-9, 1.1 + 1e-9])
    np.testing.assert_allclose(inner, outer, rtol=1e-7)
    np.testing.assert_allclose(second, -np.log((p**2).sum(axis=0)) / math.log(300), rtol=1e-12)


@pytest.mark.parametrize("complex_entries", [False, True])
def test_gaussian_vectors_have_the_dimensions_of_the_nulls(complex_entries: bool) -> None:
    """Two hundred Gaussian vectors of N = 2000, within 0.002 at all q; the printed forms at q = 2; the limit at 1."""
    rng = np.random.default_rng(3)
    v = rng.normal(size=(2000, 200)) + (1j * rng.normal(size=(2000, 200)) if complex_entries else 0)
    powers = np.append(np.linspace(0, 2, 11), 1.0)
    null = delocalised_dimensions(2000, complex_entries, powers)
    np.testing.assert_allclose(dimensions(v, powers).mean(axis=1), null, atol=2e-3)
    second = delocalised_dimensions(784, complex_entries, [2.0])[0]
    assert second == pytest.approx(1 - math.log(2 if complex_entries else 3) / math.log(784))
    around = delocalised_dimensions(784, complex_entries, [1 - 1e-5, 1.0, 1 + 1e-5])
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, abs=1e-9)


def test_eigenvectors_of_random_matrices() -> None:
    """Of Gaussian W they are delocalised complex vectors, within 0.02; heavy tails make D_2 smaller and wider."""
    rng = np.random.default_rng(5)
    gaussian = dimension_spectrum(rng.normal(size=(300, 300)), [2.0])
    assert gaussian.mean[0] == pytest.approx(delocalised_dimensions(300, True, [2.0])[0], abs=0.02)
    heavy = dimension_spectrum(random_jacobian(rng, 300, 1.2, 1.5), [2.0])
    assert heavy.mean[0] < gaussian.mean[0] - 0.2
    assert heavy.spread[0] > 2 * gaussian.spread[0]
    assert (heavy.size, heavy.vectors) == (300, 300)


def test_saturated_neurons_do_not_swallow_eigenvectors() -> None:
    """With saturated neurons D_q is that of eigenvectors found with 60 digits, where numpy alone has zero."""
    jacobian = random_jacobian(np.random.default_rng(3), 24, 1.2, 3.0)
    with mpmath.workdps(60):
        vectors = mpmath.eig(mpmath.matrix(jacobian.tolist()))[1]
        exact = np.array([[complex(vectors[row, column]) for column in range(24)] for row in range(24)])
    powers = [0.25, 1.0, 2.0]
    truth = dimensions(exact, powers).mean(axis=1)
    assert truth[-1] > 0.3
    np.testing.assert_allclose(dimension_spectrum(jacobian, powers).mean, truth, atol=0.02)
    found, ours = right_eigenvectors(jacobian)
    large = np.abs(found) > 1e-10
    np.testing.assert_allclose(jacobian @ ours[:, large], found[large] * ours[:, large], atol=1e-10)


def test_stable_vectors_have_the_dimensions_of_their_limit() -> None:
    """Slopes of ln IPR_q in ln N are those of the closed form: intermediate below q = alpha/2, zero beyond."""
    rng, alpha, powers, sizes = np.random.default_rng(3), 1.2, [0.25, 0.4, 2.0], (1_000, 30_000)
    log_ratios = []
    for size in sizes:
        found = dimensions(stable_vectors(rng, size, 60, alpha), powers).mean(axis=1)
        log_ratios.append(found * math.log(size))
    slopes = (log_ratios[1] - log_ratios[0]) / math.log(sizes[1] / sizes[0])
    np.testing.assert_allclose(slopes, stable_dimensions(alpha, powers), atol=0.07)
    np.testing.assert_allclose(stable_dimensions(2.0, powers), 1.0)
    np.testing.assert_allclose(stable_dimensions(1.0, [0.0, 0.25, 0.5, 1.0]), [1.0, 2 / 3, 0.0, 0.0])


def test_stable_vectors_keep_their_participation_ratio() -> None:
    """The mean of sum |v|^4/(sum |v|^2)^2 tends to 1 - alpha/2, an exact result for tails of that index."""
    rng, alpha = np.random.default_rng(4), 1.2
    found = dimensions(stable_vectors(rng, 500, 3000, alpha), [2.0])[0]
    ratios = 500.0**-found
    assert ratios.mean() == pytest.approx(1 - alpha / 2, abs=4 * ratios.std() / math.sqrt(ratios.size))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dimensions(np.ones(4)), "vectors: found shape"),
        (lambda: dimensions(np.zeros((4, 1))), "vectors: found one that is zero"),
        (lambda: dimensions(np.ones((4, 1)), [-1.0]), "powers: found"),
        (lambda: dimension_spectrum(np.ones((4, 3))), "matrix: found shape"),
        (lambda: dimension_spectrum(np.full((4, 4), np.nan)), "matrix: found entries"),
        (lambda: delocalised_dimensions(1, True), "size: found 1"),
    ],
)
def test_refusals_name_what_was_found(call, message: str) -> None:  # type: ignore[no-untyped-def]
    """Vectors and matrices without dimensions are refused by name."""
    with pytest.raises(HeavyTailsError, match=message):
        call()
