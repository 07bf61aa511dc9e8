# One command for each thing one does here. `make setup` is part of all of them and quick the second time.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
ARGS ?=
PYTEST_ARGS ?=

.PHONY: setup demo test test-all check bench services lint

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Langbenk needs Python 3.11 or newer. If you have it elsewhere: make setup PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing. This mends it: apt-get install python3-venv"; exit 1; }
	@echo "Setting up .venv from constraints.txt (a minute the first time) ..."
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

# The story over five sector systems, embedded. For example: make demo ARGS='--exit --json'
demo: setup
	@$(BIN)/langbenk demo $(ARGS)

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/langbenk mapping check

# Uses PostgreSQL, RabbitMQ and Redis where they answer; skips their tests, saying so, where they do not. Two halves run
# beside each other, each with a database and a virtual host of its own: both mostly wait for the services.
HALF := $(wildcard tests/journeys/test_[a-m]*.py)
test: lint
ifeq ($(strip $(PYTEST_ARGS)),)
	@$(BIN)/pytest -m "not long" $(HALF) > .journeys.log 2>&1 & journeys=$$!; \
	  $(BIN)/pytest -m "not long" $(HALF:%=--ignore=%); rest=$$?; \
	  wait $$journeys; told=$$?; cat .journeys.log; rm -f .journeys.log; exit $$(( rest > told ? rest : told ))
else
	$(BIN)/pytest -m "not long" $(PYTEST_ARGS)
endif

check: test

# With the long runs: soak, fuzz, mutation, the kill test with many seeds.
test-all: lint
	$(BIN)/pytest $(PYTEST_ARGS)

bench: setup
	@$(BIN)/langbenk bench $(ARGS)

# PostgreSQL, RabbitMQ and Redis on 127.0.0.1, by Docker Compose or from Debian's packages.
services:
	@bash deploy/services.sh
