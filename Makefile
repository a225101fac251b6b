# The interface to this repository: CI calls the same targets. `make help` lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := default
MAKEFLAGS += --no-builtin-rules --no-print-directory

# a Python of at least 3.11; everything else comes from locks/
PYTHON ?= $(shell command -v python3.11 || command -v python3)
export PYTHON
# without bytecode each start of the program compiles it again
unexport PYTHONDONTWRITEBYTECODE

# the conformance rows of the policy language, which other implementations share
CONFORMANCE ?= ../shared/conformance
# releases younger than this are not locked: time for others to find a bad one
COOLDOWN ?= 1 week
# arguments for pytest, for instance `make pytest ARGS="tests/terms -x"`
ARGS ?=

BIN := .venv/bin
CORE_PACKAGES := terms notation policy record evidence statistics assessment engine

.PHONY: default help
default: pytest lint ## tests and lint (the default)

help: ## this list
	@sed -nE 's/^([a-z][a-z -]*):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do printf '  %-12s %s\n' "$$target" "$$text"; done

# Environments. A stamp is older than its lock, or missing, when there is something to do.

.PHONY: env env-dev
env: .venv/.core ## .venv with what interlock itself needs
env-dev: .venv/.dev ## .venv with what its tests need as well

INSTALLED_FROM := pyproject.toml tools/environment tools/uv tools/uv.txt

.venv/.core: locks/core.lock $(INSTALLED_FROM)
	@tools/environment core

.venv/.dev: locks/dev.lock $(INSTALLED_FROM)
	@tools/environment dev

.venv-bench/.bench: locks/bench.lock $(INSTALLED_FROM)
	@tools/environment bench

.venv-fuzz/.fuzz: locks/fuzz.lock $(INSTALLED_FROM)
	@tools/environment fuzz

# Use

.PHONY: demo
demo: env ## a fictional developer asks to train on and to deploy
	@$(BIN)/interlock demo

# Checks

.PHONY: test pytest lint fix conformance coverage check-slow bench fuzz fuzz-corpus
test: ## all tests, then lint, types, layers and the conformance rows
	@$(MAKE) pytest
	@$(MAKE) lint
	@$(MAKE) conformance

pytest: env-dev ## the tests alone; ARGS="…" goes to pytest
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: env-dev ## style, types, layer contracts, spelling, generated pages
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/codespell
	$(BIN)/python tools/module_map.py --check
	$(BIN)/python tools/encoding_pages.py --check

fix: env-dev ## what lint can mend by itself
	$(BIN)/ruff check --fix --quiet || true
	$(BIN)/ruff format --quiet
	$(BIN)/python tools/module_map.py

conformance: env-dev ## the rows in $(CONFORMANCE), where they are
	@if [ -d "$(CONFORMANCE)" ]; then $(BIN)/python -m interlock.testing "$(CONFORMANCE)"; \
	else echo "conformance rows NOT run: there is no folder $(CONFORMANCE)"; fi

comma := ,
space := $(subst ,, )
coverage: env-dev ## branch coverage, at least 95 % in the core
	$(BIN)/python -m pytest -n auto --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --fail-under=95 --include='$(subst $(space),$(comma),$(foreach p,$(CORE_PACKAGES),src/interlock/$(p)/*))'

check-slow: env-dev ## mutation testing and long property tests (an hour or more); writes docs/quality/mutation.md
	$(BIN)/python -m pytest -n auto --hypothesis-profile=thorough $(ARGS)
	if [ -t 1 ]; then $(BIN)/mutmut run; else $(BIN)/mutmut run | tail -c 300; fi
	$(BIN)/mutmut results --all true | $(BIN)/python tools/mutation_summary.py

bench: .venv-bench/.bench ## timings, beside other engines
	.venv-bench/bin/python -m pytest benchmarks --benchmark-enable --benchmark-only -p no:cacheprovider $(ARGS)

# not in CI: what it finds differs from run to run, and each finding becomes a test and a file of the corpus
MINUTES ?= 10
TARGETS ?=
fuzz: .venv-fuzz/.fuzz ## readers and engine on inputs that a fuzzer makes, MINUTES=10 for each of TARGETS
	.venv-fuzz/bin/python fuzz/run.py --minutes $(MINUTES) $(TARGETS)

fuzz-corpus: .venv-fuzz/.fuzz ## fuzz/corpus again, as small as it can be
	.venv-fuzz/bin/python fuzz/run.py --minimise $(TARGETS)

# Upkeep

.PHONY: encodings lock clean
encodings: env-dev ## docs/encodings/ again, after a change to an encoding that ships
	$(BIN)/python tools/encoding_pages.py

# What is locked stays as it is while it fits; `make lock UPGRADE=--upgrade` takes the newest. No host names: the lock is
# the same whichever index serves it. dev comes first, and the others are held to its versions.
COMPILE = tools/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
  --exclude-newer "$(COOLDOWN)" $(UPGRADE)
lock: ## locks/ and tools/uv.txt again, after a change to the dependencies
	$(COMPILE) pyproject.toml --extra calendar --group dev -o locks/dev.lock
	$(COMPILE) pyproject.toml --extra calendar --group build --constraints locks/dev.lock -o locks/core.lock
	$(COMPILE) pyproject.toml --group bench --constraints locks/dev.lock -o locks/bench.lock
	$(COMPILE) pyproject.toml --group fuzz --constraints locks/dev.lock -o locks/fuzz.lock
	echo uv | $(COMPILE) - -o tools/uv.txt
	@! grep -nE '://|^--' locks/*.lock tools/uv.txt

clean: ## removes everything that make made
	rm -rf .venv .venv-bench .venv-fuzz .fuzz .tools .benchmarks .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache \
	  .pytest_cache .ruff_cache build dist htmlcov mutants
	find src tests tools benchmarks fuzz examples docs -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
