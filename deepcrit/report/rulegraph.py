"""The workflow as a graph of rules: asked of Snakemake, laid out in layers, drawn."""

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

_POINTS = 72.0
_FONT_SIZE = 9.0
_CHARACTER = 0.56 * _FONT_SIZE / _POINTS  # mean width of a letter, inch
_BOX_HEIGHT = 0.30  # inch
_PADDING = 0.20  # inch, both sides of a label together
_GAP_ACROSS = 0.22  # inch, between boxes of a layer
_GAP_ALONG = 0.48  # inch, between layers
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

    def upstream(self, rule: str) -> list[tuple[str, list[str]]]:
        """A rule and all it depends on, nearest first, each with the rules it reads from directly."""
        sources: dict[str, list[str]] = {name: [] for name in self.rules}
        for source, target in self.edges:
            sources[target].append(source)
        order, waiting = [rule], [rule]
        while waiting:
            for source in sources[waiting.pop(0)]:
                if source not in order:
                    order.append(source)
                    waiting.append(source)
        return [(name, sources[name]) for name in order]


def ask_rulegraph(root: str | Path, targets: Sequence[str], configfiles: Sequence[str] = ()) -> RuleGraph:
    """The rules needed for some targets. Takes no lock, so that it works while the workflow runs.

    Args:
        root: directory of the Snakefile.
        targets: rules or files.
        configfiles: overlays of the configuration, relative to the root or absolute.

    Raises:
        WorkflowError: if Snakemake fails.
    """
    return read_dot(run_snakemake(root, ["--rulegraph", "dot"], targets, configfiles))


def run_snakemake(root: str | Path, options: Sequence[str], targets: Sequence[str], configfiles: Sequence[str]) -> str:
    """What a Snakemake command that runs no job prints on stdout.

    Raises:
        WorkflowError: if Snakemake fails.
    """
    overlays = ["--configfile", *configfiles] if configfiles else []
    command = [sys.executable, "-m", "snakemake", *options, *overlays, "--nolock", "--nocolor", "--", *targets]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = "\n".join(line for line in done.stderr.splitlines() if line.strip() != "Building DAG of jobs...")
        raise WorkflowError(f"snakemake {' '.join(options)} {' '.join(targets)}: {said.strip()}")
    return done.stdout


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
    """Draw the rules from top to bottom in layers. An arrow that a chain of others implies is left out.

    Args:
        graph: without cycles.
        path: the format follows from its suffix.
    """
    edges = _without_implied(graph)
    index = {name: number for number, name in enumerate(graph.rules)}
    layout = _Layout(graph.rules, [(index[source], index[target]) for source, target in edges])
    width, height = layout.extent()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "rulegraph", "font.family": "DejaVu Sans"}):
        figure = Figure(figsize=(width, height))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        for points in layout.curves():
            codes = [Curve.MOVETO] + [Curve.CURVE4] * (len(points) - 1)
            axes.add_patch(PathPatch(Curve(points, codes), fill=False, edgecolor=_EDGE_COLOUR, linewidth=1.0, zorder=1))
            (x, y), tip = points[-1], 0.07
            head = [(x, y), (x - 0.6 * tip, y - 1.3 * tip), (x + 0.6 * tip, y - 1.3 * tip), (x, y)]
            axes.add_patch(PathPatch(Curve(head), facecolor=_EDGE_COLOUR, edgecolor="none", zorder=2))
        sources, targets = {source for source, _ in edges}, {target for _, target in edges}
        for name, (x, y), box in zip(graph.rules, layout.centres, layout.widths, strict=True):
            face = _FACES["between" if name in sources and name in targets else "ends"]
            axes.add_patch(
                FancyBboxPatch(
                    (x - box / 2, y - _BOX_HEIGHT / 2), box, _BOX_HEIGHT, boxstyle="round,pad=0,rounding_size=0.06",
                    facecolor=face, edgecolor=_INK, linewidth=0.9, zorder=3,
                )
            )  # fmt: skip
            axes.text(x, y, name, ha="center", va="center_baseline", fontsize=_FONT_SIZE, color=_INK, zorder=4)
        figure.savefig(path, metadata={"Date": None} if Path(path).suffix == ".svg" else None, dpi=150)


def _without_implied(graph: RuleGraph) -> list[tuple[str, str]]:
    """The transitive reduction."""
    targets: dict[str, set[str]] = {name: set() for name in graph.rules}
    for source, target in graph.edges:
        targets[source].add(target)

    def reached(rule: str) -> set[str]:
        found, waiting = set(), list(targets[rule])
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(targets[name])
        return found

    beyond = {name: reached(name) for name in graph.rules}
    return [
        (source, target)
        for source, target in graph.edges
        if not any(target in beyond[other] for other in targets[source] if other != target)
    ]


class _Layout:
    """Sugiyama's layers, with boxes as wide as their labels and edges bent around the boxes between their ends.

    centres: shape (rules, 2), inch, y downwards. widths: of the boxes, inch.
    """

    def __init__(self, names: Sequence[str], edges: Sequence[tuple[int, int]]) -> None:
        self.edges = list(edges)
        self.widths = [len(name) * _CHARACTER + _PADDING for name in names]
        layer = _longest_paths(len(names), edges)
        # An edge over several layers gets a dummy vertex in each between, so that it goes around boxes.
        self.chains: list[list[int]] = []
        layers, widths = list(layer), list(self.widths)
        short: list[tuple[int, int]] = []
        for source, target in edges:
            chain = [source]
            for between in range(layer[source] + 1, layer[target]):
                chain.append(len(layers))
                layers.append(between)
                widths.append(0.0)
            chain.append(target)
            self.chains.append(chain)
            short.extend(itertools.pairwise(chain))
        graph = igraph.Graph(n=len(layers), edges=short, directed=True)
        placed = np.array(graph.layout_sugiyama(layers=layers, hgap=1.0, maxiter=500).coords)[: len(layers)]
        x = _spread(placed[:, 0], np.array(layers), np.array(widths), short)
        y = np.array(layers) * (_BOX_HEIGHT + _GAP_ALONG)
        margin = 0.15
        left = min(x[i] - widths[i] / 2 for i in range(len(x)))
        self._all = np.column_stack((x - left + margin, y + _BOX_HEIGHT / 2 + margin))
        self._margin = margin
        self._all_widths = widths
        self.centres = self._all[: len(names)]

    def extent(self) -> tuple[float, float]:
        """Width and height that hold everything, inch."""
        right = max(x + width / 2 for (x, _), width in zip(self._all, self._all_widths, strict=True))
        return float(right + self._margin), float(self._all[:, 1].max() + _BOX_HEIGHT / 2 + self._margin)

    def curves(self) -> list[list[tuple[float, float]]]:
        """Bezier points of each edge, from the lower side of its source to the upper side of its target."""
        curves = []
        for chain in self.chains:
            corners = []
            for position, vertex in enumerate(chain):
                x, y = (float(value) for value in self._all[vertex])
                if position > 0:
                    corners.append((x, y - _BOX_HEIGHT / 2))
                if position < len(chain) - 1:
                    corners.append((x, y + _BOX_HEIGHT / 2))
            points = [corners[0]]
            for (x0, y0), (x1, y1) in itertools.pairwise(corners):
                middle = 0.5 * (y0 + y1)
                points.extend([(x0, middle), (x1, middle), (x1, y1)])
            curves.append(points)
        return curves


def _longest_paths(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Layer of each vertex: one below the lowest of its sources, but no higher than just above its first target."""
    graph = igraph.Graph(n=count, edges=list(edges), directed=True)
    order = graph.topological_sorting()
    layer = [0] * count
    for vertex in order:
        for target in graph.successors(vertex):
            layer[target] = max(layer[target], layer[vertex] + 1)
    for vertex in reversed(order):
        targets = graph.successors(vertex)
        if targets:
            layer[vertex] = min(layer[target] for target in targets) - 1
    return layer


def _spread(
    x: NDArray[np.float64], layers: NDArray[np.int64], widths: NDArray[np.float64], edges: Sequence[tuple[int, int]]
) -> NDArray[np.float64]:
    """Positions that keep the order within each layer, leave room for every box, and keep edges short.

    Each layer in turn is moved towards the mean of its neighbours and pushed apart where boxes would touch.
    """
    neighbours: list[list[int]] = [[] for _ in x]
    for source, target in edges:
        neighbours[source].append(target)
        neighbours[target].append(source)
    members = [np.flatnonzero(layers == layer) for layer in range(int(layers.max()) + 1)]
    members = [layer[np.argsort(x[layer], kind="stable")] for layer in members]
    placed = np.zeros_like(x)
    for layer in members:
        placed[layer] = _apart(np.arange(len(layer), dtype=float), widths[layer])
    for sweep in range(60):
        for layer in members if sweep % 2 == 0 else reversed(members):
            wanted = np.array(
                [np.mean(placed[neighbours[v]]) if neighbours[v] else placed[v] for v in layer], dtype=float
            )
            placed[layer] = _apart(wanted, widths[layer])
    return placed


def _apart(wanted: NDArray[np.float64], widths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positions nearest to the wanted ones, in least squares, with gaps between neighbours in the given order.

    Subtracting the room that the boxes before each one need leaves an isotonic regression, solved by pooling.
    """
    room = np.concatenate(([0.0], np.cumsum(0.5 * (widths[1:] + widths[:-1]) + _GAP_ACROSS)))
    pools: list[list[float]] = []
    for value in wanted - room:
        pools.append([float(value), 1.0])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, count = pools.pop()
            pools[-1] = [(pools[-1][0] * pools[-1][1] + mean * count) / (pools[-1][1] + count), pools[-1][1] + count]
    return np.concatenate([np.full(int(count), mean) for mean, count in pools]) + room
