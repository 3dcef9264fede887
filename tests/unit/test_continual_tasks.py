"""Sequences of tasks, how they are trained and resumed, and what is made of the histories."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from deepcrit.core.tables import check_table
from deepcrit.data.continual_imagenet import ContinualImageNet
from deepcrit.data.mnist import shrunk
from deepcrit.experiments.continual.bins import binned
from deepcrit.experiments.continual.configurations import configurations
from deepcrit.experiments.continual.figure import vock2025_fig5
from deepcrit.experiments.continual.loop import TaskTraining, _Run, train_tasks
from deepcrit.experiments.continual.mixed import fit_mixed_models
from deepcrit.experiments.continual.networks import ConvolutionalShape
from deepcrit.experiments.continual.schemas import (
    BACKPROPAGATION,
    CONTINUAL_BINS,
    CONTINUAL_EFFECTS,
    CONTINUAL_FITS,
    CONTINUAL_HISTORY,
    CONTINUAL_STATISTICS,
    CRITICALITY,
    REPLACEMENT,
)
from deepcrit.experiments.continual.statistics import curve, mean_accuracies, selected, statistics
from deepcrit.experiments.continual.tasks import ArrayClasses, PairTasks, PermutedTasks
from deepcrit.training import resumable
from deepcrit.training.resumable import train_resumably
from deepcrit.training.shards import groups_of

SHAPE = ConvolutionalShape(1, 14, (2, 3, 4), (5, 3, 3), (0, 1, 1), (6, 5), 2, 2.45)
TRAINING = TaskTraining(4, 2, 10, 0.05, 0.9, 4, 6, 0.9, 3, 1)
# layers of the default scale
CONVOLUTIONS = ConvolutionalShape(1, 14, (8, 16, 16), (5, 3, 3), (0, 1, 1), (32, 32), 2, 2.4495)
CONNECTED = ConvolutionalShape(1, 14, (), (), (), (32, 32, 32), 10, 2.4495)


def digits(classes: int, each: int, side: int = 28, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Random images whose mean brightness tells their class, in random order."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(np.arange(classes), each)).astype(np.uint8)
    return (labels[:, None, None] * 20 + rng.integers(0, 20, (len(labels), side, side))).astype(np.uint8), labels


def pairs(stream: int = 0, seed: int = 1) -> PairTasks:
    sets = [(digits(3, 12), digits(3, 10, seed=1)), (digits(3, 12, seed=2), digits(3, 10, seed=3))]
    return PairTasks(ArrayClasses(sets, 10, 8, 14), seed, stream)


def test_pairs_use_every_class_before_any_again() -> None:
    """Tasks pair off all classes, anew after each pass, are the same whenever asked for, and differ between streams."""
    tasks = pairs()
    found = [tasks.pair(number) for number in range(30)]
    for start in range(0, 30, 3):
        assert sorted(label for pair in found[start : start + 3] for label in pair) == list(range(6))
    assert len(set(found)) > 10
    assert found != [pairs(stream=1).pair(number) for number in range(30)]
    assert found == [pairs().pair(number) for number in reversed(range(30))][::-1]
    task = tasks.task(4)
    assert task.train_images.shape == (20, 1, 14, 14)
    assert task.test_labels.tolist() == [0] * 8 + [1] * 8
    assert np.array_equal(task.train_images, pairs().task(4).train_images)
    first, second = (label % 3 for label in tasks.pair(4))
    levels = task.train_images.reshape(2, -1).mean(axis=1) * 255 / 20
    assert levels.astype(int).tolist() == [first, second]


def test_permutations_move_pixels_alike() -> None:
    """A task permutes train and test images in one way, which differs from task to task and keeps every pixel."""
    images, labels = digits(10, 20, seed=4)
    tasks = PermutedTasks((images, labels), (images, labels), 150, 100, 14, 1, 0)
    plain, first, second = shrunk(images[:100], 14).reshape(100, -1), tasks.task(0), tasks.task(1)
    for task in (first, second):
        assert np.array_equal(np.sort(task.test_images.reshape(100, -1)), np.sort(plain))
        of_train = {image.tobytes(): label for image, label in zip(task.train_images, task.train_labels, strict=True)}
        known = [of_train[image.tobytes()] for image in task.test_images if image.tobytes() in of_train]
        assert len(known) > 50
        for images_of, labels_of in ((task.train_images, task.train_labels), (task.test_images, task.test_labels)):
            assert ((images_of.mean(axis=(1, 2, 3)) * 255).astype(int) // 20).tolist() == labels_of.tolist()
    assert not np.array_equal(first.test_images, second.test_images)
    assert np.array_equal(first.train_images, tasks.task(0).train_images)


def test_shrinking_averages_squares() -> None:
    """Pixels are means over squares, divided by 255; a side that does not divide is refused."""
    image = np.zeros((1, 4, 4), np.uint8)
    image[0, :2, 2:] = [[255, 0], [255, 0]]
    assert shrunk(image, 2)[0].tolist() == [[0.0, 0.5], [0.0, 0.0]]
    with pytest.raises(ValueError, match="found 3, expected a divisor of images of 4 x 4"):
        shrunk(image, 3)


def test_continual_imagenet_directory(tmp_path: Path) -> None:
    """Classes are read in the order of their numbers, bytes scaled, colours first whichever way they are stored."""
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 256, (2, 7, 3, 32, 32), dtype=np.uint8)
    np.save(tmp_path / "2.npy", first)
    np.save(tmp_path / "10.npy", np.moveaxis(second, 1, -1))
    classes = ContinualImageNet(tmp_path, 5, 2)
    assert len(classes) == 2
    for number, images in enumerate((first, second)):
        train, test = classes.images(number)
        assert np.array_equal(train, images[:5].astype(np.float32) / np.float32(255))
        assert test.shape == (2, 3, 32, 32)
    assert PairTasks(classes, 1, 0).task(0).train_images.shape == (10, 3, 32, 32)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (np.zeros((7, 3, 32, 31)), r"0\.npy: found shape \(7, 3, 32, 31\), expected \(images, 3, 32, 32\)"),
        (np.zeros((6, 3, 32, 32)), r"0\.npy: found 6 images, expected 5 \+ 2"),
        (np.full((7, 3, 32, 32), np.nan), r"0\.npy: found values of type float64, expected bytes or finite floats"),
        (None, r"0\.npy: not a whole array"),
    ],
)
def test_continual_imagenet_refuses(tmp_path: Path, content: np.ndarray | None, message: str) -> None:
    """A file that is no array of enough images is refused by name."""
    for name in ("0.npy", "1.npy"):
        if content is None:
            (tmp_path / name).write_bytes(b"\x93NUMPY and then nothing")
        else:
            np.save(tmp_path / name, content)
    with pytest.raises(ValueError, match=message):
        ContinualImageNet(tmp_path, 5, 2).images(0)


def test_continual_imagenet_needs_classes(tmp_path: Path) -> None:
    """A directory that is not there, or holds no classes, is refused by name."""
    with pytest.raises(ValueError, match="absent: there is no such directory"):
        ContinualImageNet(tmp_path / "absent", 5, 2)
    with pytest.raises(ValueError, match=r"found 0 files of a number and \.npy"):
        ContinualImageNet(tmp_path, 5, 2)


def groups() -> dict[str, pd.DataFrame]:
    """The two groups of one stream."""
    rows = configurations("class_pairs", 1, [3e-9, 1e-3, 3e-2, 1e-1], [-0.2, 0.2], [0.1, 1.0, 3.0])
    return {name.rsplit("/")[-1]: group for name, group in rows.groupby("group")}


def trained(
    group: pd.DataFrame, path: Path, training: TaskTraining = TRAINING, shape: ConvolutionalShape = SHAPE
) -> pd.DataFrame:
    torch.set_num_threads(1)
    rows = train_tasks(group, shape, training, pairs(), path, "digest")
    return check_table(rows, CONTINUAL_HISTORY)


class _KilledError(Exception):
    pass


@pytest.mark.parametrize("kind", ["replacement", "criticality"])
def test_resumed_equals_uninterrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """A job killed after its second task goes on from there and ends with the same numbers to the last bit."""
    whole = trained(groups()[kind], tmp_path / "whole.pt")
    save, task = resumable.save_checkpoint, PairTasks.task
    begun = []

    def begin(self, number):
        begun.append(number)
        return task(self, number)

    def save_and_die(path, digest, state):
        save(path, digest, state)
        if state["done"] == 2:
            raise _KilledError

    monkeypatch.setattr(PairTasks, "task", begin)
    monkeypatch.setattr(resumable, "save_checkpoint", save_and_die)
    with pytest.raises(_KilledError):
        trained(groups()[kind], tmp_path / "resumed.pt")
    monkeypatch.setattr(resumable, "save_checkpoint", save)
    pd.testing.assert_frame_equal(trained(groups()[kind], tmp_path / "resumed.pt"), whole, check_exact=True)
    assert begun == [0, 1, 2, 3]
    assert whole["replaced"].sum() > 0 or kind == "criticality"


def test_restored_tensors_are_where_the_job_computes(tmp_path: Path) -> None:
    """What a checkpoint holds, read on the processor, goes to the device of the job, beside what is new there."""
    trained(groups()["criticality"], tmp_path / "state.pt")
    with torch.device("meta"):
        group = _Run(groups()["criticality"], SHAPE, TRAINING).group
        train_resumably(group, range(TRAINING.tasks), lambda _: [], tmp_path / "state.pt", "digest")
        group.end([2])
    assert len(group.networks) == 5
    restored = [tensor for part in group.state()["tensors"] for tensor in part.values()]
    assert {tensor.device.type for tensor in restored} == {"meta"}


@pytest.mark.parametrize("kind", ["replacement", "criticality"])
@pytest.mark.parametrize("shape", [CONVOLUTIONS, CONNECTED], ids=["convolutions", "connected"])
def test_company_changes_nothing(tmp_path: Path, kind: str, shape: ConvolutionalShape) -> None:
    """To the last bit, a network's rows are the same in the whole group, in half of it and alone."""
    group = groups()[kind]
    whole = trained(group, tmp_path / "whole.pt", shape=shape)
    assert whole["replaced"].sum() > 0 or kind == "criticality"
    assert whole["penalty"].notna().all() or kind == "replacement"
    for together in (3, 1):
        pieces = groups_of(group, together, alike=["group"])
        rows = pd.concat(
            [trained(piece, tmp_path / f"{together}_{number}.pt", shape=shape) for number, piece in enumerate(pieces)]
        )
        apart, beside = (of.sort_values(["network", "task"], ignore_index=True) for of in (rows, whole))
        pd.testing.assert_frame_equal(apart, beside, check_exact=True)


