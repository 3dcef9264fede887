"""The script that trains networks on one task after another, at the smallest scale."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
from made_up_digits import write_digits
from workflow_scripts import ROOT, script

from deepcrit.config import load
from deepcrit.plan import Plan, leaves
from deepcrit.schemas.continual import CONTINUAL_HISTORY
from deepcrit.tables import read_parquet

CONFIG = load(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")
PLAN = Plan(CONFIG).continual


@pytest.fixture(autouse=True)
def _torch_as_before():
    """What a job sets, put back after."""
    threads, graphs = torch.get_num_threads(), torch.is_grad_enabled()
    yield
    torch.set_num_threads(threads)
    torch.set_grad_enabled(graphs)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise with a bright row that tells the class, as many images of each class as a task takes."""
    path = tmp_path_factory.mktemp("images")
    rng = np.random.default_rng(1)
    train, test = (rng.permutation(np.repeat(np.arange(10), 40)) for _ in range(2))
    write_digits(path, rng, train, test)
    return path


def train(path: Path, images: Path, sample: str, shards: int, together: int) -> pd.DataFrame:
    """History of all networks of a sample, trained in so many shards and so many at a time."""
    of, manifest, parts = SimpleNamespace(sample=sample), path / "manifest.tsv", []
    keys = leaves(CONFIG["continual"], "replacement_rates", "targets", "strengths")
    script("continual/list_configurations").main(str(manifest), sample, PLAN.streams(of), keys)
    for shard in range(shards):
        part = path / f"{shard}_{shards}_{together}.parquet"
        script("continual/train_tasks").main(
            str(manifest), str(images), str(images), str(part), str(path / "checkpoints"), sample, shard, shards,
            together, PLAN.learning(), PLAN.tasks(of), "", 5, "code",
        )  # fmt: skip
        parts.append(read_parquet(part, CONTINUAL_HISTORY))
    assert not list((path / "checkpoints").iterdir())
    return pd.concat(parts).sort_values(["network", "task"], ignore_index=True)


@pytest.mark.parametrize("sample", ["class_pairs", "permuted_mnist"])
def test_shards_and_pieces_change_nothing(tmp_path: Path, images: Path, sample: str) -> None:
    """Shards of uneven pieces, of which some are single networks, have the rows of one job of whole groups."""
    whole = train(tmp_path, images, sample, 1, 18)
    assert len(whole) == 2 * (6 + 5) * 4
    pd.testing.assert_frame_equal(train(tmp_path, images, sample, 3, 4), whole, check_exact=True)
    pd.testing.assert_frame_equal(train(tmp_path, images, sample, 2, 1), whole, check_exact=True)
