"""What `deepcrit diagnose` returns, writes and refuses."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from deepcrit.app.cli import main
from deepcrit.app.diagnose import found_checkpoints
from deepcrit.diagnosis import Course, Diagnosis, DiagnosisError, diagnose, diagnose_checkpoints
from deepcrit.diagnosis.page import course_page, diagnosis_page
from deepcrit.diagnosis.results import GAUSSIAN, NOTIONS, QUANTITY_COLUMNS, Quantity, beside, null_of
from deepcrit.diagnosis.terminal import course_summary, summary
from deepcrit.diagnosis.wording import with_interval
from deepcrit.pretrained.loading import LoadingError

BUILDER = """
import torch
from torch import nn

def build():
    torch.manual_seed(0)
    layers = [part for _ in range(4) for part in (nn.Linear(12, 12), nn.Tanh())]
    return nn.Sequential(*layers)

def fail():
    raise OSError("no such thing")
"""


def small(width: int = 12, depth: int = 4) -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(*[part for _ in range(depth) for part in (nn.Linear(width, width), nn.Tanh())])


def gaussian(number: int = 60, width: int = 12) -> torch.Tensor:
    return torch.randn(number, width, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def found() -> Diagnosis:
    return diagnose(small(), gaussian(), name="small")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("run")
    paths = []
    for factor in (1, 2):
        network = small()
        with torch.no_grad():
            network[0].weight.mul_(factor)
        paths.append(folder / f"step{factor}.pt")
        torch.save({"model_state_dict": network.state_dict(), "epoch": factor}, paths[-1])
    return diagnose_checkpoints(small(), paths, gaussian(), name="small")


def test_every_quantity_has_interval_null_and_sentence_or_says_why_not(found: Diagnosis) -> None:
    """No number without an interval and a sentence, none guessed; all notions are there."""
    assert [notion.name for notion in found.notions] == list(NOTIONS)
    for notion in found.notions:
        assert notion.reason or notion.quantities
        for one in notion.quantities:
            if one.reason:
                assert math.isnan(one.value)
                continue
            assert one.ci_low <= one.value <= one.ci_high, one.name
            assert one.meaning.endswith(".")
            assert one.ci_method
            assert one.nulls or one.name == "share_extended"


def test_too_few_layers_are_told(found: Diagnosis) -> None:
    """A network of eight modules has no power law of durations, and says why."""
    assert found["avalanches"]["tau_duration"].reason.startswith("found 8 layers, expected at least 20")
    assert not math.isnan(found["avalanches"]["mean_duration"].value)


def test_the_network_is_left_as_it_was_and_draws_are_the_same() -> None:
    """Weights, mode, gradients and torch's generator stay; a second diagnosis has the same numbers."""
    network = small().train()
    network[0].bias.requires_grad_(False)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    torch.manual_seed(5)
    state = torch.get_rng_state()
    first, second = (diagnose(network, gaussian(), seed=3).table() for _ in range(2))
    assert torch.equal(torch.get_rng_state(), state)
    assert network.training
    assert [parameter.requires_grad for parameter in network.parameters()][:3] == [True, False, True]
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert first.equals(second)


def test_table_and_json_hold_the_same(found: Diagnosis) -> None:
    """Every quantity is in both; JSON is strict, without NaN."""
    table = found.table()
    assert list(table.columns) == list(QUANTITY_COLUMNS)
    text = json.dumps(found.to_dict(), allow_nan=False)
    read = {
        (notion["name"], one["name"]): one["value"]
        for notion in json.loads(text)["notions"]
        for one in notion["quantities"]
    }
    known = table[table["value"].notna()]
    for row in known.itertuples():
        assert read[row.notion, row.quantity] == row.value
    assert None in read.values()


def test_what_cannot_be_measured_says_why() -> None:
    """Whole numbers have no derivatives, few inputs no graph, networks without weights no tails."""
    words = nn.Sequential(nn.Embedding(20, 6), nn.Flatten(), nn.Linear(18, 18))
    found = diagnose(words, torch.randint(20, (10, 3), generator=torch.Generator().manual_seed(0)))
    assert "torch.int64" in found["dynamics"].reason
    assert found["graphs"].reason == "found 10 inputs, expected at least 50 for correlations"
    assert not found["tails"].reason
    plain = diagnose(nn.Sequential(nn.Tanh()), gaussian())
    assert plain["tails"].reason == "found no tensor of two or more dimensions, expected weights"
    assert plain["dynamics"].reason.startswith("found no layer with weights")


