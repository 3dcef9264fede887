"""Dynamics of classifiers: from weight files in a directory to tables, correlations and mixed models."""

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import torch
import torchvision
from PIL import Image
from torch import nn
from workflow_rules import workflow_of_hooks
from workflow_scripts import script

from deepcrit.app.config import ConfigError, load_config, validate
from deepcrit.app.launch import unmeasured
from deepcrit.app.plan import Plan
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.data.files import PHOTOGRAPH_FILES
from deepcrit.experiments.zoo import surveys
from deepcrit.experiments.zoo.config import PHOTOGRAPHS_AT_MOST
from deepcrit.experiments.zoo.schemas import (
    DYNAMICS,
    DYNAMICS_INPUTS,
    DYNAMICS_STATUS,
    MIXED_MODELS,
    RECIPE_CHANGES,
    WEIGHT_SETS,
    ZOO_IMAGES,
)
from deepcrit.physics.lyapunov.products import JacobianError
from deepcrit.pretrained import loading
from deepcrit.pretrained.dynamics import OutputError, measure_network
from deepcrit.pretrained.images import ImageError, choose_images, images_below, read_image
from deepcrit.pretrained.loading import Loader, LoadingError, load_state, trained_network
from deepcrit.pretrained.networks import random_network
from deepcrit.pretrained.own_models import builder_file, builder_files, builder_function
from deepcrit.pretrained.subjects import Subject, dealt, subjects
from deepcrit.pretrained.weights import PublishedWeights, wanted_weights, weights_url
from deepcrit.stats.schemas import RANK_CORRELATIONS

ROOT = Path(__file__).resolve().parents[2]
KEYS: dict[str, Any] = {
    "trained": "all", "packages": [], "controls": [], "own_models": {}, "tolerance": 1e-4, "maximum_products": 50,
}  # fmt: skip


def tiny() -> nn.Module:
    """Stands for every classifier: six modules without parts."""
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, stride=2), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(),
        nn.Linear(16, 5),
    )  # fmt: skip


