"""Graphs of correlated neurons: against networkx, sums written out, and what is known exactly."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepcrit.experiments.correlation_graphs.measured import (
    batch_edges,
    histogram_rows,
    log_probabilities,
    prediction_entropy,
)
from deepcrit.graphs.cliques import maximal_cliques
from deepcrit.graphs.correlations import explained_variance, pearson_correlations, spectral_exponent, spectral_order
from deepcrit.graphs.measures import (
    component_sizes,
    forman_ricci_curvature,
    forman_ricci_entropy,
    graph_measures,
    percolation_susceptibility,
    thresholded,
)
from deepcrit.training.activities import activities_of
from deepcrit.training.initial import scaled_parameters


def random_edges(vertices: int, share: float, seed: int) -> np.ndarray:
    """A random graph, as a symmetric matrix."""
    upper = np.triu(np.random.default_rng(seed).random((vertices, vertices)) < share, 1)
    return upper | upper.T


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 25), st.floats(0.0, 1.0), st.integers(0, 1000))
def test_measures_are_those_of_networkx(vertices: int, share: float, seed: int) -> None:
    """Components, cliques of two or more, and Forman's curvature edge by edge, of graphs from empty to complete."""
    edges = random_edges(vertices, share, seed)
    graph = networkx.from_numpy_array(edges)
    expected = sorted(map(len, networkx.connected_components(graph)), reverse=True)
    assert component_sizes(edges).tolist() == expected
    cliques = {frozenset(members) for members in networkx.find_cliques(graph) if len(members) > 1}
    found = maximal_cliques(edges, 100_000)
    assert {frozenset(members) for members in found.members} == cliques
    assert len(found.members) == len(cliques)
    assert not found.bounded
    curvature = sorted(4 - graph.degree[u] - graph.degree[v] for u, v in graph.edges)
    assert sorted(forman_ricci_curvature(edges).tolist()) == curvature


def test_forman_curvature_is_that_of_the_combinatorial_definition() -> None:
    """On a graph as a complex of one dimension: 2 less the edges that are parallel to it, those at either end."""
    edges = random_edges(12, 0.4, 3)
    pairs = [tuple(pair) for pair in np.argwhere(np.triu(edges))]
    expected = [2 - sum(len({*one} & {*other}) == 1 for other in pairs) for one in pairs]
    assert forman_ricci_curvature(edges).tolist() == expected


def test_forman_curvature_is_that_of_graph_ricci_curvature() -> None:
    """Edge by edge, where that package is installed: it asks for a scipy that is older than ours."""
    peer = pytest.importorskip("GraphRicciCurvature.FormanRicci")
    edges = random_edges(30, 0.3, 4)
    found = peer.FormanRicci(networkx.from_numpy_array(edges), method="1d")
    found.compute_ricci_curvature()
    u, v = np.nonzero(np.triu(edges))
    expected = [found.G[one][other]["formanCurvature"] for one, other in zip(u.tolist(), v.tolist(), strict=True)]
    assert forman_ricci_curvature(edges).tolist() == expected


def test_entropies_of_curvature_that_are_known() -> None:
    """A ring has one curvature; stars of two and three arms have two, of shares 2/5 and 3/5; no edge, none."""
    ring = networkx.to_numpy_array(networkx.cycle_graph(9)) > 0
    assert forman_ricci_entropy(ring) == 0.0
    stars = networkx.disjoint_union(networkx.star_graph(2), networkx.star_graph(3))
    expected = -(0.4 * np.log(0.4) + 0.6 * np.log(0.6))
    assert forman_ricci_entropy(networkx.to_numpy_array(stars) > 0) == pytest.approx(expected, rel=1e-14)
    assert forman_ricci_entropy(np.zeros((5, 5), bool)) == 0.0
    assert forman_ricci_curvature(np.zeros((5, 5), bool)).size == 0


