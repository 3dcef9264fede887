"""The configuration: every fault is named with its key, what was found and what was expected."""

import copy
import json
import re
from functools import reduce
from operator import getitem
from pathlib import Path

import pytest

from deepcrit.app.config import (
    Config,
    ConfigError,
    checked,
    in_order_of,
    load_config,
    retyped,
    science_digest,
    validate,
)
from deepcrit.app.config.page import configuration_page, configuration_schema

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def default():
    return load_config(ROOT / "config.yaml")


SCALES = ("smoke", "night", "paper", "zoo", "weights")


@pytest.mark.parametrize("overlay", [[], *([f"scales/{name}.yaml"] for name in SCALES)])
def test_committed_configurations_are_valid(overlay):
    """config.yaml and every scale laid over it pass."""
    assert isinstance(validate(load_config(ROOT / "config.yaml", *(ROOT / path for path in overlay))), Config)


def test_overlays_hold_only_what_differs():
    """No leaf of a scale repeats the default."""

    def select_keys(node, path=()):
        if isinstance(node, dict):
            for key, value in node.items():
                yield from select_keys(value, (*path, key))
        else:
            yield path, node

    default = dict(select_keys(load_config(ROOT / "config.yaml")))
    for overlay in (ROOT / "scales").glob("*.yaml"):
        for path, value in select_keys(load_config(overlay)):
            assert path in default, (overlay, path)
            assert default[path] != value, f"{overlay.name}: {'.'.join(map(str, path))} repeats the default"


def test_keys_stand_in_one_order_whichever_way_the_files_are_named(default):
    """Keys in any order are put into that of the reference at every depth; names it lacks come last, sorted."""

    def backwards(node):
        return {key: backwards(node[key]) for key in reversed(node)} if isinstance(node, dict) else node

    assert json.dumps(backwards(default)) != json.dumps(default)
    assert json.dumps(in_order_of(default, backwards(default))) == json.dumps(default)
    default = copy.deepcopy(default)
    default["zoo"]["own_models"] = {"b": {"d": 1, "c": 2}, "a": {}}
    arranged = in_order_of(load_config(ROOT / "config.yaml"), default)["zoo"]["own_models"]
    assert json.dumps(arranged) == '{"a": {}, "b": {"c": 2, "d": 1}}'


def put(path, value):
    def change(config):
        node = config
        for key in path[:-1]:
            node = node[key]
        node[path[-1]] = value

    return change


