"""The few marks that captions use, as HTML."""

from __future__ import annotations

import html
import re

__all__ = ["to_html"]

_INLINE = [
    (re.compile(r"``?([^`]+)``?"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])"), r"<em>\1</em>"),
]


def to_html(text: str) -> str:
    """Paragraphs, lists of lines that begin with ``-``, `code`, **strong** and *emphasis*; all else is plain text."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return "\n".join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> str:
    lines = [line.strip() for line in block.strip().splitlines()]
    if lines[0].startswith("#"):
        return f"<p><strong>{_inline(' '.join(lines).lstrip('# '))}</strong></p>"
    if lines[0].startswith("- "):
        items: list[str] = []
        for line in lines:
            if line.startswith("- "):
                items.append(line[2:])
            else:
                items[-1] += f" {line}"
        return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"
    return f"<p>{_inline(' '.join(lines))}</p>"


def _inline(text: str) -> str:
    marked = html.escape(text, quote=False)
    for pattern, replacement in _INLINE:
        marked = pattern.sub(replacement, marked)
    return marked
