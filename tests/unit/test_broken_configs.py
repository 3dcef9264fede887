"""Broken configurations, made from the schema: every one is refused by key, with what was found and expected.

Places and limits come from the schema, values from config.yaml: a new key is tried without being listed here.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import test_config
from pydantic import ValidationError

from deepcrit.app.config import Config, ConfigError, load_config, validate

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = load_config(ROOT / "config.yaml")
SCHEMA = Config.model_json_schema()
ODD_NAME = "no such: 'key'\n\té"
ODD_TEXTS = ("", "a b", "../x", "é", "x\n", "\x00", "\x1b[31m", "$(rm -rf /)", "a" * 5000 + "!")
# of the right type nowhere: what may stand for a number, a text, a list or a mapping is taken from it below
STRANGERS: dict[str, tuple[Any, ...]] = {
    "integer": (7, 1.5, math.nan),
    "number": (7, 1.5),
    "string": ("text",),
    "boolean": (True,),
    "array": ([], [["text"]]),
    "object": ({}, {"text": 1}),
    "null": (None,),
}

Path_ = tuple[Any, ...]


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with its reference followed."""
    return SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def alternatives(schema: Mapping[str, Any]) -> list[Any]:
    """The schemas of which one must hold."""
    return [resolved(option) for option in schema.get("anyOf") or schema.get("oneOf") or [schema]]


def fitting(schema: Mapping[str, Any], value: Any) -> Mapping[str, Any]:
    """The schema whose properties or items a value has; one of several, if it is a mapping or a list."""
    kind = {dict: "object", list: "array"}.get(type(value))
    options = alternatives(schema)
    return next((option for option in options if option.get("type") == kind), resolved(schema))


def places(schema: Mapping[str, Any], value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Mapping[str, Any], Any]]:
    """Every place of the configuration with its schema and value: sections, names in mappings, items of lists."""
    yield path, resolved(schema), value
    schema = fitting(schema, value)
    if isinstance(value, dict):
        by_name = next(iter(schema.get("patternProperties", {}).values()), schema.get("additionalProperties"))
        for name, inner in value.items():
            yield from places(schema.get("properties", {}).get(name, by_name), inner, (*path, name))
    elif isinstance(value, list) and value:
        # the last item stands for all
        item = schema["prefixItems"][-1] if "prefixItems" in schema else schema["items"]
        yield from places(item, value[-1], (*path, len(value) - 1))


def put(value: Any, path: Path_, content: Any) -> Any:
    """The configuration with other content in one place."""
    if not path:
        return content
    changed = value.copy()
    inner = value.get(path[0]) if isinstance(value, dict) else value[path[0]]
    changed[path[0]] = put(inner, path[1:], content)
    return changed


def wrong(schema: Mapping[str, Any]) -> Iterator[Any]:
    """Values that do not belong where this schema holds: other types, out of range, too short, oddly written."""
    options = alternatives(schema)
    types = {option["type"] for option in options}
    welcome = types | ({"integer"} if "number" in types else set())
    for kind, values in STRANGERS.items():
        if kind not in welcome and not (kind == "number" and "integer" in types):
            yield from values
    if "integer" in types:
        yield from (1.5, math.nan, math.inf)
    for option in options:
        if "number" in types:
            yield from (math.nan, math.inf, -math.inf)
        if "const" in option or "enum" in option:
            yield from ("no such", "") if option.get("type") == "string" else (-1,)
        step = 1 if option.get("type") == "integer" else 1e-9
        for limit, beyond in (("minimum", -step), ("maximum", step), ("exclusiveMinimum", 0), ("exclusiveMaximum", 0)):
            if limit in option:
                yield option[limit] + beyond
        if option.get("minItems"):
            yield []
        if "maxItems" in option:
            yield [1 + place for place in range(option["maxItems"] + 1)]
        if option.get("minProperties"):
            yield {}
        if "pattern" in option:
            yield from refused_by(option["pattern"])


def refused_by(pattern: str) -> list[str]:
    """Odd texts that a pattern keeps out; one that lets any text pass would be no pattern."""
    found = [text for text in ODD_TEXTS if not re.fullmatch(pattern.removesuffix("$"), text)]
    assert found, pattern
    return found