GAUSSIAN = ("gaussian_avalanches",)
PLANE = ("susceptibility",)
RADIAL = (*GAUSSIAN, "samples", "radial")
RESNETS = ("resnets",)
CASE = (*RESNETS, "cases", "gaussian")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("sede",), 1, "sede: unknown key, expected one of"),
        ((*RADIAL, "blok"), 1, "gaussian_avalanches.samples.radial.blok: unknown key"),
        ((*RADIAL, "blocks"), "many", "gaussian_avalanches.samples.radial.blocks: found 'many'"),
        ((*RADIAL, "blocks"), 1.5, "gaussian_avalanches.samples.radial.blocks: found 1.5"),
        ((*RADIAL, "widths"), [25, 0], r"gaussian_avalanches.samples.radial.widths.1: found 0"),
        ((*RADIAL, "widths"), [25, 25, 50, 75], "expected each width once"),
        ((*RADIAL, "widths"), [25, 50, 75, 123], "offsets: found none for width 123"),
        ((*RADIAL, "widths"), [25, 50], "expected at least 4 widths"),
        ((*RADIAL, "method"), "magic", "gaussian_avalanches.samples.radial.method: found 'magic'"),
        ((*GAUSSIAN, "bias_variance"), -0.1, "gaussian_avalanches.bias_variance: found -0.1"),
        ((*GAUSSIAN, "bias_variance"), float("nan"), "gaussian_avalanches.bias_variance: found nan"),
        ((*GAUSSIAN, "offsets"), {25: -2.0}, "gaussian_avalanches.offsets.25: found -2.0"),
        ((*GAUSSIAN, "depth"), 0, "gaussian_avalanches.depth: found 0"),
        ((*GAUSSIAN, "depth"), 400, r"found 500, expected less than the depth 400"),
        ((*GAUSSIAN, "activation"), "sine", "gaussian_avalanches.activation: found 'sine'"),
        ((*GAUSSIAN, "fits", "duration_range"), [10, 10], r"duration_range: found \[10, 10\], expected xmin < xmax"),
        ((*GAUSSIAN, "fits", "size_range"), [3.0, 1.0], r"size_range: found \[3.0, 1.0\], expected xmin < xmax"),
        ((*GAUSSIAN, "fits", "confidence"), 1.0, "gaussian_avalanches.fits.confidence: found 1.0"),
        ((*GAUSSIAN, "size_duration", "ranges"), [[5, 2]], r"size_duration.ranges: found \[5, 2\]"),
        ((*GAUSSIAN, "collapse", "durations"), [5, 400], "expected a range within profile_durations"),
        ((*GAUSSIAN, "offset_scan", "relative_offsets", "step"), 0.0, "relative_offsets.step: found 0.0"),
        ((*GAUSSIAN, "offset_scan", "relative_offsets", "stop"), -1.0, "expected start < stop"),
        (("real_inputs", "width"), 100, "real_inputs.width: found 100"),
        (("signals", "paths", "linear_layers"), 151, "paths.linear_layers: found 151, expected at most the depth 150"),
        (("signals", "paths", "drawn"), 401, "signals.paths.drawn: found 401, expected at most the number of net"),
        (("signals", "paths", "weight_variances"), [1.0, 1.0], r"paths.weight_variances: found \[1.0, 1.0\], expected"),
        (("signals", "example", "duration"), 300, "example.duration: found 300, expected less than the depth 300"),
        (("signals", "input_strengths", "weight_variance"), 0.0, "input_strengths.weight_variance: found 0.0"),
        (("mean_field", "activation"), "relu", "mean_field.activation: found 'relu'"),
        ((*RESNETS, "image_size"), 0, "resnets.image_size: found 0"),
        ((*RESNETS, "cases"), {}, "resnets.cases: found {}"),
        ((*CASE, "models"), ["resnet18", "resnet18"], "expected each model once"),
        ((*CASE, "models"), ["../x"], "resnets.cases.gaussian.models.0: found '../x'"),
        ((*CASE, "mode"), "test", "resnets.cases.gaussian.mode: found 'test'"),
        ((*CASE, "weights"), "trained", "resnets.cases.gaussian.weights: found 'trained'"),
        ((*CASE, "weights"), "IMAGENET1K_V1", "networks: found 8 with weights IMAGENET1K_V1, expected 1"),
        ((*CASE, "launched"), [10, 5, 5, 5], r"launched: found \[10, 5, 5, 5\], expected numbers that do not fall"),
        ((*CASE, "launched"), [5, 5], "resnets.cases.gaussian.launched: found"),
        ((*RESNETS, "cases", "train", "calibration_inputs"), 64, "found 64, expected 128 as in launched"),
        ((*RESNETS, "fits", "longest_fraction"), 1.0, "resnets.fits.longest_fraction: found 1.0"),
        (("trained_weights", "timeout"), 0.0, "trained_weights.timeout: found 0.0"),
        (("mean_field", "field_range"), [1e-4, 1e-8], "mean_field.field_range: found .*, expected xmin < xmax"),
        (("mean_field", "excess_range"), [1e-4, 2.0], "mean_field.excess_range: found .*, expected a range below 1"),
        (("mean_field", "weight_variances", "start"), -0.2, "mean_field.weight_variances.start: found -0.2"),
        (("mean_field", "fit_points"), 3, "mean_field.fit_points: found 3"),
        (
            ("mean_field", "finite_width", "weight_variances"),
            [1.1, 1.0],
            r"weight_variances: found \[1.1, 1.0\], expected",
        ),
        (("mean_field", "finite_width", "chains"), 1, "mean_field.finite_width.chains: found 1"),
        (("mean_field", "finite_pairs", "pairs"), 10, "mean_field.finite_pairs.pairs: found 10"),
        (("mean_field", "correlation_depths", "edge_ratios"), [0.0], "edge_ratios.0: found 0.0"),
        (
            (*PLANE, "published", "weight_variances", "start"),
            1.2,
            r"susceptibility.published.weight_variances: found 1.2 to 1.6, expected a range with the critical",
        ),
        (
            (*PLANE, "published", "weight_variances", "stop"),
            0.98,
            "weight_variances: found 0.8 to 0.98, expected a range with the critical value 1 inside",
        ),
        (
            (*PLANE, "published", "weight_variances", "start"),
            -0.1,
            "weight_variances.start of the published plane: found -0.1, expected more than susceptibility.derivative",
        ),
        (
            (*PLANE, "published", "weight_variances", "step"),
            0.1,
            "weight_variances of the published plane: found 9 points, expected at least 10",
        ),
        ((*PLANE, "published", "log_bias_variances"), [-2.0, -3.0], "log_bias_variances: found .*, expected ascending"),
        ((*PLANE, "trained", "bandwidth"), 0.3, "bandwidths_checked: found .*, expected 0.3 of trained among them"),
        ((*PLANE, "trained", "step"), 0.04, r"susceptibility.trained.step: found 0.04, expected a whole fraction"),
        (
            ("trainability", "plane", "weight_variances", "start"),
            1.1,
            r"trainability.plane.weight_variances: found 1.1 to 2.3, expected a range with the critical value 1 inside",
        ),
        (("trainability", "plane", "images"), 6000, r"trainability.plane.images: found 6000, expected a multiple of"),
        (("trainability", "widths", "retest_epochs"), 50, r"retest_epochs: found 50, expected more than epochs, 50"),
        (("trainability", "widths", "widths"), [64, 32, 80, 96], r"widths.widths: found .*, expected ascending values"),
        (("trainability", "plane", "log_bias_variances"), [-1.0, -2.0, 0.0], "log_bias_variances: found .*, expected"),
        ((*PLANE, "mismatch", "shortest"), 40, r"mismatch.longest_share: found durations \[40, 32\] for trained"),
        ((*PLANE, "derivative_step"), 0.8, "found 0.8, expected more than susceptibility.derivative_step, 0.8"),
        (("mnist", "timeout"), -1.0, "mnist.timeout: found -1.0"),
        (
            ("mnist", "local_directory"),
            "~no-one/a",
            "mnist.local_directory: found '~no-one/a', expected a home",
        ),
        (("seed",), -1, "seed: found -1"),
        (("scale",), "My Scale", "scale: found 'My Scale'"),
        (("execution", "shards"), {"radial": 1}, "execution.shards.agreement: missing"),
        (("execution", "shards", "radial"), 0, "execution.shards.radial: found 0"),
        (("gaussian_avalanches",), 3, "gaussian_avalanches: found 3"),
    ],
)
def test_faults_name_their_key(default, path, value, message):
    """Each fault is refused with a message of its own."""
    config = copy.deepcopy(default)
    put(path, value)(config)
    with pytest.raises(ConfigError, match=message):
        validate(config)


