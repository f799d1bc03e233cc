# make run   reads the sample newsletters and opens the page on 127.0.0.1:8501
# make test  runs all tests
# Both make their own environment in .venv; they need Python 3.11 or newer, nothing else.
# make neo4j starts a Neo4j server in Docker (docs/neo4j.md); make neo4j-stop ends it

VENV ?= .venv
BIN := $(VENV)/bin
# The first Python that is new enough; `make run PYTHON=/path/to/python3.12` chooses another one.
PYTHON ?= $(shell for p in python3 python python3.13 python3.12 python3.11 python3.14; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
TIMED := .ci/timed

.PHONY: run test check lint types contracts docs-check tests-strict install dev soak web-build lock clean neo4j neo4j-stop

run: install
	$(BIN)/kg import --samples
	$(BIN)/kg app

test: dev
	$(BIN)/python -m pytest -W default

check: lint types contracts docs-check tests-strict

lint: dev
	$(TIMED) "ruff check" $(BIN)/ruff check .
	$(TIMED) "ruff format" $(BIN)/ruff format --check .

types: dev
	$(TIMED) "mypy" $(BIN)/mypy --strict kg ingest app seeds

contracts: dev
	$(TIMED) "import contracts" $(BIN)/lint-imports

docs-check: dev
	$(TIMED) "generated docs" $(BIN)/python -m kg.docs --check

tests-strict: dev
	$(TIMED) "tests" $(BIN)/python -m pytest

# All real issues, kills, then two importers and eight readers at once on both stores (an hour; needs $(SHARED)).
SHARED ?= ../shared
EXTRACTS ?= build/extracts
soak: dev
	$(BIN)/python -m benchmarks.soak
	$(BIN)/kg extract $(SHARED)/newsletters/ainews --out $(EXTRACTS)
	$(BIN)/python -m benchmarks.together $(EXTRACTS)
	$(BIN)/python -m benchmarks.deal_clusters

# Bundle the network page's script anew (needs Node; a test says when it is stale).
web-build:
	cd app/web/network_component && npm ci --no-audit --no-fund && npm run build

# The stamps say that an environment holds what its lock file names: a second run starts at once.
install: $(VENV)/run.stamp
dev: $(VENV)/dev.stamp

$(VENV)/python.stamp:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found (make PYTHON=/path/to/python names one)." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make an environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 2; }
	@touch $@

$(VENV)/run.stamp: $(VENV)/python.stamp requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# Write both lock files anew from pyproject.toml (needs uv).
LOCK := uv pip compile pyproject.toml --upgrade --universal --generate-hashes --python-version 3.11 --no-header --no-annotate -q
lock:
	$(LOCK) -o requirements.lock
	$(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock

neo4j: docker
	@case "$$KG_NEO4J_PASSWORD" in */*) ;; ????????*) exit 0 ;; esac; \
	echo "Choose the server's password: export KG_NEO4J_PASSWORD=… (8 characters or more, no /)." >&2; exit 2
	docker compose up --detach --wait --wait-timeout 300
	@echo "Neo4j is ready. The store:  --store neo4j://localhost:7687  (KG_NEO4J_PASSWORD gives the password)"
	@echo "                In Browser: http://localhost:7474, user neo4j"

neo4j-stop: docker
	KG_NEO4J_PASSWORD=$${KG_NEO4J_PASSWORD:-not-needed} docker compose stop

.PHONY: docker
docker:
	@command -v docker >/dev/null || { echo "Docker is needed for this and is not here; docs/neo4j.md tells of other ways." >&2; exit 2; }
	@docker compose version >/dev/null 2>&1 || { echo "Docker lacks its compose plugin (docker compose); install it." >&2; exit 2; }
	@docker info >/dev/null 2>&1 || { echo "Docker does not answer: is it started, and may this user use it?" >&2; exit 2; }

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