def test_company_changes_nothing_at_published_size(tmp_path: Path) -> None:
    """The same of two updates at 28 x 28, where the products are large enough for other kernels."""
    training = TaskTraining(1, 2, 20, 0.01, 0.9, 20, 8, 0.99, 1, 1)
    tasks = PairTasks(ArrayClasses([(digits(2, 10), digits(2, 10, seed=1))], 10, 8, 28), 1, 0)
    group = groups()["criticality"].iloc[:3]
    for shape in (
        ConvolutionalShape(1, 28, (32, 64, 128), (5, 3, 3), (0, 0, 0), (128, 128), 2, 1.0),
        ConvolutionalShape(1, 28, (), (), (), (100, 100, 100), 10, 1.0),
    ):
        path = tmp_path / str(shape.layers)
        path.mkdir()
        beside = train_tasks(group, shape, training, tasks, path / "beside.pt", "digest")
        alone = train_tasks(group.iloc[1:2], shape, training, tasks, path / "alone.pt", "digest")
        second = beside[beside["network"] == group["network"].iloc[1]].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, second, check_exact=True)


def test_without_replacement_it_is_backpropagation(tmp_path: Path) -> None:
    """A rate at which no unit falls due gives the numbers of backpropagation, bit by bit; larger ones do not."""
    rows = trained(groups()["replacement"], tmp_path / "state.pt")
    by_name = {name.rsplit("/")[-1]: of.drop(columns="network").reset_index(drop=True)
               for name, of in rows.groupby("network")}  # fmt: skip
    pd.testing.assert_frame_equal(by_name["rho0"], by_name["rho3e-09"], check_exact=True)
    assert not by_name["rho0"].equals(by_name["rho0.1"])
    assert by_name["rho0.1"]["replaced"].sum() > by_name["rho0.03"]["replaced"].sum() > 0


