# SPDX-FileCopyrightText: 2026 Datenverbund
# SPDX-License-Identifier: AGPL-3.0-or-later
.DEFAULT_GOAL := help
STACK_DIR ?= $(CURDIR)/.stack
export STACK_DIR
PY = $(STACK_DIR)/venv/bin/python
MEMBERS ?=
.PHONY: help demo stop status logs clean doctor test lint bench bench-search lock

help: ## Diese Übersicht
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: ## Verbund starten und Demonstrationsdaten laden (MEMBERS=1: nur ein Portal)
	@bash stack/bootstrap.sh demo
	@$(PY) -m stack demo $(if $(MEMBERS),--members $(MEMBERS))

stop: ## Verbund anhalten; die Daten bleiben
	@$(PY) -m stack stop

status: ## Was läuft, mit Speicher
	@$(PY) -m stack status

logs: ## Protokolle mitlesen
	@$(PY) -m stack logs

clean: ## Verbund anhalten und seine Daten löschen
	@$(PY) -m stack clean

doctor: ## Prüfen, was fehlt
	@if [ -x $(PY) ]; then $(PY) -m stack doctor; else echo "Noch nichts eingerichtet. Abhilfe: make demo"; fi

test: ## Alle Prüfungen, wie in CI
	@bash tests/run.sh

lint: ## Nur die Linter
	@bash tests/run.sh lint

bench: ## Messungen gegen den Serienstand (ONLY=id, SIZE=n)
	@bash stack/bootstrap.sh test
	@$(PY) -m bench $(if $(ONLY),--only $(ONLY)) $(if $(SIZE),--size $(SIZE))

bench-search: ## Wie gut die Suche findet, neben dem Serienstand (LABELLED=datei.csv)
	@bash stack/bootstrap.sh test
	@$(PY) -m bench.search $(LABELLED)

lock: ## Abhängigkeiten neu festschreiben
	@for n in pip runtime dev; do $(PY) -m uv pip compile -q --universal --python-version 3.10 --generate-hashes --no-header requirements/$$n.in $$( [ $$n = dev ] && echo -c requirements/runtime.txt ) -o requirements/$$n.txt; done