class Stand(NamedTuple):
    """A working directory with images, and how to run what measures and gathers."""

    path: Path

    def run(self, keys: dict[str, Any], shards: int = 1, sets: str = "weight_sets.tsv") -> pd.DataFrame:
        """Measure and gather, and return the status of every network."""
        parts: dict[str, list[str]] = {"inputs": [], "status": []}
        for shard in range(shards + bool(keys["own_models"])):
            outputs = {name: str(self.path / f"{shard}.{name}.parquet") for name in parts}
            script("zoo/measure_dynamics").main(
                str(self.path / sets), str(self.path / "zoo_images.tsv"), outputs, keys, str(self.path / "cache"),
                str(self.path / "kept"), str(self.path / "weights"), 1.0, 7, shard, shards, "code",
            )  # fmt: skip
            for name, output in outputs.items():
                parts[name].append(output)
        outputs = {name: str(self.path / f"{name}.tsv") for name in ("dynamics", "inputs", "status")}
        script("zoo/gather_dynamics").main(parts, outputs)
        return read_tsv(outputs["status"], DYNAMICS_STATUS)

    def dynamics(self) -> pd.DataFrame:
        return read_tsv(self.path / "dynamics.tsv", DYNAMICS).set_index(["model", "weights"])


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables that say which classifiers and weights there are."""
    path = tmp_path_factory.mktemp("catalogue")
    published = str(ROOT / "published" / "vock2025_models.tsv")
    script("zoo/list_models").main(published, str(path / "models.tsv"), str(path / "weight_sets.tsv"))
    return path


@pytest.fixture
def stand(tmp_path: Path, catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """Two images, and small networks in place of torchvision's, with weight files that have checksums."""
    rng = np.random.default_rng(3)
    for name in "ab":
        Image.fromarray(rng.integers(0, 256, (20, 24, 3), dtype=np.uint8)).save(tmp_path / f"{name}.png")
    images = choose_images(sorted(tmp_path.glob("*.png")), 2, "photographs")
    write_tsv(images, tmp_path / "zoo_images.tsv", ZOO_IMAGES)
    sets = read_tsv(catalogue / "weight_sets.tsv", WEIGHT_SETS)
    for name in ("models", "weight_sets"):
        (tmp_path / f"{name}.tsv").write_text((catalogue / f"{name}.tsv").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "weights").mkdir()
    files: dict[str, PublishedWeights] = {}
    for seed, (model, weights) in enumerate(zip(sets["model"], sets["weights"], strict=True)):
        torch.manual_seed(seed)
        path = tmp_path / "weights" / "new.pth"
        torch.save(tiny().state_dict(), path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
        path.rename(path.with_name(f"{model}-{digest}.pth"))
        url = f"http://127.0.0.1:9/{model}-{digest}.pth"
        files[f"{model}/{weights}"] = wanted_weights(url)

    def build(_: str, __: str, path: Path) -> nn.Module:
        network = tiny()
        load_state(network, path)
        return network

    monkeypatch.setattr(
        loading, "weights_url", lambda model, weights: f"http://127.0.0.1:9/{files[f'{model}/{weights}'].file.name}"
    )
    monkeypatch.setattr(loading, "trained_network", build)
    return Stand(tmp_path)


def test_eighty_classifiers_from_a_directory(stand: Stand) -> None:
    """Every weight set of a directory is measured, and statistics of all 80 and of 28 pairs follow."""
    status = stand.run(KEYS, shards=2)
    assert status["measured"].all()
    assert status["model"].nunique() == 80
    path = {name: str(stand.path / f"{name}.tsv") for name in (
        "models", "weight_sets", "dynamics", "rank_correlations", "zoo_landmarks", "mixed_models", "mixed_effects",
        "mixed_correlations", "mixed_summary", "weight_pairs", "recipe_changes",
    )}  # fmt: skip
    known = [path["models"], path["weight_sets"], path["dynamics"]]
    script("zoo/relate_models").main(*known, path["rank_correlations"], path["zoo_landmarks"], 80, 1)
    script("zoo/pair_weights").main(*known, path["weight_pairs"], path["recipe_changes"])
    fits = [path[f"mixed_{name}"] for name in ("models", "effects", "correlations", "summary")]
    script("zoo/fit_mixed_models").main(path["models"], path["dynamics"], *fits, 80)
    correlations = read_tsv(path["rank_correlations"], RANK_CORRELATIONS).set_index(["of", "against"])
    assert correlations.loc[("accuracy", "lyapunov_exponent"), "n"] == 80
    assert set(read_tsv(path["mixed_models"], MIXED_MODELS)["number"]) == set(range(1, 16))
    pairs = read_tsv(path["recipe_changes"], RECIPE_CHANGES).set_index(["measure", "over"])["pairs"]
    assert pairs["top_singular_value", "every pair"] == 28


def test_rows_are_those_of_a_slow_reference(stand: Stand) -> None:
    """Every column of a row is met by full Jacobians of the same images, averaged by hand; shards change nothing."""
    stand.run({**KEYS, "trained": ["vgg11", "alexnet", "resnet50"]}, shards=3)
    whole = (stand.path / "dynamics.tsv").read_bytes()
    row = stand.dynamics().loc[("alexnet", "IMAGENET1K_V1")]
    network = tiny().eval()
    load_state(network, next((stand.path / "weights").glob("alexnet-*.pth")))
    prepare = torchvision.models.AlexNet_Weights.IMAGENET1K_V1.transforms()
    shown = [prepare(loading.read_image(stand.path / f"{name}.png")) for name in "ab"]
    tops, sigmas = [], []
    for image in shown:
        jacobian = torch.func.jacrev(lambda x: network(x[None])[0])(image).detach().flatten(1).double()
        tops.append(float(torch.linalg.svdvals(jacobian)[0]))
        with torch.inference_mode():
            sigmas.append(float(network(image[None]).abs().mean() / image.abs().mean()))
    distances, exponents = np.abs(1 - np.array(sigmas)), np.log(tops) / 6
    assert row["modules"] == 6
    for name, values in (
        ("branching_parameter", sigmas), ("branching_distance", distances),
        ("top_singular_value", tops), ("lyapunov_exponent", exponents),
    ):  # fmt: skip
        assert row[name] == pytest.approx(np.mean(values), rel=1e-4), name
        assert row[f"{name}_sd"] == pytest.approx(np.std(values, ddof=1), rel=2e-3), name
    (stand.path / "kept").rename(stand.path / "gone")
    stand.run({**KEYS, "trained": ["vgg11", "alexnet", "resnet50"]}, shards=1)
    assert (stand.path / "dynamics.tsv").read_bytes() == whole


def test_what_cannot_be_measured_is_listed(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing, a damaged, a foreign and an overflowing file cost one row each, with the reason, and no other."""
    files = {name: next((stand.path / "weights").glob(f"{name}-*.pth")) for name in ("vgg11", "vgg13", "vgg16")}
    files["vgg11"].unlink()
    files["vgg13"].write_bytes(b"damaged")
    monkeypatch.setattr(
        loading, "trained_network",
        lambda model, _, path: broken(path) if model == "vgg16" else tiny(),
    )  # fmt: skip

    def broken(path: Path) -> nn.Module:
        load_state(network := nn.Sequential(nn.Linear(2, 2)), path)
        return network

    overflowing = tiny()
    nn.init.constant_(overflowing[5].weight, float("inf"))
    status = stand.run({**KEYS, "trained": ["vgg11", "vgg13", "vgg16", "vgg19"]}).set_index("model")
    assert status["measured"].to_dict() == {"vgg11": False, "vgg13": False, "vgg16": False, "vgg19": True}
    assert files["vgg11"].name in status.loc["vgg11", "reason"]
    assert f"holds no {files['vgg11'].name}" in status.loc["vgg11", "reason"]
    digest = hashlib.sha256(b"damaged").hexdigest()
    assert f"found sha256 {digest} (7 bytes), expected" in status.loc["vgg13", "reason"]
    assert "Unexpected key(s) in state_dict" in status.loc["vgg16", "reason"]
    assert "size mismatch for 0.weight" in status.loc["vgg16", "reason"]
    assert not status["reason"].str.contains("\n").any()
    monkeypatch.setattr(loading, "trained_network", lambda *_: overflowing)
    reason = stand.run({**KEYS, "trained": ["vgg19_bn"]})["reason"].iloc[0]
    assert "input 0: output: found values that are not finite, expected" in reason


def test_memory_that_one_network_lacks_fails_no_job(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where torch cannot allocate and all other weights are missing, that is the reason, and the job succeeds."""
    next((stand.path / "weights").glob("vgg11-*.pth")).unlink()

    def greedy(*_: object) -> nn.Module:
        return nn.Linear(2**45, 2**4)

    monkeypatch.setattr(loading, "trained_network", greedy)
    status = stand.run({**KEYS, "trained": ["vgg11", "vgg13"]}).set_index("model")
    assert not status["measured"].any()
    assert "can't allocate memory" in status.loc["vgg13", "reason"]


def test_the_input_at_fault_is_named() -> None:
    """A network that overflows at the second input alone is said to do so at input 1."""
    network = nn.Sequential(nn.Flatten(), nn.Linear(12, 3))
    with pytest.raises(JacobianError, match="input 1: output: found values that are not finite, expected"):
        measure_network(network, [torch.ones(3, 2, 2), torch.full((3, 2, 2), float("inf"))], 1e-3, 5, 0)


def test_an_error_of_the_program_is_no_missing_data(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unforeseen error that leaves nothing measured fails the job; where others are measured it is a reason."""

    def fails(model: str, *_: object) -> nn.Module:
        if model == "vgg19":
            return tiny()
        raise ZeroDivisionError("of the program")

    monkeypatch.setattr(loading, "trained_network", fails)
    with pytest.raises(surveys.SurveyError, match=r"ZeroDivisionError\('of the program'\)"):
        stand.run({**KEYS, "trained": ["vgg11", "vgg13"]})
    status = stand.run({**KEYS, "trained": ["vgg11", "vgg19"]}).set_index("model")
    assert status.loc["vgg11", "reason"] == "ZeroDivisionError: of the program"
    assert status.loc["vgg19", "measured"]


def test_a_killed_job_goes_on(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was measured before a kill is not measured again, unless its weights, settings or images changed."""
    asked: list[str] = []

    def builds(dies: bool) -> Callable[..., nn.Module]:
        def build(model: str, _: str, path: Path) -> nn.Module:
            asked.append(model)
            if dies and model == "vgg16":
                raise KeyboardInterrupt
            load_state(network := tiny(), path)
            return network

        return build

    keys = {**KEYS, "trained": ["vgg11", "vgg13", "vgg16"]}
    monkeypatch.setattr(loading, "trained_network", builds(dies=True))
    with pytest.raises(KeyboardInterrupt):
        stand.run(keys)
    monkeypatch.setattr(loading, "trained_network", builds(dies=False))
    assert stand.run(keys)["measured"].all()
    assert asked == ["vgg11", "vgg13", "vgg16", "vgg16"]
    kept = stand.path / "kept" / "torchvision-vgg11-IMAGENET1K_V1.json"
    kept.write_text(kept.read_text(encoding="utf-8")[:40], encoding="utf-8")
    stand.run(keys)
    assert asked[4:] == ["vgg11"]
    stand.run({**keys, "tolerance": 1e-3})
    assert asked[5:] == ["vgg11", "vgg13", "vgg16"]


def test_random_controls_stay_apart(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """A control is a row of its own, and no classifier gets its dynamics."""
    monkeypatch.setattr(loading, "random_network", lambda *_: tiny())
    for path in (stand.path / "weights").iterdir():
        path.unlink()
    stand.run({**KEYS, "trained": ["vgg11"], "controls": ["vgg11"]})
    found = stand.dynamics()
    assert list(found.index) == [("vgg11", "random")]
    assert found["source"].tolist() == ["random"]
    models, dynamics = stand.path / "models.tsv", stand.path / "dynamics.tsv"
    script("zoo/relate_models").main(
        str(models), str(stand.path / "weight_sets.tsv"), str(dynamics), str(stand.path / "r.tsv"),
        str(stand.path / "l.tsv"), 10, 1,
    )  # fmt: skip
    assert "lyapunov_exponent" not in set(read_tsv(stand.path / "r.tsv", RANK_CORRELATIONS)["against"])


def test_torchvision_builds_from_a_file(tmp_path: Path) -> None:
    """Torchvision's own builder takes the weights of a file, and a foreign file is refused with its tensors."""
    network = random_network("squeezenet1_1", 5)
    path = tmp_path / "weights.pth"
    torch.save(network.state_dict(), path)
    found = trained_network("squeezenet1_1", "IMAGENET1K_V1", path)
    assert all(torch.equal(a, b) for a, b in zip(found.parameters(), network.parameters(), strict=True))
    with pytest.raises(LoadingError, match=r"Missing key\(s\) in state_dict"):
        trained_network("alexnet", "IMAGENET1K_V1", path)


def test_every_weight_file_has_a_checksum(catalogue: Path) -> None:
    """Each of torchvision's published sets is named after the sha256 of its file."""
    sets = read_tsv(catalogue / "weight_sets.tsv", WEIGHT_SETS)
    for model, weights in zip(sets["model"], sets["weights"], strict=True):
        assert len(wanted_weights(weights_url(model, weights)).file.checksum) >= 8


def test_signals_that_vanish_are_refused() -> None:
    """A network that gives zeros has no exponent, and a module that torch differentiates once is exchanged."""
    dead = nn.Sequential(nn.Flatten(), nn.Linear(12, 3))
    nn.init.zeros_(dead[1].weight)
    with pytest.raises(OutputError, match="largest singular value of 0"):
        measure_network(dead, [torch.ones(3, 2, 2)], 1e-3, 5, 0)
    torch.manual_seed(0)
    once = nn.Sequential(nn.Flatten(), nn.Linear(12, 6), nn.Hardsigmoid(), nn.Linear(6, 3))
    image = torch.randn(3, 2, 2)
    slow = torch.linalg.svdvals(torch.func.jacrev(once)(image[None]).reshape(3, 12))[0]
    assert measure_network(once, [image], 1e-5, 10, 0)["top_singular_value"][0] == pytest.approx(float(slow), rel=1e-4)


def test_images(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read is listed and replaced by the next, and what is no file left out.

    Too few are an error; the seed decides which are drawn.
    """
    (stand.path / "broken.jpg").write_bytes(b"no image")
    chosen = choose_images([stand.path / "broken.jpg", stand.path / "a.png"], 1, "imagenet")
    assert chosen["image"].tolist() == [-1, 0]
    assert "expected a JPEG or PNG image" in chosen["reason"][0]
    with pytest.raises(ImageError, match="found 2 images that can be read and 1 that cannot, expected 5"):
        choose_images(images_below(stand.path, np.random.default_rng(0)), 5, "imagenet")
    orders = {tuple(images_below(stand.path, np.random.default_rng(seed))) for seed in range(8)}
    assert len(orders) > 1
    before = set(images_below(stand.path, np.random.default_rng(0)))
    (stand.path / "gone.png").symlink_to(stand.path / "nowhere")
    (stand.path / "folder.png").mkdir()
    assert set(images_below(stand.path, np.random.default_rng(0))) == before
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 200)
    Image.new("RGB", (10, 10)).save(stand.path / "small.png")
    candidates = [stand.path / name for name in ("gone.png", "folder.png", "a.png", "small.png")]
    chosen = choose_images(candidates, 1, "imagenet")
    assert chosen["image"].tolist() == [-1, -1, -1, 0]
    for reason, cause in zip(chosen["reason"], ("No such file", "Is a directory", "bomb", ""), strict=True):
        assert cause in reason
    write_tsv(chosen, stand.path / "chosen.tsv", ZOO_IMAGES)
    assert read_tsv(stand.path / "chosen.tsv", ZOO_IMAGES)["sha256"][0] == ""
    (stand.path / "empty").mkdir()
    with pytest.raises(ImageError, match="found no image"):
        images_below(stand.path / "empty", np.random.default_rng(0))


def test_greys_of_16_bits_keep_their_order(tmp_path: Path) -> None:
    """65,536 greys become 256, black to white, in either order of bytes; those of 8 bits stay as they are."""
    ramp = np.arange(65_536, dtype=np.uint16).reshape(256, 256)
    Image.fromarray(ramp).save(tmp_path / "deep.png")
    read = read_image(tmp_path / "deep.png").numpy()
    assert read.shape == (3, 256, 256)
    np.testing.assert_array_equal(read, np.broadcast_to(np.round(ramp / 257.0), (3, 256, 256)))
    assert len(np.unique(read)) == 256
    plain = (ramp % 256).astype(np.uint8)
    Image.fromarray(plain).save(tmp_path / "plain.png")
    np.testing.assert_array_equal(read_image(tmp_path / "plain.png").numpy(), np.broadcast_to(plain, (3, 256, 256)))


@pytest.mark.parametrize("values", [np.array([[0.0, 1.0]], dtype=np.float32), np.array([[0, 70_000]], dtype=np.int32)])
def test_greys_without_a_white_are_refused(values: np.ndarray, tmp_path: Path) -> None:
    """Floats, and whole numbers of more than 16 bits, of which nothing says what white is, are not clipped."""
    Image.fromarray(values).save(tmp_path / "odd.png", format="TIFF")
    with pytest.raises(ImageError, match=r"odd.png: found greys from 0.*expected a JPEG or PNG image"):
        read_image(tmp_path / "odd.png")


def test_class_folders_may_be_links(tmp_path: Path) -> None:
    """Folders that are links, to folders with links to images, are looked into, once each however links go round."""
    classes = tmp_path / "classes"
    for kind in ("cat", "dog"):
        (tmp_path / "elsewhere" / kind).mkdir(parents=True)
        for number in range(3):
            Image.new("RGB", (2, 2)).save(tmp_path / "elsewhere" / f"{kind}{number}.png")
            (tmp_path / "elsewhere" / kind / f"{number}.png").symlink_to(tmp_path / "elsewhere" / f"{kind}{number}.png")
    classes.mkdir()
    for kind in ("cat", "dog"):
        (classes / kind).symlink_to(tmp_path / "elsewhere" / kind)
    (classes / "round").symlink_to(classes)
    (classes / "twice").symlink_to(tmp_path / "elsewhere" / "cat")
    found = images_below(classes, np.random.default_rng(0))
    assert sorted(found) == [classes / kind / f"{number}.png" for kind in ("cat", "dog") for number in range(3)]


def own(**keys: Any) -> dict[str, Any]:
    whole = {"builder": "examples.digits:build", "checkpoint": "examples/digits.pt",
             "inputs": "examples/digits_inputs.pt", "size": None, "mean": [0.0] * 3, "std": [1.0] * 3,
             "accuracy": None, "layers": None}  # fmt: skip
    return {**whole, **keys}


def test_own_model(stand: Stand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The example is measured with its inputs and layers; bad checkpoints, builders and inputs are reasons."""
    monkeypatch.chdir(ROOT)
    wrong = tmp_path / "wrong.pt"
    torch.save({"0.weight": torch.ones(2)}, wrong)
    numbers = tmp_path / "numbers.pt"
    torch.save(torch.ones(3, 1, 28, 28, dtype=torch.int64), numbers)
    nothing = tmp_path / "nothing.pt"
    torch.save(torch.ones(0, 1, 28, 28), nothing)
    foreign = tmp_path / "foreign.pt"
    foreign.write_bytes(b"hello world\n")
    (tmp_path / "own_builders.py").write_text(
        "import torch\n\ndef build():\n    return 3\n\ndef dies():\n    raise OSError('gone')\n\n"
        "def flat():\n    nn = torch.nn\n    return nn.Sequential(nn.Flatten(), nn.Linear(784, 1), nn.Flatten(0))\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    models = {
        "digits": own(accuracy=97.9),
        "deep": own(layers=4),
        "wrong": own(checkpoint=str(wrong)),
        "numbers": own(inputs=str(numbers)),
        "nothing": own(inputs=str(nothing)),
        "foreign": own(checkpoint=str(foreign)),
        "flat": own(builder="own_builders:flat", checkpoint=None),
        "three": own(builder="own_builders:build"),
        "dying": own(builder="own_builders:dies"),
        "coloured": own(inputs="photographs", size=28),
    }
    status = stand.run({**KEYS, "trained": [], "own_models": models}).set_index("model")
    reasons = status.loc[~status["measured"], "reason"].to_dict()
    assert set(reasons) == {"wrong", "numbers", "nothing", "foreign", "flat", "three", "dying", "coloured"}
    assert "Missing key(s) in state_dict" in reasons["wrong"]
    assert "expected a floating tensor" in reasons["numbers"]
    assert f"{nothing}: found shape (0, 1, 28, 28), expected at least one input" in reasons["nothing"]
    assert f"{foreign}: these weights do not fit: KeyError" in reasons["foreign"]
    assert "output: found shape (1,), expected shape (batch, outputs)" in reasons["flat"]
    assert "found int, expected a torch module" in reasons["three"]
    assert "OSError: gone" in reasons["dying"]
    assert "to have 1 channels" in reasons["coloured"]
    found = stand.dynamics().loc[[("digits", "own"), ("deep", "own")]]
    assert found["modules"].tolist() == [8, 4]
    assert found["images"].tolist() == ["own", "own"]
    assert found["lyapunov_exponent"].iloc[1] == pytest.approx(2 * found["lyapunov_exponent"].iloc[0], rel=1e-3)


def test_own_models_have_a_job_to_themselves(catalogue: Path) -> None:
    """All others are dealt out in turn, and a plan knows without torchvision what each job measures."""
    sets = read_tsv(catalogue / "weight_sets.tsv", WEIGHT_SETS)
    config = load_config(ROOT / "config.yaml", ROOT / "examples" / "own_model.yaml")
    config["zoo"] |= {"trained": "all", "controls": ["vgg11"], "packages": ["efficientnet_lite0"]}
    plan = Plan(config)
    assert len(plan.zoo.parts("dynamics")) == 3
    jobs = dealt(subjects(zip(sets["model"], sets["weights"], strict=True), plan.zoo.subjects()), 2)
    assert [len(job) for job in jobs] == [58, 58, 1]
    assert jobs[2] == [Subject("digits", "own", "own")]
    assert sorted(found for job in jobs[:2] for found in job if found.source == "torchvision") == sorted(
        Subject(model, weights, "torchvision") for model, weights in zip(sets["model"], sets["weights"], strict=True)
    )
    for shard, job in enumerate(jobs):
        planned = [(found.model, found.source) for found in plan.zoo.measured(shard)]
        assert planned == [(found.model, found.source) for found in job]


def test_a_small_model_asks_for_little() -> None:
    """The memory of a job follows what it measures: that of own models does not grow with the 80 beside them."""
    config = load_config(ROOT / "config.yaml", ROOT / "examples" / "own_model.yaml")
    config["zoo"]["trained"] = "all"
    asked = [Plan(config).megabytes("measure_dynamics")(SimpleNamespace(shard=str(shard)), 1) for shard in (0, 2)]
    assert asked[0] > 30_000
    assert asked[1] < 7_000


def test_own_models_that_could_not_be_measured_are_said(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each own model that failed is a sentence with its reason, whatever else was measured.

    A wrapped checkpoint, a builder with arguments, an output without logits, photographs into one channel; what was
    measured is none.
    """
    monkeypatch.chdir(ROOT)
    wrapped = stand.path / "wrapped.pt"
    torch.save({"state_dict": torch.load(ROOT / "examples" / "digits.pt")}, wrapped)
    (stand.path / "broken_models.py").write_text(
        "import torch\n\ndef needs(width):\n    return torch.nn.Linear(width, 2)\n\n"
        "class Features(torch.nn.Module):\n    def forward(self, x):\n        return {'features': x.flatten(1)}\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(stand.path))
    models = {
        "whole": own(),
        "wrapped": own(checkpoint=str(wrapped)),
        "needs": own(builder="broken_models:needs", checkpoint=None),
        "features": own(builder="broken_models:Features", checkpoint=None),
        "grey": own(inputs="photographs", size=28),
    }
    stand.run({**KEYS, "trained": ["vgg11"], "own_models": models})
    status = stand.path / unmeasured.STATUS
    status.parent.mkdir(parents=True)
    (stand.path / "status.tsv").rename(status)
    config = {"zoo": {"own_models": models}}
    found = unmeasured.unmeasured_own_models(stand.path, config)
    assert [sentence.split()[2] for sentence in found] == ["features", "grey", "needs", "wrapped"]
    for sentence, reason in zip(found, ("logits", "1 channels", "'width'", "state_dict"), strict=True):
        assert "was not measured: " in sentence
        assert reason in sentence
    assert unmeasured.unmeasured_own_models(stand.path, {"zoo": {"own_models": {}}}) == []


@pytest.mark.parametrize(
    ("targets", "measured"),
    [
        (["all"], True),
        (["vock2025_fig2"], True),
        (["x", "results/zoo/dynamics.tsv"], True),
        (["results/figures/vock2025_fig3.pdf"], True),
        (["ghavasieh2025_fig5", "vock2025_fig1"], False),
    ],
)
def test_targets_that_measure_classifiers(targets: list[str], measured: bool) -> None:
    """Own models are told of where dynamics of classifiers stand behind a target, whatever it is called by."""
    assert unmeasured.measure_classifiers(targets) is measured


def test_plain_snakemake_names_own_models_that_failed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the end of a run that needs classifiers measured, by what its rules do on success, and of no other."""
    row = {"model": "mine", "weights": "", "source": "own", "measured": False, "reason": "found no logits"}
    write_tsv(pd.DataFrame([row]), tmp_path / unmeasured.STATUS, DYNAMICS_STATUS)
    monkeypatch.chdir(tmp_path)
    planned = workflow_of_hooks(monkeypatch)
    monkeypatch.setitem(planned.globals, "config", {"zoo": {"own_models": {"mine": {}}}})
    failed = "own model mine was not measured: found no logits\n"
    for rule, told in (("compute_plane", ""), ("gather_dynamics", failed)):
        dag = SimpleNamespace(jobs=[SimpleNamespace(rule=SimpleNamespace(name=rule))])
        monkeypatch.setattr(planned, "_dag", dag, raising=False)
        planned._onsuccess(None)
        assert capsys.readouterr().err == told
    write_tsv(pd.DataFrame([{**row, "measured": True}]), tmp_path / unmeasured.STATUS, DYNAMICS_STATUS)
    planned._onsuccess(None)
    assert capsys.readouterr().err == ""


def test_photographs_of_own_models_are_those_of_all(
    stand: Stand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An own model that asks for photographs and is shown images of a directory is labelled with the latter."""
    images = read_tsv(stand.path / "zoo_images.tsv", ZOO_IMAGES).assign(images="imagenet")
    write_tsv(images, stand.path / "zoo_images.tsv", ZOO_IMAGES)
    (tmp_path / "own_coloured.py").write_text(
        "import torch\n\ndef build():\n    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 3))\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    model = own(builder="own_coloured:build", checkpoint=None, inputs="photographs", size=8)
    stand.run({**KEYS, "trained": [], "own_models": {"coloured": model}})
    assert stand.dynamics()["images"].tolist() == ["imagenet"]


SOURCES = {
    "star": b"from json import *\n",
    "under_if": b"if True:\n    def build(): pass\nelse:\n    build = None\n",
    "under_try": b"try:\n    import nothing as build\nexcept ImportError:\n    def build(): pass\n",
    "under_except": b"try:\n    import nothing\nexcept ImportError:\n    def build(): pass\n",
    "imported": b"import json as build\n",
    "annotated": b"build: object = print\n",
}


@pytest.mark.parametrize("name", SOURCES)
def test_builders_however_they_are_defined(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a module may define under the builder's name is accepted without importing it."""
    monkeypatch.chdir(tmp_path)
    Path(f"{name}.py").write_bytes(SOURCES[name])
    assert builder_file(f"{name}:build") == Path(f"{name}.py")
    if name != "star":
        with pytest.raises(ValueError, match="expected a function of"):
            builder_file(f"{name}:other")


def test_builders_in_packages_below(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A package of the working directory is found as the job finds it, though the directory is not on the path.

    Before a module of its name and an installed one; all its files are what the model is made from.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [entry for entry in sys.path if entry not in ("", str(tmp_path))])
    for name in ("ownpackage", "torchvision"):
        (tmp_path / name / "parts").mkdir(parents=True)
        (tmp_path / name / "__init__.py").write_text("from .parts.network import build\n", encoding="utf-8")
        (tmp_path / name / "parts" / "network.py").write_text(f"def build():\n    return {name!r}\n", encoding="utf-8")
        (tmp_path / f"{name}.py").write_text("def other(): pass\n", encoding="utf-8")
        assert builder_file(f"{name}:build") == Path(name, "__init__.py")
    assert builder_file("ownpackage.parts.network:build") == Path("ownpackage", "parts", "network.py")
    assert builder_files("ownpackage:build") == [
        Path("ownpackage", "__init__.py"), Path("ownpackage", "parts", "network.py"),
    ]  # fmt: skip
    assert builder_function("ownpackage:build")() == "ownpackage"
    with pytest.raises(ValueError, match=r"neither elsewhere.py nor an installed elsewhere"):
        builder_file("elsewhere:build")


def test_builders_of_installed_modules() -> None:
    """A function that a package has from elsewhere is found; a module without a source file is refused."""
    assert builder_file("torchvision.models:resnet18").name == "__init__.py"
    with pytest.raises(ValueError, match="found 'sys:exit', expected a module of Python source"):
        builder_file("sys:exit")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"def build(:\n", "invalid syntax"), (b"\x00\x7fELF", "null bytes"), (b"x = '\xff'\n", "decode")],
)
def test_builders_that_are_no_source(
    content: bytes, message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A module that is no Python is refused by the key of its model, with its file and why."""
    config = load_config(ROOT / "config.yaml", ROOT / "examples" / "own_model.yaml")
    (tmp_path / "broken_builder.py").write_bytes(content)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(ROOT)
    config["zoo"]["own_models"]["digits"]["builder"] = "broken_builder:build"
    with pytest.raises(ConfigError, match=rf"zoo.own_models.digits.builder: .*broken_builder.py: .*{message}"):
        validate(config)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"builder": "examples/digits.py"}, "builder: found 'examples/digits.py', expected module:function"),
        ({"builder": "examples.digit:build"}, "expected a module that exists"),
        ({"builder": "examples.digits:make"}, r"expected a function of examples/digits.py, which defines \['build'"),
        ({"checkpoint": "examples/none.pt"}, "checkpoint: found 'examples/none.pt', expected a file that exists"),
        ({"inputs": "nowhere"}, "inputs: found 'nowhere'"),
        ({"size": 28}, "size: found 28, expected null with a file of inputs"),
        ({"inputs": "photographs"}, "size: found None, expected the side of images"),
    ],
)
def test_faults_of_own_models(keys: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with an own model is found before the first job, and named by its key."""
    monkeypatch.chdir(ROOT)
    config = load_config(ROOT / "config.yaml", ROOT / "examples" / "own_model.yaml")
    validate(config)
    config["zoo"]["own_models"]["digits"].update(keys)
    with pytest.raises(ConfigError, match=r"zoo.own_models.digits\..*" + message):
        validate(config)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"inputs": 11}, "zoo.inputs: found 11, expected at most 10"),
        ({"imagenet_directory": "/nowhere"}, "zoo.imagenet_directory: found '/nowhere'"),
        ({"controls": ["vgg11", "vgg11"]}, "zoo.controls: found .*expected each name once"),
    ],
)
def test_faults_of_the_configuration(keys: dict[str, Any], message: str) -> None:
    """Contradictory keys are refused by name."""
    config = load_config(ROOT / "config.yaml")
    config["zoo"].update(keys)
    with pytest.raises(ConfigError, match=message):
        validate(config)


def test_own_models_are_known_by_their_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Another checkpoint, builder, file or number of inputs makes what was measured stale; the same do not."""
    monkeypatch.chdir(tmp_path)
    files = {"checkpoint": Path("weights.pt"), "builder": Path("built.py"), "inputs": Path("inputs.pt")}
    for path in files.values():
        path.write_bytes(b"def build(): pass\n")
    model = own(builder="built:build", checkpoint="weights.pt", inputs="inputs.pt")

    def identity(number: int = 2) -> str:
        images = pd.DataFrame({"sha256": [""] * number, "path": "", "images": "photographs"})
        loader = Loader(images, {}, {"built": model}, tmp_path, None, None, 1)  # type: ignore[arg-type]
        return loader.identity(Subject("built", "own", "own"))

    known = [identity()]
    assert json.loads(known[0])
    assert identity() == known[0]
    for path in files.values():
        path.write_bytes(path.read_bytes() + b"# changed\n")
        known.append(identity())
    known.append(identity(6))
    assert len(set(known)) == 5


def test_photographs_are_as_many_as_the_configuration_allows() -> None:
    """The limit in the configuration is the number of photographs."""
    assert len(set(PHOTOGRAPH_FILES)) == PHOTOGRAPHS_AT_MOST


def test_inputs_tell_classes_of_imagenet_alone(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Images are counted from 0; the greatest output has the name of ImageNet's class, that of an own model none."""
    monkeypatch.chdir(ROOT)
    stand.run({**KEYS, "trained": ["vgg11"], "own_models": {"digits": own()}})
    rows = read_tsv(stand.path / "inputs.tsv", DYNAMICS_INPUTS)
    assert rows["image"].tolist() == [0, 1, 0, 1]
    assert rows["converged"].all()
    names = torchvision.models.VGG11_Weights.IMAGENET1K_V1.meta["categories"]
    published = rows[rows["source"] == "torchvision"]
    assert published["top_class_name"].tolist() == [names[index] for index in published["top_class"]]
    assert (rows.loc[rows["source"] == "own", "top_class_name"] == "").all()