def test_missing_keys_are_named(default):
    """A key that is gone is named."""
    config = {key: value for key, value in default.items() if key != "seed"}
    with pytest.raises(ConfigError, match="seed: missing key"):
        validate(config)


def test_all_faults_are_reported_together(default):
    """Two faults give two lines."""
    config = {**default, "seed": -1, "sede": 2}
    with pytest.raises(ConfigError) as caught:
        validate(config)
    assert len(str(caught.value).splitlines()) == 3


def test_science_digest_ignores_execution_keys(default):
    """Shards, sources and labels do not enter the digest; seeds and widths do."""
    base = science_digest(default)
    for path, value in ((("execution", "shards", "radial"), 9), (("scale",), "other"), (("mnist", "timeout"), 9.0)):
        config = copy.deepcopy(default)
        put(path, value)(config)
        assert science_digest(config) == base
    config = copy.deepcopy(default)
    put(("seed",), 5)(config)
    assert science_digest(config) != base


def test_documentation_has_not_drifted():
    """docs/configuration.md and config/schema.json are what the schema says; make docs writes them anew."""
    assert (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8") == configuration_page()
    assert (ROOT / "config" / "schema.json").read_text(encoding="utf-8") == configuration_schema()


def test_the_schema_describes_every_key(default):
    """Each section of config.yaml is in the exported schema with all its keys, each with a description, no other."""
    schema = json.loads(configuration_schema())

    def resolved(node):
        return schema["$defs"][node["$ref"].split("/")[-1]] if "$ref" in node else node

    def held(node, values):
        node = resolved(node)
        if "properties" in node and isinstance(values, dict):
            assert set(values) <= set(node["properties"])
            assert node["additionalProperties"] is False
            for key, value in values.items():
                assert node["properties"][key].get("description"), key
                held(node["properties"][key], value)

    held(schema, default)


@pytest.mark.parametrize(
    ("written", "remedy"), [("1e-3", "1.0e-3"), ("2E5", "2.0e+5"), ("1.5e5", "1.5e+5"), (".5e1", ".5e+1"), ("'3'", "3")]
)
def test_numbers_that_yaml_takes_for_text_are_told_how_to_write(default, tmp_path, written, remedy):
    """YAML 1.1 has no number with an exponent but without dot and sign: the refusal says how it is written."""
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(f"uniform_networks: {{input_scale: {written}}}", encoding="utf-8")
    with pytest.raises(
        ConfigError, match=rf"input_scale: found .*; YAML takes this for text, and {re.escape(remedy)} "
    ):
        validate(load_config(ROOT / "config.yaml", overlay))
    overlay.write_text(f"uniform_networks: {{input_scale: {remedy}}}", encoding="utf-8")
    validate(load_config(ROOT / "config.yaml", overlay))


def test_text_that_is_no_number_has_no_such_remedy(default):
    """A word where a number belongs is refused as before."""
    with pytest.raises(ConfigError, match=r"seed: found 'twelve', expected a valid integer[^;]*$"):
        validate(default | {"seed": "twelve"})


def test_values_of_the_command_line_have_the_types_of_a_file():
    """What Snakemake hands on as text of ``--config 'a={b: [1, 2.5]}'`` is typed as in a configuration file."""
    given = {"seed": 5, "signals": {"paths": {"drawn": "3", "weight_variances": ["0.9", "1.1"]}}, "zoo": {"x": "null"}}
    assert retyped(given) == {
        "seed": 5,
        "signals": {"paths": {"drawn": 3, "weight_variances": [0.9, 1.1]}},
        "zoo": {"x": None},
    }


def test_files_that_are_no_mappings_are_refused(tmp_path):
    """A configuration file must be YAML and hold keys."""
    for content, message in (("- 1", "expected a mapping"), ("a: [", "not YAML")):
        path = tmp_path / "c.yaml"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ConfigError, match=message):
            load_config(path)


