"""Reading a configuration: overlays, and faults that name the key, what was found and what was expected."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

import yaml
from pydantic import ValidationError

from deepcrit.app.config.root import CommonSections, Config
from deepcrit.core.section import Section

# keys that change how the work is done and not what is computed
EXECUTION_KEYS = ("execution", "fashion_mnist", "mnist", "scale", "trained_weights")
INNER_NAMES = ("[key]", "[all]", "[names]")  # by which pydantic and the schema tell apart what has one name outside
LONGEST_SHOWN = 100  # characters of a value in a message


class ConfigError(ValueError):
    """A configuration that cannot be run."""


def validate(config: Mapping[str, Any]) -> CommonSections:
    """The configuration, typed.

    Raises:
        ConfigError: one line a fault, each naming the key, what was found and what was expected.
    """
    try:
        return Config.model_validate(dict(config))
    except ValidationError as error:
        lines = [_explain(fault) for fault in error.errors()]
        raise ConfigError("the configuration cannot be run:\n" + "\n".join(f"  {line}" for line in lines)) from None


def checked(config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration as it is run: validated, and with home directories in the place of ~ in paths.

    Raises:
        ConfigError: see :func:`validate`.
    """
    return _with_paths_of(validate(config).model_dump(), config)


def _with_paths_of(typed: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    """What was written, but for texts, which are as they were understood."""
    return {
        key: _with_paths_of(typed[key], value) if isinstance(value, Mapping) else typed[key]
        if isinstance(value, str) else value
        for key, value in config.items()
    }  # fmt: skip


def _explain(fault: Mapping[str, Any]) -> str:
    key = ".".join(_name(part) for part in fault["loc"] if part not in INNER_NAMES) or "(top level)"
    if fault["type"] == "extra_forbidden":
        return f"{key}: unknown key, expected one of {sorted(_section_of(fault['loc']).model_fields)}"
    if fault["type"] == "missing":
        return f"{key}: missing key, expected: {_section_of(fault['loc']).model_fields[fault['loc'][-1]].description}"
    if fault["type"] == "value_error":
        message = str(fault["ctx"]["error"])
        if not fault["loc"]:
            return message
        return f"{key}: {message}" if message.startswith("found") else f"{key}.{message}"
    if fault["type"] in ("model_type", "dict_type"):
        return f"{key}: found {_shown(fault['input'])}, expected a mapping of keys"
    # pydantic says "Input should be greater than 0", but "List should have at least 1 item"
    usual, message = "Input should be ", fault["msg"]
    expected = message.removeprefix(usual) if message.startswith(usual) else f"otherwise: {message}"
    return f"{key}: found {_shown(fault['input'])}, expected {expected}{_remedy(fault['input'])}"


def _remedy(value: Any) -> str:
    """How a number is to be written that YAML takes for text, as it does 1e-3."""
    if not isinstance(value, str) or not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", value):
        return ""
    mantissa, exponent = re.split("[eE]", value + "e0")[:2]
    dotted = mantissa if "." in mantissa else f"{mantissa}.0"
    written = value if "e" not in value.lower() else f"{dotted}e{int(exponent):+d}"
    return f"; YAML takes this for text, and {written} without quotes for a number"


def _name(part: Any) -> str:
    """A key as it can be printed on one line."""
    text = str(part)
    return text if re.fullmatch(r"[\w-]+", text) else repr(part)


def _shown(value: Any) -> str:
    """A value on one line that is not too long."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def _section_of(location: tuple[Any, ...]) -> type[Section]:
    """The section in which a key stands, or should."""
    model: Any = Config
    is_name = False  # in a mapping, whose values are one section
    for part in location[:-1]:
        if is_name or part not in model.model_fields:
            is_name = False
            continue
        annotation = model.model_fields[part].annotation
        is_name = get_origin(annotation) is dict
        model = (*_sections_in(annotation), model)[0]
    return model


def _sections_in(annotation: Any) -> list[type[Section]]:
    """Sections that a type is put together of."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [section for part in get_args(annotation) for section in _sections_in(part)]


def load_config(*paths: str | Path) -> dict[str, Any]:
    """A configuration file with overlays applied in order, as Snakemake's ``--configfile`` does; not validated.

    Raises:
        ConfigError: if a file is not YAML, holds no mapping, or holds a key twice.
        OSError: if a file cannot be read.
    """
    merged: dict[str, Any] = {}
    for path in paths:
        try:
            text = Path(path).read_text(encoding="utf-8")
            loader = yaml.SafeLoader(text)
            node = loader.get_single_node()
            twice = _found_twice(node)
            layer = None if node is None else loader.construct_document(node)
        except (yaml.YAMLError, ValueError, LookupError, AttributeError) as error:
            # bytes that are no UTF-8, dates and numbers that cannot be; the others are how PyYAML takes values that
            # do not fit their tag
            raise ConfigError(f"{path}: not YAML: {error}") from None
        except RecursionError:
            raise ConfigError(
                f"{path}: found lists or mappings nested too deeply, expected a mapping of keys"
            ) from None
        if not isinstance(layer, dict):
            found = "nothing" if layer is None else type(layer).__name__
            raise ConfigError(f"{path}: found {found}, expected a mapping of keys")
        if twice:
            raise ConfigError(f"{path}: {twice}")
        _overlay(merged, layer)
    return merged


def _found_twice(node: yaml.Node | None, parent: tuple[str, ...] = ()) -> str:
    """The first key that stands twice in one mapping, of which YAML readers silently take the last; or nothing."""
    children: list[tuple[tuple[str, ...], yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            path = (*parent, _name(name))
            if name in lines:
                return f"{'.'.join(path)}: found in line {lines[name]} and again in line {line}, expected once"
            lines[name] = line
            children.append((path, value))
    elif isinstance(node, yaml.SequenceNode):
        children = [((*parent, str(place)), value) for place, value in enumerate(node.value)]
    return next(filter(None, (_found_twice(child, path) for path, child in children)), "")


def _overlay(base: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, Mapping) and isinstance(base.get(key), dict):
            _overlay(base[key], value)
        else:
            base[key] = value


def retyped(value: Any) -> Any:
    """Values of the command line, of which Snakemake takes what is within lists and mappings for text, as YAML does."""
    if isinstance(value, Mapping):
        return {key: retyped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [retyped(inner) for inner in value]
    return yaml.safe_load(value) if isinstance(value, str) else value


def in_order_of(reference: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    """The same configuration with its keys in the order of another, and those the other lacks after them, sorted.

    The order in which configuration files are named is the order of keys to Snakemake, which takes parameters whose
    keys stand in another order for other parameters.
    """
    known = [key for key in reference if key in config]
    added = sorted(config.keys() - reference.keys(), key=str)
    return {
        key: in_order_of(reference.get(key) or {}, value) if isinstance(value, Mapping) else value
        for key, value in ((key, config[key]) for key in (*known, *added))
    }


def load_checked(root: Path, configfiles: Sequence[str | Path]) -> dict[str, Any]:
    """The configuration of a repository with overlays, once it is known that it can be run.

    Raises:
        ConfigError: if it cannot be run.
        OSError: if a file cannot be read.
    """
    return checked(load_config(root / "config.yaml", *configfiles))


def science_digest(config: Mapping[str, Any]) -> str:
    """Digest of the keys that decide what is computed; shards, sources and labels do not enter."""
    science = {key: value for key, value in config.items() if key not in EXECUTION_KEYS}
    return hashlib.sha256(json.dumps(science, sort_keys=True, default=str).encode()).hexdigest()[:16]
