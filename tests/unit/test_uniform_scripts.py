"""The scripts of uniform networks, at the smallest scale, from configuration to verdicts and the figure."""

from pathlib import Path
from typing import Any

import pytest
from workflow_scripts import ROOT, caption_of, script

from deepcrit.app.config import ConfigError, load_config, validate
from deepcrit.app.plan import Plan
from deepcrit.claims.judging import judge_paper
from deepcrit.claims.model import Paper, load_claims
from deepcrit.core.registry import SCHEMAS
from deepcrit.core.tables import read_tsv
from deepcrit.experiments.uniform_networks.schemas import COUPLING_SWEEP, CRITICAL_COUPLINGS, RESPONSES

PARTS = {
    "sweep": "coupling_sweep",
    "couplings": "critical_couplings",
    "gaps": "coupling_gaps",
    "activity": "layer_activity",
}
# c0, c1 and kappa of the caption of Fig. 1, copied once more
PUBLISHED = {"c0": 8.12e-3, "c1": 3.14e1, "kappa": -5.45e-1}


def smoke() -> dict[str, Any]:
    return load_config(ROOT / "config.yaml", ROOT / "scales" / "smoke.yaml")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables of uniform networks, as the smallest scale asks for them."""
    path = tmp_path_factory.mktemp("uniform_networks")
    config = smoke()
    plan, section = Plan(config).uniform_networks, config["uniform_networks"]
    keys = ("input_scale", "relative_couplings", "drawn_couplings", "lanczos_steps")
    for width in section["widths"]:
        script("uniform_networks/sweep_couplings").main(
            *(str(path / f"N{width}" / f"{table}.tsv") for table in PARTS.values()), width,
            plan.networks_of(width), plan.spec(), *(section[key] for key in keys), config["seed"],
        )  # fmt: skip
    script("uniform_networks/measure_responses").main(
        str(path / f"N{section['responses']['width']}" / "critical_couplings.tsv"),
        {name: str(path / f"{table}.tsv")
         for name, table in (("responses", "responses"), ("gaps", "gaps"), ("ranges", "dynamic_ranges"))},
        plan.spec(), section["responses"], config["seed"],
    )  # fmt: skip
    parts = {
        name: [str(path / f"N{width}" / f"{table}.tsv") for width in section["widths"]] for name, table in PARTS.items()
    }
    parts["gaps"].append(str(path / "gaps.tsv"))
    outputs = {name: str(path / f"{table}.tsv") for name, table in PARTS.items()}
    script("uniform_networks/fit_couplings").main(parts, {**outputs, "fits": str(path / "coupling_fits.tsv")})
    return path


def paper() -> Paper:
    """The claims on Fig. 1."""
    claims = load_claims(ROOT / "claims" / "vock2025.yaml")
    return claims.model_copy(update={"claims": [c for c in claims.claims if c.id.startswith("vock2025.fig1")]})


def test_definitions_of_the_critical_coupling(results: Path) -> None:
    """They fall with width; the largest singular value reaches one before vectors stop to shrink; all are near 1."""
    table = read_tsv(results / "critical_couplings.tsv", CRITICAL_COUPLINGS)
    for definition, of in table.groupby("definition"):
        assert (of["step"].dropna() < 0).all(), definition
        assert of["over_closed_form"].abs().max() < 0.05
    couplings = table.pivot_table("coupling", "width", "definition")
    assert (couplings["largest_singular_value"] < couplings["vector_growth"]).all()
    assert couplings["zero_exponent"].to_numpy() == pytest.approx(couplings["largest_singular_value"], rel=0.01)


def test_networks_are_the_same_whatever_is_asked_of_them(results: Path) -> None:
    """The same job gives the same bytes, and the couplings that it sweeps do not change the linear network."""
    config = smoke()
    plan, section = Plan(config).uniform_networks, config["uniform_networks"]
    again = results / "again"
    arguments = [25, plan.networks_of(25), plan.spec(), section["input_scale"]]
    for couplings in (section["relative_couplings"], [0.5, 2.0]):
        script("uniform_networks/sweep_couplings").main(
            *(str(again / f"{table}.tsv") for table in PARTS.values()), *arguments, couplings, [0.5],
            section["lanczos_steps"], config["seed"],
        )  # fmt: skip
        if len(couplings) > 2:
            for table in ("coupling_sweep", "critical_couplings"):
                assert (again / f"{table}.tsv").read_bytes() == (results / "N25" / f"{table}.tsv").read_bytes()
    kept, fewer = (
        read_tsv(path / "critical_couplings.tsv", CRITICAL_COUPLINGS).set_index("definition")["coupling"]
        for path in (results / "N25", again)
    )
    assert fewer["largest_singular_value"] == pytest.approx(kept["largest_singular_value"], rel=1e-6)


def test_signals_die_below_and_saturate_above(results: Path) -> None:
    """Branching spans the transition; responses are relative to the largest."""
    sweep = read_tsv(results / "coupling_sweep.tsv", COUPLING_SWEEP).groupby("relative_coupling")["log10_branching"]
    assert sweep.max()[0.5] < -50
    assert sweep.min()[2.0] > 3
    responses = read_tsv(results / "responses.tsv", RESPONSES)
    assert responses.groupby("relative_coupling")["response"].max().to_numpy() == pytest.approx(1.0)


def test_claims_of_other_widths_are_not_testable_here(results: Path) -> None:
    """Claims are judged from these tables; those on the published widths wait for them."""
    tables = {
        f"uniform_networks/{name}": read_tsv(results / f"{name}.tsv", SCHEMAS[name])
        for name in ("coupling_sweep", "critical_couplings", "coupling_gaps", "coupling_fits")
    }
    verdicts = judge_paper(paper(), tables, "smoke").set_index("claim")["verdict"]
    assert len(verdicts) == 13
    printed = {c.id.split(".")[-1]: float(c.published) for c in paper().claims if c.id.split(".")[-1] in PUBLISHED}
    assert printed == PUBLISHED
    # the published curve is missed by the narrow networks already
    assert verdicts["vock2025.fig1c.curve"] == "differs"
    left = verdicts.drop(["vock2025.fig1b.dynamic_range", "vock2025.fig1c.curve", "vock2025.fig1c.shift_up"])
    assert set(left) == {"not testable here"}


def test_figure(results: Path, tmp_path: Path) -> None:
    """The figure and its caption are made from these tables, and the caption quotes them."""
    caption = caption_of("vock2025_fig1", results, tmp_path, smoke())
    couplings = read_tsv(results / "critical_couplings.tsv", CRITICAL_COUPLINGS).set_index(["definition", "width"])
    assert f"It is {couplings['coupling']['largest_singular_value', 25]:.4f} at N = 25" in caption


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("relative_couplings", [0.5, 0.9, 0.95], "expected 1 between them"),
        ("relative_couplings", [0.5, 2.0, 1.0], "expected ascending"),
        ("drawn_couplings", [0.7], "drawn_couplings: found 0.7"),
        ("lanczos_steps", 26, "lanczos_steps: found 26, expected at most the width 25"),
        ("widths", [25, 50, 100, 400], "responses.width: found 200, expected one of widths"),
    ],
)
def test_contradictions_are_refused(key: str, value: object, message: str) -> None:
    """Each names the key, what was found and what was expected."""
    config = load_config(ROOT / "config.yaml")
    config["uniform_networks"] = {**config["uniform_networks"], key: value}
    with pytest.raises(ConfigError, match=message):
        validate(config)
