# Two commands: `make demo` shows what Dragongate does, offline; `make test` proves that it works.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_HOME := data/demo

.PHONY: demo test lint lock samples clean

demo: $(VENV)/.runtime
	@$(BIN)/dragongate run --home $(DEMO_HOME) --replay samples/turn-of-2025.warc.gz --from 2023-12-27 --to 2025-01-10

test: $(VENV)/.dev $(VENV)/.duckdb-2
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Both lists are whole and locked with hashes, and name no host: pip takes these files from whichever index it uses, checks
# them, and looks for nothing else.
$(VENV)/.runtime: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

# The next DuckDB, which cannot be installed beside ours, for the test that it opens what we publish.
$(VENV)/.duckdb-2: requirements-duckdb2.lock $(VENV)/.runtime
	rm -rf $(VENV)/duckdb-2
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps --target $(VENV)/duckdb-2 -r requirements-duckdb2.lock
	@touch $@

lock: $(VENV)/.dev
	$(BIN)/uv pip compile pyproject.toml --group lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group lock --group dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements-dev.lock
	echo "duckdb>=2,<3" | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements-duckdb2.lock

samples: $(VENV)/.dev
	$(BIN)/python -m samples.build
	$(BIN)/python -m samples.answers

clean:
	rm -rf $(VENV) data/demo
