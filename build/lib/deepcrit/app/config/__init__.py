"""The configuration: one typed, documented source for every key.

Unknown keys, wrong types, values out of range and contradictions stop the run before the first job, with a message
that names the key, what was found and what was expected.
"""

from deepcrit.app.config.reading import (
    EXECUTION_KEYS,
    ConfigError,
    checked,
    in_order_of,
    load_checked,
    load_config,
    retyped,
    science_digest,
    validate,
)
from deepcrit.app.config.root import Config

__all__ = [
    "EXECUTION_KEYS",
    "Config",
    "ConfigError",
    "checked",
    "in_order_of",
    "load_checked",
    "load_config",
    "retyped",
    "science_digest",
    "validate",
]
