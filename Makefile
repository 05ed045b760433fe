# The two commands of the README: make run, make test.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export FLASK_APP := wsgi.py

.PHONY: setup run serve test check migrate bench bench-standings histories signals pictures bench-import bench-export fuzz soak audit help

help:             ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## */\t/'

setup: $(BIN)/.running ## make .venv and bring the database up to date
	@$(BIN)/flask db upgrade

run: $(BIN)/.running ## serve with the sample district, on HOST:PORT (127.0.0.1:8000)
	@exec $(BIN)/flask serve --demo

serve: $(BIN)/.running ## serve without samples
	@exec $(BIN)/flask serve

test: $(BIN)/.developing ## the whole suite, on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: $(BIN)/.developing ## style, types, import direction, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -p no:cacheprovider tests/test_architecture.py tests/test_migrations.py

migrate: $(BIN)/.developing ## write a migration for changed tables: make migrate m="Add …"
	@$(BIN)/flask db migrate -m "$(m)"

bench: $(BIN)/.developing ## requests a second beside a ceiling and the usual way (needs wrk)
	@$(BIN)/python -m bench.asking

bench-standings: $(BIN)/.developing ## reads of a ladder beside 1 and 5 million entrants, and what keeping it costs a hand-in
	@$(BIN)/python -m bench.standings $(ARGS)

histories: $(BIN)/.developing ## a thousand made-up histories of a contest, after each of which the ladders equal a rebuild
	@HISTORIES=1000 $(BIN)/python -m pytest -n 2 tests/services/test_ladder_counts.py -k history

signals: $(BIN)/.developing ## what the fairness signals find in a made-up field, rightly and wrongly
	@$(BIN)/python -m bench.signals $(ARGS)

bench-import: $(BIN)/.developing ## rows a second and memory for 10,000 and 100,000 questions in each kind of file
	@$(BIN)/python -m bench.importing

bench-export: $(BIN)/.developing ## seconds and memory for the results of 1,000,000 persons as workbook, CSV and JSON
	@$(BIN)/python -m bench.exporting

fuzz: $(BIN)/.developing ## made-up and damaged question files for MINUTES (10) of the processor, from seed FROM (0)
	@nice $(BIN)/python -m tests.fuzz $(or $(MINUTES),10) $(or $(FROM),0)

soak: $(BIN)/.developing ## kill everything 50 times while 200 people save, then race: make soak ARGS="--kills 5"
	@$(BIN)/python -m soak $(ARGS)

audit: $(BIN)/.developing ## Lighthouse over the pages people open (needs npx and Chromium)
	@$(BIN)/python -m tests.browser.auditing

pictures: $(BIN)/.developing ## take the pictures of docs/pictures from the demo
	@$(BIN)/python -m tests.browser.pictures

$(BIN)/.running: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(BIN)/.developing: $(BIN)/.running pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@
