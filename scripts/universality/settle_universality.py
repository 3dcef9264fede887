"""Exponents of avalanches from the exact law: local ones, their limit, and what an experiment must find."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.universality.expected import Sampled, expected_exponents
from deepcrit.experiments.universality.local import (
    doubled_durations,
    extrapolated,
    grown_durations,
    mean_profile,
    slopes,
    spec_at,
)
from deepcrit.experiments.universality.schemas import (
    EXACT_PROFILES,
    EXPECTED_EXPONENTS,
    LIMITING_EXPONENTS,
    LOCAL_EXPONENTS,
)
from deepcrit.physics.propagation.spec import NetworkSpec


def main(
    exponents: str,
    profiles: str,
    limits: str,
    expected: str,
    settings: Mapping[str, Any],
    activation: str,
    input_strength: float,
    published: Mapping[str, Sequence[Mapping[str, Any]]],
    ranges: Mapping[str, Sequence[tuple[float, float]]],
    minimum_counts: Sequence[int],
    grid_points: int,
    seed: int,
) -> None:
    """All tables from one job.

    Args:
        exponents: output.
        profiles: output.
        limits: output.
        expected: output.
        settings: the section of the configuration.
        activation: of the networks whose limit is taken.
        input_strength: norm of their inputs.
        published: networks of the published experiment, by reading of its offsets.
        ranges: of its fits, by observable.
        minimum_counts: fewest avalanches of a duration that enters its regression.
        grid_points: of its profiles.
        seed: root of random numbers.
    """
    sampled = Sampled(settings["published_avalanches"], settings["published_sharing"])
    multiples = settings["multiples"]
    local, shapes, found = [], [], []
    with threadpool_limits(1):
        for offset in settings["relative_offsets"]:
            for width in settings["widths"]:
                spec = spec_at(width, offset, activation, input_strength)
                shaped = doubled_durations(width, min(multiples), 2 * max(multiples))
                durations = shaped
                if offset == settings["relative_offsets"][0]:
                    longest = min(settings["longest"], settings["longest_scaled"] * width)
                    durations = sorted({*shaped, *grown_durations(width, longest)})
                    shapes.append(mean_profile(spec, shaped[-1]))
                local.append(slopes(spec, durations, shaped, offset))
        for reading, networks in published.items():
            specs = [NetworkSpec(**keys) for keys in networks]
            rng = generator(seed_key(seed, "universality", reading.replace(" ", "_"), 0))
            rows = expected_exponents(specs, ranges, minimum_counts, grid_points, sampled, settings["replicates"], rng)
            rows.insert(0, "reading", reading)
            found.append(rows)
    table = pd.concat(local, ignore_index=True)
    write_tsv(table, exponents, LOCAL_EXPONENTS)
    write_tsv(extrapolated(table, multiples), limits, LIMITING_EXPONENTS)
    write_tsv(pd.concat(shapes, ignore_index=True), profiles, EXACT_PROFILES)
    write_tsv(pd.concat(found, ignore_index=True), expected, EXPECTED_EXPONENTS)


if "snakemake" in globals():
    run(main, snakemake)