PLACES = {".".join(map(str, path)) or "top": (path, schema, value) for path, schema, value in places(SCHEMA, DEFAULT)}


def refusal(config: Any, key: str) -> str:
    """The one line that says what is wrong with a key."""
    with pytest.raises(ConfigError) as caught:
        validate(config)
    head, *lines = str(caught.value).splitlines()
    assert head == "the configuration cannot be run:"
    (line,) = [line for line in lines if line.startswith((f"  {key}: ", f"  {key}."))]
    assert line.isprintable()
    assert "expected" in line
    return line


@pytest.mark.parametrize("name", [name for name in PLACES if name != "top"])
def test_what_does_not_belong_is_refused(name: str) -> None:
    """Other types, values out of range, nan, infinities, empty and long lists, odd texts: by key and with the value."""
    path, schema, _ = PLACES[name]
    for value in wrong(schema):
        assert f"found {repr(value)[:50]}" in refusal(put(DEFAULT, path, value), name)


@pytest.mark.parametrize(
    "name", [name for name, (_, schema, value) in PLACES.items() if schema.get("type") == "object" and value]
)
def test_keys_that_are_not_declared_are_refused(name: str) -> None:
    """An unknown key in every section, and a name in every mapping that no pattern or type lets pass."""
    path, schema, value = PLACES[name]
    content = 1 if "properties" in schema else next(iter(value.values()))
    shown = ".".join([*map(str, path), repr(ODD_NAME)])
    line = refusal(put(DEFAULT, (*path, ODD_NAME), content), shown)
    assert "unknown key, expected one of [" in line or "found" in line


@pytest.mark.parametrize("name", [name for name, (_, schema, _) in PLACES.items() if schema.get("required")])
def test_missing_keys_are_refused(name: str) -> None:
    """Every required key of every section, with what it is."""
    path, schema, value = PLACES[name]
    for key in schema["required"]:
        rest = {other: content for other, content in value.items() if other != key}
        line = refusal(put(DEFAULT, path, rest), ".".join(map(str, (*path, key))))
        assert line.endswith(f"missing key, expected: {schema['properties'][key]['description']}")


def test_more_than_a_hundred_are_tried() -> None:
    """The schema yields thousands of faults, and its limits, patterns, choices and lengths are all among them."""
    assert sum(len(list(wrong(schema))) for _, schema, _ in PLACES.values()) > 3000
    known = {name for _, schema, _ in PLACES.values() for option in alternatives(schema) for name in option}
    assert known <= {
        "$defs", "additionalProperties", "anyOf", "const", "default", "description", "enum", "exclusiveMaximum",
        "exclusiveMinimum", "items", "maxItems", "maximum", "minItems", "minProperties", "minimum", "pattern",
        "patternProperties", "prefixItems", "properties", "propertyNames", "required", "title", "type",
    }  # fmt: skip


