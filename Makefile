# Everything an engineer types. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
UV_INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --only-binary :all:
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header
CATALOGUE := zhuji/locale/en/LC_MESSAGES/django.po
FRONT := zhuji/web/front
PAGES := build/static/staticfiles.json
WORKERS ?= 3
TESTS := $(BIN)/pytest --dist worksteal
# What was compiled once is kept: each worker, and each process a test starts, would do it again.
unexport PYTHONDONTWRITEBYTECODE
EVERY_PAGE := tests/e2e/test_every_page.py tests/e2e/test_figures.py
LINTS := lint-types lint-format lint-rules lint-layers lint-migrations lint-texts
BENCHES := county snapshot judge incremental sheets audit pages

.PHONY: help setup run test e2e test-postgres screenshots mutants check lint $(LINTS) bench docs translations sbom audit lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.installed $(CATALOGUE:.po=.mo) $(PAGES) ## Make .venv with every dependency, pinned by hash
	@:

run: setup ## Start from nothing: an invented county, judged, and the running site
	@$(BIN)/zhuji demo
	@$(BIN)/zhuji serve

test: setup ## Run all tests, the long proofs among them, and the stories of each role in a browser
	@$(TESTS) -n $(WORKERS)
	@$(BIN)/pytest -rs tests/e2e $(EVERY_PAGE:%=--ignore=%)

e2e: setup ## Look at every page in a browser: languages, themes, widths, speed, statements
	@$(BIN)/pytest -rs $(EVERY_PAGE)

test-postgres: setup ## Run the tests on a PostgreSQL server made for them
	@tests/with_postgres.sh

screenshots: setup ## Take every main page at three widths, into build/screenshots/
	@$(BIN)/python -m tests.e2e.screenshots

mutants: setup ## Remove or turn round each permission check: do the tests notice? Hours
	@$(BIN)/python tests/security/mutate.py

check: ## Before each commit, in three minutes: lint, and every test but the long proofs
	@$(MAKE) --no-print-directory lint
	@$(TESTS) -n 2 -m "not proof"

# Side by side, since most of the time is mypy's; all are run, whichever of them fails.
lint: setup ## Format, lint, types, layers, migrations and texts, without the tests
	@$(MAKE) --no-print-directory --keep-going --jobs 2 $(LINTS)

lint-types:
	@$(BIN)/mypy zhuji tests

lint-format:
	@$(BIN)/ruff format --check .

lint-rules:
	@$(BIN)/ruff check .

lint-layers:
	@$(BIN)/lint-imports

lint-migrations:
	@$(BIN)/zhuji makemigrations --check --dry-run

lint-texts:
	@$(BIN)/python -m zhuji.project.catalogue check

bench: setup ## Measure all that is done in minutes; bench/README.md tells of the long ones
	@for name in $(BENCHES); do echo "== bench/$$name.py"; $(BIN)/python bench/$$name.py || exit 1; done

docs: setup ## Write docs/reference/ from the declarations
	@$(BIN)/zhuji reference docs/reference

translations: setup ## Bring the English catalogue up to date with the source
	@$(BIN)/python -m zhuji.project.catalogue update

sbom: setup ## List what a release is made of, as CycloneDX, in build/sbom/
	@scripts/sbom

audit: setup ## Ask the public databases about known faults of the locked packages
	@scripts/audit-dependencies

lock: $(VENV)/.uv ## Resolve the newest allowed versions into the lock files
	@$(COMPILE) --upgrade pyproject.toml -o requirements.lock
	@$(COMPILE) --upgrade pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock

clean: ## Remove what setup and the tools made; the data in var/ stays
	@rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(VENV)/.uv: requirements-uv.lock
	@rm -rf $(VENV)
	@for python in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	  "$$python" -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null || continue; \
	  echo "使用 $$("$$python" --version) 建立 $(VENV)"; \
	  "$$python" -m venv $(VENV) && break; \
	done; \
	[ -x $(BIN)/python ] || { echo "需要带 venv 的 Python 3.11 至 3.14（Debian：apt install python3.11-venv）。装好后再执行，或写明：make setup PYTHON=路径" >&2; exit 1; }
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all: -r requirements-uv.lock
	@touch $@

$(VENV)/.locked: $(VENV)/.uv requirements-dev.lock
	@$(UV_INSTALL) -r requirements-dev.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation -e .
	@touch $@

# Not committed: made from the catalogue, and again whenever it changes.
$(CATALOGUE:.po=.mo): $(CATALOGUE) $(VENV)/.installed
	@$(BIN)/python -m zhuji.project.catalogue compile

# The packaged Node bundles the front end; its packages stand under build/, where no tool walks.
build/node/.installed: $(FRONT)/package.json $(FRONT)/package-lock.json $(FRONT)/.npmrc | $(VENV)/.installed
	@mkdir -p build/node
	@cp $(FRONT)/package.json $(FRONT)/package-lock.json $(FRONT)/.npmrc build/node/
	@cd build/node && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Hashed names and compressed copies; the manifest comes last, so it dates the whole.
$(PAGES): build/node/.installed $(shell find $(FRONT) -type f)
	@$(BIN)/node $(FRONT)/build.mjs build/node build/front
	@$(BIN)/zhuji collectstatic --noinput --clear --verbosity 0
	@touch $@
