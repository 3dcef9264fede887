"""Fractal dimensions of random and trained networks: averages, what they tend to, and numbers that claims need."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import ConfigError, checked, load_config
from deepcrit.core.tables import TableError, check_table, read_tsv, write_parquet, write_tsv
from deepcrit.experiments.levy_mean_field.schemas import ORDERED_LINES
from deepcrit.experiments.levy_training.design import stable_design
from deepcrit.experiments.levy_training.schemas import LEVY_MANIFEST, LEVY_SNAPSHOTS
from deepcrit.experiments.multifractality.design import jacobian_manifest
from deepcrit.experiments.multifractality.ensembles import (
    dimension_scaling,
    matrix_dimensions,
    random_dimensions,
)
from deepcrit.experiments.multifractality.landmarks import multifractal_landmarks
from deepcrit.experiments.multifractality.schemas import (
    DIMENSION_SCALING,
    JACOBIAN_MANIFEST,
    MATRIX_DIMENSIONS,
    MULTIFRACTAL_LANDMARKS,
    RANDOM_DIMENSIONS,
    TRAINED_DIMENSIONS,
)
from deepcrit.physics.heavytails import random_jacobian, right_eigenvectors

SMOKE = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")
SEED = 5


@pytest.fixture(scope="module")
def matrices() -> pd.DataFrame:
    """Of a few Jacobians."""
    manifest = check_table(jacobian_manifest([1.2, 2.0], 1.5, [20, 40, 80], [8, 6, 4], SEED), JACOBIAN_MANIFEST)
    return check_table(pd.concat(map(matrix_dimensions, manifest.itertuples())), MATRIX_DIMENSIONS)


def test_fifths_are_all_of_the_eigenvectors(matrices: pd.DataFrame) -> None:
    """Their weighted mean is that of all, D_0 without zeros is one, and Gaussian ones are near their null."""
    place = matrices[(matrices["width"] == 80) & (matrices["matrix"] == 0) & (matrices["alpha"] == 2.0)]
    second = place[place["power"] == 2]
    whole, parts = second[second["fifth"] == 0], second[second["fifth"] > 0]
    assert parts["vectors"].sum() == whole["vectors"].item() == 80
    assert np.average(parts["mean"], weights=parts["vectors"]) == pytest.approx(whole["mean"].item())
    assert place.loc[place["power"] == 0, "mean"].item() == pytest.approx(1.0)
    found = check_table(random_dimensions(matrices, SEED), RANDOM_DIMENSIONS)
    gaussian = found[(found["alpha"] == 2) & (found["width"] == 80) & (found["fifth"] == 0) & (found["power"] == 2)]
    assert gaussian["real_null"].item() - 0.05 < gaussian["dimension"].item() < gaussian["complex_null"].item()


def power_laws(limit: float, constant: float, noise: float = 0.0) -> pd.DataFrame:
    """Matrices whose IPR_2 is exactly c N^-D, or with noise."""
    rng = np.random.default_rng(1)
    rows = [
        {
            "alpha": 1.2, "gain": 1.5, "width": width, "matrix": matrix, "fifth": 0, "power": 2.0, "spread": 0.1,
            "mean": limit + (constant + noise * rng.standard_normal()) / np.log(width), "vectors": width,
        }
        for width in (100, 200, 400, 800)
        for matrix in range(20)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_limits_are_free_of_the_constant() -> None:
    """D_2 = D + c/ln N has the limit D, between all widths and between any two; noise leaves it in the interval."""
    found = check_table(dimension_scaling(power_laws(0.4, -1.0, 1e-6)), DIMENSION_SCALING)
    np.testing.assert_allclose(found["limit"], 0.4, atol=1e-5)
    assert found["between_widths"].tolist() == ["all", "100 to 200", "200 to 400", "400 to 800"]
    noisy = dimension_scaling(power_laws(0.4, -1.0, 0.3)).iloc[0]
    assert noisy["ci_low"] < 0.4 < noisy["ci_high"]
    assert noisy["ci_high"] - noisy["ci_low"] < 0.4
    assert found["stable_limit"].eq(0).all()


def trained_dimensions(kept: float = 0.0) -> pd.DataFrame:
    """D_2 that grows with alpha, falls above the ordered line, and changes by so much in training."""
    rng = np.random.default_rng(2)
    config = load_config(ROOT / "config.yaml")["levy_training"]
    manifest = stable_design(config, SEED)
    parts = []
    for snapshot, change in (("initial", 0.0), ("middle", kept), ("final", kept)):
        start = 0.4 * (manifest["alpha"] - 1) - 0.05 * manifest["gain"] + 0.4
        parts.append(
            manifest.assign(
                snapshot=snapshot, epoch=0.0, power=2.0, spread=0.1, vectors=100, real_null=0.76, complex_null=0.85,
                protocol="rescaled", dimension=start + change + 0.002 * rng.standard_normal(len(manifest)),
            )
        )  # fmt: skip
    dropped = ["seed_key", "batch", "learning_rate"]
    return check_table(pd.concat(parts).drop(columns=dropped), TRAINED_DIMENSIONS)


def test_landmarks_of_known_dimensions(matrices: pd.DataFrame) -> None:
    """Signs, sizes and intervals are those that the table was made with."""
    random, scaling = random_dimensions(matrices, SEED), dimension_scaling(matrices)
    found = check_table(multifractal_landmarks(trained_dimensions(-0.05), scaling, random), MULTIFRACTAL_LANDMARKS)
    by_name = found.set_index("quantity")
    assert by_name.loc["heavier_final", "value"] == pytest.approx(-0.32, abs=0.01)
    assert by_name.loc["kept_1.2", "value"] == pytest.approx(-0.05, abs=0.005)
    assert by_name.loc["kept_1.2", "networks"] == 4
    for reading in ("fixed_point", "radius"):
        assert by_name.loc[f"with_alpha_{reading}", "ci_low"] > 0
        assert by_name.loc[f"above_line_{reading}", "value"] < 0
    assert by_name.loc["maps", "value"] > 0.95
    assert by_name.loc["gaussian_rise", "ci_low"] > 0


def test_snapshots_are_measured_as_matrices(tmp_path: Path, matrices: pd.DataFrame) -> None:
    """From a shard of Jacobians to all tables and figures; a shard of another manifest is refused by name."""
    networks = stable_design(SMOKE["levy_training"], SEED)
    write_tsv(networks, tmp_path / "levy_manifest.tsv", LEVY_MANIFEST)
    rng = np.random.default_rng(3)
    rows = [
        {"point": row.point, "snapshot": snapshot, "epoch": 0.0,
         "jacobian": random_jacobian(rng, 20, row.alpha, row.gain).ravel()}
        for row in networks.itertuples()
        for snapshot in ("initial", "middle", "final")
    ]  # fmt: skip
    write_parquet(pd.DataFrame(rows), tmp_path / "snapshots.parquet", LEVY_SNAPSHOTS, {})
    manifest, shard = tmp_path / "levy_manifest.tsv", tmp_path / "trained.parquet"
    script("multifractality/measure_trained").main(
        str(manifest), str(tmp_path / "snapshots.parquet"), str(shard), "code"
    )
    script("multifractality/design_jacobians").main(
        str(tmp_path / "jacobians.tsv"), **SMOKE["multifractality"], seed=SEED
    )
    script("multifractality/measure_random").main(
        str(tmp_path / "jacobians.tsv"), str(tmp_path / "random.parquet"), 0, 1, "code"
    )
    relate = [str(tmp_path / "jacobians.tsv"), str(manifest), [str(tmp_path / "random.parquet")], [str(shard)]]
    names = ("random_dimensions", "dimension_scaling", "trained_dimensions", "multifractal_landmarks")
    relate += [str(tmp_path / f"{name}.tsv") for name in names]
    script("multifractality/relate_dimensions").main(*relate, "reduced", SEED)
    found = read_tsv(tmp_path / "trained_dimensions.tsv", TRAINED_DIMENSIONS)
    first = rows[2]
    second = found[(found["point"] == first["point"]) & (found["snapshot"] == "final") & (found["power"] == 2)]
    share = np.abs(right_eigenvectors(first["jacobian"].reshape(20, 20))[1]) ** 2
    expected = -np.log((share**2).sum(axis=0) / share.sum(axis=0) ** 2).mean() / np.log(20)
    assert second["dimension"].item() == pytest.approx(expected)
    line = {"line": "fixed_point", "pseudolength": 0.01, "above_one": 0.01, "over_fixed_point": 0.0}
    lines = pd.DataFrame([{"alpha": alpha, "gain": 0.5 * alpha, **line} for alpha in (1.0, 2.0)])
    write_tsv(lines, tmp_path / "ordered_lines.tsv", ORDERED_LINES)
    for figure in ("qu2022_fig3", "qu2022_figS2", "qu2022_multifractality"):
        caption_of(figure, tmp_path, tmp_path, SMOKE)
    write_tsv(networks.assign(learning_rate=0.1), manifest, LEVY_MANIFEST)
    with pytest.raises(TableError, match=r"trained\.parquet: found config_digest"):
        script("multifractality/relate_dimensions").main(*relate, "reduced", SEED)


def test_widths_and_matrices_belong_together() -> None:
    """One number of matrices a width."""
    config = load_config(ROOT / "config.yaml")
    config["multifractality"] |= {"matrices": [4, 4]}
    with pytest.raises(ConfigError, match="matrices: found 2 numbers, expected one for each of the 4 widths"):
        checked(config)
