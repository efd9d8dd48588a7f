# Everything a person types here. `make help` lists it; each target does its own set-up.
# Needs Python 3.11 (or 3.12), git and make; everything else is put into .venv, with hashes, by the lock.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
# options for what is run: make demo ARGS=--keep, make test ARGS="-k overdue"
ARGS ?=
# a Python to build .venv with, when the first one found is not the one wanted
PYTHON ?=
UV ?= uv

.PHONY: help demo test bench lint format lock setup clean

help: ## Say what can be asked for
	@echo "dondoc: plans in YAML become report requests by mail, reminders, escalation and roll-up"
	@echo
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' \
	  | while IFS='|' read -r name words; do printf '%-14s %s\n' "$$name" "$$words"; done
	@echo
	@echo "Options go in ARGS: make demo ARGS=--keep, make test ARGS=\"-k overdue\""

demo: $(READY) ## Play the reporting year of five real plans: real mail, real Prefect (about 3 minutes)
	@$(VENV)/bin/dondoc demo $(ARGS)

test: $(READY) ## Run all tests but the benchmarks
	@$(PY) -m pytest $(ARGS)

bench: $(READY) ## Measure speeds and print them (asserts nothing)
	@$(PY) -m pytest tests/benchmarks -q -s $(ARGS)

lint: $(READY) ## Check style, format, types, the floor plan and the published schemas
	@echo "lint: ruff (style)" && $(PY) -m ruff check --quiet
	@echo "lint: ruff (format)" && $(PY) -m ruff format --check --quiet
	@echo "lint: mypy (types; the first time takes half a minute)" && $(PY) -m mypy --no-error-summary
	@echo "lint: import contracts (floor plan)" && $(PY) -c 'from importlinter.cli import lint_imports_command as c; c()' --no-logo
	@echo "lint: schemas (the committed JSON Schemas are the models')" && $(PY) -m schemas.publish --check

format: $(READY) ## Format the code, and mend what ruff can mend
	@$(PY) -m ruff check --fix --quiet || true
	@$(PY) -m ruff format --quiet

lock: ## Write requirements.lock again from pyproject.toml (needs uv; ARGS=--upgrade for newer versions)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	@$(UV) pip compile pyproject.toml --group pyproject.toml:dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -o requirements.lock $(ARGS)
	@echo "requirements.lock is written; the next make installs it"

setup: $(READY) ## Only make .venv ready

clean: ## Remove .venv, caches and what builds left
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find flows notifiers schemas tests -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "removed .venv and caches; the ledger and its settings (.dondoc) are left alone"

# a folder that was moved is set up again: the environment knows its own path
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif

# One recipe for the whole set-up. A Python is tried, not believed: its version, and whether it can make an
# environment (Debian keeps that in a package of its own).
$(READY): requirements.lock pyproject.toml
	@set -eu; \
	if ! $(PY) -m pip --version >/dev/null 2>&1; then \
	  python=; unable=; \
	  for candidate in $(PYTHON) python3.11 python3.12 python3 python; do \
	    "$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' >/dev/null 2>&1 || continue; \
	    if "$$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1; then python=$$candidate; break; fi; \
	    unable=$$("$$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	  done; \
	  if [ -z "$$python" ] && [ -n "$$unable" ]; then \
	    echo "dondoc: Python $$unable is here but cannot make an environment; on Debian or Ubuntu: apt install python$$unable-venv" >&2; exit 1; \
	  elif [ -z "$$python" ]; then \
	    echo "dondoc: needs Python 3.11 or 3.12 and found neither; install one (Debian 12: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	  fi; \
	  echo "dondoc: making .venv with $$("$$python" --version)"; \
	  "$$python" -m venv --clear $(VENV); \
	fi; \
	quietly() { "$$@" >$(VENV)/install.log 2>&1 || { cat $(VENV)/install.log >&2; echo "dondoc: installing failed; what pip said is above" >&2; exit 1; }; }; \
	echo "dondoc: installing $$(grep -c == requirements.lock) pinned packages into .venv (the first time about a minute)"; \
	quietly $(PY) -m pip install --disable-pip-version-check --no-input --require-hashes -r requirements.lock; \
	quietly $(PY) -m pip install --disable-pip-version-check --no-input --no-deps --no-build-isolation --editable .; \
	printf '%s\n' '$(CURDIR)' >$(READY); \
	echo "dondoc: .venv is ready"
