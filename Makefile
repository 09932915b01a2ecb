# Everything below needs CPython 3.11 or newer, pip and make, and nothing else on the machine.

PYTHON ?= python3
# Two more than there are cores: tests wait for servers and processes a quarter of the time.
PYTEST_WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 2)')
export HF_HUB_OFFLINE ?= 1

BIN := .venv/bin
# The environment is kept as long as what decides its content has not changed.
STAMP := .venv/installed-$(shell cat requirements.lock pyproject.toml | cksum | tr ' ' '-')

.PHONY: help setup demo dev test check format bench lock clean

help: ## say what each command does
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: $(STAMP) ## install the pinned environment into .venv (once; later calls reuse it)

# Pins and hashes first; then the project itself, which adds torch: the build that this machine's pip prefers (CPU or
# CUDA), at the version pyproject.toml names, so it has no hash in the lock. Last, where there is npm, Prism: a judge of
# the demo's Pinterest server that nobody here wrote; without it those tests are skipped.
$(STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "CPython 3.11 or newer is needed: make PYTHON=python3.11")'
	rm -f .venv/installed-*
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-build-isolation -e '.[test,check]'
	-@command -v npm >/dev/null && npm install --silent --ignore-scripts --no-audit --no-fund --prefix .venv/prism \
		@stoplight/prism-cli@5.16.0
	touch $@

demo: $(STAMP) ## run the whole lineage on a made-up world and print what it found
	$(BIN)/venue-taste demo

dev: $(STAMP) ## database, Dagster UI and daemon, and the lookbook, until Ctrl-C
	$(BIN)/venue-taste dev

test: $(STAMP) ## the whole test suite
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder

check: $(STAMP) ## lint, format, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_floors.py

format: $(STAMP) ## put the code into its standard shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP) ## speed and quality figures
	$(BIN)/python -m benchmarks

lock: ## resolve the newest allowed versions into requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra test --extra check --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-emit-index-url --no-emit-find-links --no-emit-package torch --no-emit-package torchvision \
		--custom-compile-command 'make lock' --output-file requirements.lock

clean: ## remove the environment and caches, never the data in .venue-taste
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
