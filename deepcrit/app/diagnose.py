"""``deepcrit diagnose``: a network by name or builder, its weights and inputs, and where the diagnosis goes."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import torch
import torchvision
from tqdm import tqdm

from deepcrit.core.tables import written_aside
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.data.fetch.wanted import FetchError
from deepcrit.diagnosis.measuring import Course, DiagnosisError, diagnose, diagnose_checkpoints, steps_of
from deepcrit.diagnosis.page import course_page, diagnosis_page
from deepcrit.diagnosis.results import Diagnosis
from deepcrit.diagnosis.terminal import course_summary, summary
from deepcrit.pretrained.loading import LoadingError, built_network, input_tensors, trained_network
from deepcrit.pretrained.networks import ImageSizeError, UnknownModelError, layer_calls, random_network
from deepcrit.pretrained.own_models import builder_file
from deepcrit.pretrained.weights import cached_weights, wanted_weights, weights_url

NO_WEIGHTS = "none"
PIXELS = 64  # side of Gaussian images, where a classifier takes them; the time goes with its square
TIMEOUT = 10.0


@dataclass(frozen=True)
class DiagnoseOptions:
    """What the command line asks for.

    Attributes:
        network: a classifier of torchvision, or module:function.
        weights: of a classifier: "none", a directory with torchvision's file, or empty for torch's own directory.
        checkpoints: files or patterns of them.
        inputs: file of one tensor, or None.
        shape: of Gaussian inputs, such as "3x64x64", or empty.
        number: of inputs, at most.
        seed: of all draws.
        json: where to write it as JSON, or None.
        html: where to write the page, or None.
    """

    network: str
    weights: str
    checkpoints: Sequence[str]
    inputs: Path | None
    shape: str
    number: int
    seed: int
    json: Path | None
    html: Path | None


def diagnose_command(options: DiagnoseOptions) -> str:
    """Diagnose, write what is asked for, and return what the terminal shows.

    Raises:
        DiagnosisError: for what cannot be used, with what was expected.
        OSError: if a file cannot be written.
    """
    checkpoints = found_checkpoints(options.checkpoints)
    try:
        network, weights = _network(options, bool(checkpoints))
        inputs, shown = _inputs(options, network)
        found = _diagnosed(options, network, checkpoints, weights, inputs, shown)
    except (LoadingError, UnknownModelError, ImageSizeError, ValueError) as error:
        raise DiagnosisError(str(error)) from error
    if options.json is not None:
        _write(options.json, json.dumps(found.to_dict(), indent=1, allow_nan=False) + "\n")
    if options.html is not None:
        _write(options.html, diagnosis_page(found) if isinstance(found, Diagnosis) else course_page(found))
    return summary(found) if isinstance(found, Diagnosis) else course_summary(found)


def _diagnosed(
    options: DiagnoseOptions,
    network: torch.nn.Module,
    checkpoints: list[Path],
    weights: str,
    inputs: torch.Tensor,
    shown: str,
) -> Diagnosis | Course:
    with _progress(steps_of(network) * max(len(checkpoints), 1)) as bar:

        def told(step: str) -> None:
            bar.set_postfix_str(step, refresh=False)
            bar.update()

        if not checkpoints:
            return diagnose(
                network, inputs, name=options.network, weights=weights, shown=shown, seed=options.seed, told=told
            )
        course = diagnose_checkpoints(
            network, checkpoints, inputs, name=options.network, shown=shown, seed=options.seed, told=told
        )
        return course if len(checkpoints) > 1 else course.diagnoses[0]


@contextmanager
def _progress(steps: int) -> Iterator[tqdm]:
    """A bar on the terminal of stderr, and nothing where that is none."""
    form = "{percentage:3.0f}% {bar:30} {elapsed} {postfix}"
    with tqdm(total=steps, file=sys.stderr, disable=None, leave=False, bar_format=form) as bar:
        yield bar


def found_checkpoints(patterns: Sequence[str]) -> list[Path]:
    """Files of all patterns, in the order of their names with numbers read as numbers.

    Raises:
        DiagnosisError: naming a pattern that no file fits.
    """
    found: set[Path] = set()
    for pattern in patterns:
        # Path.glob takes no absolute patterns
        files = [Path(name) for name in [pattern, *glob(pattern)]]  # noqa: PTH207
        files = [file for file in files if file.is_file()]
        if not files:
            raise DiagnosisError(f"checkpoint: found no file {pattern!r}, expected one at least")
        found.update(files)
    return sorted(found, key=_by_number)


def _by_number(path: Path) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", str(path))
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts]


def _network(options: DiagnoseOptions, given: bool) -> tuple[torch.nn.Module, str]:
    """The network, and where its weights are from."""
    name = options.network
    if ":" in name:
        if options.weights:
            raise DiagnosisError(f"weights: found {options.weights!r} for {name}, expected --checkpoint FILE")
        builder_file(name)
        return built_network(name), "as built"
    if given or options.weights == NO_WEIGHTS:
        return random_network(name, options.seed), f"random initial ones, seed {options.seed}"
    if name not in torchvision.models.list_models(module=torchvision.models):
        random_network(name, options.seed)  # says which names there are
    weights = torchvision.models.get_model_weights(name).DEFAULT
    wanted = wanted_weights(weights_url(name, weights.name))
    local = Path(options.weights) if options.weights else None
    try:
        path = cached_weights(wanted, Path(torch.hub.get_dir()) / "checkpoints", local, Downloader(TIMEOUT))
    except FetchError as error:
        raise DiagnosisError(
            f"{error}\nGive --weights DIRECTORY with this file, --checkpoint FILE with weights of your own, or "
            f"--weights {NO_WEIGHTS} for random initial weights."
        ) from error
    return trained_network(name, weights.name, path), f"{weights.name} of torchvision"


def _inputs(options: DiagnoseOptions, network: torch.nn.Module) -> tuple[torch.Tensor, str]:
    """The inputs, and what they are."""
    if options.inputs is not None:
        if options.shape:
            raise DiagnosisError("shape: found it beside --inputs, expected one of both")
        every = input_tensors(options.inputs)
        used = every[: options.number]
        return used, f"{len(used)} of {len(every)} of {options.inputs.name}, shape {_told(used)}"
    if options.shape:
        if not re.fullmatch(r"[1-9]\d*(x[1-9]\d*)*", options.shape):
            raise DiagnosisError(f"shape: found {options.shape!r}, expected numbers with x between, such as 1x28x28")
        shape = [int(part) for part in options.shape.split("x")]
    elif ":" in options.network:
        raise DiagnosisError(
            f"inputs: found none for {options.network}, expected --inputs FILE with a tensor (inputs, ...), or "
            "--shape 1x28x28 for Gaussian ones"
        )
    else:
        shape = [3, *[_pixels(options.network, network)] * 2]
    drawn = torch.randn(options.number, *shape, generator=torch.Generator("cpu").manual_seed(options.seed))
    return drawn, f"{options.number} Gaussian, shape {_told(drawn)}"


def _told(inputs: torch.Tensor) -> str:
    return " x ".join(map(str, inputs.shape[1:]))


def _pixels(name: str, network: torch.nn.Module) -> int:
    """Side of images: :data:`PIXELS` where the classifier takes them, else what it was published with."""
    try:
        layer_calls(network.eval(), PIXELS)
    except ImageSizeError:
        crop = torchvision.models.get_model_weights(name).DEFAULT.transforms().crop_size
        return int(crop[0])
    return PIXELS


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_aside(path) as aside:
        Path(aside).write_text(text, encoding="utf-8")
