"""Every declared table by name, for those who meet tables by name: claims, the report, gathering."""

from __future__ import annotations

from types import ModuleType

# named one by one, so that digests of code see what is imported; the modules are used below, as globals
from deepcrit.schemas import (  # noqa: F401
    agreement,
    avalanches,
    continual,
    criticality_loss,
    derived_offsets,
    dynamics,
    finite_width,
    inputs,
    layer_avalanches,
    mean_field,
    offsets,
    power_laws,
    scaling,
    scoreboard,
    signals,
    susceptibility,
    training,
    uniform_networks,
    zoo,
)
from deepcrit.schemas.column import Schema

SCHEMAS: dict[str, Schema] = {
    found.name: found
    for module in tuple(globals().values())
    if isinstance(module, ModuleType)
    for found in vars(module).values()
    if isinstance(found, Schema)
}
