"""Scripts of the workflow as modules, so that tests can call their main functions."""

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]


def script(name: str) -> ModuleType:
    """The script scripts/<name>.py, without Snakemake around it."""
    spec = importlib.util.spec_from_file_location(Path(name).stem, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
