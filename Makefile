# Two commands: `make demo` and `make test`. The rest is for those who work on Arna.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: demo test lint bench lock clean

demo: $(VENV)/.ready
	$(BIN)/arna demo $(ARGS)

test: $(VENV)/.ready-dev
	@tests/browser/get_ready.sh
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready-bench
	$(BIN)/python -m bench $(ARGS)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

$(VENV)/.ready-bench: requirements-bench.lock $(VENV)/.ready-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.lock
	@touch $@

# Writes the locks anew; needs uv on the PATH.
UV_COMPILE := uv pip compile --quiet --universal --no-emit-index-url --no-header --no-annotate
lock:
	$(UV_COMPILE) pyproject.toml -o requirements.lock
	$(UV_COMPILE) -c requirements.lock --extra test --extra lint pyproject.toml -o requirements-dev.lock
	$(UV_COMPILE) -c requirements-dev.lock --all-extras pyproject.toml -o requirements-bench.lock

clean:
	rm -rf $(VENV) demo-space
