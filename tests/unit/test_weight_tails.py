"""Weights of trained networks: estimates against known laws, shares, the band, and what cannot be fitted."""

import math
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import kstwobign

from deepcrit.core.tables import check_table
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.experiments.weight_tails.architectures import weight_architectures, weight_counts
from deepcrit.experiments.weight_tails.config import NamedNetwork, PackagedNetwork
from deepcrit.experiments.weight_tails.example import choose_example, example_row
from deepcrit.experiments.weight_tails.networks import (
    EXAMPLE,
    EXAMPLE_ENTRIES,
    NAMED,
    NAMED_TENSORS,
    ONE_OF_TEN,
    PACKAGED_NETWORKS,
    PACKAGED_SIZES,
    STANDS_IN,
    NetworkSource,
    network_sources,
)
from deepcrit.experiments.weight_tails.schemas import WEIGHT_EXAMPLE, WEIGHT_HISTOGRAM, WEIGHT_NETWORKS, WEIGHT_TENSORS
from deepcrit.experiments.weight_tails.shares import ShareLevels, weight_shares
from deepcrit.experiments.weight_tails.survey import WeightFiles, measure_networks
from deepcrit.physics.heavytails import ordered_gain
from deepcrit.physics.heavytails.band import critical_band, ends_of_band
from deepcrit.physics.heavytails.weights import TensorSettings, _log10_p, gain, measure_tensor, shapiro_wilk
from deepcrit.stats import stable

SETTINGS = TensorSettings(shapiro_entries=20_000, replicates=9)
LEVELS = ShareLevels(heavy_below=1.95, normality_level=0.025, open_end=3.0)
BAND = pd.DataFrame({"alpha": [1.0, 1.5, 2.0], "lower": [0.5, 0.75, 1.0], "upper": [np.nan, 2.5, 1.0]})


def measured(values: np.ndarray) -> dict[str, Any]:
    return measure_tensor(values, np.random.default_rng(5), SETTINGS, tested=True)


def test_a_stable_tensor_is_known_again() -> None:
    """Both intervals hold the truth, g is that of the ensemble the paper defines, and the stable law wins."""
    n, alpha, gained = 200, 1.6, 1.4
    scale = gained * (1 / (2 * n)) ** (1 / alpha)
    found = measured(stable.sample(np.random.default_rng(3), (n, n), alpha, scale).astype(np.float32))
    assert found["alpha_low"] < alpha < found["alpha_high"]
    assert found["scale_low"] < scale < found["scale_high"]
    assert found["gain_low"] < gained < found["gain_high"]
    assert found["gain"] == pytest.approx(gained, rel=0.1)
    assert found["quantile_alpha"] == pytest.approx(alpha, abs=0.05)
    assert found["best"] == "stable"
    assert found["over_normal"] > 1000
    assert found["log10_p_ratio"] > 10
    assert (found["ks_normal_p"], found["shapiro_p"] < 1e-9, found["sample_p"] < 1e-9) == (0.1, True, True)


def test_a_gaussian_tensor_is_normal() -> None:
    """alpha is 2, both distances are of one law, no test rejects, and moments are those of numpy."""
    values = 0.1 + 0.3 * np.random.default_rng(4).standard_normal((50, 60))
    found = measured(values)
    assert found["normal"]
    assert found["alpha"] == 2
    assert found["log10_p_ratio"] == 0
    assert found["scale"] == pytest.approx(values.std() / math.sqrt(2), rel=1e-3)
    assert found["over_normal"] == pytest.approx(0, abs=1e-6)
    assert min(found["shapiro_p"], found["sample_p"], found["ks_stable_p"], found["ks_normal_p"]) > 0.05
    assert found["sd"] == pytest.approx(values.std())
    centred = values - values.mean()
    assert found["excess_kurtosis"] == pytest.approx((centred**4).mean() / (centred**2).mean() ** 2 - 3)


def test_rivals_are_told_from_stable_laws() -> None:
    """Student's t with finite variance, which quantiles take for a stable law, is known as what it is."""
    found = measured(np.random.default_rng(6).standard_t(4, 40_000).reshape(200, 200))
    assert found["best"] == "student_t"
    assert found["aic_student_t"] < -100
    assert found["quantile_alpha"] < 1.95


