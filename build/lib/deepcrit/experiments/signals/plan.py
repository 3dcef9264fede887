"""ghavasieh2025, Fig. 1, and avalanches of strong inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import select_keys


class SignalsPlan:
    """Networks of the parts of the experiment."""

    def __init__(self, section: Mapping[str, Any]) -> None:
        self._section = section

    def spec(self, part: str, *keys: str) -> dict[str, Any]:
        """What defines the networks of one part, ``keys`` included."""
        return {
            **select_keys(self._section, "activation", "bias_variance"),
            **select_keys(self._section[part], "width", "depth", *keys),
        }

    def figure_parameters(self) -> dict[str, Any]:
        """What the caption of Fig. 1 quotes."""
        return select_keys(self._section, "activation", "bias_variance", "input_strength", "paths", "example")
