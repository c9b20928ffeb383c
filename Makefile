# Everything one does with Yingzhi. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test bench ci checks lint format types contracts messages clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
MANAGE := $(BIN)/python manage.py
export PORT
# The web server's own default is production, which refuses to start without a key.
run setup: export DJANGO_SETTINGS_MODULE ?= config.settings.development

help: ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements.txt
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.txt
	touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt $(VENV)/.run
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements-dev.txt
	touch $@

setup: $(VENV)/.run ## virtual environment, database, demo county, static files
	@scripts/setup.sh

setup-dev: $(VENV)/.dev ## what tests and checks need, a browser included
	@scripts/ensure_browser.sh

run: setup ## start the product on http://127.0.0.1:$(PORT)/ with a demo county
	@$(BIN)/honcho start

test: setup-dev ## all tests on SQLite and on PostgreSQL
	@scripts/test.sh

bench: setup-dev ## print the figures, on both databases
	@scripts/bench.sh

ci: setup-dev ## exactly what CI runs
	@$(MAKE) --no-print-directory -j 2 test checks

checks: lint types contracts

lint: setup-dev ## ruff and template formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djangofmt --check templates */templates
	$(BIN)/djangofmt --profile jinja --check */jinja2

format: setup-dev ## put code and templates in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djangofmt templates */templates
	$(BIN)/djangofmt --profile jinja */jinja2

types: setup-dev ## mypy
	$(BIN)/mypy common members cms question_bank exams courses performance config

contracts: setup-dev ## import contracts
	$(BIN)/lint-imports

messages: setup-dev ## collect strings for translation
	$(MANAGE) makemessages -l zh_Hans --ignore .venv --ignore var --no-location
	$(MANAGE) compilemessages --ignore .venv

clean: ## forget the virtual environment and all data
	rm -rf $(VENV) var
