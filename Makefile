# Praxis: `make run` and `make test` are all a newcomer needs; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where a machine forbids it, every process would compile all modules anew: a fifth of each start, half of collecting tests.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run check test bench soak screenshots clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

# A stamp beside each requirements file's hash: a second call costs a file comparison.
$(VENV)/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Praxis needs Python 3.11 or newer; found " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 run") if sys.version_info < (3, 11) else 0'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements.txt requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	@touch $@

setup: $(VENV)/run.stamp ## make .venv and install what running needs
setup-dev: $(VENV)/dev.stamp

run: setup ## start the bot (without tokens: a local workspace in your browser)
	@exec $(BIN)/python bot.py run

check: setup-dev ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-cache

test: setup-dev ## every test, on SQLite and PostgreSQL, in a real browser where there is one
	@mkdir -p build && rm -f build/slack-calls*.jsonl
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

bench: setup-dev ## speed and cost, beside their peers; writes build/bench.json
	$(BIN)/python -m bench $(ARGS)

soak: setup-dev ## the fault tests at full length; writes build/soak.json
	$(BIN)/python -m bench.soak $(ARGS)

screenshots: setup-dev ## the page as each role, in both languages; writes build/screenshots
	$(BIN)/python -m bench.screenshots $(ARGS)

clean: ## remove what was installed and built (not your data)
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis
