"""From a verdict back to what made it: claim, table rows, rule, upstream rules, script, log, library functions."""

from __future__ import annotations

import ast
import contextlib
import difflib
import os
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from deepcrit.app.engine import Job, LaunchError, overlaid, plan_jobs
from deepcrit.claims.evidence import deciding_columns, judged_rows, measures, tables_behind
from deepcrit.claims.model import Claim, Lookup, load_claims
from deepcrit.claims.schemas import SCOREBOARD
from deepcrit.claims.wording import number
from deepcrit.core.dependencies import Definition, Library
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv

__all__ = ["TraceError", "library_functions", "trace"]

_INDENT = "  "
_WRAP = 100


class TraceError(ValueError):
    """A claim that cannot be traced; the message says what to do."""


def trace(claim_id: str, root: str | Path, configfiles: Sequence[str] = ()) -> str:
    """How a claim was judged and from what, as text to print.

    Args:
        claim_id: identifier, as in the scoreboard.
        root: directory of the Snakefile.
        configfiles: overlays of the configuration that the results were made with.

    Raises:
        TraceError: if no claims file holds the claim, naming the nearest ones.
    """
    root = Path(root)
    claim = _find(claim_id, root)
    blocks = [_told(claim), _verdict(claim, root)]
    for table in tables_behind(claim):
        blocks.append(_rows(claim, table, root))
        blocks.append(_made_by(table, _values(claim, table, root), root, configfiles))
    return "\n\n".join(block for block in blocks if block) + "\n"


def library_functions(script: str | Path, root: str | Path) -> list[tuple[str, str]]:
    """Functions, classes and methods of the library that a script names, with file:line of their definitions."""
    root, library = Path(root), Library(Path(root), "deepcrit")
    source = library.source(Path(script))
    found: dict[str, str] = {}
    for place in range(len(source.statements)):
        definition = Definition(source.file, place)
        for name, meant in library.uses(definition).items():
            for used in meant - {definition}:
                node = library.source(used.file).statements[used.place]
                if used.file != source.file and isinstance(node, ast.FunctionDef | ast.ClassDef):
                    last = name.split(".")[-1]
                    methods = (inner for inner in node.body if isinstance(inner, ast.FunctionDef))
                    method = next((inner for inner in methods if inner.name == last), None)
                    shown = f"{node.name}.{last}" if method else node.name
                    found[shown] = f"{used.file.relative_to(root).as_posix()}:{(method or node).lineno}"
    return sorted(found.items())


def _find(claim_id: str, root: Path) -> Claim:
    claims = {
        claim.id: claim for path in sorted((root / "claims").glob("*.yaml")) for claim in load_claims(path).claims
    }
    if claim_id in claims:
        return claims[claim_id]
    nearest = difflib.get_close_matches(claim_id, claims, n=5, cutoff=0.4)
    ends_alike = [name for name in claims if name.split(".")[-1] == claim_id.split(".")[-1] and name not in nearest]
    if not (ends_alike or nearest):
        raise TraceError(f"no claim is called {claim_id!r}, nor nearly so; deepcrit scoreboard lists them")
    listed = "\n".join(f"{_INDENT}{name}" for name in [*ends_alike, *nearest])
    raise TraceError(f"no claim is called {claim_id!r}; the nearest are\n{listed}")


def _told(claim: Claim) -> str:
    facts = {
        "statement": claim.statement,
        "published": f"{claim.quantity}: {claim.published}",
        "source": f"{claim.figure}; {claim.source}",
        "conditions": claim.conditions,
        "judged": "; ".join(
            f"{part.name}: {part.compare.region().text}" if part.name else part.compare.region().text
            for part in claim.parts()
        ),
        "note": claim.note,
        "ill-posed": claim.ill_posed,
    }
    return "\n".join([claim.id, *_aligned({key: value for key, value in facts.items() if value})])


def _verdict(claim: Claim, root: Path) -> str:
    path = root / "results" / "scoreboard.tsv"
    rows = pd.DataFrame()
    if path.is_file():
        board = read_tsv(path, SCOREBOARD)
        rows = board[board["claim"] == claim.id]
    if rows.empty:
        missing = "is missing" if not path.is_file() else "does not hold this claim"
        return f"VERDICT\n{_INDENT}results/scoreboard.tsv {missing}; {_to_make('results/scoreboard.tsv')}"
    row = rows.iloc[0]
    low, high = float(row["ci_low"]), float(row["ci_high"])
    interval = f"{number(low, low, high)} to {number(high, low, high)}" if pd.notna(low) else ""
    facts = {
        "verdict": row["verdict"],
        "measured": row["measured"],
        "interval": interval,
        "reason": row["reason"],
        "scale": row["scale"],
        "samples": row["samples"],
    }
    lines = _aligned({key: str(value) for key, value in facts.items() if value})
    return "\n".join([f"VERDICT  results/scoreboard.tsv, line {int(rows.index[0]) + 2}", *lines])