def test_susceptibility_leaves_the_largest_component_out() -> None:
    """Components of 5, 3 and 1 vertices have (9 + 1) / 9; a connected graph none; single vertices (M - 1) / M."""
    assert percolation_susceptibility(np.array([5, 3, 1])) == pytest.approx(10 / 9)
    assert percolation_susceptibility(np.array([7])) == 0.0
    assert percolation_susceptibility(np.ones(4, np.int64)) == pytest.approx(3 / 4)


def test_susceptibility_peaks_where_random_graphs_percolate() -> None:
    """Of 2,000 vertices with mean degree c it is 1 / (1 - c) below the transition, and highest near c = 1."""
    vertices = 2000
    mean = {}
    for degree in (0.5, 1.0, 2.0):
        found = [
            percolation_susceptibility(component_sizes(random_edges(vertices, degree / vertices, seed)))
            for seed in range(8)
        ]
        mean[degree] = float(np.mean(found))
    assert mean[0.5] == pytest.approx(2.0, rel=0.1)
    assert mean[1.0] > 3.0 * max(mean[0.5], mean[2.0])


def test_correlations_are_numpys_and_silent_neurons_have_none() -> None:
    """Where all neurons speak numpy's matrix; rows of silent ones are zero, whatever their one activity, and finite."""
    activities = np.random.default_rng(1).standard_normal((50, 6))
    found = pearson_correlations(activities)
    np.testing.assert_allclose(found.matrix, np.corrcoef(activities.T), atol=1e-14)
    assert found.norm == pytest.approx(np.linalg.norm(np.corrcoef(activities.T)))
    activities[:, 2], activities[:, 4] = 0.0, 0.1
    found = pearson_correlations(activities)
    assert found.silent.tolist() == [False, False, True, False, True, False]
    assert not found.matrix[[2, 4]].any()
    assert not found.matrix[:, [2, 4]].any()
    assert np.isfinite(found.matrix).all()
    spoken = np.ix_([0, 1, 3, 5], [0, 1, 3, 5])
    np.testing.assert_allclose(found.matrix[spoken], np.corrcoef(activities[:, [0, 1, 3, 5]].T), atol=1e-14)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 12), st.integers(0, 1000), st.sampled_from([1e-160, 1.0, 1e100]))
def test_the_norm_lies_between_its_bounds(neurons: int, seed: int, scale: float) -> None:
    """Between the root of M and M, whatever the scale of activities: its exponent of M cannot exceed one."""
    activities = scale * np.random.default_rng(seed).standard_normal((20, neurons))
    norm = pearson_correlations(activities).norm
    assert np.sqrt(neurons) - 1e-9 <= norm <= neurons + 1e-9


def test_impossible_activities_are_refused() -> None:
    """One image has no correlation, and what is not finite none either: both are named."""
    with pytest.raises(ValueError, match="found 1 images"):
        pearson_correlations(np.zeros((1, 3)))
    with pytest.raises(ValueError, match="not finite"):
        pearson_correlations(np.array([[0.0, np.nan], [1.0, 2.0]]))


def test_thresholds_count_signs_as_they_are_told() -> None:
    """Negative correlations are edges by size and none by sign; nothing has an edge to itself; at one there is none."""
    matrix = np.array([[1.0, -0.7, 0.5], [-0.7, 1.0, 0.2], [0.5, 0.2, 1.0]])
    assert np.argwhere(np.triu(thresholded(matrix, 0.5))).tolist() == [[0, 1], [0, 2]]
    assert np.argwhere(np.triu(thresholded(matrix, 0.5, signed=True))).tolist() == [[0, 2]]
    assert not thresholded(np.ones((3, 3)), 1.0).any()


def test_a_graph_without_an_edge_and_a_lone_neuron_have_finite_measures() -> None:
    """No measure of a graph without edges is missing, and no histogram of it fails."""
    row = graph_measures(np.eye(4), 0.5, False)
    assert row["edges"] == row["survival"] == row["mean_degree"] == row["curvature_entropy"] == 0
    assert (row["largest_component"], row["components"], row["susceptibility"]) == (1, 4, 0.75)
    told = histogram_rows(np.eye(4), np.ones(4), 0.5, 10)
    assert told["quantity"].tolist() == ["component_size"]