PATHS = [
    ("mnist", "local_directory"),
    ("fashion_mnist", "local_directory"),
    ("trained_weights", "local_directory"),
    ("zoo", "imagenet_directory"),
    ("continual", "imagenet_directory"),
    ("zoo", "own_models", "digits", "checkpoint"),
    ("zoo", "own_models", "digits", "inputs"),
]


@pytest.mark.parametrize("path", PATHS, ids=".".join)
def test_home_directories_are_known_in_every_path(
    path: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every key that names a file or directory takes ~, which rules get expanded; a home that is not known is named."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "there").mkdir() if path[-1].endswith("directory") else (tmp_path / "there").touch()
    config = load_config(ROOT / "config.yaml", ROOT / "examples" / "own_model.yaml")
    section = reduce(getitem, path[:-1], config)
    section[path[-1]] = "~/there"
    assert reduce(getitem, path, checked(config)) == str(tmp_path / "there")
    section[path[-1]] = "~nobody-of-this-name/there"
    with pytest.raises(ConfigError, match=rf"{'.'.join(path)}: found '~nobody-of-this-name/there', expected a home"):
        checked(config)


def test_paths_are_all_there_is() -> None:
    """No key that is called a directory escapes the type of paths, and what is checked is otherwise as written."""
    keys = [path.split("`")[1] for path in configuration_page().splitlines() if "_directory` |" in path]
    assert sorted(keys) == sorted(".".join(path) for path in PATHS if path[-1].endswith("directory"))
    config = load_config(ROOT / "config.yaml", ROOT / "scales" / "paper.yaml")
    assert json.dumps(checked(config)) == json.dumps(config)