def test_criticality_loss_moves_exponents_to_their_targets(tmp_path: Path) -> None:
    """With the largest alpha lambda_0 ends higher for the higher target, and nearer to it than with the least."""
    training = TaskTraining(4, 10, 10, 0.02, 0.9, 5, 16, 0.9, 3, 1)
    rows = trained(
        groups()["criticality"],
        tmp_path / "state.pt",
        training,
        ConvolutionalShape(1, 14, (), (), (), (24, 24), 2, 2.45),
    )
    last = rows[rows["task"] > 1].groupby("network")["lyapunov_exponent"].mean()
    last.index = last.index.str.removeprefix("class_pairs/0/")
    assert last["target0.2/alpha3"] > last["target-0.2/alpha3"]
    assert abs(last["target-0.2/alpha3"] + 0.2) < abs(last["target-0.2/alpha0.1"] + 0.2)
    assert rows["penalty"].notna().mean() > 0.9


def test_diverging_networks_guess_and_leave_the_others_alone(tmp_path: Path) -> None:
    """A network whose weights run away is recorded as diverged, and those beside it are as without it, bit by bit."""
    group = groups()["criticality"].assign(strength=[0.1, 1.0, 3.0, 0.1, 1.0, 1e9])
    rows = trained(group, tmp_path / "state.pt")
    lost = rows["network"] == group["network"].iloc[-1]
    assert rows.loc[lost, "diverged"].all()
    assert (rows.loc[lost, "accuracy"] == 0.5).all()
    assert not rows.loc[~lost, "diverged"].any()
    without = trained(group.iloc[:-1], tmp_path / "without.pt")
    pd.testing.assert_frame_equal(rows[~lost].reset_index(drop=True), without, check_exact=True)


