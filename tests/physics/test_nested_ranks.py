"""Rank correlations over networks in cells: partial ones against least squares, intervals and nulls against truth."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import pearsonr, rankdata, spearmanr

from deepcrit.stats.nested_ranks import NestedNetworks, partial_correlation


def spearman_of_normals(correlation: float) -> float:
    """Spearman's correlation of two normal variables in closed form."""
    return 6 / np.pi * np.arcsin(correlation / 2)


def nested(rng: np.random.Generator, cells: int, each: int, between: float, within: float) -> np.ndarray:
    """Two normal variables, correlated between cells (variance 1) and within them (variance 1/4), shape (2, n)."""

    def normals(correlation: float, shape: tuple[int, ...]) -> np.ndarray:
        return rng.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], shape)

    values = normals(between, (cells,))[:, None] + 0.5 * normals(within, (cells, each))
    return values.reshape(-1, 2).T


def test_partial_correlations_are_those_of_residuals() -> None:
    """The correlation of residuals of statsmodels' least squares on several controls, one of which repeats another."""
    rng = np.random.default_rng(1)
    x, y, *controls = rng.standard_normal((5, 60)) + rng.standard_normal(60)
    controls = np.array([*controls, 2 * controls[0] - 1])
    design = sm.add_constant(controls[:3].T)
    expected = pearsonr(*(sm.OLS(values, design).fit().resid for values in (x, y))).statistic
    assert partial_correlation(x, y, controls) == pytest.approx(expected, abs=1e-12)
    rows = partial_correlation(np.stack([x, y]), np.stack([y, y]), np.stack([controls, controls]))
    np.testing.assert_allclose(rows, [expected, 1.0], atol=1e-12)
    assert partial_correlation(x, y, np.empty((0, 60))) == pytest.approx(pearsonr(x, y).statistic)
    # what the controls say whole leaves nothing, and no rounding
    assert np.isnan(partial_correlation(controls[0] + controls[1], y, controls))


def test_partial_rank_correlations_of_normals() -> None:
    """With one control they follow from three of Spearman's correlations, which are known of normal variables."""
    matrix = np.array([[1.0, 0.5, 0.7], [0.5, 1.0, 0.6], [0.7, 0.6, 1.0]])
    x, y, z = np.random.default_rng(2).multivariate_normal(np.zeros(3), matrix, 40000).T
    networks = NestedNetworks(np.repeat(np.arange(20000), 2), np.random.default_rng(3), 1)
    xy, xz, yz = (spearman_of_normals(value) for value in (0.5, 0.7, 0.6))
    expected = (xy - xz * yz) / np.sqrt((1 - xz**2) * (1 - yz**2))
    assert networks.controlled(x, y, [z]).value == pytest.approx(expected, abs=0.02)
    assert networks.correlation(x, y).value == pytest.approx(spearmanr(x, y).statistic, abs=1e-12)


def test_order_of_networks_does_not_matter_and_ties_share_ranks() -> None:
    """Cells may be listed in any order; values are Spearman's with ties; within cells, of ranks of each cell."""
    rng = np.random.default_rng(4)
    x, y = np.round(nested(rng, 8, 3, 0.5, 0.5), 1)
    z, cells = rng.random(24), np.repeat(np.arange(8), 3)
    ordered = NestedNetworks(cells, np.random.default_rng(5), 200)
    places = rng.permutation(24)
    mixed = NestedNetworks(cells[places], np.random.default_rng(5), 200)
    for method, others in (("correlation", ()), ("within", ()), ("controlled", (z[None],))):
        found = getattr(ordered, method)(x, y, *others)
        again = getattr(mixed, method)(x[places], y[places], *(values[:, places] for values in others))
        assert found.value == pytest.approx(again.value)
        assert found.ci_low < found.value < found.ci_high
        assert found.null_low < 0 < found.null_high
    ranks = [np.concatenate([rankdata(of) - 2 for of in values.reshape(8, 3)]) for values in (x, y)]
    assert ordered.within(x, y).value == pytest.approx(pearsonr(*ranks).statistic)


def test_intervals_cover_and_nulls_keep_their_level() -> None:
    """Over all networks and within cells the 95% interval holds the truth in 88 to 100 of 100 populations.

    Networks that are taken for independent points would have it in far fewer. Without a relation between cells and
    within them, a p-value below 0.1 comes in 10% of populations.
    """
    cells, hits, naive, levels = np.repeat(np.arange(30), 4), np.zeros(2), 0, []
    large = nested(np.random.default_rng(6), 20000, 4, 0.6, 0.3)
    inner = NestedNetworks(np.repeat(np.arange(20000), 4), np.random.default_rng(7), 1).within(*large).value
    truth = np.array([spearman_of_normals((0.6 + 0.3 / 4) / 1.25), inner])
    for draw in range(100):
        rng = np.random.default_rng(100 + draw)
        x, y = nested(rng, 30, 4, 0.6, 0.3)
        networks = NestedNetworks(cells, rng, 200)
        found = [networks.correlation(x, y), networks.within(x, y)]
        hits += [one.ci_low < value < one.ci_high for one, value in zip(found, truth, strict=True)]
        single = spearmanr(x, y).statistic
        naive += abs(np.arctanh(single) - np.arctanh(truth[0])) < 1.96 * np.sqrt((1 + single**2 / 2) / (x.size - 3))
        x, y = nested(rng, 30, 4, 0.0, 0.0)
        levels.append([networks.correlation(x, y).p_value, networks.within(x, y).p_value])
    assert ((hits >= 88) & (hits <= 100)).all()
    assert naive < 80
    share = (np.array(levels) < 0.1).mean(axis=0)
    assert ((share > 0.02) & (share < 0.19)).all()


def test_what_does_not_vary_has_no_correlation() -> None:
    """NaN throughout, for one side that is the same everywhere, or that the control repeats."""
    networks = NestedNetworks([0, 0, 1, 1], np.random.default_rng(8), 50)
    x = np.array([1.0, 2.0, 3.0, 4.0])
    assert np.isnan(networks.correlation(x, np.ones(4))).all()
    assert np.isnan(networks.controlled(x, x[::-1], [np.exp(x)])).all()
    assert np.isnan(networks.within(x, np.array([1.0, 1.0, 2.0, 2.0]))).all()


@pytest.mark.parametrize("cells", [[0, 0, 0], [0, 0, 1], [0, 1, 2]])
def test_cells_have_as_many_networks_each(cells: list[int]) -> None:
    """One cell, cells of several sizes, and cells of one network cannot be resampled and exchanged."""
    with pytest.raises(ValueError, match="expected two or more of as many networks each"):
        NestedNetworks(cells, np.random.default_rng(1), 10)
