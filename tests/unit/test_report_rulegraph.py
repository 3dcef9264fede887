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


def test_upstream_lists_nearest_first() -> None:
    """The chain before a rule starts at the rule and names the direct sources of each."""
    graph = read_dot(DOT)
    assert graph.upstream("all")[0] == ("all", ["fit_power_laws", "judge_claims"])
    assert graph.upstream("judge_claims") == [("judge_claims", ["fit_power_laws"]), ("fit_power_laws", [])]


def test_implied_arrows_are_left_out() -> None:
    """An arrow that a chain of others implies would only cross them."""
    assert rulegraph._without_implied(read_dot(DOT)) == [("fit_power_laws", "judge_claims"), ("judge_claims", "all")]


def test_boxes_do_not_overlap() -> None:
    """In a wide graph no two boxes of a layer touch, and every edge leads downwards."""
    rng = np.random.default_rng(4)
    names = [f"rule_{'x' * int(length)}" for length in rng.integers(1, 30, 40)]
    edges = sorted({(int(a), int(b)) for a, b in (sorted(pair) for pair in rng.integers(0, 40, (90, 2))) if a != b})
    layout = rulegraph._Layout(names, edges)
    for a, b in itertools.combinations(range(40), 2):
        (xa, ya), (xb, yb) = layout.centres[a], layout.centres[b]
        if ya == yb:
            assert abs(xa - xb) > 0.5 * (layout.widths[a] + layout.widths[b])
    assert all(layout.centres[a][1] < layout.centres[b][1] for a, b in edges)
    width, height = layout.extent()
    assert (layout.centres[:, 0] - 0.5 * np.array(layout.widths) > 0).all()
    assert (layout.centres[:, 0] + 0.5 * np.array(layout.widths) < width).all()
    assert (layout.centres[:, 1] < height).all()


def test_same_graph_same_picture(tmp_path: Path) -> None:
    """The picture is a function of the graph, byte for byte, a single rule included."""
    for graph in (read_dot(DOT), RuleGraph(["all"], [])):
        draw_rulegraph(graph, tmp_path / "a.svg")
        draw_rulegraph(graph, tmp_path / "b.svg")
        assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
        assert b"<svg" in (tmp_path / "a.svg").read_bytes()