def synthetic(shift: float = 0.0, streams: int = 4, tasks: int = 12) -> pd.DataFrame:
    """Tables with a known law: accuracy 0.9 - 0.5 lambda_0^2, and ``shift`` more with the criticality loss."""
    rng = np.random.default_rng(0)
    manifest = configurations("class_pairs", streams, [1e-4, 1e-3, 1e-2, 1e-1], [-0.2, 0.0, 0.2], [0.1, 1.0, 3.0])
    rows = manifest.merge(pd.DataFrame({"task": np.arange(1, tasks + 1)}), how="cross")
    drift = 0.02 * rows["task"]
    exponent = rows["method"].map({BACKPROPAGATION: 0.3, REPLACEMENT: 0.2, CRITICALITY: 0.05}) + drift
    exponent -= rows["replacement_rate"] + rows["target"] * 0.2
    exponent += 0.01 * rng.standard_normal(len(rows))
    critical = rows["method"] == CRITICALITY
    return rows.assign(
        sample="class_pairs", data="synthetic", protocol="reduced", diverged=False, lyapunov_exponent=exponent,
        accuracy=0.9 - 0.5 * exponent**2 + shift * critical + 0.001 * rng.standard_normal(len(rows)),
        dead_units=0.1, flat_images=0.0, replaced=0, penalty=np.where(critical, 0.1, np.nan),
        penalty_change=np.where(critical, 0.01 * rng.standard_normal(len(rows)) ** 2, np.nan),
        penalty_drift=np.where(critical, 0.01 * rng.standard_normal(len(rows)), np.nan),
    ).drop(columns=["network", "group"])  # fmt: skip


