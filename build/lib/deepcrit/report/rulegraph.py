"""The workflow as a graph of rules: asked of Snakemake, laid out in layers by igraph, drawn."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import igraph
import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path as Curve
from numpy.typing import NDArray

__all__ = ["RuleGraph", "WorkflowError", "ask_rulegraph", "draw_rulegraph", "read_dot"]

_NODE = re.compile(r'^\s*(\d+)\s*\[\s*label\s*=\s*"([^"]*)"', re.MULTILINE)
_EDGE = re.compile(r"^\s*(\d+)\s*->\s*(\d+)", re.MULTILINE)

_FONT_SIZE = 9.0
# inch: mean width of a letter, height of a box, room within it beside its label, between layers, between rows, outside
_LETTER, _HEIGHT, _PADDING, _ALONG, _ACROSS, _MARGIN = 0.07, 0.30, 0.20, 0.45, 0.12, 0.15
_INK = "#1f2933"
_EDGE_COLOUR = "#7b8794"
_FACES = {"ends": "#d9e6f2", "between": "#ffffff"}


class WorkflowError(RuntimeError):
    """Snakemake could not say how the workflow is built; the message holds its own words."""


@dataclass(frozen=True)
class RuleGraph:
    """Rules, and pairs of rules of which the second reads what the first writes."""

    rules: list[str]
    edges: list[tuple[str, str]]


def ask_rulegraph(root: str | Path, targets: Sequence[str], configfiles: Sequence[str] = ()) -> RuleGraph:
    """The rules needed for some targets. Takes no lock, so that it works while the workflow runs.

    Args:
        root: directory of the Snakefile.
        targets: rules or files.
        configfiles: overlays of the configuration, relative to the root or absolute.

    Raises:
        WorkflowError: if Snakemake fails.
    """
    overlays = ["--configfile", *configfiles] if configfiles else []
    command = [sys.executable, "-m", "snakemake", "--rulegraph", "dot", *overlays, "--nolock", "--nocolor", "--"]
    done = subprocess.run([*command, *targets], cwd=root, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        said = "\n".join(line for line in done.stderr.splitlines() if line.strip() != "Building DAG of jobs...")
        raise WorkflowError(f"snakemake --rulegraph dot {' '.join(targets)}: {said.strip()}")
    return read_dot(done.stdout)


def read_dot(text: str) -> RuleGraph:
    """The rules and edges in the dot text that Snakemake prints.

    Raises:
        WorkflowError: if the text holds no rule.
    """
    names = {number: label.split("\\n")[0] for number, label in _NODE.findall(text)}
    if not names:
        raise WorkflowError(f"no rules in the graph that snakemake printed: {text[:200]!r}")
    pairs = {(names[source], names[target]) for source, target in _EDGE.findall(text) if source != target}
    return RuleGraph(sorted(set(names.values())), sorted(pairs))


def draw_rulegraph(graph: RuleGraph, path: str | Path) -> None:
    """Draw the rules from left to right in layers. An arrow that a chain of others implies is left out.

    Args:
        graph: of rules.
        path: the format follows from its suffix.
    """
    reduced = _without_implied(graph)
    centres, widths, curves, (width, height) = _lay_out(reduced)
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "rulegraph", "font.family": "DejaVu Sans"}):
        figure = Figure(figsize=(width, height))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        for points in curves:
            codes = [Curve.MOVETO] + [Curve.CURVE4] * (len(points) - 1)
            axes.add_patch(PathPatch(Curve(points, codes), fill=False, edgecolor=_EDGE_COLOUR, linewidth=1.0, zorder=1))
            (x, y), tip = points[-1], 0.07
            head = [(x, y), (x - 1.3 * tip, y - 0.6 * tip), (x - 1.3 * tip, y + 0.6 * tip), (x, y)]
            axes.add_patch(PathPatch(Curve(head), facecolor=_EDGE_COLOUR, edgecolor="none", zorder=2))
        for vertex, (x, y), box in zip(reduced.vs, centres, widths, strict=True):
            face = _FACES["between" if vertex.indegree() and vertex.outdegree() else "ends"]
            axes.add_patch(
                FancyBboxPatch(
                    (x - box / 2, y - _HEIGHT / 2), box, _HEIGHT, boxstyle="round,pad=0,rounding_size=0.06",
                    facecolor=face, edgecolor=_INK, linewidth=0.9, zorder=3,
                )
            )  # fmt: skip
            name = vertex["name"]
            axes.text(x, y, name, ha="center", va="center_baseline", fontsize=_FONT_SIZE, color=_INK, zorder=4)
        figure.savefig(path, metadata={"Date": None} if Path(path).suffix == ".svg" else None, dpi=150)


def _without_implied(graph: RuleGraph) -> igraph.Graph:
    """The transitive reduction, vertices called by their rules; arrows that lead back to other jobs of a rule go."""
    reduced = igraph.Graph(directed=True)
    reduced.add_vertices(graph.rules)
    reduced.add_edges(graph.edges)
    reduced.delete_edges(reduced.feedback_arc_set())
    beyond = [set(reduced.subcomponent(vertex, mode="out")) - {vertex.index} for vertex in reduced.vs]
    implied = [
        edge
        for edge in reduced.es
        if any(edge.target in beyond[other] for other in reduced.successors(edge.source) if other != edge.target)
    ]
    reduced.delete_edges(implied)
    return reduced


def _lay_out(
    graph: igraph.Graph,
) -> tuple[NDArray[np.float64], list[float], list[list[tuple[float, float]]], tuple[float, float]]:
    """Sugiyama's layers, as columns that are as wide as their widest box; edges go around the boxes between their ends.

    Returns:
        centres of boxes, shape (rules, 2), and their widths, Bezier points of each edge, and width and height of all,
        in inches, y downwards.
    """
    layout = graph.layout_sugiyama(maxiter=500)
    widths = [_LETTER * len(name) + _PADDING for name in graph.vs["name"]]
    placed = np.array(layout.coords).reshape(-1, 2)
    layer = placed[:, 1].astype(int)
    column = np.array([max(widths[v] for v in np.flatnonzero(layer == one)) for one in range(layer.max() + 1)])
    middle = _MARGIN + np.cumsum(column + _ALONG) - _ALONG - column / 2
    bends = [np.array(bend).reshape(-1, 2) for bend in layout.edge_routing]
    # rows in which edges pass and no box stands are narrow
    rows = np.unique(np.concatenate([placed, *bends])[:, 0].round(6))
    heights = np.where(np.isin(rows, placed[:, 0].round(6)), _HEIGHT + _ACROSS, _ACROSS)
    heights = _MARGIN + np.cumsum(heights) - heights / 2

    def row(across: float) -> float:
        return float(np.interp(across, rows, heights))

    centres = np.array([(middle[along], row(across)) for across, along in zip(placed[:, 0], layer, strict=True)])
    curves = []
    for edge, bend in zip(graph.es, bends, strict=True):
        (x0, y0), (x1, y1) = centres[edge.source], centres[edge.target]
        corners = [(x0 + widths[edge.source] / 2, y0)]
        for across, along in bend:
            half = column[int(along)] / 2
            corners += [(middle[int(along)] - half, row(across)), (middle[int(along)] + half, row(across))]
        corners.append((x1 - widths[edge.target] / 2, y1))
        points = corners[:1]
        for (xa, ya), (xb, yb) in itertools.pairwise(corners):
            points += [(0.5 * (xa + xb), ya), (0.5 * (xa + xb), yb), (xb, yb)]
        curves.append([(float(x), float(y)) for x, y in points])
    extent = float(middle[-1] + column[-1] / 2 + _MARGIN), row(rows[-1]) + _HEIGHT / 2 + _MARGIN
    return centres, widths, curves, extent