def test_signals_that_fail_leave_the_weights() -> None:
    """Inputs that do not fit are told once for each notion that needs them; tails need none."""
    found = diagnose(small(), gaussian(width=13))
    for name in ("avalanches", "dynamics", "multifractality", "graphs"):
        assert found[name].reason.startswith("Sequential cannot take inputs of shape 13")
    assert found["tails"].quantities


def test_scripted_modules_have_tails_alone() -> None:
    """Their layers cannot be followed, which is said; their weights can be read."""
    with pytest.warns(FutureWarning, match="deprecated"):
        scripted = torch.jit.script(small())
    found = diagnose(scripted, gaussian())
    assert "scripted" in found["avalanches"].reason
    assert found["tails"].quantities


def test_normalisation_by_the_batch_has_no_dynamics() -> None:
    """Outputs that depend on other inputs of the batch have no Jacobian of their own."""
    network = nn.Sequential(nn.Linear(12, 12), nn.BatchNorm1d(12, track_running_stats=False))
    found = diagnose(network.eval(), gaussian())
    assert "expected track_running_stats=True" in found["dynamics"].reason


@pytest.mark.parametrize(
    ("network", "inputs", "message"),
    [
        ("resnet18", gaussian(), "network: found str, expected a torch module"),
        (small(), np.zeros((3, 12)), "inputs: found ndarray, expected a tensor"),
        (small(), torch.zeros(12), r"inputs: found shape \(12,\)"),
        (small(), torch.zeros(0, 12), r"inputs: found shape \(0, 12\)"),
        (small(), torch.full((3, 12), torch.nan), "inputs: found numbers that are not finite"),
    ],
)
def test_bad_arguments_are_refused(network: object, inputs: object, message: str) -> None:
    """Each with what was found and what was expected."""
    with pytest.raises(DiagnosisError, match=message):
        diagnose(network, inputs)  # type: ignore[arg-type]


def test_unknown_names_are_told(found: Diagnosis) -> None:
    """Of notions and quantities, with those that there are."""
    with pytest.raises(KeyError, match="expected one of"):
        found["entropy"]
    with pytest.raises(KeyError, match="growth_rate"):
        found["dynamics"]["entropy"]


def test_nulls_are_where_one_more_draw_would_lie() -> None:
    """Student's interval for a further draw, and what lies beyond it."""
    null = null_of(GAUSSIAN, [1.0, 2.0, 3.0])
    assert (null.value, null.draws) == (2.0, 3)
    assert null.high - 2.0 == pytest.approx(4.302653 * math.sqrt(4 / 3), rel=1e-6)
    assert beside(Quantity("a", "a", 9.0, 8.0, 10.0), null) == "above"
    assert beside(Quantity("a", "a", 2.0, 1.0, 3.0), null) == "like"
    assert beside(Quantity("a", "a", -9.0, -10.0, -8.0), null) == "below"


def test_numbers_keep_digits_that_tell_their_ends_apart() -> None:
    """Three, more where an interval is narrow, and words for ends without bound."""
    assert with_interval(Quantity("a", "a", 0.99602, 0.99301, 0.99904)) == "0.996 [0.993, 0.999]"
    assert with_interval(Quantity("a", "a", 1.99991, 1.99982, 2.0)) == "1.99991 [1.99982, 2]"
    assert with_interval(Quantity("a", "a", 1.0, -math.inf, math.inf)) == "1 [-inf, inf]"


def test_the_terminal_tells_all(found: Diagnosis) -> None:
    """Every notion, sentence and reason, in lines that fit."""
    text = summary(found)
    flat = re.sub(r"\s+", " ", text)
    for notion in found.notions:
        assert notion.title in text
        for one in notion.quantities:
            assert (one.reason or one.meaning) in flat
    assert max(map(len, text.splitlines())) <= 100


