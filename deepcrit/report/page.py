"""The report page: scoreboard, claims, figures and provenance in, one self-contained HTML file out."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pandas as pd
from markupsafe import Markup

from deepcrit.claims.comparisons import Arithmetic
from deepcrit.claims.model import Claim, Paper
from deepcrit.claims.wording import number
from deepcrit.report.markup import to_html

__all__ = ["Picture", "render_page"]

TEMPLATE = Path(__file__).with_name("page.html")

# Order, sign and what each verdict means. Signs tell verdicts apart where colours do not.
VERDICTS = {
    "reproduced": ("✓", "our whole interval lies inside the stated tolerance"),
    "differs": ("✗", "our whole interval lies outside it, or has the opposite sign"),
    "undecided": (
        "?",
        "our interval straddles the edge of the tolerance, or has no end; the reason says what would decide",
    ),
    "not testable here": ("–", "this scale or this machine does not produce the table row; the reason says which"),
    "ill-posed": ("!", "the paper contradicts itself; the reason says how"),
}

_STRIP_WIDTH, _STRIP_HEIGHT = 132.0, 22.0


@dataclass(frozen=True)
class Picture:
    """A figure of the report. ``shows`` are the beginnings of the claims it shows, such as ``ghavasieh2025.fig2``."""

    shows: tuple[str, ...]
    title: str
    png: Path
    caption: Path

    @property
    def key(self) -> str:
        """Its name on the page."""
        return self.shows[0]


def render_page(
    scoreboard: pd.DataFrame,
    papers: Sequence[Paper],
    pictures: Sequence[Picture],
    rulegraph: Path,
    provenance: Mapping[str, str],
) -> str:
    """The page as text.

    Args:
        scoreboard: all verdicts, schema ``scoreboard``.
        papers: the claims files behind it.
        pictures: in the order shown.
        rulegraph: SVG file.
        provenance: name and value of everything that identifies the run, in the order shown.
    """
    claims = {claim.id: claim for paper in papers for claim in paper.claims}
    records = [{str(name): value for name, value in row.items()} for row in scoreboard.to_dict("records")]
    rows = [_row(record, claims.get(record["claim"]), pictures) for record in records]
    counts = {name: int((scoreboard["verdict"] == name).sum()) for name in VERDICTS}
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        papers=[{"key": paper.paper, "title": paper.title} for paper in papers],
        verdicts=[
            {"name": name, "css": _css(name), "sign": sign, "meaning": meaning, "count": counts[name]}
            for name, (sign, meaning) in VERDICTS.items()
        ],
        total=len(rows),
        scales=", ".join(dict.fromkeys(scoreboard["scale"])),
        rows=rows,
        pictures=[
            {
                "key": picture.key,
                "title": picture.title,
                "image": _data_uri(picture.png, "image/png"),
                "caption": Markup(to_html(picture.caption.read_text(encoding="utf-8"))),
                "rows": [row for row in rows if row["picture"] == picture.key],
            }
            for picture in pictures
        ],
        rulegraph=_data_uri(rulegraph, "image/svg+xml"),
        provenance=provenance,
    )


def _row(record: Mapping[str, object], claim: Claim | None, pictures: Sequence[Picture]) -> dict[str, object]:
    identifier, verdict = str(record["claim"]), str(record["verdict"])
    low, high = float(str(record["ci_low"])), float(str(record["ci_high"]))
    has_interval = not (math.isnan(low) or math.isnan(high))
    return {
        **{name: str(record[name]) for name in ("claim", "paper", "figure", "quantity", "published", "measured")},
        "samples": str(record["samples"]),
        "reason": str(record["reason"]).removesuffix(f". {claim.note}") if claim else str(record["reason"]),
        "note": claim.note if claim else "",
        "verdict": verdict,
        "css": _css(verdict),
        "sign": VERDICTS[verdict][0],
        "rank": list(VERDICTS).index(verdict),
        "interval": f"{number(low, low, high)} to {number(high, low, high)}" if has_interval else "",
        "statement": claim.statement if claim else "",
        "source": claim.source if claim else "",
        "conditions": claim.conditions if claim else "",
        "tables": sorted({f"results/{part.measure.table}.tsv" for part in claim.parts()}) if claim else [],
        "picture": _picture_of(identifier, pictures),
        "strip": _strip(claim, str(record["measured"]), low, high) if claim else "",
    }


def _css(verdict: str) -> str:
    return verdict.split()[0]


def _picture_of(claim: str, pictures: Sequence[Picture]) -> str:
    """Key of the figure with the longest beginning of a claim: fig2 begins fig2a, but not fig21."""
    beginnings = {shown: picture.key for picture in pictures for shown in picture.shows}
    fitting = [shown for shown in beginnings if re.match(rf"{re.escape(shown)}(?!\d)", claim)]
    return beginnings[max(fitting, key=len)] if fitting else ""


def _data_uri(path: Path, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _strip(claim: Claim, measured: str, low: float, high: float) -> Markup:
    """Our interval and value over the tolerance, to scale, as a small SVG; empty where there is no one number."""
    if claim.compare is None or isinstance(claim.compare, Arithmetic):
        return Markup("")
    try:
        value = float(measured)
    except ValueError:
        return Markup("")
    if not math.isfinite(value) or math.isinf(low) or math.isinf(high):
        return Markup("")
    region = claim.compare.region()
    left, right = (value, value) if math.isnan(low) or math.isnan(high) else (low, high)
    known = [left, right, *region.edges()]
    margin = 0.18 * (max(known) - min(known)) or 1.0
    start, span = min(known) - margin, max(known) - min(known) + 2 * margin

    def x(position: float) -> float:
        return min(max((position - start) / span, 0.0), 1.0) * _STRIP_WIDTH

    middle = _STRIP_HEIGHT / 2
    band_start, band_end = x(region.low), x(region.high)
    shapes = [
        f'<rect class="band" x="{band_start:.1f}" y="3" width="{band_end - band_start:.1f}" '
        f'height="{_STRIP_HEIGHT - 6:.0f}"/>',
        f'<line class="bar" x1="{x(left):.1f}" x2="{x(right):.1f}" y1="{middle}" y2="{middle}"/>',
        f'<circle class="dot" cx="{x(value):.1f}" cy="{middle}" r="3.2"/>',
    ]
    target = getattr(claim.compare, "target", None)
    if target is not None:
        shapes.insert(
            1, f'<line class="target" x1="{x(target):.1f}" x2="{x(target):.1f}" y1="3" y2="{_STRIP_HEIGHT - 3:.0f}"/>'
        )
    label = f"ours {measured} against {region.text}"
    return Markup(
        f'<svg class="strip" viewBox="0 0 {_STRIP_WIDTH:.0f} {_STRIP_HEIGHT:.0f}" role="img" aria-label="{label}">'
        f"<title>{label}</title>{''.join(shapes)}</svg>"
    )
