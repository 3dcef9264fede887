"""Arguments of scripts are bound by the names that rules give."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from snakemake.iocontainers import InputFiles, OutputFiles, Params, ResourceList, Wildcards
from workflow_rules import rules
from workflow_scripts import script

from deepcrit.core.jobs import arguments


def job(**changes: Any) -> SimpleNamespace:
    """What Snakemake hands to a script."""
    inputs = InputFiles(["any", "a", "b", "c"])
    inputs._set_name("table", 1)
    inputs._set_name("shards", 2, end=4)
    given = {
        "rule": "do_something",
        "input": inputs,
        "output": OutputFiles(fromdict={"found": "d"}),
        "params": Params(fromdict={"script": "x/do_something", "code": "digest", "seed": 1}),
        "wildcards": Wildcards(fromdict={"shard": "07", "sample": "radial"}),
        "resources": ResourceList(fromdict={"timeout": "30"}),
    }
    return SimpleNamespace(**(given | changes))


def test_every_name_is_bound() -> None:
    """Inputs, outputs and parameters all; of wildcards and resources those that are taken; files of a name as list."""

    def main(table: str, shards: Sequence[str], found: str, seed: int, shard: int, timeout: str, code: str) -> None: ...

    assert arguments(main, job()) == {
        "table": "a", "shards": ["b", "c"], "found": "d", "seed": 1, "shard": 7, "timeout": "30", "code": "digest",
    }  # fmt: skip


def test_all_inputs_or_outputs_at_once() -> None:
    """Where their names are not arguments, they are keys."""

    def main(inputs: Any, outputs: Any, seed: int, sample: str, device: str = "cpu") -> None: ...

    assert arguments(main, job()) == {
        "inputs": {"table": "a", "shards": ["b", "c"]}, "outputs": {"found": "d"}, "seed": 1, "sample": "radial",
    }  # fmt: skip


def test_missing_and_unknown_names_are_told() -> None:
    """Both at once, with the rule."""

    def main(table: str, other: str, found: str, seed: int) -> None: ...

    message = r"do_something: .* found none called \['other'\] and unknown ones called \['shards'\]"
    with pytest.raises(TypeError, match=message):
        arguments(main, job())


def test_one_name_for_two_things_is_refused() -> None:
    """An output that is called like an input is not taken for it."""
    with pytest.raises(TypeError, match=r"do_something: found \['table'\] twice"):
        arguments(lambda table: None, job(output=OutputFiles(fromdict={"table": "d"})))


@pytest.mark.parametrize("name", rules())
def test_rules_and_scripts_agree(name: str) -> None:
    """What each rule names are the arguments of its script, all of them and no other."""
    rule = rules()[name]
    named = {kind: dict.fromkeys(getattr(rule, kind).keys(), "") for kind in ("input", "output", "params")}
    wildcards, resources = dict.fromkeys(rule.wildcard_names, "1"), dict.fromkeys(rule.resources, "")
    whole = SimpleNamespace(rule=name, wildcards=wildcards, resources=resources, **named)
    arguments(script(rule.params["script"]).main, whole)
