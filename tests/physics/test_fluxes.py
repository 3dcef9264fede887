"""Fluxes of losses and weights: against sums written out, torch, known shifts and known branches."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from deepcrit.experiments.fluxes.flow import flux_row, loss_edges, losses_of, total_flux, weight_edges
from deepcrit.experiments.fluxes.relations import (
    fitted_slopes,
    flux_branches,
    flux_shifts,
    flux_slopes,
    shift_iterations,
    two_branches,
)
from deepcrit.training.initial import scaled_parameters


def test_losses_are_those_of_torch_and_keep_their_digits_when_small() -> None:
    """Cross-entropy as torch has it in double precision, and exp(-40) where the right class is ahead by 40."""
    parameters = scaled_parameters((6, 4, 4, 10), "1:2:3:4", "uniform")
    rng = np.random.default_rng(1)
    images, labels = rng.random((30, 6)).astype(np.float32), rng.integers(0, 10, 30)
    x = torch.from_numpy(images)
    for weights, biases in list(zip(*parameters, strict=True))[:-1]:
        x = torch.relu(x @ torch.from_numpy(weights) + torch.from_numpy(biases))
    logits = x @ torch.from_numpy(parameters[0][-1]) + torch.from_numpy(parameters[1][-1])
    expected = torch.nn.functional.cross_entropy(logits.double(), torch.from_numpy(labels), reduction="none")
    np.testing.assert_allclose(losses_of(parameters, "relu", images, labels), expected.numpy(), rtol=1e-5)
    certain = (
        [np.zeros((6, 1), np.float32), np.zeros((1, 10), np.float32)],
        [np.ones(1, np.float32), np.zeros(10, np.float32)],
    )
    certain[1][1][3] = 40.0
    found = losses_of(certain, "relu", images[:2], np.array([3, 4]))
    assert found[0] == pytest.approx(9 * np.exp(-40.0), rel=1e-6)
    assert found[1] == pytest.approx(40.0)


def test_changes_cancel_within_a_bin_and_not_between_bins() -> None:
    """Two values of one bin that move apart have no flux; in bins of their own they have both changes."""
    before, after = np.array([1.0, 1.2, 5.0]), np.array([0.9, 1.3, 5.5])
    assert total_flux(before, after, np.array([0.0, 2.0, 10.0])) == pytest.approx(0.5 / 3)
    assert total_flux(before, after, np.array([0.0, 1.1, 2.0, 10.0])) == pytest.approx(0.7 / 3)
    beyond = np.array([2.0, 3.0])
    assert total_flux(before, after, beyond) == pytest.approx(0.5 / 3)


def test_a_flux_is_at_most_the_speed_and_reaches_it_when_all_move_one_way() -> None:
    """Bins only cancel; where every value falls nothing cancels, whatever the bins."""
    rng = np.random.default_rng(2)
    losses, weights = rng.lognormal(size=500), rng.standard_normal(300)
    step = rng.standard_normal(500) * 0.1, rng.standard_normal(300) * 0.1
    row = flux_row((losses, weights), (losses + step[0], weights + step[1]), 20)
    assert 0 < row["loss_flux"] < row["loss_speed"]
    assert 0 < row["weight_flux"] < row["weight_speed"]
    falling = flux_row((losses, weights), (0.9 * losses, weights - 0.01), 20)
    assert falling["loss_flux"] == pytest.approx(falling["loss_speed"])
    assert falling["weight_flux"] == pytest.approx(0.01)
    still = flux_row((losses, np.zeros(4)), (losses, np.zeros(4)), 20)
    assert still["loss_flux"] == still["weight_flux"] == 0.0


def test_bins_hold_everything() -> None:
    """Losses from rounding to a thousand, weights from the least to the largest, one value alone included."""
    assert len(loss_edges(200)) == 201
    assert loss_edges(10)[0] <= 1e-16
    assert weight_edges(np.array([-2.0, 3.0]), 5).tolist() == [-2, -1, 0, 1, 2, 3]
    assert np.isfinite(weight_edges(np.zeros(3), 4)).all()


def plane(noise: float = 0.05, seed: int = 0) -> pd.DataFrame:
    """Fluxes that grow as M^0.5 gamma^1 early and fall as M^-1 late, where half of them are on a lower branch."""
    rng, rows = np.random.default_rng(seed), []
    for neurons in (12, 20, 50, 110):
        for mobility in np.arange(-10.0, -4.0, 0.5):
            low = mobility > -7
            early = neurons**0.5 * np.exp(mobility)
            late = np.exp(-5.0 * low) / neurons
            for iteration, flux in ((20, early), (1000, late)):
                factor = np.exp(noise * rng.standard_normal(2))
                rows.append((neurons, mobility, iteration, np.exp(-4.0 * low), *(flux * factor)))
    columns = ["neurons", "log_mobility", "iteration", "loss", "loss_flux", "weight_flux"]
    return pd.DataFrame(rows, columns=columns)


def test_slopes_over_the_plane_are_found() -> None:
    """Exponents of size and mobility within intervals, by themselves and together, since the plane is balanced."""
    found = flux_slopes(plane(), 20).set_index(["quantity", "stage", "against", "fitted"])
    for fitted in ("alone", "together"):
        for against, slope in (("neurons", 0.5), ("mobility", 1.0)):
            row = found.loc[("loss_flux", "early", against, fitted)]
            assert row["ci_low"] < slope < row["ci_high"]
    tight = found.loc[("loss_flux", "early", "neurons", "together")]
    assert tight["ci_high"] - tight["ci_low"] < 0.1
    assert tight["p_value"] < 1e-6
    assert found.loc[("weight_flux", "late", "neurons", "alone"), "slope"] == pytest.approx(-1.0, abs=0.1)


def test_intervals_of_slopes_cover() -> None:
    """Of 300 noisy planes about 95 in a hundred have the exponent within the interval."""
    inside = 0
    rng = np.random.default_rng(7)
    x = np.repeat(np.log([12.0, 20.0, 50.0]), 4)
    for _ in range(300):
        slope, low, high, _ = fitted_slopes(0.5 * x + rng.standard_normal(12), x[:, None])[0]
        assert low < slope < high
        inside += low < 0.5 < high
    assert 0.91 < inside / 300 < 0.99


def test_slopes_that_cannot_be_told_are_missing() -> None:
    """Of one size alone, or of as many points as parameters."""
    assert np.isnan(fitted_slopes(np.arange(5.0), np.ones((5, 1)))[0]).all()
    assert np.isnan(fitted_slopes(np.arange(2.0), np.arange(2.0)[:, None])[0]).all()


def test_two_branches_are_told_from_one() -> None:
    """Two normal laws five deviations apart are found, with their means and members; one law is not taken for two."""
    rng = np.random.default_rng(4)
    values = np.concatenate([rng.normal(-8, 0.5, 40), rng.normal(-4, 0.5, 25)])
    gain, means, upper = two_branches(values)
    assert gain > 20
    assert means == pytest.approx([-8, -4], abs=0.3)
    assert upper.tolist() == [False] * 40 + [True] * 25
    one = [two_branches(np.random.default_rng(seed).normal(size=60))[0] for seed in range(20)]
    assert np.mean(np.array(one) > 0) < 0.2
    assert np.isnan(two_branches(np.ones(10))[0])
    assert np.isnan(two_branches(np.arange(4.0))[0])


def test_branches_of_the_plane_go_with_losses() -> None:
    """The lower branch is that of lower losses, by the four that were put in."""
    found = flux_branches(plane()).set_index("quantity").loc["loss_flux"]
    assert found["criterion_gain"] > 0
    assert found["lower"] < found["upper"]
    assert found["loss_ratio"] == pytest.approx(4.0)


def test_shifts_are_found_where_they_are() -> None:
    """A peak at 100, the fall after it, and a break of slope at 10,000; seeds give the interval."""
    iterations = np.array([1, 5, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 40000, 100000, 200000.0])
    flux = np.where(iterations <= 100, iterations, 100.0 * (iterations / 100.0) ** -0.2)
    flux = np.where(iterations > 10000, flux * (iterations / 10000.0) ** -2.0, flux)
    found = shift_iterations(iterations, flux)
    assert found["peak"] == pytest.approx(100)
    assert 5000 < found["late break"] < 25000
    assert found["steepest change"] > 10000
    rows = [
        {"hidden": 5, "run": run, "iteration": t, "loss_flux": f * (1 + run / 10), "weight_flux": f}
        for run in range(3)
        for t, f in zip(iterations, flux, strict=True)
    ]
    table = flux_shifts(pd.DataFrame(rows)).set_index(["quantity", "statistic"])
    assert table.loc[("loss_flux", "peak"), "value"] == pytest.approx(100)
    assert (table["networks"] == 3).all()
