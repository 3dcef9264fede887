"""Reading a configuration: overlays, and faults that name the key, what was found and what was expected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from deepcrit.config.root import Config

# keys that change how the work is done and not what is computed
EXECUTION_KEYS = ("execution", "mnist", "scale", "trained_weights")


class ConfigError(ValueError):
    """A configuration that cannot be run."""


def validate(config: Mapping[str, Any]) -> Config:
    """The configuration, typed.

    Raises:
        ConfigError: one line a fault, each naming the key, what was found and what was expected.
    """
    try:
        return Config.model_validate(dict(config))
    except ValidationError as error:
        lines = [_explain(fault) for fault in error.errors()]
        raise ConfigError("the configuration cannot be run:\n" + "\n".join(f"  {line}" for line in lines)) from None


def _explain(fault: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in fault["loc"] if part != "[key]") or "(top level)"
    if fault["type"] == "extra_forbidden":
        return f"{key}: unknown key, expected {_known_keys(fault['loc'])}"
    if fault["type"] == "missing":
        return f"{key}: missing key"
    if fault["type"] == "value_error":
        message = str(fault["ctx"]["error"])
        if not fault["loc"]:
            return message
        return f"{key}: {message}" if message.startswith("found") else f"{key}.{message}"
    return f"{key}: found {fault['input']!r}, expected: {fault['msg']}"


def _known_keys(location: tuple[Any, ...]) -> str:
    model: Any = Config
    for part in location[:-1]:
        field = getattr(model, "model_fields", {}).get(part)
        if field is None:
            # inside a mapping: its values' model
            continue
        model = field.annotation
        arguments = getattr(model, "__args__", ())
        if not hasattr(model, "model_fields") and arguments:
            model = arguments[-1]
    return f"one of {sorted(model.model_fields)}" if hasattr(model, "model_fields") else "a declared key"


def load(*paths: str | Path) -> dict[str, Any]:
    """A configuration file with overlays applied in order, as Snakemake's ``--configfile`` does; not validated.

    Raises:
        ConfigError: if a file is not YAML or holds no mapping.
    """
    merged: dict[str, Any] = {}
    for path in paths:
        try:
            layer = yaml.safe_load(Path(path).read_text())
        except yaml.YAMLError as error:
            raise ConfigError(f"{path}: not YAML: {error}") from None
        if not isinstance(layer, dict):
            raise ConfigError(f"{path}: found {type(layer).__name__}, expected a mapping of keys")
        _overlay(merged, layer)
    return merged


def _overlay(base: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, Mapping) and isinstance(base.get(key), dict):
            _overlay(base[key], value)
        else:
            base[key] = value


def science_digest(config: Mapping[str, Any]) -> str:
    """Digest of the keys that decide what is computed; shards, sources and labels do not enter."""
    science = {key: value for key, value in config.items() if key not in EXECUTION_KEYS}
    return hashlib.sha256(json.dumps(science, sort_keys=True, default=str).encode()).hexdigest()[:16]
