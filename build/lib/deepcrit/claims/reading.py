"""Text of claims files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# by libyaml where PyYAML was built with it: ten times faster, and every start of Snakemake waits for it
_LOADER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


def content_of(path: str | Path) -> Any:
    """What a claims file holds; unchecked.

    Raises:
        yaml.YAMLError: if it is not YAML.
    """
    with Path(path).open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=_LOADER)