AVALANCHES, CLASSIFIERS, UNIFORM = (DEFAULT[name] for name in ("gaussian_avalanches", "resnets", "uniform_networks"))
CRITICAL, CONTINUAL, ZOO = (DEFAULT[name] for name in ("criticality_loss", "continual", "zoo"))
PAIRS = ("continual", "class_pairs")
OWN = {"builder": "examples.digits:build", "checkpoint": "examples/digits.pt", "inputs": "examples/digits_inputs.pt"}
ONE_BLOCK = CLASSIFIERS["cases"]["gaussian"] | {"networks": 1, "blocks": 1}
WEIGHTS, TAILS = DEFAULT["weight_tails"], DEFAULT["tail_training"]
LEVY, LEVY_AVALANCHES, SPECTRA = (
    DEFAULT["levy_training"], DEFAULT["levy_avalanches"], DEFAULT["levy_mean_field"]["spectra"]
)  # fmt: skip
CIRCLES, NEIGHBOURS = (DEFAULT["manifolds"][name] for name in ("circles", "distances"))
RUNS, SUBGRAPHS, LOSSES = (DEFAULT[name] for name in ("sgd_runs", "task_subgraphs", "loss_landscapes"))
STATISTICS, POPULATION = DEFAULT["weight_statistics"], DEFAULT["agreement"]
SIZES = RUNS["samples"]["sizes"]
# section, its contradictory content, and the message that follows the section
CONTRADICTIONS: list[tuple[Path_, Any, str]] = [
    (("gaussian_avalanches", "collapse", "exponents"), {"start": 1.0, "stop": 2.0, "step": 1.5}, ": found step 1.5"),
    (
        ("mean_field", "weight_variances"),
        {"start": 0.8, "stop": 1.6, "step": 0.003},
        ": found step 0.003, expected one that leads from 0.8 to 1.6: its steps are at 1.598 and 1.601",
    ),
    (
        ("universality",),
        DEFAULT["universality"] | {"widths": [25, 100, 400, 1000]},
        ".widths: found 1000, expected squares",
    ),
    (
        ("universality",),
        DEFAULT["universality"] | {"multiples": [1, 3]},
        ".multiples: found 3, expected powers of two",
    ),
    (
        ("susceptibility",),
        DEFAULT["susceptibility"] | {"peak_step": 0.003},
        ".peak_step: found step 0.003, expected one that leads from 0.8 to 1.6",
    ),
    (
        ("gaussian_avalanches",),
        AVALANCHES | {"samples": {name: AVALANCHES["samples"][name] for name in ("radial", "network")}},
        ".samples: found ['network', 'radial'], expected one named annealed",
    ),
    (("resnets", "cases", "gaussian"), ONE_BLOCK, ".blocks: found 1 block of 1 network, expected at least 2"),
    (
        ("resnets",),
        CLASSIFIERS | {"cases": {"a": ONE_BLOCK | {"blocks": 2}}},
        ".cases: found ['a'], expected one named",
    ),
    (
        ("zoo", "trained"),
        ["resnet19"],
        ".0: found 'resnet19', expected a classifier of torchvision, the nearest 'resnet",
    ),
    (
        ("resnets", "cases", "gaussian", "models"),
        ["resnet18", "lenet"],
        ".1: found 'lenet', expected a classifier of torchvision",
    ),
    (
        ("uniform_networks",),
        UNIFORM | {"relative_couplings": [0.5, 0.6, 0.7]},
        ".relative_couplings: found 0.5 to 0.7, expected 1 between them",
    ),
    (("uniform_networks",), UNIFORM | {"drawn_couplings": [3.0]}, ".drawn_couplings: found 3.0, expected one of"),
    (
        ("uniform_networks",),
        UNIFORM | {"responses": UNIFORM["responses"] | {"width": 7}},
        ".responses.width: found 7, expected one of widths",
    ),
    (("uniform_networks",), UNIFORM | {"lanczos_steps": 26}, ".lanczos_steps: found 26, expected at most the width 25"),
    (("criticality_loss",), CRITICAL | {"compared_target": 7.0}, ".compared_target: found 7.0, expected one of"),
    (("criticality_loss",), CRITICAL | {"hidden": [20]}, ".uniform_half_widths: found 3 entries, expected one a layer"),
    (("criticality_loss",), CRITICAL | {"images": 1601}, ".images: found 1601, expected a multiple of batch, 10"),
    (("criticality_loss",), CRITICAL | {"measured_images": 2001}, ".measured_images: found 2001, expected at most"),
    (("criticality_loss",), CRITICAL | {"averaged_epochs": 7}, ".averaged_epochs: found 7, expected at most epochs, 6"),
    (PAIRS, CONTINUAL["class_pairs"] | {"side": 13}, ".side: found 13, expected a divisor of 28"),
    (PAIRS, CONTINUAL["class_pairs"] | {"kernels": [5, 3]}, ".kernels, paddings: found 2 and 3, expected one for each"),
    (
        PAIRS,
        CONTINUAL["class_pairs"] | {"side": 4, "paddings": [0, 0, 0]},
        ".kernels: found [5, 3, 3], expected kernels that leave something of 4 x 4 pixels",
    ),
    (("continual",), CONTINUAL | {"targets": [0.0], "strengths": [0.1, 1.0]}, ".targets, strengths: found 1 and 2"),
    (("continual",), CONTINUAL | {"jacobian_images": 21}, ".jacobian_images: found 21, expected at most batch, 20"),
    (("continual",), CONTINUAL | {"tasks_averaged": 11}, ".tasks_averaged: found 11, expected at most half of"),
    (
        ("continual",),
        CONTINUAL | {"batch": 30},
        ".class_pairs.train_images: found 80 images a task, expected",
    ),
    (("zoo",), ZOO | {"inputs": 11}, ".inputs: found 11, expected at most 10 without imagenet_directory"),
    (("zoo",), ZOO | {"imagenet_directory": "no such"}, ".imagenet_directory: found 'no such', expected a directory"),
    (("zoo",), ZOO | {"controls": ["vgg11", "vgg11"]}, ".controls: found ['vgg11', 'vgg11'], expected each name once"),
    (("zoo", "own_models", "a"), OWN | {"builder": "digits"}, ".builder: "),
    (("zoo", "own_models", "a"), OWN | {"checkpoint": "no such"}, ".checkpoint: found 'no such', expected a file"),
    (("zoo", "own_models", "a"), OWN | {"inputs": "no such"}, ".inputs: found 'no such', expected photographs, or"),
    (("zoo", "own_models", "a"), OWN | {"size": 8}, ".size: found 8, expected null with a file of inputs"),
    (
        ("weight_tails",),
        WEIGHTS | {"packages": ["hed", "hed"]},
        ".packages: found ['hed', 'hed'], expected each name once",
    ),
    (("weight_tails",), WEIGHTS | {"networks": [], "packages": []}, ".packages: found no networks, no packages and no"),
    (("weight_tails",), WEIGHTS | {"directory": "no such"}, ".directory: found 'no such', expected a directory"),
    (
        ("weight_tails",),
        WEIGHTS | {"band_alphas": {"start": 0.9, "stop": 2.0, "step": 0.1}},
        ".band_alphas: found 0.9 to 2.0, expected a range from 1 to 2",
    ),
    (
        ("weight_tails",),
        WEIGHTS | {"band_gains": {"start": 0.6, "stop": 3.0, "step": 0.2}},
        ".band_gains: found 0.6 to 3.0, expected a range from below 0.5 to above 1.1",
    ),
    (
        ("tail_training",),
        TAILS | {"learning_rates": [0.1, 0.1]},
        ".learning_rates: found [0.1, 0.1], expected each once",
    ),
    (("tail_training",), TAILS | {"images": 100}, ".images: found 100, expected at least one minibatch of 128"),
    (("tail_training",), TAILS | {"shown_epoch": 41}, ".shown_epoch: found 41, expected at most epochs, 40"),
    (("levy_mean_field", "spectra"), SPECTRA | {"drawn_gain": 7.0}, ".drawn_gain: found 7.0, expected one of gains"),
    (
        ("manifolds", "circles"),
        CIRCLES | {"drawn_gains": [1.0, 3.0, 7.0]},
        ".drawn_gains: found 7.0, expected one of gains",
    ),
    (
        ("manifolds", "distances"),
        NEIGHBOURS | {"alphas": {"start": 0.5, "stop": 2.0, "step": 0.5}},
        ".alphas: found 0.5 to 2.0, expected indices of stability within [1, 2]",
    ),
    (
        ("manifolds", "distances"),
        NEIGHBOURS | {"gains": {"start": 0.0, "stop": 3.0, "step": 0.5}},
        ".gains: found 0.0 to 3.0, expected gains above 0",
    ),
    (
        ("manifolds", "distances"),
        NEIGHBOURS | {"gains": {"start": 1.5, "stop": 3.0, "step": 0.5}},
        ".gains: found 1.5 to 3.0, expected gains on both sides of the ordered line",
    ),
    (
        ("levy_avalanches",),
        LEVY_AVALANCHES | {"relative_gains": [1.0, 1.1, 1.2]},
        ".relative_gains: found 1.0 to 1.2, expected a range that straddles the ordered line",
    ),
    (
        ("levy_avalanches",),
        LEVY_AVALANCHES | {"depth": 40},
        ".fits.shortest_duration: found 10, expected less than a quarter of depth, 40",
    ),
    (("levy_training",), LEVY | {"side": 13}, ".side: found 13, expected a divisor of 28"),
    (("levy_training",), LEVY | {"width": 25}, ".narrow.widths: found 25, expected widths other than that of the grid"),
    (
        ("levy_training",),
        LEVY | {"repeats": {"points": [[1.2, 7.0]], "networks": 3}},
        ".repeats.points: found [1.2, 7.0], expected points of alphas and gains",
    ),
    (
        ("levy_training",),
        LEVY | {"gains": [0.75, 1.0, 1.5, 3.0]},
        ".gains: found 0.75 to 3.0, expected gains on both sides of the ordered line",
    ),
    (("levy_training",), LEVY | {"measured_layer": 9}, ".measured_layer: found 9, expected less than hidden_layers, 9"),
    (("levy_training",), LEVY | {"batch": 8000}, ".batch: found 8000, expected a minibatch or more between tests"),
    (("levy_training",), LEVY | {"middle_test": 40}, ".middle_test: found 40, expected less than all of them, 40"),
    (
        ("multifractality",),
        DEFAULT["multifractality"] | {"matrices": [96, 48]},
        ".matrices: found 2 numbers, expected one for each of the 4 widths",
    ),
    (
        ("sgd_runs", "samples", "terminal", "windows", 0),
        {"start": 60, "stop": 140, "step": 3},
        ": found start 60, stop 140, step 3, expected steps that lead from a start to a larger stop",
    ),
    (("sgd_runs", "samples", "sizes"), SIZES | {"iterations": [1, 1000]}, ".iterations: found 1 first, expected 0"),
    (
        ("sgd_runs", "samples", "sizes"),
        SIZES | {"flux_iterations": [1001]},
        ".flux_iterations: found 1001, expected at most the last of iterations, 1000",
    ),
    (
        ("sgd_runs", "samples", "sizes"),
        SIZES | {"learning_rates": [0.1], "log_mobilities": {"start": -9.0, "stop": -7.0, "step": 1.0}},
        ".log_mobilities: found with learning_rates, expected one of them",
    ),
    (("sgd_runs",), RUNS | {"images": 60}, ".samples.terminal: found batches of 64, expected at most images, 60"),
    (
        ("correlation_graphs",),
        DEFAULT["correlation_graphs"] | {"threshold": 0.55},
        ".threshold: found 0.55, expected one of thresholds",
    ),
    (("loss_landscapes",), LOSSES | {"threshold": 0.002}, ".threshold: found 0.002, expected one of thresholds"),
    (("loss_landscapes",), LOSSES | {"slice_images": 20000}, ".slice_images: found 20000, expected at most images"),
    (
        ("weight_statistics",),
        STATISTICS | {"gradient_images": 20000},
        ".gradient_images: found 20000, expected at most images",
    ),
    (
        ("weight_statistics",),
        STATISTICS | {"least_tail": 9000},
        ".least_tail: found 9000, expected at most most_values",
    ),
    (
        ("weight_statistics", "redistribution"),
        STATISTICS["redistribution"] | {"critical": 0.4},
        ".critical: found 0.4, expected one of probabilities",
    ),
    (("task_subgraphs",), SUBGRAPHS | {"untrained": ["none"]}, ".untrained: found 'none', expected some of samples"),
    (("agreement",), POPULATION | {"alphas": [1.0, 1.5]}, ".alphas: found 1.5 as the last, expected 2, Gaussian"),
    (("agreement",), POPULATION | {"gains": [1.2, 1.5, 2.0]}, ".gains: found 1.2 to 2.0, expected a range with"),
    (("agreement",), POPULATION | {"side": 13}, ".side: found 13, expected a divisor of 28"),
    (("agreement",), POPULATION | {"jacobian_layers": [12]}, ".jacobian_layers: found 12, expected less than hidden"),
    (("agreement",), POPULATION | {"graph_images": 1001}, ".graph_images: found 1001, expected at most 1000 images"),
]