def failing(rows: pd.DataFrame, lost: pd.Series, diverged: bool) -> pd.DataFrame:
    """The same tables where some rows are those of networks that guess, since they diverged or are dead."""
    gone = dict.fromkeys(["lyapunov_exponent", "penalty", "penalty_change", "penalty_drift"], np.nan)
    return pd.concat([rows[~lost], rows[lost].assign(accuracy=0.5, diverged=diverged, **gone)]).sort_index()


@pytest.mark.parametrize("shift", [0.0, 0.05])
def test_statistics_find_a_known_law(shift: float) -> None:
    """Of synthetic tables, signs and sizes of all statistics are those that were put in, intervals included."""
    found = check_table(statistics(synthetic(shift), 3), CONTINUAL_STATISTICS).set_index("quantity")
    assert (found["streams"] == 4).all()
    low, high = found["ci_low"], found["ci_high"]
    assert high["backpropagation_accuracy_change"] < 0 < low["backpropagation_exponent_trend"]
    assert high["backpropagation_accuracy_trend"] < 0 < low["backpropagation_last_exponent"]
    assert low["accuracy_by_rate"] > 0 > high["distance_by_rate"]
    assert found["value"]["accuracy_by_distance"] < -0.8
    assert low["criticality_accuracy_gain"] > 0 > high["criticality_distance_gain"]
    for quantity in ("method_shift_at_exponent", "method_shift_at_distance"):
        assert found.loc[quantity, "value"] == pytest.approx(100 * shift, abs=0.3)
    assert found.loc["best_exponent", "value"] == pytest.approx(0.0, abs=0.06)
    for method in ("criticality", "replacement"):
        assert low[f"best_{method}_less_backpropagation"] > 0


def test_nothing_is_gained_over_equal_backpropagation() -> None:
    """The best configuration is compared with backpropagation of the same streams: five points less are five points."""
    rows = synthetic().assign(accuracy=0.8)
    rows.loc[rows["method"] == CRITICALITY, "accuracy"] = 0.75
    found = statistics(rows, 3).set_index("quantity")["value"]
    assert found["best_criticality_less_backpropagation"] == pytest.approx(-5.0)
    assert found["best_replacement_less_backpropagation"] == pytest.approx(0.0)
    assert found["best_criticality_less_best_replacement"] == pytest.approx(-5.0)


def test_failed_networks_do_not_move_the_curve() -> None:
    """Guesses of networks without an exponent enter neither shift nor optimum nor the points of the figure."""
    rows = synthetic(tasks=20)
    rows = failing(rows, (rows["strength"] >= 1) & (rows["task"] > 13), True)
    found = statistics(rows, 5).set_index("quantity")["value"]
    for quantity in ("method_shift_at_exponent", "method_shift_at_distance"):
        assert found[quantity] == pytest.approx(0.0, abs=0.3)
    bins = binned(rows, 5)
    lost = bins[(bins["strength"] >= 1) & (bins["first_task"] == 11)]
    assert (lost["accuracy"] < 75).all()
    assert (lost[["accuracy_with_exponent", "accuracy_with_change"]] > 80).all(axis=None)
    panels = vock2025_fig5(bins, rows, statistics(rows, 5), {})[0].axes
    drawn = [panel.collections for panel in panels if panel.get_xlabel().startswith(("Lyapunov", "$|"))]
    assert len(drawn) == 2
    for of, column in zip(drawn, ("accuracy_with_exponent", "accuracy_with_change"), strict=True):
        heights = np.concatenate([points.get_offsets()[:, 1].compressed() for points in of])
        assert sorted(heights) == sorted(bins[column].dropna())


def test_two_streams_have_no_interval() -> None:
    """Two streams that happen to agree decide nothing."""
    found = statistics(synthetic(streams=2), 3)
    assert found["value"].notna().all()
    assert found["ci_low"].isna().all()


def test_choosing_does_not_flatter() -> None:
    """Where all configurations are equal, the best of many is no better than the best of few, on average."""
    differences = []
    rng = np.random.default_rng(1)
    frame = synthetic(tasks=2)
    for _ in range(40):
        random = frame.assign(accuracy=0.8 + 0.02 * rng.standard_normal(len(frame)))
        means = pd.DataFrame([mean_accuracies(of) for _, of in random.groupby("stream")])
        differences.append(next(values for name, _, values in selected(means) if name.startswith("best")).mean())
    assert abs(np.mean(differences)) < 4 * np.std(differences) / np.sqrt(40)


