# make          everything: set-up, run at the default scale, scoreboard, report, figures
# make help     what else there is
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
.PHONY: all help test lint lock fig2 real_inputs scoreboard setup docs benchmarks

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

help:
	@echo "make               set up, run everything at the default scale, print the scoreboard"
	@echo "make fig2          only Fig. 2 of ghavasieh2025"
	@echo "make real_inputs   only the comparison of real with Gaussian inputs"
	@echo "make scoreboard    print the verdicts that are there"
	@echo "make test          style, types, lint and tests"
	@echo "make setup         only the environment, in .venv"
	@echo "make benchmarks    time everything against what one would otherwise run, into docs/benchmarks.md"
	@echo "make docs          write docs/configuration.md anew from the schema"
	@echo "make lock          write requirements.lock anew from pyproject.toml"
	@echo
	@echo "CORES=4 limits the jobs at a time; SCALE=smoke or SCALE=paper runs at another scale."
	@echo "After changes of config.yaml or code, make re-runs what depends on them and nothing else."
	@echo "Interrupted or killed, it goes on where it stopped when started again."

setup: $(READY)

test: $(READY) lint
	$(BIN)/pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile rules
	$(BIN)/snakemake --lint
	$(BIN)/mypy

docs: $(READY)
	$(BIN)/python -m deepcrit.config_page

benchmarks: $(READY)
	$(BIN)/python benchmarks/collect.py docs/benchmarks.md

# The stamp is written last: an interrupted set-up is begun again.
$(READY): requirements.lock pyproject.toml
	@bash scripts/setup.sh "$(PYTHON)"
	@touch $@

# what the package needs, resolved in an environment of its own
lock:
	@bash scripts/setup.sh --lock "$(PYTHON)"
