# One command each; the environment is made by the first one that needs it.

# The first interpreter that runs and is new enough; `make PYTHON=/path/to/python demo` overrides.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 /usr/bin/python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
BIN := .venv/bin

.PHONY: help .venv demo test bench soak lint format lock clean

help:
	@echo "make demo    set up and run the worked example (ARGS=--check: verify it and stop)"
	@echo "make test    set up and run every test, on SQLite and PostgreSQL"
	@echo "make bench   print ratios against baselines measured in the same run"
	@echo "make soak    the kill, race and fuzz loops at full count"
	@echo "make lint    style and types"

demo: .venv
	$(BIN)/awards demo $(ARGS)

test: .venv
	@.ci/browser >/dev/null || true
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

bench: .venv
	$(BIN)/python -m bench $(ARGS)

soak: .venv
	AWARDS_SOAK=1 $(BIN)/python -m pytest -m soak --timeout 0 $(ARGS)

lint: .venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# For every platform and Python from 3.11, without addresses, so that it works with any mirror; with the extras, which
# pip wants to see where it checks hashes.
lock:
	uv --no-config pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-package awards --no-annotate --custom-compile-command "make lock" \
		--no-strip-extras --no-emit-index-url --no-emit-find-links --quiet --output-file requirements.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv: .venv/.installed

.venv/.installed: requirements.txt pyproject.toml
	@.ci/venv "$(PYTHON)" .venv
	@echo "Installing the locked packages into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