def test_intervals_of_the_scale_cover_at_least_as_promised() -> None:
    """The box of both intervals holds g in 95% of sets or more, here in all but at most six of sixty."""
    n, alpha, gained = 30, 1.7, 1.0
    scale = gained * (1 / (2 * n)) ** (1 / alpha)
    held = 0
    for seed in range(60):
        grouped = stable.group(stable.sample(np.random.default_rng(seed), n * n, alpha, scale))
        fit = stable.fit(grouped)
        held += gain(fit.alpha_high, fit.scale_low, n * n) <= gained <= gain(fit.alpha_low, fit.scale_high, n * n)
    assert held >= 54


def test_p_values_are_compared_where_they_underflow() -> None:
    """The asymptotic tail is that of scipy where both are there, and goes on beyond."""
    for scaled in (0.5, 1.0, 4.9, 5.0, 9.0):
        assert _log10_p(scaled) == pytest.approx(math.log10(kstwobign.sf(scaled)), rel=1e-9)
    assert _log10_p(400) < _log10_p(399) < -1e5


def test_large_tensors_are_tested_in_part() -> None:
    """No more entries are tested than asked for, from all over the tensor, without a warning."""
    flat = np.concatenate([np.zeros(30_000), np.ones(30_000)]) + np.random.default_rng(1).normal(0, 1e-3, 60_000)
    (whole, _), (sample, p) = shapiro_wilk(flat, 0.5, 6_000, np.random.default_rng(2))
    assert whole == pytest.approx(sample, abs=0.01)
    assert p < 1e-9


def files(own: Path) -> WeightFiles:
    return WeightFiles(cache=own / "cache", local=own, own=own, downloader=Downloader(1.0))


def test_what_cannot_be_fitted_is_told_and_stops_nothing(tmp_path: Path) -> None:
    """Each of a constant tensor, one with NaN, one too small, a file damaged or missing has a reason, stopping none."""
    rng = np.random.default_rng(8)
    torch.save(
        {
            "good": torch.from_numpy(rng.standard_normal((8, 9))),
            "constant": torch.full((8, 9), 0.25),
            "broken": torch.from_numpy(np.where(np.eye(8), np.nan, 1.0)),
            "small": torch.from_numpy(rng.standard_normal((3, 4))),
            "coarse": torch.from_numpy(np.where(np.arange(100) < 80, 0.0, rng.standard_normal(100)).reshape(10, 10)),
        },
        tmp_path / "net.pt",
    )
    (tmp_path / "damaged.h5").write_bytes(b"no weights")
    chosen = [*network_sources(["alexnet"], ["mtcnn"], str(tmp_path))]
    tensors, networks = measure_networks(chosen, files(tmp_path), SETTINGS, 1, 3)
    check_table(tensors, WEIGHT_TENSORS)
    check_table(networks, WEIGHT_NETWORKS)
    by_name = networks.set_index("network")
    assert by_name.loc["net.pt", ["read", "tensors", "fitted"]].tolist() == [True, 5, 1]
    assert "cannot be read as weights" in by_name.loc["damaged.h5", "reason"]
    assert "alexnet-owt" in by_name.loc["alexnet", "reason"]
    assert "pnet.pt" in by_name.loc["mtcnn", "reason"]
    assert by_name["standing"].tolist() == [ONE_OF_TEN, STANDS_IN, STANDS_IN, STANDS_IN]
    reasons = tensors[~tensors["fitted"]].set_index("tensor")["reason"]
    assert "all equal to 0.25" in reasons["constant"]
    assert "8 that are NaN" in reasons["broken"]
    assert "found 12, expected at least 20" in reasons["small"]
    assert "expected" in reasons["coarse"]
    assert all(name in by_name.loc["net.pt", "left_out"] for name in ("constant", "broken", "small", "coarse"))
    assert tensors.loc[tensors["fitted"], ["tensor", "draw"]].to_numpy().tolist() == [["good", 0], ["good", 1]]


