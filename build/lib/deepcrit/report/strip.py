"""Our interval over the tolerance of a claim, to scale, as a small drawing beside the numbers."""

from __future__ import annotations

import html
import math

from markupsafe import Markup

from deepcrit.claims.comparisons import Arithmetic
from deepcrit.claims.model import Claim
from deepcrit.claims.wording import number

__all__ = ["draw_strip"]

_WIDTH, _HEIGHT = 132.0, 22.0


def draw_strip(claim: Claim, value: float, low: float, high: float) -> Markup:
    """The drawing as SVG; empty where there is no one number, or its interval has no end.

    Args:
        claim: with the comparison that gives the tolerance.
        value: ours, NaN where there is no one number.
        low: lower end of our interval, NaN where the table states none.
        high: its upper end.
    """
    if claim.compare is None or isinstance(claim.compare, Arithmetic):
        return Markup("")
    if not math.isfinite(value) or math.isinf(low) or math.isinf(high):
        return Markup("")
    region = claim.compare.region()
    left, right = (value, value) if math.isnan(low) or math.isnan(high) else (low, high)
    known = [left, right, *region.edges()]
    margin = 0.18 * (max(known) - min(known)) or 1.0
    start, span = min(known) - margin, max(known) - min(known) + 2 * margin

    def x(position: float) -> float:
        return min(max((position - start) / span, 0.0), 1.0) * _WIDTH

    middle, bottom = _HEIGHT / 2, _HEIGHT - 3
    band_start, band_end = x(region.low), x(region.high)
    shapes = [
        f'<rect class="band" x="{band_start:.1f}" y="3" width="{band_end - band_start:.1f}" height="{bottom - 3:.0f}"/>'
    ]
    target = getattr(claim.compare, "target", None)
    if target is not None:
        shapes.append(f'<line class="target" x1="{x(target):.1f}" x2="{x(target):.1f}" y1="3" y2="{bottom:.0f}"/>')
    shapes.append(f'<line class="bar" x1="{x(left):.1f}" x2="{x(right):.1f}" y1="{middle}" y2="{middle}"/>')
    shapes.append(f'<circle class="dot" cx="{x(value):.1f}" cy="{middle}" r="3.2"/>')
    label = html.escape(f"ours {number(value, low, high)} against {region.text}")
    return Markup(
        f'<svg class="strip" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" aria-label="{label}">'
        f"<title>{label}</title>{''.join(shapes)}</svg>"
    )
