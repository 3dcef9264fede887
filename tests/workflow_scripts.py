"""Scripts of the workflow as modules, so that tests can call their main functions."""

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from deepcrit.app.plan import Plan, drawn_by

ROOT = Path(__file__).resolve().parents[1]


def script(name: str) -> ModuleType:
    """The script scripts/<name>.py, without Snakemake around it."""
    spec = importlib.util.spec_from_file_location(Path(name).stem, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def caption_of(figure: str, tables: Path, directory: Path, config: Mapping[str, Any], **other: str) -> str:
    """Draw a figure into a directory, which must not come out empty, and return its caption.

    Args:
        figure: name, as of the target.
        tables: directory with the tables it is drawn from, by their declared names.
        directory: of what is drawn.
        config: the configuration.
        other: paths of tables that lie elsewhere, by the argument of the function that draws them.
    """
    plan = Plan(config)
    wildcards = SimpleNamespace(figure=figure)
    inputs = {
        name: str(ROOT / path) if name in ("template", "claims") else other.get(name, str(tables / Path(path).name))
        for name, path in plan.figures.inputs(wildcards).items()
    }
    pdf, png, caption = (directory / f"{figure}.{kind}" for kind in ("pdf", "png", "md"))
    script("figures/draw_figure").main(
        inputs, str(pdf), str(png), str(caption), drawn_by(figure), plan.figures.parameters(wildcards)
    )
    assert pdf.read_bytes().startswith(b"%PDF")
    assert png.stat().st_size > 20_000
    return caption.read_text(encoding="utf-8")
