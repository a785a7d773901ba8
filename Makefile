# A fresh machine needs Python 3.11 or later, make and a package registry: `make demo` does the rest.

PYTHON ?= python3
LOCK_FLAGS ?=
SOAK_MINUTES ?= 30
CONTAINER ?= podman
IMAGE ?= xunyuan:0.1.0
VENV := .venv
BIN := $(VENV)/bin
CREATED := $(VENV)/.created
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
WARM := $(VENV)/.search-compiled
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header $(LOCK_FLAGS)
TYPED := solver tests scenarios benchmarks proto/generate.py proto/schema.py deploy/container/probe.py deploy/container/start.py server.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test lint format proto released lock audit soak bench bench-compare figures container clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(WARM) ## show the service at work, from an order to its booking; ends by itself
	@$(BIN)/python -m solver demo

serve: $(WARM) ## run the service on the bundled network until Ctrl-C; data is kept in var/serve
	@$(BIN)/python server.py --data var/serve --load scenarios/first_light

test: $(DEV) $(WARM) ## run every test, with coverage of lines and branches
	$(BIN)/python -m pytest --numprocesses 2 --benchmark-disable --cov --cov-report term

lint: $(DEV) ## check style, types, direction of imports, protos and generated code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict $(TYPED)
	$(BIN)/lint-imports
	$(BIN)/buf lint proto
	$(BIN)/buf breaking proto --against proto/released.binpb
	$(BIN)/python proto/generate.py --check
	$(BIN)/python proto/schema.py --check

format: $(DEV) ## put the code in order: imports, simple fixes, layout
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

proto: $(DEV) ## generate solver/gen and the description of problem files from the protos
	$(BIN)/python proto/generate.py
	$(BIN)/python proto/schema.py

released: $(DEV) ## keep the protos as those of a release, which later ones must not break
	$(BIN)/buf build proto --exclude-source-info --output proto/released.binpb

lock: $(DEV) ## resolve pyproject.toml into requirements/; LOCK_FLAGS=--upgrade takes newer versions
	$(LOCK) --extra fast --extra postgres --extra secure --output-file requirements/runtime.txt
	$(LOCK) --extra dev --constraints requirements/runtime.txt --output-file requirements/dev.txt

audit: $(DEV) ## ask whether any locked dependency has a known vulnerability
	$(BIN)/python .ci/audit.py

soak: $(DEV) $(WARM) ## half an hour of mixed load on a server, whose memory must stay flat; SOAK_MINUTES= for less
	$(BIN)/python -m tests.faults.soak --minutes $(SOAK_MINUTES)

bench: $(DEV) $(WARM) ## run the benchmarks, some twenty minutes; QUICK=1: phases and methods alone, some four
	$(BIN)/python -m pytest $(if $(QUICK),benchmarks/test_phases.py benchmarks/test_methods.py,benchmarks) \
		--benchmark-only --benchmark-max-time=0.3 --benchmark-min-rounds=3 --benchmark-columns=median,iqr,rounds

bench-compare: $(DEV) $(WARM) ## BASE=REF: fail where something became slower than in that version; QUICK=1: in short
	@test -n '$(BASE)' || { echo 'Name a commit, a branch, a tag or a file of baselines: make bench-compare BASE=main' >&2; exit 2; }
	$(BIN)/python -m benchmarks.gate.compare --base '$(BASE)' $(if $(QUICK),--quick)

figures: $(DEV) ## compute the figures that the documentation quotes
	$(BIN)/python -m benchmarks.figures

container: ## build a server's image; CONTAINER=docker or buildah, BASE= another image of Python, IMAGE= its name
	$(CONTAINER) build $(if $(filter docker,$(CONTAINER)),,--format docker) $(if $(BASE),--build-arg PYTHON='$(BASE)') \
		--file deploy/container/Containerfile --tag '$(IMAGE)' .

clean: ## remove the virtual environment, caches and builds; var/ with its data stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks .coverage build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(CREATED):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Python 3.11 or later is needed; name one with `make PYTHON=python3.12 ...`.' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(RUNTIME): requirements/runtime.txt | $(CREATED)
	@echo 'First run, or the lock has changed: installing the locked dependencies; this takes about a minute.'
	@$(PIP) --requirement requirements/runtime.txt
	@touch $@

$(WARM): $(RUNTIME) $(wildcard solver/sourcing/exact/*.py solver/sourcing/snapshot/*.py solver/sourcing/snapshot/inner/*.py \
    solver/waves/*.py solver/waves/engine/*.py solver/waves/single_source/*.py)
	@echo 'Compiling the search, once; this takes five minutes or so, longer on a busy machine.'
	@$(BIN)/python -c 'from solver.waves.warm import warm; warm()'
	@$(BIN)/python -m compileall -q solver server.py
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	@echo 'Installing the locked tools for tests and checks as well.'
	@$(PIP) --requirement requirements/dev.txt
	@touch $@