def test_cliques_beyond_the_bound_are_told() -> None:
    """Of a complete bipartite graph of 5 and 5, which has 25, ten are listed and the histogram says so."""
    edges = networkx.to_numpy_array(networkx.complete_bipartite_graph(5, 5)) > 0
    assert maximal_cliques(edges, 25).bounded is False
    found = maximal_cliques(edges, 10)
    assert found.bounded
    assert len(found.members) == 10
    told = histogram_rows(np.where(edges, 0.9, 0.0) + np.eye(10), np.full(10, -2.0), 0.5, 10)
    assert told.loc[told["quantity"] == "clique_size", "bounded"].all()
    assert not told.loc[told["quantity"] == "degree", "bounded"].any()
    assert told.loc[told["quantity"] == "clique_activity", "value"].tolist() == [4.0]
    with pytest.raises(ValueError, match="expected at least 1"):
        maximal_cliques(edges, 0)


def test_spectra_of_known_matrices() -> None:
    """Eigenvalues 1/rank have exponent one; of identical neurons one explains all, and there is no exponent."""
    orthogonal = np.linalg.qr(np.random.default_rng(2).standard_normal((12, 12)))[0]
    matrix = orthogonal @ np.diag(1.0 / np.arange(1, 13)) @ orthogonal.T
    assert spectral_exponent(matrix) == pytest.approx(1.0, abs=1e-9)
    assert explained_variance(matrix, 3) == pytest.approx((1 + 1 / 2 + 1 / 3) / sum(1 / np.arange(1, 13)))
    assert explained_variance(np.ones((4, 4)), 1) == pytest.approx(1.0)
    assert np.isnan(spectral_exponent(np.ones((4, 4))))


def test_prediction_entropy_of_known_logits() -> None:
    """Equal logits have ln 10, a certain class none, and large ones do not overflow."""
    assert prediction_entropy(np.zeros((3, 10))) == pytest.approx(np.log(10))
    certain = np.zeros((2, 10))
    certain[:, 4] = 1e4
    assert prediction_entropy(certain) == 0.0
    assert np.exp(log_probabilities(certain)).sum(axis=1) == pytest.approx(1.0)


def test_activities_are_those_of_the_layers() -> None:
    """Hidden neurons after their activation, classes as logits, layer after layer."""
    parameters = scaled_parameters((6, 3, 3, 10), "1:2:3:4", "uniform")
    images = np.random.default_rng(1).random((5, 6)).astype(np.float32)
    found = activities_of(parameters, "tanh", images)
    (w1, w2, w3), (b1, b2, b3) = parameters
    first = np.tanh(images @ w1 + b1)
    second = np.tanh(first @ w2 + b2)
    np.testing.assert_allclose(found.neurons, np.hstack([first, second, second @ w3 + b3]), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(found.logits, found.neurons[:, -10:])


def test_edges_of_minibatches_are_those_of_their_own_correlations() -> None:
    """Independent neurons: the share of pairs beyond C_th among 16 images is that of Student's law, within errors."""
    activities = np.random.default_rng(5).standard_normal((4000, 40))
    counts = batch_edges(activities, 0.5, 16, 60, "1:2:3:4")
    assert counts.mean() / (40 * 39 / 2) == pytest.approx(0.0485, abs=0.006)  # P(|t_14| > 2.160)


def test_spectral_order_puts_two_groups_apart() -> None:
    """Two groups of correlated neurons that were mixed stand one after the other."""
    group = np.random.default_rng(3).permutation(np.repeat([0, 1], 10))
    matrix = np.where(group[:, None] == group[None, :], 0.8, 0.05)
    np.fill_diagonal(matrix, 1.0)
    ordered = group[spectral_order(matrix)]
    assert (np.diff(ordered) != 0).sum() == 1