def test_parabola_with_a_shift() -> None:
    """The exact parabola and shift come out, and an optimum beyond the data is put at their end."""
    x = np.linspace(-1, 2, 20)
    second = np.arange(20) % 2 == 0
    found = curve(x, 3 - (x - 0.5) ** 2 + 2.0 * second, second)
    assert found.shift == pytest.approx(2.0)
    assert found.best == pytest.approx(0.5)
    assert curve(x, -((x - 5) ** 2), np.zeros(20, dtype=bool)).best == 2.0


def test_bins_average_tasks_and_streams() -> None:
    """A bin holds the mean over its tasks and all streams, in percent, with the standard error over these."""
    rows = synthetic()
    bins = check_table(binned(rows, 5), CONTINUAL_BINS)
    assert sorted(set(zip(bins["first_task"], bins["last_task"], strict=True))) == [(1, 5), (6, 10), (11, 12)]
    one = bins[(bins["method"] == BACKPROPAGATION) & (bins["first_task"] == 6)].iloc[0]
    of = 100 * rows.loc[(rows["method"] == BACKPROPAGATION) & rows["task"].between(6, 10), "accuracy"]
    assert one["rows"] == len(of) == 20
    assert one["accuracy"] == pytest.approx(of.mean())
    assert one["accuracy_error"] == pytest.approx(of.std() / np.sqrt(20))


def test_mixed_models_of_tasks_and_means() -> None:
    """A slope that was put in is found from single tasks and from means over them, with as many rows as there are."""
    rows = synthetic(tasks=30)
    rng = np.random.default_rng(2)
    between = {key: rng.standard_normal() for key in pd.unique(rows["stream"] + rows["target"].astype(str))}
    wander = (rows["stream"] + rows["target"].astype(str)).map(between)
    exponent = 0.3 + 0.1 * wander + 0.02 * rng.standard_normal(len(rows))
    rows = rows.assign(
        lyapunov_exponent=exponent, accuracy=0.9 - 0.1 * exponent + 0.002 * rng.standard_normal(len(rows))
    )
    fits, effects = fit_mixed_models(rows)
    check_table(fits, CONTINUAL_FITS)
    effects = check_table(effects, CONTINUAL_EFFECTS)
    assert fits["observations"].tolist() == [9 * 30, 9 * 4] * 4
    assert fits["networks"].tolist() == [9, 9 * 4] * 4
    assert fits["tasks"].tolist() == [9 * 30, 9 * 4 * 30] * 4
    assert set(effects["derivative"]) == {"magnitude", "signed"}
    read = effects[(effects["exponent"] == "lambda_0") & (effects["derivative"] == "magnitude")]
    slopes = read[read["effect"] == "exponent"].set_index("rows")
    published = (rows["strength"] > 0) & (rows["stream"] == rows["stream"].iloc[0])
    assert slopes.loc["single tasks", "estimate"] == pytest.approx(-10 * exponent[published].std(), rel=0.05)
    assert slopes.loc["means over tasks", "ci_high"] < 0
    changes = effects[effects["effect"] == "derivative"]
    assert (changes["ci_low"] < 0.05).all()


