# Each target brings the machine to where it needs to be; a second run starts at once.
# What lies in requirements/ is pinned with hashes; the package index is the machine's own setting.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)
# what make cannot know of a later machine lives in the stamps' names
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
SCREEN := $(VENV)/.screen
BYTECODE := $(VENV)/.bytecode
BROWSER := $(VENV)/.browser
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test check lint bench screenshots install format lock clean

help:
	@echo 'make demo         the whole product on this machine (SECONDS=20 ends by itself, PORT=8080)'
	@echo 'make test         all tests, with everything they need (FULL=1: the long counts as well)'
	@echo 'make check        format, lint, types, import rules, catalogues; then the tests'
	@echo 'make bench        the benchmarks as one table of ratios, also to bench.json'
	@echo 'make screenshots  every screen, size and language, to screenshots/'
	@echo 'make install      the virtual environment with kiosk and office, for a real set-up'

demo: $(RUNTIME) $(BYTECODE) $(SCREEN)
	@exec $(BIN)/smiley-kiosk demo $(if $(SECONDS),--seconds $(SECONDS)) $(if $(PORT),--port $(PORT))

test: $(DEV) $(BYTECODE) $(SCREEN) $(BROWSER)
	@$(BIN)/python -m pytest -n $(JOBS) $(if $(FULL),-o timeout=1800)

check: lint test

lint: $(DEV)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m kiosk.catalogues

bench: $(DEV) $(BYTECODE) $(SCREEN)
	@$(BIN)/python tests/benchmarks/run.py $(ONLY)

screenshots: $(RUNTIME) $(BYTECODE) $(SCREEN)
	@$(BIN)/python -m kiosk.screens.screenshots --to screenshots

install: $(RUNTIME) $(BYTECODE)

format: $(DEV)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# pins anew what pyproject.toml allows; needs the network and uv
lock:
	@for extra in kiosk central; do uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
	  --extra $$extra --group build pyproject.toml -o requirements/$$extra.txt || exit 1; done
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-annotate --no-header --all-extras --group build --group dev pyproject.toml -o requirements/dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build screenshots bench.json

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'make: no Python from 3.11 to 3.13 found: install python3.11 (Debian 12) or python3.13 (Debian 13), or name one with make PYTHON=...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(MAKE) --no-print-directory apt NEED='python3-venv' WHY='virtual environments'
	@echo 'make: making the virtual environment .venv'
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements/kiosk.txt requirements/central.txt pyproject.toml | $(BIN)/python
	@test -e $(DEV) || echo 'make: installing the kiosk and the office into .venv'
	@test -e $(DEV) || $(PIP) --require-hashes -r requirements/kiosk.txt
	@test -e $(DEV) || $(PIP) --require-hashes -r requirements/central.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo 'make: installing the kiosk, the office and the test tools into .venv'
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ $(RUNTIME)

# Our own code compiled, as pip does for every other package. The kiosk's user cannot write beside it:
# without this, each start would compile all of it again before the first frame.
$(BYTECODE): $(shell find kiosk sync -name '*.py') | $(BIN)/python
	@$(BIN)/python -m compileall -q kiosk sync
	@touch $@

# The window: SDL and the image decoders come in Kivy's wheel, EGL and Mesa are the system's.
$(SCREEN): | $(BIN)/python
	@/sbin/ldconfig -p 2>/dev/null | grep -q 'libEGL.so.1' && /sbin/ldconfig -p | grep -q 'libGLESv2.so.2' \
	  && ls /usr/lib/*/dri/*_dri.so >/dev/null 2>&1 \
	  || $(MAKE) --no-print-directory apt NEED='libegl1 libgles2 libgl1 libgl1-mesa-dri' WHY='drawing a window without a display'
	@touch $@

# The pages are tested in a real browser.
$(BROWSER): | $(BIN)/python
	@command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 \
	  || $(MAKE) --no-print-directory apt NEED='chromium' WHY='testing the pages in a browser'
	@touch $@

# Installs $(NEED) with apt-get, with sudo when not root; elsewhere says what to install.
.PHONY: apt
apt:
	@command -v apt-get >/dev/null 2>&1 || { echo 'make: $(WHY) needs what Debian calls $(NEED): please install it' >&2; exit 1; }
	@if [ "$$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi; \
	 echo 'make: installing $(NEED) for $(WHY)'; \
	 export DEBIAN_FRONTEND=noninteractive; \
	 $$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends $(NEED) >/dev/null \
	 || { echo 'make: apt-get could not install $(NEED), which $(WHY) needs: please install it by hand' >&2; exit 1; }
