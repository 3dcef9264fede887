"""Scripts of one task after another: training at the smallest scale, and made-up histories to verdicts and figure."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from made_up_digits import write_digits
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import ConfigError, load_config, validate
from deepcrit.app.plan import Plan
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import load_claims
from deepcrit.core.keys import select_keys
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_parquet, read_tsv, write_parquet
from deepcrit.data.continual_imagenet import IMAGE_SIDE
from deepcrit.experiments.continual.config import IMAGENET_SIDE
from deepcrit.experiments.continual.plan import ContinualPlan
from deepcrit.experiments.continual.schemas import CONTINUAL_HISTORY, CONTINUAL_MANIFEST, CRITICALITY

CONFIG = load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")
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
    files = [str(images / "any")]
    of, manifest, parts = SimpleNamespace(sample=sample), path / "manifest.tsv", []
    keys = select_keys(CONFIG["continual"], "replacement_rates", "targets", "strengths")
    script("continual/list_configurations").main(str(manifest), sample, PLAN.streams(of), keys)
    for shard in range(shards):
        part = path / f"{shard}_{shards}_{together}.parquet"
        script("continual/train_tasks").main(
            str(manifest), files, files, str(part), str(path / "checkpoints"), sample, shard, shards, together,
            PLAN.learning(), PLAN.tasks(of), "", 5, "code",
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


AVERAGED = 2
PUBLISHED = load_config(ROOT / "config.yaml", ROOT / "scales" / "paper.yaml")
PUBLISHED = PUBLISHED | {"continual": PUBLISHED["continual"] | {"imagenet_directory": "imagenet"}}


def made_up(networks: pd.DataFrame, lost: bool) -> pd.DataFrame:
    """Histories of eight tasks, accuracy falling with lambda_0 squared; ``lost``: the criticality loss diverges."""
    rng = np.random.default_rng(2)
    rows = networks[["network", "method"]].merge(pd.DataFrame({"task": np.arange(1, 9)}), how="cross")
    critical = rows.pop("method") == CRITICALITY
    gone = critical & lost
    noise = rng.standard_normal((4, len(rows)))
    exponent = (0.2 + 0.02 * rows["task"] - 0.1 * critical + 0.02 * noise[0]).mask(gone)
    change = pd.Series(0.01 * noise[1] ** 2 + 0.001).where(critical & ~gone)
    return rows.assign(
        diverged=gone, accuracy=(0.9 - 0.5 * exponent**2 + 0.001 * noise[2]).fillna(0.5),
        lyapunov_exponent=exponent, dead_units=0.1, flat_images=0.0, replaced=0, penalty=change,
        penalty_change=change, penalty_drift=0.01 * noise[3] * change,
    )  # fmt: skip


def made_tables(path: Path, config: Mapping[str, Any], lost: bool = False) -> Path:
    """All tables behind Fig. 5, merged and related by the scripts."""
    plan, parts = Plan(config).continual, {}
    keys = select_keys(config["continual"], "replacement_rates", "targets", "strengths")
    for sample in ("class_pairs", "permuted_mnist"):
        parts[sample] = manifest, shard = [str(path / f"{sample}.{kind}") for kind in ("tsv", "parquet")]
        script("continual/list_configurations").main(manifest, sample, 3, keys)
        rows = made_up(read_tsv(manifest, CONTINUAL_MANIFEST), lost)
        write_parquet(rows, shard, CONTINUAL_HISTORY, {"config_digest": sample, "code_digest": "code"})
    names = ("tasks", "bins", "statistics", "fits", "effects")
    tables = {name: str(path / f"continual_{name}.tsv") for name in names}
    script("continual/merge_tasks").main(parts, plan.labels(), tables["tasks"], tables["bins"], AVERAGED)
    script("continual/relate_tasks").main(
        tables["tasks"], tables["statistics"], tables["fits"], tables["effects"], AVERAGED
    )
    return path


def verdicts(path: Path) -> pd.Series:
    """Of all claims on Fig. 5 and Table S7, by what follows the name of the paper."""
    paper = load_claims(ROOT / "claims" / "vock2025.yaml")
    mine = [claim for claim in paper.claims if claim.id.split(".")[1].startswith(("fig5", "tableS7"))]
    names = {part.measure.table for claim in mine for part in claim.parts()}
    tables = {name: read_tsv(path / f"{name.split('/')[1]}.tsv", SCHEMAS[name.split("/")[1]]) for name in names}
    board = judge_paper(paper.model_copy(update={"claims": mine}), tables, "made up")
    return board.set_index(board["claim"].str.removeprefix("vock2025."))


ARITHMETIC = {"tableS7.reml", "tableS7.nobs"}
ON_MODELS = {"fig5.lmm_lambda", "fig5.lmm_dL"}
EQUALITIES = {"fig5c.equals_cbp", "fig5d.collapse"}


def test_every_claim_has_a_verdict(tmp_path: Path) -> None:
    """After few tasks of substitute data nothing is judged, whether it agrees or not, and what was seen is told."""
    board = verdicts(made_tables(tmp_path, CONFIG))
    untestable = set(board.index[board["verdict"] == "not testable here"])
    assert untestable == set(board.index) - ARITHMETIC
    assert "seen all the same: reproduced" in board.loc["fig5b.bp_loss", "reason"]
    assert board.loc["fig5d.collapse", "reason"].startswith(
        "the claim holds of the published protocol, and this was reduced (MNIST and Fashion-MNIST pairs); seen"
    )
    assert (board.loc[sorted(ARITHMETIC), "verdict"] == "reproduced").all()
    assert "ours" not in board.loc["tableS7.reml", "measured"]


def test_every_claim_has_a_verdict_as_published(tmp_path: Path) -> None:
    """By the published protocol all are judged, and criterion and observations are shown beside the printed ones."""
    board = verdicts(made_tables(tmp_path, PUBLISHED))
    assert not (board["verdict"] == "not testable here").any()
    assert "ours" in board.loc["tableS7.reml", "measured"]
    assert f"ours {18 * 8}" in board.loc["tableS7.nobs", "measured"]


def test_orders_are_judged_after_many_tasks(tmp_path: Path) -> None:
    """Of substitute data, too; equal accuracies and printed numbers await the published protocol."""
    board = verdicts(
        made_tables(tmp_path, PUBLISHED | {"continual": PUBLISHED["continual"] | {"imagenet_directory": None}})
    )
    untestable = set(board.index[board["verdict"] == "not testable here"])
    assert untestable == {name for name in board.index if name.startswith("tableS7")} - ARITHMETIC | EQUALITIES
    assert board.loc["fig5b.bp_loss", "verdict"] == "reproduced"
    assert "declared to count beforehand" in board.loc["fig5b.bp_loss", "reason"]


def test_lost_networks_leave_the_other_tables(tmp_path: Path) -> None:
    """Where all networks of the criticality loss diverged, claims on mixed models have nothing to be judged from."""
    board = verdicts(made_tables(tmp_path, CONFIG, lost=True))
    assert board.loc[sorted(ON_MODELS), "reason"].str.startswith("no row").all()
    assert "seen all the same: reproduced" in board.loc["fig5b.bp_loss", "reason"]


def test_figure_and_caption(tmp_path: Path) -> None:
    """Drawn from the tables; the caption speaks of permuted MNIST whatever the data of the pairs."""
    for name, config in (("substitute", CONFIG), ("published", PUBLISHED)):
        path = tmp_path / name
        path.mkdir()
        made_tables(path, config)
        caption = caption_of("vock2025_fig5", path, path, config)
        assert ("Substitute data" in caption) == ("Not the published protocol" in caption) == (name == "substitute")
        assert "which is not in the paper: MNIST behind a new permutation" in caption


def test_what_makes_the_protocol_published() -> None:
    """The paper's scale with Continual ImageNet is, and no longer with another value of any key that is printed."""

    def protocol(changes: Mapping[str, Any]) -> str:
        return ContinualPlan(PUBLISHED["continual"] | changes, 1, 1).labels()["class_pairs"]["protocol"]

    section, pairs = PUBLISHED["continual"], PUBLISHED["continual"]["class_pairs"]
    assert protocol({}) == "published"
    assert protocol({"imagenet_directory": None}) == "many tasks"
    assert protocol({"class_pairs": pairs | {"tasks": 400}}) == "many tasks"
    assert protocol({"class_pairs": pairs | {"tasks": 399}}) == "reduced"
    assert protocol({"strengths": [0.01, 0.1]}) == "reduced"
    free = {key for key in section if protocol({key: pairs if key == "class_pairs" else "other"}) == "published"}
    assert free == {"imagenet_directory", "measured_images", "class_pairs", "permuted_mnist"}
    # images of Continual ImageNet are not shrunk
    assert {key for key in pairs if protocol({"class_pairs": pairs | {key: -1}}) == "published"} == {
        "streams",
        "side",
    }


def test_a_night_has_many_tasks() -> None:
    """The scale of one night is one at which claims on order and sign are judged."""
    section = load_config(ROOT / "config.yaml", ROOT / "scales" / "night.yaml")["continual"]
    assert ContinualPlan(section, 1, 1).labels()["class_pairs"]["protocol"] == "many tasks"


def test_kernels_are_held_against_the_images_in_use() -> None:
    """Kernels that leave nothing of 14 x 14 pixels are refused there, and not on Continual ImageNet of 32 x 32."""
    pairs = CONFIG["continual"]["class_pairs"] | {
        "side": 14, "channels": [2, 2, 2], "kernels": [5, 3, 3], "paddings": [0, 0, 0]
    }  # fmt: skip
    section = CONFIG["continual"] | {"class_pairs": pairs}
    with pytest.raises(ConfigError, match=r"kernels: found \[5, 3, 3\], expected .* 14 x 14 pixels"):
        validate({**CONFIG, "continual": section})
    validate({**CONFIG, "continual": section | {"imagenet_directory": "imagenet"}})
    assert IMAGENET_SIDE == IMAGE_SIDE
