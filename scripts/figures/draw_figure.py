"""Draw a figure from tables, and write its caption."""

from collections.abc import Mapping
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

from deepcrit.claims.published import published_values
from deepcrit.core.figures.captions import write_caption
from deepcrit.core.figures.style import save_figure
from deepcrit.core.jobs import run
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv


def main(
    inputs: Mapping[str, Any], pdf: str, png: str, caption: str, drawn_by: str, parameters: Mapping[str, Any]
) -> None:
    """Read tables only; nothing is fitted here.

    Args:
        inputs: template of the caption; claims, where published values are drawn; and tables by argument of the
            function that draws the figure, paths as they are where there are several.
        pdf: output.
        png: output.
        caption: output.
        drawn_by: module:function.
        parameters: of which the function is given those that it takes, and the caption all.
    """
    given = dict(inputs)
    template = given.pop("template")
    if "claims" in given:
        given["published"] = published_values(given.pop("claims"))
    for name, path in given.items():
        if isinstance(path, str):
            given[name] = read_tsv(path, SCHEMAS[Path(path).stem])
    module, name = drawn_by.split(":")
    draw = getattr(import_module(module), name)
    chosen = {key: value for key, value in parameters.items() if key in signature(draw).parameters}
    figure, quoted = draw(**given, **chosen)
    save_figure(figure, [pdf, png])
    write_caption(template, caption, **{**parameters, **quoted})


if "snakemake" in globals():
    run(main, snakemake)