def _rows(claim: Claim, table: str, root: Path) -> str:
    """The rows of a table that a claim is judged from, columns downwards, measured columns marked."""
    path = root / "results" / f"{table}.tsv"
    shown = f"results/{table}.tsv"
    marked = deciding_columns(claim, table)
    filters = dict.fromkeys(_INDENT + _filter(lookup) for lookup in measures(claim, table))
    if not path.is_file():
        return "\n".join([f"TABLE  {shown}", f"{_INDENT}is missing; {_to_make(shown)}; its rows would have", *filters])
    frame = read_tsv(path, SCHEMAS[table.split("/")[-1]])
    picked = judged_rows(claim, table, frame)
    if picked.empty:
        return "\n".join([f"TABLE  {shown}: no row has", *filters])
    grid = [["", "line", *(str(int(index) + 2) for index in picked.index)]]
    units = {column.name: column.unit for column in SCHEMAS[table.split("/")[-1]].columns}
    for name in picked.columns:
        label = name if units[name] == "1" else f"{name} ({units[name]})"
        grid.append(["->" if name in marked else "", label, *(_cell(value) for value in picked[name])])
    widths = [max(len(line[column]) for line in grid) for column in range(len(grid[0]))]
    lines = [_INDENT + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in grid]
    return "\n".join([f"TABLE  {shown}", *(line.rstrip() for line in lines)])


def _values(claim: Claim, table: str, root: Path) -> dict[str, set[str]]:
    """Values of the columns of the rows that a claim is judged from or, without them, of those that pick the rows."""
    path = root / "results" / f"{table}.tsv"
    if path.is_file():
        picked = judged_rows(claim, table, read_tsv(path, SCHEMAS[table.split("/")[-1]]))
        if not picked.empty:
            return {name: set(map(str, picked[name])) for name in picked.columns}
    values: dict[str, set[str]] = {}
    for lookup in measures(claim, table):
        for name, value in lookup.where.items():
            values.setdefault(name, set()).update(map(str, value if isinstance(value, list) else [value]))
    return values


def _made_by(table: str, values: Mapping[str, set[str]], root: Path, configfiles: Sequence[str]) -> str:
    """The rule that makes a table and the rules before it, each with its script, log and library functions.

    Of the jobs of a rule those are named whose wildcards are values of the rows, if there are any.
    """
    target = f"results/{table}.tsv"
    aside = root / ".snakemake" / "log" / f"trace.{os.getpid()}.printed.log"
    try:
        with contextlib.chdir(root):
            arguments = ["--cores", "1", *overlaid(configfiles), "--nolock"]
            jobs = plan_jobs([target], arguments, aside.absolute()).jobs
    except LaunchError as error:
        return f"MADE BY\n{_INDENT}unknown: {error}"
    maker = {output: job for job in jobs for output in job.outputs}
    if target not in maker:
        return f"MADE BY\n{_INDENT}unknown: no rule of the workflow writes {target}"
    waiting = [maker[target].rule]
    lines = [f"MADE BY  {waiting[0]}"]
    for name in waiting:
        mine = [job for job in jobs if job.rule == name]
        sources = sorted({maker[read].rule for job in mine for read in job.inputs if read in maker} - {name})
        waiting.extend(source for source in sources if source not in waiting)
        near = [job for job in mine if all(str(v) in values.get(key, {v}) for key, v in job.wildcards.items())]
        reads = f"reads what {', '.join(sources)} wrote" if sources else "reads no table"
        lines.append(f"{_INDENT}{name}: {reads}")
        lines.extend(f"{_INDENT}{line}" for line in _aligned(_of_rule(name, near or mine, root)))
    return "\n".join(lines)


def _of_rule(name: str, jobs: Sequence[Job], root: Path) -> dict[str, str]:
    scripts = sorted((root / "scripts").glob(f"*/{name}.py"))
    logs = [log for job in jobs for log in job.logs if (root / log).is_file()]
    facts = {
        "script": ", ".join(path.relative_to(root).as_posix() for path in scripts) or "none of that name",
        "writes": _first_of([output for job in jobs for output in job.outputs]),
        "log": _first_of(logs) if logs else "none yet: not run here",
    }
    functions = [found for path in scripts for found in library_functions(path, root)]
    if functions:
        width = max(len(place) for _, place in functions)
        facts["calls"] = "\n".join(f"{place.ljust(width)}  {name}" for name, place in functions)
    return facts


def _first_of(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _to_make(target: str) -> str:
    return f"snakemake --cores all {target} makes it"


def _filter(lookup: Lookup) -> str:
    return ", ".join(f"{name} = {value}" for name, value in lookup.where.items())


def _cell(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _aligned(facts: dict[str, str]) -> list[str]:
    """Lines of name and value, values in one column; further lines of a value stay in it."""
    width = max((len(name) for name in facts), default=0)
    lines = []
    for name, value in facts.items():
        wrapped = [piece for line in value.splitlines() for piece in textwrap.wrap(line, _WRAP) or [""]]
        for number_of_line, line in enumerate(wrapped):
            lines.append(f"{_INDENT}{(name if number_of_line == 0 else '').ljust(width)}  {line}")
    return lines
