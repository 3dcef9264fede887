"""Captions that quote the parameters a figure was made with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deepcrit.core.tables import written_aside


def write_caption(template: str | Path, output: str | Path, **values: Any) -> None:
    """Render a caption template; a value that the template names and nobody gives is an error."""
    source = Path(template)
    environment = Environment(loader=FileSystemLoader(source.parent), undefined=StrictUndefined, autoescape=False)
    text = environment.get_template(source.name).render(**values)
    with written_aside(output) as aside:
        aside.write_text(text, encoding="utf-8")
