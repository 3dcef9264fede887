"""The picture of the workflow: read from dot, laid out without overlaps."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from deepcrit.report import rulegraph
from deepcrit.report.rulegraph import RuleGraph, WorkflowError, draw_rulegraph, read_dot

DOT = """digraph snakemake_dag {
    graph[bgcolor=white, margin=0];
    node[shape=box, style=rounded, fontname=sans,                 fontsize=10, penwidth=2];
    edge[penwidth=2, color=grey];
\t0[label = "all", color = "0.00 0.6 0.85", style="rounded"];
\t1[label = "judge_claims", color = "0.33 0.6 0.85", style="rounded"];
\t2[label = "fit_power_laws\\nsample: radial", color = "0.17 0.6 0.85", style="rounded,dashed"];
\t1 -> 0
\t2 -> 1
\t2 -> 0
}
"""


def test_dot_of_snakemake_is_read() -> None:
    """Rules and edges come out as Snakemake prints them; wildcards in a label are no part of the name."""
    graph = read_dot(DOT)
    assert graph.rules == ["all", "fit_power_laws", "judge_claims"]
    assert graph.edges == [("fit_power_laws", "all"), ("fit_power_laws", "judge_claims"), ("judge_claims", "all")]


def test_text_without_rules_is_refused() -> None:
    """What is no graph is an error that shows the text, not an empty picture."""
    with pytest.raises(WorkflowError, match="Nothing to be done"):
        read_dot("Nothing to be done")


def test_implied_arrows_are_left_out() -> None:
    """An arrow that a chain of others implies would only cross them, and one that leads back has no layer to go to."""
    graph = read_dot(DOT)
    for edges in (graph.edges, [*graph.edges, ("judge_claims", "fit_power_laws")]):
        reduced = rulegraph._without_implied(RuleGraph(graph.rules, edges))
        names = reduced.vs["name"]
        assert {(names[edge.source], names[edge.target]) for edge in reduced.es} == {
            ("fit_power_laws", "judge_claims"),
            ("judge_claims", "all"),
        }


def test_boxes_do_not_overlap() -> None:
    """In a wide graph no two boxes touch, everything is within the picture, and every edge leads from box to box."""
    rng = np.random.default_rng(4)
    names = [f"rule_{'x' * int(length)}_{at}" for at, length in enumerate(rng.integers(1, 30, 40))]
    pairs = {(names[min(pair)], names[max(pair)]) for pair in rng.integers(0, 40, (90, 2)).tolist() if len({*pair}) > 1}
    graph = rulegraph._without_implied(RuleGraph(names, sorted(pairs)))
    centres, widths, curves, (width, height) = rulegraph._lay_out(graph)
    half = np.column_stack((0.5 * np.array(widths), np.full(40, 0.5 * rulegraph._HEIGHT)))
    for a, b in itertools.combinations(range(40), 2):
        assert (abs(centres[a] - centres[b]) > half[a] + half[b]).any()
    assert (centres - half > 0).all()
    assert (centres + half < (width, height)).all()
    assert len(curves) == graph.ecount() > 40
    for edge, points in zip(graph.es, curves, strict=True):
        assert points[0] == pytest.approx(centres[edge.source] + half[edge.source] * (1, 0))
        assert points[-1] == pytest.approx(centres[edge.target] - half[edge.target] * (1, 0))
        assert points[0][0] < points[-1][0]
        assert (np.array(points) > 0).all()
        assert (np.array(points) < (width, height)).all()


def test_same_graph_same_picture(tmp_path: Path) -> None:
    """The picture is a function of the graph, byte for byte, a single rule included."""
    for graph in (read_dot(DOT), RuleGraph(["all"], [])):
        draw_rulegraph(graph, tmp_path / "a.svg")
        draw_rulegraph(graph, tmp_path / "b.svg")
        assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
        assert b"<svg" in (tmp_path / "a.svg").read_bytes()
