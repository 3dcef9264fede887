"""Write docs/cost.md and docs/cost.png: what the paper's scale costs, how cost grows, how good predictions were."""

from __future__ import annotations

import argparse
import copy
import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from cost import LEAST, ROOT, WITHIN, compare

from deepcrit.app.config import load_config
from deepcrit.app.cost import Costs, costs, counted_config, experiments, machine_slowness, planned, total
from deepcrit.app.plan import Plan
from deepcrit.app.plan.costs import cost_of
from deepcrit.core.figures.style import (
    OURS,
    PUBLISHED,
    REFERENCE,
    grouped,
    label_panel,
    save_figure,
    use_style,
)
from deepcrit.core.machine import processor

TEXT = (ROOT / "benchmarks" / "cost_page.md").read_text(encoding="utf-8")
SAMPLES = {
    "radial": "avalanches, radial chain",
    "annealed": "avalanches, annealed chain",
    "network": "avalanches, explicit networks",
}
TRAINED = "training of the plane (Fig. 3c)"
LOOKS = ((OURS, "o", "-"), (PUBLISHED, "s", "--"), (REFERENCE, "^", ":"), ("#762a83", "D", "-."))


def plot_cost(growth: pd.DataFrame, outputs: Sequence[str | Path]) -> None:
    """One panel a quantity that grows, in its order, both axes logarithmic.

    Args:
        growth: columns ``panel``, ``of``, ``axis``, ``value`` and ``core_hours``.
        outputs: files to write.
    """
    use_style()
    panels = grouped(growth, "panel")
    figure, axes = plt.subplots(1, len(panels), figsize=(7.2, 2.7), sharey=True, layout="constrained")
    names = list(dict.fromkeys(growth["of"]))
    for letter, axis, (_, rows) in zip("abc", axes, panels, strict=False):
        for of, chosen in grouped(rows, "of"):
            colour, marker, line = LOOKS[names.index(of)]
            axis.loglog(chosen["value"], chosen["core_hours"], color=colour, marker=marker, ls=line, ms=3, label=of)
        axis.set_xlabel(rows["axis"].iloc[0])
        label_panel(axis, letter)
    axes[0].set_ylabel("core-hours")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(names))
    save_figure(figure, outputs)
    plt.close(figure)


def growth(config: dict[str, Any], slowness: float) -> pd.DataFrame:
    """Core-hours of a sample, or of a training, at values of one key and all others as published."""

    def hours(rule: str, wildcards: dict[str, str], changed: dict[str, Any]) -> float:
        plan = Plan(changed)
        shards = {"simulate_avalanches": plan.avalanches.shard_count, "train_networks": plan.trainability.shards}[rule]
        named = SimpleNamespace(**wildcards)
        return slowness * cost_of(rule, plan, named).seconds * shards(named) / 3600

    rows = []
    for sample, name in SAMPLES.items():
        for key, values, axis in (
            ("width", [25, 50, 100, 200, 500, 1000], "width N"),
            ("depth", [100, 300, 1000, 3000, 10000], "depth L"),
            ("launched", [1e5, 1e6, 1e7, 1e8], "avalanches or images"),
        ):
            for value in values:
                changed = copy.deepcopy(config)
                section, width = changed["gaussian_avalanches"], 1000
                if key == "width":
                    width = int(value)
                elif key == "depth":
                    section["depth"] = value
                else:
                    each = section["samples"][sample]["launched_per_block"]
                    section["samples"][sample]["blocks"] = max(1, round(value / each))
                wildcards = {"experiment": "gaussian_avalanches", "sample": sample, "width": str(width), "shard": "0"}
                rows.append((key, name, axis, value, hours("simulate_avalanches", wildcards, changed)))
    for key, values in (("width", [50, 100, 200, 300, 600, 1000]), ("depth", [50, 100, 200, 400, 1000]),
                        ("images", [12_800, 25_600, 51_200])):  # fmt: skip
        for value in values:
            changed = copy.deepcopy(config)
            changed["trainability"]["plane"][key] = value
            panel, axis = ("launched", "") if key == "images" else (key, "")
            wildcards = {"sample": "plane", "shard": "0"}
            shown = value if key != "images" else value * changed["trainability"]["plane"]["epochs"] * 290
            rows.append((panel, TRAINED, axis, shown, hours("train_networks", wildcards, changed)))
    return pd.DataFrame(rows, columns=["panel", "of", "axis", "value", "core_hours"])