def test_gaussian_tensors_have_the_spread_of_what_they_stand_beside(tmp_path: Path) -> None:
    """Their scales mean something beside those of the weights; each draw is another, and none depends on the others."""
    weights = 0.02 * np.random.default_rng(8).standard_normal((40, 50))
    torch.save({"w": torch.from_numpy(weights)}, tmp_path / "net.pt")
    one, two = (
        measure_networks([NetworkSource("net.pt", "own")], files(tmp_path), SETTINGS, draws, 3)[0] for draws in (1, 2)
    )
    assert two["sd"].to_numpy() == pytest.approx(0.02, rel=0.1)
    assert two["sd"].nunique() == 3
    pd.testing.assert_frame_equal(one, two.iloc[:2])


def shares_of(tensors: pd.DataFrame, standing: str) -> pd.DataFrame:
    names = tensors["network"].unique()
    networks = pd.DataFrame({"network": names, "standing": standing, "fitted": 1})
    return weight_shares(tensors, networks, LEVELS, BAND)


def made_up(counts: dict[str, tuple[int, int]]) -> pd.DataFrame:
    """Tensors by network: how many, and how many of them are heavy-tailed; each with a Gaussian one."""
    rows = []
    for network, (number, heavy) in counts.items():
        for place in range(number):
            alpha = 1.5 if place < heavy else 2.0
            row = {"network": network, "draw": 0, "fitted": True, "alpha": alpha, "quantile_alpha": alpha, "gain": 1.0}
            row |= {"quantile_gain": 5.0, "code_gain": 0.1, "shapiro_p": 0.01, "sample_p": 0.5, "log10_p_ratio": 0.0}
            row |= {"over_normal": 3.0, "best": "stable" if alpha < 2 else "normal"}
            rows += [row, row | {"draw": 1, "alpha": 2.0, "quantile_alpha": 1.9}]
    return pd.DataFrame(rows)


def test_shares_weigh_networks() -> None:
    """A network of many tensors counts as one of few; by tensors it counts for all of them; and nulls stand beside."""
    found = shares_of(made_up({"a": (100, 100), "b": (10, 5), "c": (4, 1)}), STANDS_IN)
    judged = found[found["judged"] & (found["statistic"] == "heavy-tailed")].set_index(["method", "weighting"])
    by_networks = judged.loc[("maximum likelihood", "networks")]
    assert by_networks["share"] == pytest.approx((1 + 0.5 + 0.25) / 3)
    assert by_networks["ci_low"] < by_networks["share"] < by_networks["ci_high"] <= 1
    assert judged.loc[("maximum likelihood", "tensors"), "share"] == pytest.approx(106 / 114)
    assert judged.loc[("maximum likelihood", "networks"), "null_share"] == 0
    assert judged.loc[("quantiles", "networks"), "null_share"] == 1
    assert set(judged["networks"]) == {3}
    assert set(judged["tensors"]) == {114}
    alone = found[(found["population"] == "b") & (found["statistic"] == "heavy-tailed")]
    assert alone["share"].tolist() == [0.5, 0.5]
    assert alone["ci_low"].isna().all()


def test_scales_are_held_against_the_band() -> None:
    """Inside at both ends counts; medians say how far from each end, and the open end is the last g tried."""
    found = shares_of(made_up({"a": (4, 4), "b": (4, 4)}), STANDS_IN)
    rows = found[found["judged"] & (found["weighting"] == "networks")].set_index(["statistic", "method"])["share"]
    assert rows["scale in the critical band", "maximum likelihood"] == 1
    assert rows["scale in the critical band", "quantiles"] == 0
    assert rows["ln of scale over lower end of the band", "maximum likelihood"] == pytest.approx(math.log(1 / 0.75))
    assert rows["ln of upper end of the band over scale", "quantiles"] == pytest.approx(math.log(2.5 / 5))
    assert rows["ln of scale over lower end of the band", "quantiles, scale as in the code"] < 0


def test_claims_are_judged_by_the_ten_networks_where_all_are_there() -> None:
    """Ten are judged alone; nine are joined by what stands in, and it is said."""
    tensors = made_up(dict.fromkeys(NAMED, (2, 1)) | {"mtcnn": (2, 0)})
    networks = pd.DataFrame({"network": [*NAMED, "mtcnn"], "standing": [ONE_OF_TEN] * 10 + [STANDS_IN], "fitted": 2})
    whole = weight_shares(tensors, networks, LEVELS, BAND).query("judged")
    assert set(whole["standing"]) == {"all ten networks named"}
    assert set(whole["networks"]) == {10}
    part = weight_shares(tensors, networks.assign(fitted=[0, *[2] * 10]), LEVELS, BAND).query("judged")
    assert set(part["standing"]) == {"networks of the ten, and others that stand in"}
    assert set(part["networks"]) == {10}
    assert set(shares_of(tensors[tensors["network"] == "mtcnn"], STANDS_IN).query("judged")["standing"]) == {
        "networks that stand in"
    }


def test_the_band_opens_with_heavier_tails_and_closes_at_the_classical_point() -> None:
    """From the ordered line up; of no width at alpha = 2, g = 1; open at alpha = 1."""
    band = critical_band(np.array([1.0, 1.5, 2.0]), np.arange(0.4, 3.01, 0.4))
    assert band["lower"].tolist() == pytest.approx([ordered_gain(alpha) for alpha in (1.0, 1.5, 2.0)])
    assert np.isnan(band["upper"][0])
    assert band["upper"][1] > 2 * band["lower"][1]
    assert band["upper"][2] == pytest.approx(1.01, abs=0.01)
    low, high = ends_of_band(np.array([0.9, 1.0, 1.25, 2.0]), BAND, 3.0)
    np.testing.assert_allclose(low, [np.nan, 0.5, 0.625, 1.0])
    np.testing.assert_allclose(high, [np.nan, 3.0, 2.75, 1.0])


def test_architectures_alone_give_the_printed_count() -> None:
    """699 with ResNeXt-50, 750 with 101 layers as printed; the shown tensor is AlexNet's third."""
    architectures = weight_architectures()
    assert weight_counts(architectures)["tensors"].tolist() == [699, 750]
    ten = architectures[architectures["torchvision"]]
    assert dict(zip(ten["network"], ten["tensors"], strict=True)) == NAMED_TENSORS
    assert architectures.set_index("network").loc[EXAMPLE[0], "third"] == EXAMPLE_ENTRIES
    assert sum(ten["entries"]) == 533_644_160


def test_names_are_the_same_everywhere() -> None:
    """In the configuration, in the table of packages, and in that of their sizes."""
    assert get_args(NamedNetwork) == tuple(NAMED)
    assert get_args(PackagedNetwork) == tuple(PACKAGED_NETWORKS) == tuple(PACKAGED_SIZES)


def test_the_example_is_the_published_tensor_or_the_nearest_in_size() -> None:
    """By its name where it is there; else by the number of entries, of trained weights alone."""
    columns = {"draw": 0, "fitted": True, "alpha": 1.5, "alpha_low": 1.4, "alpha_high": 1.6, "scale": 1.0, "mean": 0.0}
    columns |= {"sd": 2.0, "over_normal": 5.0, "best": "student_t"}
    tensors = pd.DataFrame(
        [
            {"network": "b", "tensor": "near", "n": 600_000, **columns},
            {"network": "b", "tensor": "far", "n": 100_000, **columns},
            {"network": "b", "tensor": "drawn", "n": EXAMPLE_ENTRIES, **columns | {"draw": 1}},
            {"network": EXAMPLE[0], "tensor": EXAMPLE[1], "n": EXAMPLE_ENTRIES, **columns},
        ]
    )
    for rows, tensor, standing in (
        (tensors, EXAMPLE[1], "the one that is shown"),
        (tensors[:3], "near", "another tensor that stands in"),
    ):
        row = example_row(choose_example(rows))
        check_table(row, WEIGHT_EXAMPLE)
        assert row.loc[0, ["tensor", "standing"]].tolist() == [tensor, standing]


def test_histograms_hold_every_entry_of_the_tail_beside_both_laws() -> None:
    """Densities of stable variates follow the stable law in the tail, where the normal one is gone."""
    values = stable.sample(np.random.default_rng(2), 200_000, 1.7, 0.5)
    bins = stable.histograms_beside_laws(values, 1.7, 0.5)
    check_table(bins, WEIGHT_HISTOGRAM)
    tail = bins[bins["axis"] == "distance"]
    assert tail["entries"].sum() == (np.abs(values - values.mean()) >= 0.1 * values.std()).sum()
    full = tail[tail["entries"] > 400]
    np.testing.assert_allclose(full["density"], full["stable"], rtol=0.2)
    assert tail["normal"].iloc[-3] < 1e-6 * tail["stable"].iloc[-3]
