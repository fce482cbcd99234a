# Everything here needs Python 3.11, make and the package registries; the rest is set up on the way.
PYTHON ?= python3.11
DATA ?= ../shared/data
PAIRS ?= 1000000
DATELINE = .venv/bin/dateline
RUN = .venv/bin/python -m
# One native thread a process: two cores serve Kafka, Elasticsearch and five services.
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := targets
# Side by side, the set-up would run under the tests, and the tests for two on two cores.
.NOTPARALLEL:
.PHONY: targets setup run test check flow agree evaluate bench lock clean

targets: ## print this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

setup: ## make .venv from requirements.lock, if it is not there yet
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Cannot set up: $(PYTHON) is not on the path. Install Python 3.11, or name it: make PYTHON=/path/to/python3.11 …" >&2; \
	  exit 1; }
	@$(PYTHON) deploy/setup.py

run: setup ## start everything and play the sample news (make run FEED=<url> follows a feed of yours); Ctrl-C ends it
	@$(DATELINE) up $(if $(FEED),--feed '$(FEED)')

test: setup check flow ## all of check and flow

check: setup ## format, lint, types, imports and the pure tests, in under a minute
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(RUN) pytest -q -m "not flow"

flow: setup ## the tests on real Kafka and Elasticsearch, faults included
	$(RUN) pytest -q -m flow

agree: setup ## hold the alerter and the index against each other, a million times (PAIRS=number, SEED=number)
	DATELINE_PAIRS=$(PAIRS) DATELINE_SEED=$(SEED) $(RUN) pytest -q tests/flow/test_alert_is_search.py

evaluate: setup ## measure the steps on the evaluation sets (DATA=folder ONLY=name KEEP=1 commits the figures)
	@$(RUN) tests.evaluate --data $(DATA) $(if $(ONLY),--only '$(ONLY)') $(if $(KEEP),--keep)

bench: setup ## measure speed, one JSON object a line (ONLY=name for one)
	@$(RUN) bench $(ONLY)

lock: setup ## resolve requirements.lock and deploy/local/jars.lock anew
	.venv/bin/uv pip compile -q --all-extras --generate-hashes --no-emit-index-url --python-version 3.11 --no-header \
	  pyproject.toml client/pyproject.toml -o requirements.lock
	$(RUN) deploy.local.jars

clean: ## end what runs, and remove the local data (.dateline) and the tools' caches; .venv and the jars stay
	@[ ! -x $(DATELINE) ] || $(DATELINE) down >/dev/null 2>&1 || true
	rm -rf .dateline .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	@[ -z "$(DATELINE_DATA)" ] || echo "DATELINE_DATA is set: remove $(DATELINE_DATA) yourself."
