# `make lesson` and `make test` are all a fresh clone needs.

PYTHON ?= python3
BIN := .venv/bin

# The student's words travel as environment variables: no shell ever reads them as code.
Q ?= Why does a moving object keep moving?
INTEREST ?= basketball
GRADE ?= 10
MODALITIES ?= video
SECONDS ?= 60
SEEDS ?= 100000
MINUTES ?= 10
LIMIT ?= 20
BOOK ?= $(wildcard ../shared/oer/openstax-physics)
export Q INTEREST GRADE MODALITIES GOOGLE_EMULATORS BOOK

.DEFAULT_GOAL := help
.PHONY: help setup lesson up test check bench bench-film bench-retrieval eval gallery simulate soak mutate rehearse plans staged lock audit clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

setup:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else "$(PYTHON) is Python %d.%d; this project runs on 3.11 to 3.13.\nInstall one of them and say which: make PYTHON=python3.12 $(MAKECMDGOALS)" % v)'
	@$(PYTHON) local/environment.py

lesson: setup ## Make one lesson: Q="…" INTEREST=… GRADE=… MODALITIES=text|audio|video
	@$(BIN)/python -m local lesson "$$Q" --interest "$$INTEREST" --grade "$$GRADE" --modalities "$$MODALITIES"

up: setup ## Keep the whole pipeline running here (GOOGLE_EMULATORS=1: on Google's; VERTEX=fake)
	@$(if $(filter fake,$(VERTEX)),$(BIN)/python -m tests.fakes.vertex_server --delay 2 -- )$(BIN)/python -m local up $(if $(filter 1,$(GOOGLE_EMULATORS)),--google-emulators)

test: setup ## Run every test
	@$(BIN)/python -m pytest -n auto --dist loadfile -q

check: setup ## Lint and type-check
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: setup ## Measure speed and memory; tables here, JSON in .bench
	@$(BIN)/python -m tests.benchmarks

bench-film: setup ## Film one lesson beside ffmpeg and MoviePy: SECONDS=60
	@FILM_SECONDS=$(SECONDS) $(BIN)/python -m tests.benchmarks film film_rivals --json .bench/film.json

bench-retrieval: setup ## Measure how well questions find their section, beside plain BM25
	@$(BIN)/python -m tests.benchmarks retrieval large_library --json .bench/retrieval.json

eval: setup ## Judge Gemini's lessons by our rules and Google's evaluation: LIMIT=20 (VERTEX=fake)
	@$(if $(filter fake,$(VERTEX)),$(BIN)/python -m tests.fakes.vertex_server -- )$(BIN)/python -m tests.evaluation --limit $(LIMIT)

gallery: setup ## Make ten lessons and a contact sheet: BOOK=folder of a textbook
	@$(BIN)/python -m local --state .local/gallery gallery $(if $(BOOK),--book "$$BOOK")

simulate: setup ## Simulate the pipeline under faults: SEEDS=100000
	@$(BIN)/python -m tests.simulation --seeds $(SEEDS)

soak: setup ## Run a real stack while functions, database and cloud are killed: MINUTES=10
	@$(BIN)/python -m tests.soak --minutes $(MINUTES)

mutate: setup ## Remove each guard in turn: some test must fail
	@$(BIN)/python -m tests.mutation

rehearse: setup ## Deploy twice with real gcloud against a small control plane, and press Ctrl-C at each step
	@DEPLOY_REHEARSAL=1 $(BIN)/python -m pytest -q tests/deploy

plans: setup ## Write down anew what ./deploy.sh --dry-run prints
	@$(BIN)/python -m tests.deploy.plans

staged: setup ## Install what is deployed into empty environments and let it answer: FUNCTION=ingest
	@STAGED="$(or $(FUNCTION),all)" $(BIN)/python -m pytest -q tests/deploy/test_staged.py

lock: setup ## Pin all that each requirements.in needs, with hashes: UPGRADE=1 takes what is newest
	@$(BIN)/python ops/supply/lock.py $(if $(filter 1,$(UPGRADE)),--upgrade)

audit: setup ## Ask whether a weakness is known in any package that we install
	@$(BIN)/python ops/supply/audit.py

clean: ## Remove the environment and everything the pipeline stored here
	rm -rf .venv .local .bench build
