"""What pages are made with: templates, and pictures that lie in the page itself."""

from __future__ import annotations

import base64
from pathlib import Path

import jinja2

TEMPLATES = Path(__file__).with_name("templates")


def page_template(name: str) -> jinja2.Template:
    """A template by the name of its file; what it is not given is an error."""
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.FileSystemLoader(TEMPLATES, encoding="utf-8"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template(name)


def data_uri(content: bytes, kind: str) -> str:
    """A file as its own address, of this media type."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the first chunk of a PNG file, so that a page keeps room for what it loads."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