def costs_of(overlays: list[str], slowness: float) -> tuple[list[Costs], list[Costs]]:
    """Costs of a scale by experiment and by rule, the dearest first."""
    config = load_config(ROOT / "config.yaml", *overlays)
    # as on a machine that has nothing yet
    counted, _ = counted_config(config, ROOT / "nowhere")
    jobs = planned(["all"], overlays, ROOT)
    by_experiment = costs(jobs, counted, slowness, experiments(ROOT))
    return by_experiment, costs(jobs, counted, slowness, lambda job: job.rule)


def lines(rows: list[Costs], first: str) -> str:
    """Costs as a table of Markdown."""
    table = [
        f"| {first} | jobs | core-hours | longest job, hours | memory of a job, GB | disk, GB |",
        "|---|" + "--:|" * 5,
    ]
    for row in rows:
        numbers = (row.core_hours, row.longest / 3600, row.memory / 1000, row.disk / 1000)
        table.append(f"| {row.name} | {row.jobs} | " + " | ".join(rounded(number) for number in numbers) + " |")
    return "\n".join(table)


def rounded(number: float) -> str:
    """Two digits, which is more than a prediction has."""
    return f"{float(f'{number:.2g}'):,g}" if number >= 0.01 else "< 0.01"


def factors(found: pd.DataFrame) -> str:
    """Predicted over measured of every rule, as a table of Markdown."""
    table = ["| rule | predicted, s | measured, s | predicted / measured | within 2 |", "|---|--:|--:|--:|---|"]
    for row in found.itertuples():
        met = "yes" if 1 / WITHIN <= row.factor <= WITHIN else "no"
        table.append(f"| `{row.rule}` | {row.predicted:.0f} | {row.measured:.0f} | {row.factor:.2f} | {met} |")
    within = found["factor"].between(1 / WITHIN, WITHIN)
    whole = found["predicted"].sum() / found["measured"].sum()
    table.append("")
    table.append(
        f"{within.sum()} of {len(found)} rules are within a factor of {WITHIN:g}; their sum is by {whole:.2f}."
    )
    return "\n".join(table)


def unmeasured(rules: list[Costs], found: pd.DataFrame) -> str:
    """Rules that are predicted to take long and that the run has no times of, as a sentence."""
    missing = [f"`{row.name}`" for row in rules if row.seconds > LEAST and row.name not in set(found["rule"])]
    if not missing:
        return "The run has times of every rule that is predicted to take as long."
    return f"Predicted to take as long, and not in that run, so that nothing here tests them: {', '.join(missing)}."


def main(directory: Path, results: Path) -> None:
    """Write page and figure."""
    cores = len(os.sched_getaffinity(0))
    slowness = machine_slowness()
    paper, rules = costs_of(["config.yaml", "scales/paper.yaml"], slowness)
    laptop, laptop_rules = costs_of([], slowness)
    found = compare(results, slowness)
    plot_cost(
        growth(load_config(ROOT / "config.yaml", ROOT / "scales" / "paper.yaml"), slowness), [directory / "cost.png"]
    )
    filled = TEXT.format(
        machine=processor(),
        cores=cores,
        paper=lines([*paper, total(paper)], "experiment"),
        rules=lines(rules[:12], "rule"),
        default=lines([*laptop, total(laptop)], "experiment"),
        least=f"{LEAST:g}",
        unmeasured=unmeasured(laptop_rules, found),
        factors=factors(found) if len(found) else "There is no finished run to compare with.",
    )
    (directory / "cost.md").write_text(filled, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--results", type=Path, default=ROOT / "results")
    given = parser.parse_args()
    main(given.directory.resolve(), given.results.resolve())
