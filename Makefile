# make          everything: set-up, run at the default scale, scoreboard, report, figures
# make help     what else there is
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
.PHONY: all help cost test lint lock fig2 real_inputs scoreboard setup docs benchmarks conda-check faults cost-page

PYTHON ?= python3
CORES ?= all
# an overlay of config.yaml: make SCALE=smoke, make SCALE=paper
SCALE ?=
OVERLAY := $(if $(SCALE),--configfile scales/$(SCALE).yaml)
BIN := .venv/bin
READY := .venv/ready
RUN = $(BIN)/deepcrit run $(1) --cores $(CORES) $(OVERLAY)

all: $(READY)
	@$(call RUN,all)

fig2: $(READY)
	@$(call RUN,ghavasieh2025_fig2)

real_inputs: $(READY)
	@$(call RUN,ghavasieh2025_real_inputs)

scoreboard: $(READY)
	@$(BIN)/deepcrit scoreboard

cost: $(READY)
	@$(BIN)/deepcrit cost $(OVERLAY)

help:
	@echo "make               set up, run everything at the default scale, print the scoreboard"
	@echo "make fig2          only Fig. 2 of ghavasieh2025"
	@echo "make real_inputs   only the comparison of real with Gaussian inputs"
	@echo "make scoreboard    print the verdicts that are there"
	@echo "make cost          core-hours, memory and disk of a run, beforehand: make cost SCALE=paper"
	@echo "make test          style, types, lint and tests"
	@echo "make faults        inject 200 faults into runs, and count which are survived: see docs/faults.md"
	@echo "make setup         only the environment, in .venv"
	@echo "make benchmarks    time everything against what one would otherwise run, into docs/benchmarks.md"
	@echo "make docs          write docs/configuration.md anew from the schema"
	@echo "make cost-page     write docs/cost.md anew, by the speed of this machine"
	@echo "make conda-check   solve and pin the environments of envs/ with conda"
	@echo "make lock          write requirements.lock anew from pyproject.toml"
	@echo
	@echo "CORES=4 limits the jobs at a time; SCALE=smoke, paper or zoo runs at another scale."
	@echo "After changes of config.yaml or code, make re-runs what depends on them and nothing else."
	@echo "Interrupted or killed, it goes on where it stopped when started again."

setup: $(READY)

# tests of functions share the cores; those that run the workflow have them for themselves
test: $(READY) lint
	$(BIN)/pytest --numprocesses auto tests/unit tests/physics
	$(BIN)/pytest tests/browser tests/faults tests/workflow

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile rules
	$(BIN)/snakemake --lint
	$(BIN)/mypy

docs: $(READY)
	$(BIN)/python -m deepcrit.app.config.page
	$(BIN)/python -m deepcrit.app.contents

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

# The stamp is written last: an interrupted set-up is begun again.
$(READY): requirements.lock pyproject.toml
	@bash scripts/setup.sh "$(PYTHON)"
	@touch $@

# what the package needs, resolved in an environment of its own
lock:
	@bash scripts/setup.sh --lock "$(PYTHON)"

conda-check:
	@bash scripts/check_conda.sh