def test_the_page_is_self_contained(found: Diagnosis, course: Course) -> None:
    """Pictures lie in the page, nothing is fetched, and what was not measured says why."""
    for page in (diagnosis_page(found), course_page(course)):
        assert page.count("data:image/png;base64,") == 5
        assert not re.search(r"(src|href)=\"(?!data:|#)", page)
        assert "expected at least 20, so that durations span a power law" in page
    assert "step1, step2" in course_page(course)


def test_quantities_are_followed_over_checkpoints(course: Course) -> None:
    """A table by checkpoint, from state dicts within checkpoints; stronger weights make differences grow faster."""
    table = course.table()
    rates = table[table["quantity"] == "growth_rate"].drop_duplicates("place")
    assert rates["checkpoint"].tolist() == ["step1", "step2"]
    assert rates["value"].is_monotonic_increasing
    assert "step2" in course_summary(course)
    assert len(course.to_dict()["checkpoints"]) == 2


def test_weights_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """With the file; and no checkpoint at all."""
    torch.save(small(5).state_dict(), tmp_path / "other.pt")
    with pytest.raises(LoadingError, match=r"other\.pt: these weights do not fit"):
        diagnose_checkpoints(small(), [tmp_path / "other.pt"], gaussian())
    with pytest.raises(DiagnosisError, match="checkpoints: found none"):
        diagnose_checkpoints(small(), [], gaussian())


def test_checkpoints_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """Tenth after second; a file that two patterns name is there once; a pattern without a file is refused."""
    for number in (10, 2, 1):
        (tmp_path / f"epoch{number}.pt").touch()
    names = found_checkpoints([str(tmp_path / "*.pt"), str(tmp_path / "epoch2.pt")])
    assert [path.stem for path in names] == ["epoch1", "epoch2", "epoch10"]
    with pytest.raises(DiagnosisError, match=r"found no file '.*\.pth'"):
        found_checkpoints([str(tmp_path / "*.pth")])


def test_the_command_writes_what_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An own builder and its checkpoint; JSON and page; nothing on stderr where it is no terminal."""
    monkeypatch.chdir(tmp_path)
    Path("own_net_for_diagnosis.py").write_text(BUILDER, encoding="utf-8")
    torch.save(small().state_dict(), "last.pt")
    torch.save(gaussian(), "batch.pt")
    arguments = ["diagnose", "own_net_for_diagnosis:build", "--checkpoint", "last.pt", "--inputs", "batch.pt"]
    assert main([*arguments, "--json", "out/a.json", "--html", "out/a.html"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert "60 of 60 of batch.pt, shape 12" in shown.out
    assert json.loads(Path("out/a.json").read_text(encoding="utf-8"))["weights"] == "last.pt"
    assert Path("out/a.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["resnet19", "--weights", "none"], "found model 'resnet19'"),
        (["resnet19"], "found model 'resnet19'"),
        (["resnet18", "--weights", "."], "Give --weights DIRECTORY with this file, --checkpoint FILE"),
        (["own_net_for_refusal:build"], "inputs: found none for own_net_for_refusal:build, expected --inputs FILE"),
        (["own_net_for_refusal:build", "--weights", "none"], "weights: found 'none'"),
        (["own_net_for_refusal:build", "--shape", "12y"], "shape: found '12y', expected numbers with x between"),
        (["own_net_for_refusal:build", "--inputs", "absent.pt"], "absent.pt"),
        (["own_net_for_refusal:absent", "--shape", "12"], "expected a function of own_net_for_refusal.py"),
        (["own_net_for_refusal:fail", "--shape", "12"], "builder own_net_for_refusal:fail: OSError: no such thing"),
        (["own_net_for_refusal:build", "--shape", "12", "--checkpoint", "no.pt"], "found no file 'no.pt'"),
    ],
)
def test_the_command_refuses(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With status 2 and what was expected, before anything is measured."""
    monkeypatch.chdir(tmp_path)
    Path("own_net_for_refusal.py").write_text(BUILDER, encoding="utf-8")
    assert main(["diagnose", *arguments]) == 2
    assert message in capsys.readouterr().err
