# Everything that is done with SI PETRUK, one command each; `make` alone lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
STAGE ?= published
SEED ?= 1
NPM := $(shell command -v npm 2>/dev/null)
GRAPHIQL := static/graphiql/.installed
CLIENT := .venv-client/.installed
AUDIT := tests/audit/node_modules/.installed
export SIPETRUK_PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run demo test lint mutants check format bench schema lock browser clean audit-http fuzz

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed $(if $(NPM),$(GRAPHIQL)) ## install what is needed, fill an empty database with demo data, and serve on 127.0.0.1:SIPETRUK_PORT
	@$(BIN)/sipetruk demo --stage published --seed $(SEED) --if-empty
	@$(BIN)/sipetruk serve --host 127.0.0.1

demo: $(VENV)/.installed ## start over with demo data: make demo STAGE=preparation|nomination|verification|assessment|ranking|published SEED=1
	@$(BIN)/sipetruk demo --stage $(STAGE) --seed $(SEED) --fresh

test: $(VENV)/.installed-dev $(CLIENT) $(if $(NPM),$(AUDIT) $(GRAPHIQL)) ## run all tests, on SQLite and PostgreSQL, browser included
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

audit-http: $(VENV)/.installed-dev $(AUDIT) ## put the audits of graphql-http (npm) to a running server, on both addresses (part of `make test` where Node is)
	$(BIN)/python -m pytest -q -rP -p no:cacheprovider tests/audit

fuzz: $(VENV)/.installed-dev ## let Schemathesis ask every operation of both schemas 100 times (an hour): make fuzz TIMES=100
	SIPETRUK_FUZZ=$(or $(TIMES),100) $(BIN)/python -m pytest -q -p no:cacheprovider tests/api/test_schemathesis.py

lint: $(VENV)/.installed-dev ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

mutants: $(VENV)/.installed-dev ## put small faults into the rules and see that a test notices each (half an hour): make mutants ARGS="exact scoring"
	$(BIN)/python tests/rules/mutants.py --workers $(WORKERS) $(ARGS)

check: lint test ## lint and test: exactly what CI runs

format: $(VENV)/.installed-dev ## let ruff set the style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-dev ## measure speed on this machine
	@$(BIN)/python bench/speed.py
	@$(BIN)/python -m bench.public_api
	@$(BIN)/python -m bench.submissions
	@$(BIN)/python -m bench.ranking
	@$(BIN)/python bench/builder.py

schema: $(VENV)/.installed ## write the GraphQL contract and the schemas of the files from the code
	@$(BIN)/sipetruk schema --out graphql --files static/schemas

lock: $(VENV)/.installed-dev ## pin every dependency with its hashes (uv must be installed: pip install uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	    pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	    --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	    docs/client/requirements.in -o docs/client/requirements.lock

browser: ## install the browser of the tests (Debian, as root)
	apt-get update -q && apt-get install -y --no-install-recommends chromium-headless-shell fonts-liberation

clean: ## remove the environment and the caches, never the data
	rm -rf $(VENV) .venv-client .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants *.egg-info static/graphiql tests/audit/node_modules

$(AUDIT): tests/audit/package-lock.json
	@[ -n "$(NPM)" ] || { echo "npm is missing. On Debian and Ubuntu: sudo apt-get install -y nodejs npm"; exit 1; }
	@cd tests/audit && npm ci --silent --ignore-scripts --no-audit --no-fund && touch node_modules/.installed \
	    || echo "npm could not fetch the audits; their test says so as well."

$(GRAPHIQL): graphql/explorer/packages.json graphql/explorer/build.mjs
	@node graphql/explorer/build.mjs && touch $@ || echo "GraphiQL could not be fetched; the explorer is the plain page."

$(CLIENT): docs/client/requirements.lock | $(VENV)/bin/python
	@$(PYTHON) -m venv .venv-client
	@.venv-client/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r $< && touch $@ \
	    || echo "What the examples of docs/integrators.md use could not be installed; their test says so as well."

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "SI PETRUK needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	    || { echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt-get install -y python3-venv"; exit 1; }
	@echo "Creating $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the pinned packages (about half a minute, once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps -e .
	@$(BIN)/python -m compileall -q sipetruk
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