def test_mixed_models_tell_the_derivatives_apart() -> None:
    """Slopes of opposite sign in the magnitude and in the signed change of the penalty each come out by their name."""
    rows = synthetic(tasks=30)
    critical = rows["method"] == CRITICALITY
    levels = np.random.default_rng(3).standard_normal((2, 4 * 9))
    network = rows.groupby(["stream", "target", "strength"], sort=False).ngroup()
    change, drift = (network.map(dict(zip(network[critical].unique(), of, strict=True))) for of in levels)
    noise = np.random.default_rng(4).standard_normal((3, len(rows)))
    change, drift = change + noise[0], drift + noise[1]
    rows = rows.assign(
        penalty_change=change, penalty_drift=drift, accuracy=0.8 - 0.02 * change + 0.01 * drift + 0.001 * noise[2]
    )
    effects = fit_mixed_models(rows)[1]
    found = effects[effects["effect"] == "derivative"].set_index(["exponent", "rows", "derivative"])
    first = rows[critical & (rows["stream"] == rows["stream"].iloc[0])]
    for exponent in ("lambda_0", "|lambda_0|"):
        magnitude, signed = (found.loc[(exponent, "single tasks", name)] for name in ("magnitude", "signed"))
        assert magnitude["estimate"] == pytest.approx(-2.0 * first["penalty_change"].std(), rel=0.1)
        assert signed["estimate"] == pytest.approx(1.0 * first["penalty_drift"].std(), rel=0.3)
        assert found.loc[(exponent, "means over tasks", "magnitude"), "ci_high"] < 0
        assert found.loc[(exponent, "means over tasks", "signed"), "ci_low"] > 0


@pytest.mark.parametrize("diverged", [True, False], ids=["diverged", "dead"])
def test_failed_networks_have_no_mean(diverged: bool) -> None:
    """A network that failed at a task is left out of means and their count; tasks before are single observations."""
    rows = synthetic()
    rows = failing(rows, (rows["strength"] == 3) & (rows["target"] == 0.2) & (rows["task"] > 7), diverged)
    fits, _ = fit_mixed_models(rows)
    counted = fits.drop_duplicates("rows").set_index("rows")[["observations", "networks", "tasks"]]
    assert counted.loc["single tasks"].tolist() == [8 * 12 + 7, 9, 8 * 12 + 7]
    assert counted.loc["means over tasks"].tolist() == [8 * 4, 8 * 4, 8 * 4 * 12]


@pytest.mark.parametrize("alike", ["accuracy", "lyapunov_exponent", "penalty_change"])
def test_networks_that_are_alike_have_no_model(alike: str, caplog: pytest.LogCaptureFixture) -> None:
    """Dead networks that guess have one accuracy, others one exponent: their models are left out, tables are whole."""
    rows = synthetic()
    dead = rows.assign(**{alike: rows[alike].where(rows["method"] != CRITICALITY, 0.1)})
    fits, effects = fit_mixed_models(dead)
    check_table(effects, CONTINUAL_EFFECTS)
    left = check_table(fits, CONTINUAL_FITS)["derivative"]
    assert set(left) == ({"signed"} if alike == "penalty_change" else set())
    assert "found 0.1 in every row" in caplog.text or "found 10 in every row" in caplog.text
    check_table(statistics(dead, 5), CONTINUAL_STATISTICS)


def test_too_few_configurations_leave_a_model_out(caplog: pytest.LogCaptureFixture) -> None:
    """Where four configurations or none are left, tables have no row of the model, and the log says why."""
    rows = synthetic()
    for lost, found in ((rows["strength"] != 3, "3 groups"), (rows["strength"] > 0, "no rows")):
        fits, effects = fit_mixed_models(failing(rows, lost, True))
        assert check_table(fits, CONTINUAL_FITS).empty
        assert check_table(effects, CONTINUAL_EFFECTS).empty
        assert f"no mixed model of synthetic, means over tasks, |lambda_0| and signed: found {found}" in caplog.text
    few = fit_mixed_models(failing(rows, (rows["strength"] > 0) & (rows["task"] > 7), True))[0]
    assert set(few["rows"]) == {"single tasks"}


def test_groups_hold_one_stream() -> None:
    """Every network occurs once, groups hold one stream each, and shards of every n-th group are of equal kinds."""
    rows = configurations("class_pairs", 4, [1e-4, 1e-3, 1e-2, 1e-1], [0.0, 0.2], [0.1, 1.0, 3.0])
    assert rows["network"].is_unique
    assert [name.rpartition("/")[0] for name in rows["group"]] == rows["stream"].tolist()
    order = list(dict.fromkeys(rows["group"]))
    for shard in range(2):
        assert sorted(name.split("/")[2] for name in order[shard::2]) == ["criticality"] * 2 + ["replacement"] * 2
