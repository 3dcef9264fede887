"""The bootstrap goodness-of-fit test accepts power laws at its level and rejects others once it sees enough points."""

import numpy as np
import pytest
from scipy.stats import kstest

from deepcrit.avalanches.powerlaws import (
    goodness_continuous,
    goodness_discrete,
    sample_continuous,
    sample_discrete,
)


@pytest.mark.parametrize("xmax", [1000, None])
@pytest.mark.parametrize("discrete", [True, False])
def test_p_is_uniform_for_power_laws(discrete: bool, xmax: int | None) -> None:
    """Over 60 true power laws the p-values look uniform (Kolmogorov-Smirnov at 1e-3)."""
    rng = np.random.default_rng(1)
    p = []
    for _ in range(60):
        if discrete:
            x = sample_discrete(rng, 300, 1.8, 2, xmax)
            result = goodness_discrete(x, 2, xmax, rng, sizes=(300,), subsamples=1, replicates=60)
        else:
            sizes = sample_continuous(rng, 300, 1.8, 2.0, xmax)
            result = goodness_continuous(sizes, 2.0, xmax, rng, sizes=(300,), subsamples=1, replicates=60)
        p.append(result.sizes[0].p_value)
    jitter = rng.random(60) / 61
    assert kstest(np.array(p) - jitter, "uniform").pvalue > 1e-3


@pytest.mark.parametrize("discrete", [True, False])
def test_rejection_size_grows_as_the_law_nears_a_power_law(discrete: bool) -> None:
    """A power law with an early cut-off is rejected by fewer points than one with a late cut-off."""
    found = []
    for cut in (60, 600):
        rng = np.random.default_rng(2)
        x = sample_discrete(rng, 150_000, 1.5, 2, 500) if discrete else sample_continuous(rng, 150_000, 1.5, 2.0, 500.0)
        x = x[rng.random(x.size) < np.exp(-x / cut)]
        if discrete:
            result = goodness_discrete(x, 2, 500, rng, sizes=(200, 2000, 20_000), subsamples=3, replicates=40)
        else:
            result = goodness_continuous(x, 2.0, 500.0, rng, sizes=(200, 2000, 20_000), subsamples=3, replicates=40)
        found.append(result.rejection_size)
    assert found[0] is not None
    assert found[1] is not None
    assert found[0] < found[1]


def test_sizes_beyond_the_data_are_not_judged() -> None:
    """A size larger than the data gives no p-value and no rejection, and the same generator state the same result."""
    x = sample_continuous(np.random.default_rng(3), 500, 1.5, 1.0, 100.0)
    first, again = (goodness_continuous(x, 1.0, 100.0, np.random.default_rng(4), (100, 1000), 3, 20) for _ in range(2))
    assert first.sizes[0] == again.sizes[0]
    assert len(first.sizes[0].p_values) == 3
    assert np.isnan(first.sizes[1].p_value)
    assert first.rejection_size is None