def test_every_check_between_keys_is_tried() -> None:
    """Each ``raise ValueError`` of the schema is reached by a contradiction listed here or in test_config."""
    (listed,) = [mark.args[1] for mark in test_config.test_faults_name_their_key.pytestmark]
    reached = set()
    for path, value, _ in [*CONTRADICTIONS, *listed]:
        config = put(DEFAULT, path, value)
        try:
            Config.model_validate(config)
        except ValidationError as error:
            for fault in error.errors():
                if fault["type"] == "value_error":
                    reached.add(raised_at(fault["ctx"]["error"]))
    assert reached == set(raised_in_schema())


def raised_at(error: BaseException) -> tuple[Path, int]:
    """File and line of the raise statement behind an error."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    assert traceback is not None
    return Path(traceback.tb_frame.f_code.co_filename), traceback.tb_lineno


def raised_in_schema() -> Iterator[tuple[Path, int]]:
    """File and line of every raise statement in the sections of the schema."""
    library = ROOT / "deepcrit"
    sections = [
        library / "core" / "section.py",
        library / "core" / "keys.py",
        library / "pretrained" / "names.py",
        library / "app/config/root.py",
    ]
    for path in [*sections, *library.rglob("config.py")]:
        yield from (
            (path, node.lineno)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Raise)
        )


@pytest.mark.parametrize(("path", "value", "message"), CONTRADICTIONS)
def test_contradictions_are_refused(path: Path_, value: Any, message: str) -> None:
    """Values that do not go together are refused by key."""
    section = ".".join(map(str, path))
    assert f"  {section}{message}" in refusal(put(DEFAULT, path, value), section)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "found nothing, expected a mapping of keys"),
        (b"# only a remark\n", "found nothing, expected a mapping of keys"),
        (b"3\n", "found int, expected a mapping of keys"),
        (b"seed\n", "found str, expected a mapping of keys"),
        (b"- seed: 1\n", "found list, expected a mapping of keys"),
        (b"seed: 1\n---\nseed: 2\n", "not YAML: expected a single document"),
        (b"signals:\n\tpaths: {}\n", "not YAML: while scanning"),
        (b"seed: [1\n", "not YAML: while parsing"),
        (b"seed: *other\n", "not YAML: found undefined alias"),
        (b"seed: !!python/object:os.system {}\n", "not YAML: could not determine a constructor"),
        (b"seed: \xff\xfe\n", "not YAML: 'utf-8' codec can't decode"),
        (b"seed: 2025-99-99\n", "not YAML: month must be in 1..12"),
        (b"seed: !!bool foo\n", "not YAML: 'foo'"),
        (b"seed: !!int ''\n", "not YAML: string index out of range"),
        (b"seed: !!timestamp foo\n", "not YAML: 'NoneType'"),
        (b"? [seed]\n: 1\n", "not YAML: while constructing a mapping"),
        (b"seed: " + b"9" * 5000 + b"\n", "not YAML: Exceeds the limit"),
        (b"seed: " + b"[" * 1000 + b"]" * 1000, "found lists or mappings nested too deeply"),
        (b"signals: &again\n  paths: *again\n", "found lists or mappings nested too deeply"),
        (b"seed: 1\nscale: a\nseed: 2\n", "seed: found in line 1 and again in line 3, expected once"),
        (b"signals: {paths: {drawn: 1, drawn: 2}}\n", "signals.paths.drawn: found in line 1 and again in line 1"),
        (b"resnets: {fits: [{a: 1, a: 2}]}\n", "resnets.fits.0.a: found in line 1 and again in line 1"),
    ],
)
def test_files_that_cannot_be_taken_as_written_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """Empty and binary files, tabs, other YAML than one mapping, impossible dates, keys that stand twice: by file."""
    path = tmp_path / "overlay.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_config(ROOT / "config.yaml", path)
    assert str(caught.value).startswith(f"{path}: {message}")


@pytest.mark.parametrize(("name", "error"), [("absent.yaml", FileNotFoundError), (".", IsADirectoryError)])
def test_files_that_cannot_be_read_are_refused(tmp_path: Path, name: str, error: type[OSError]) -> None:
    """An overlay that is not there, or is a directory: by file."""
    with pytest.raises(error) as caught:
        load_config(tmp_path / name)
    assert caught.value.filename == str(tmp_path / name)
