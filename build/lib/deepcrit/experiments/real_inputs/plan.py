"""Real images beside Gaussian inputs, through the same networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepcrit.core.keys import select_keys


class RealInputsPlan:
    """Two samples a case: of Gaussian inputs, and of images."""

    def __init__(self, section: Mapping[str, Any], shards: int) -> None:
        self._section = section
        self._shards = shards
        # case and inputs of each sample
        self.samples = {
            f"{case}_{inputs}": (case, inputs) for case in section["cases"] for inputs in ("gaussian", "mnist")
        }

    def sample_keys(self, wildcards: Any) -> dict[str, Any]:
        """What defines a sample, as plain leaves of the configuration."""
        name, inputs = self.samples[wildcards.sample]
        case = self._section["cases"][name]
        return {
            "method": "network",
            "blocks": case["networks"],
            "launched": self._section["networks_sharing_inputs"],
            "inputs": inputs,
            "case": name,
            "weight_variance": None,  # taken from the table of derived offsets
            "bias_variance": 0.0,
            "input_strength": self._section["input_strength"],
            "profile_durations": [1, 2],
            **select_keys(case, "depth", "activation", "ensemble", "levy_alpha"),
        }

    def shards(self, wildcards: Any) -> int:
        """Most jobs among which the blocks of a sample are shared out, the same for all."""
        return self._shards
