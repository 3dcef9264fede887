"""The page of documentation that lists every key of the configuration, and its JSON schema."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from deepcrit.app.config import EXECUTION_KEYS, Config, load_config
from deepcrit.core.digest import ROOT

_HEADER = """# Configuration

Every key of `config.yaml`, made from the schema by `make docs`; do not edit. Unknown keys and impossible values
stop a run before its first job. A scale is an overlay: `--configfile config.yaml scales/paper.yaml`.

| key | default | what it is |
|---|---|---|
"""


def configuration_page() -> str:
    """The page as Markdown."""
    rows = (
        f"| `{key}` | {'`' + _shown(default) + '`' if default is not None else ''} | {what} |"
        for key, default, what in _keys(Config, load_config(ROOT / "config.yaml"))
    )
    return (
        _HEADER
        + "\n".join(rows)
        + f"\n\nKeys below {', '.join(f'`{k}`' for k in EXECUTION_KEYS)} change where data come from and how the work "
        "is done or labelled, all others what is computed; the digest of the configuration is of these alone.\n"
    )


def configuration_schema() -> str:
    """The JSON schema of ``config.yaml``, for editors and validators; what must hold between keys is not in it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Config.model_json_schema()}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _keys(model: type[BaseModel], values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any, str]]:
    # in the order of config.yaml
    for name in sorted(model.model_fields, key=list(values).index) if values else model.model_fields:
        field = model.model_fields[name]
        key = f"{prefix}{name}"
        value = values.get(name) if isinstance(values, Mapping) else None
        inner, many = _section(field.annotation)
        if inner is None:
            # inside a named mapping there is no one default
            default = (value if value is not None else "null") if values else None
            yield key, default, field.description or ""
        elif many:
            yield f"{key}.NAME", None, f"{field.description} Here: {', '.join(f'`{k}`' for k in value or {})}."
            yield from _keys(inner, {}, f"{key}.NAME.")
        else:
            yield key, None, f"**{field.description}**"
            yield from _keys(inner, value or {}, f"{key}.")


def _section(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The section a key holds, if it holds one, and whether it holds many by name."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    if typing.get_origin(annotation) is dict:
        last = typing.get_args(annotation)[-1]
        if isinstance(last, type) and issubclass(last, BaseModel):
            return last, True
    return None, False


def _shown(value: Any) -> str:
    return str(value).replace("|", "\\|")


if __name__ == "__main__":
    (ROOT / "docs" / "configuration.md").write_text(configuration_page(), encoding="utf-8")
    (ROOT / "config" / "schema.json").write_text(configuration_schema(), encoding="utf-8")
