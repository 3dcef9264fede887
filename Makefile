# make demo     three figures and their verdicts, without torch, in two minutes
# make          everything: set-up, run at the default scale, scoreboard, report, figures
# make help     what else there is
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
.PHONY: all demo help cost test test-slice test-all lint lock scoreboard setup docs site benchmarks conda-check faults cost-page

PYTHON ?= python3
CORES ?= all
# an overlay of config.yaml: make SCALE=smoke, make SCALE=paper
SCALE ?=
OVERLAY := $(if $(SCALE),--configfile scales/$(SCALE).yaml)
BIN := .venv/bin
# all but torch; everything
CORE := .venv/core
READY := .venv/ready
# what only the site of the documentation needs
SITE := .venv/site
PAPERS := $(basename $(notdir $(wildcard claims/*.yaml)))
RUN = $(BIN)/deepcrit run $(1) --cores $(CORES) $(OVERLAY)

all: $(READY)
	@$(call RUN,all)

demo: $(CORE)
	@$(call RUN,ghavasieh2025_fig1 ghavasieh2025_fig3ab ghavasieh2025_fig5)

# a paper, or one of its figures, by its target in the workflow
.PHONY: $(PAPERS)
$(PAPERS): $(READY)
	@$(call RUN,$@)

$(addsuffix _%,$(PAPERS)): $(READY)
	@$(call RUN,$@)

scoreboard: $(READY)
	@$(BIN)/deepcrit scoreboard

cost: $(READY)
	@$(BIN)/deepcrit cost $(OVERLAY)

help:
	@echo "make demo          three figures and their verdicts: two minutes, without torch"
	@echo "make               set up, run everything at the default scale, print the scoreboard"
	@echo "make ghavasieh2025_fig2   one figure and its verdicts; docs/index.md lists all figures"
	@echo "make vock2025      one paper"
	@echo "make scoreboard    print the verdicts that are there"
	@echo "make cost          core-hours, memory and disk of a run, beforehand: make cost SCALE=paper"
	@echo "make test          style, types, lint, tests of functions, and one run that is interrupted and resumed"
	@echo "make test-all      that, and runs that are damaged, SLURM, environments, the report in a browser, benchmarks"
	@echo "make faults        inject 200 faults into runs, and count which are survived: see docs/faults.md"
	@echo "make setup         only the environment, in .venv"
	@echo "make benchmarks    time everything against what one would otherwise run, into docs/benchmarks.md"
	@echo "make docs          write docs/configuration.md, docs/tables.md, docs/index.md and docs/api.md anew"
	@echo "make site          the documentation as a site, in build/site"
	@echo "make cost-page     write docs/cost.md anew, by the speed of this machine"
	@echo "make conda-check   solve and pin the environments of envs/ with conda"
	@echo "make lock          write requirements.lock and requirements-site.lock anew from pyproject.toml"
	@echo
	@echo "CORES=4 limits the jobs at a time; SCALE=smoke, paper or zoo runs at another scale."
	@echo "After changes of config.yaml or code, make re-runs what depends on them and nothing else."
	@echo "Interrupted or killed, it goes on where it stopped when started again."

setup: $(READY)

# What each level proves stands in CONTRIBUTING.md. Tests of functions share the cores, a file at a time, so that what a
# file prepares is prepared once; those that run the workflow have them for themselves.
WHOLE := tests/workflow/test_end_to_end.py
QUICK := tests/workflow/test_conda_check.py tests/workflow/test_environments.py tests/workflow/test_launch_parts.py
SLOW := tests/benchmarks tests/browser tests/faults tests/workflow
test: $(READY) lint
	$(BIN)/pytest --numprocesses auto --dist loadfile tests/unit tests/physics $(QUICK)
	$(BIN)/pytest $(WHOLE)

# a fixed part of what test-all adds, for every change
test-slice: $(READY)
	$(BIN)/pytest -m slice $(SLOW)

test-all: test $(SITE)
	$(BIN)/pytest $(addprefix --deselect ,$(WHOLE) $(QUICK)) $(SLOW)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile rules
	$(BIN)/snakemake --lint
	$(BIN)/mypy

docs: $(READY)
	$(BIN)/python -m deepcrit.app.config.page
	$(BIN)/python -m deepcrit.app.contents
	$(BIN)/python -m deepcrit.app.interface
	$(BIN)/python -m deepcrit.app.describe

site: $(SITE)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo "build/site/index.html"

# docs/cost.md and its figure; the comparison with a run is that of results/, if there is one at the default scale
cost-page: $(READY)
	$(BIN)/python benchmarks/cost_page.py docs

benchmarks: $(READY)
	$(BIN)/python benchmarks/collect.py docs/benchmarks.md

# SEED=2 draws other faults, NUMBER=25 fewer
SEED ?= 1
NUMBER ?= 200
faults: $(READY)
	$(BIN)/python tests/faults/campaign.py --number $(NUMBER) --seed $(SEED)

# The stamps are written last: an interrupted set-up is begun again.
$(CORE): requirements.lock pyproject.toml
	@bash scripts/setup.sh --core "$(PYTHON)"
	@touch $@

$(READY): $(CORE)
	@bash scripts/setup.sh --torch "$(PYTHON)"
	@touch $@

$(SITE): $(READY) requirements-site.lock
	@bash scripts/setup.sh --site "$(PYTHON)"
	@touch $@

# what the package needs, resolved in an environment of its own
lock:
	@bash scripts/setup.sh --lock "$(PYTHON)"

conda-check:
	@bash scripts/check_conda.sh
