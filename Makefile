# Everything that a developer or CI runs. `make test` sets itself up.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# of the long differential run: how many pairs, and on what
PAIRS ?= 10000
DATABASES ?= sqlite postgresql mysql
# every suite that the default run leaves out
SLOW = oracle or corpus or fuzz or server or slow or packaging

.PHONY: test slow oracle differential schema docs bench clean

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

test: $(VENV)/.installed       ## unit tests, types, lint, layers: under two minutes
	$(BIN)/python -m pytest -n 2

oracle: $(VENV)/.installed     ## install the official Prisma tools that the oracle suites ask
	$(BIN)/python -m tests.oracle.install

slow: $(VENV)/.installed oracle  ## oracles, corpora, fuzzing, servers, packaging
	$(BIN)/python -m pytest -n 2 -m '$(SLOW)'

differential: $(VENV)/.installed  ## random schemas and rules: reading against execution (hours)
	failed=0; for one in $(DATABASES); do \
	  $(BIN)/python -m tests.prove.differential --database $$one --pairs $(PAIRS) || failed=1; \
	done; exit $$failed

schema: $(VENV)/.installed     ## write the shipped JSON Schemas anew
	$(BIN)/python -m schemalint.json_schema configs/schemalint_configs

docs: $(VENV)/.installed       ## write docs/rules anew from the rules themselves
	$(BIN)/python docs/generate.py

bench: $(VENV)/.installed      ## speed and memory beside the peers, as ratios
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
