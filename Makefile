# The project's commands. Everything they create is in .venv and var. `make clean` removes what can be
# created again; `make distclean` also removes the database and the keys.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
# Start programs with this Python, not by the path in their first line: a checkout may be renamed.
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

CATALOGUES := $(wildcard passwords/locale/*/LC_MESSAGES/*.po)
MESSAGES := $(CATALOGUES:.po=.mo)
# Including folders: a folder is newer than the manifest after a file in it was removed.
STATIC_SOURCES := $(shell find passwords/static giropops/static 2>/dev/null)
STATIC_MANIFEST := var/static/staticfiles.json
TEMPLATES = $(shell find templates passwords -name '*.html' -not -path '*/node_modules/*')
# At most two: the servers that the tests start also need CPU.
PYTEST_WORKERS ?= 2
# Each worker begins with half of the tests in order, so that modules share their servers.
IN_PARALLEL = -n $(PYTEST_WORKERS) --dist worksteal

RUNTIME := .venv/.installed-runtime
DEVELOPMENT := .venv/.installed-development

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(RUNTIME) $(MESSAGES) $(STATIC_MANIFEST) | var ## Serve the app on 127.0.0.1:5000 (HOST and PORT change that)
	@umask 077; $(MANAGE) migrate --verbosity 0
	@exec $(BIN)/python -m giropops

.PHONY: test
test: $(DEVELOPMENT) $(MESSAGES) ## Run the tests on SQLite and on PostgreSQL, and the coverage gates
	@tools/install_test_needs.sh
	$(BIN)/python -m coverage erase
	TEST_DATABASE=sqlite $(BIN)/python -m pytest $(IN_PARALLEL) --cov --cov-report=
	TEST_DATABASE=postgres $(BIN)/python -m pytest $(IN_PARALLEL)
	$(BIN)/python -m coverage report --fail-under=95
	$(BIN)/python -m coverage report --fail-under=100 --include='passwords/domain/*'

# Tests that start servers, browsers or programs, or try many values.
QUICK_LEAVES_OUT := browser deploy faults image tools security management/test_generate_program.py \
	api/test_contract.py recents/test_cluster.py recents/test_sentinel.py server/test_start.py \
	test_servers.py test_watchdog.py
.PHONY: test-quick
test-quick: $(DEVELOPMENT) $(MESSAGES) ## Run the tests that start no server, on SQLite alone
	@tools/install_test_needs.sh
	$(BIN)/pytest -q $(IN_PARALLEL) -m 'not image and not slow' \
		$(addprefix --ignore=tests/,$(QUICK_LEAVES_OUT))

.PHONY: faults
faults: $(DEVELOPMENT) $(MESSAGES) ## Break each server under load, and print what the app does
	@tools/install_test_needs.sh
	FAULTS_HOLD_SECONDS=10 $(BIN)/python -m pytest -q -m faults tests/faults

# Each is a separate target, so that `make -k check` continues after a failure.
CHECKS := check-style check-types check-layers check-templates check-spelling check-requirements \
	check-settings check-migrations check-dockerfile
.PHONY: check $(CHECKS)
check: $(CHECKS) ## Check style, types, layers, templates, settings and migrations (-k: continue after a failure)

$(CHECKS): $(DEVELOPMENT) | var

check-style:
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	git ls-files -z '*.py' | xargs -0 $(BIN)/python $(BIN)/django-upgrade --check --target-version 5.2

check-types:
	$(BIN)/python -m mypy

check-layers:
	$(BIN)/python $(BIN)/lint-imports

check-templates:
	$(BIN)/djade --check $(TEMPLATES)
	$(BIN)/python -m djlint --lint --quiet $(TEMPLATES)

check-spelling:
	$(BIN)/python $(BIN)/codespell

check-requirements:
	$(BIN)/python -m deptry .

check-settings:
	$(BIN)/python -m tools.check_deploy

check-dockerfile:
	$(BIN)/hadolint Dockerfile deploy/curso/Dockerfile.*

check-migrations:
	DATABASE_URL=sqlite://:memory: $(MANAGE) makemigrations --check --dry-run

.PHONY: lint-fix
lint-fix: $(DEVELOPMENT) ## Format the code, and fix what the linters can fix
	$(BIN)/python -m ruff check --fix
	$(BIN)/python -m ruff format
	$(BIN)/djade $(TEMPLATES)
	git ls-files -z '*.py' | xargs -0 $(BIN)/python $(BIN)/django-upgrade --target-version 5.2

.PHONY: messages
messages: $(MESSAGES) ## Compile the translations that have changed

# BENCH_FLAGS: such as `--only http`, or `--image giropops-senhas` to start the image as well.
.PHONY: bench
bench: $(DEVELOPMENT) $(MESSAGES) ## Measure everything against its reference (about twelve minutes)
	@tools/install_test_needs.sh wrk pwgen
	@$(BIN)/python -m benchmarks $(BENCH_WRITE) $(BENCH_FLAGS)

.PHONY: performance
performance: BENCH_WRITE := --write docs/performance.md
performance: bench ## Measure, and write the figures into docs/performance.md

.PHONY: screenshots
screenshots: $(DEVELOPMENT) $(MESSAGES) ## Write screenshots of every page, and those of the README
	@tools/install_test_needs.sh
	$(BIN)/python -m tests.browser.screenshots

# Megabytes above the base; the PostgreSQL driver adds 12 (docs/image.md).
IMAGE ?= giropops-senhas
IMAGE_BASE ?= cgr.dev/chainguard/python:latest
IMAGE_LIMIT ?= 14.4
POSTGRES ?= false
BCRYPT ?= false
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
# Sets DOCKER_HOST if a daemon had to be started.
WITH_DOCKER = docker_lines=$$(tools/find_docker.sh) && eval "$$docker_lines" &&

.PHONY: image
image: ## Build the container image (POSTGRES=true: with the PostgreSQL driver; BCRYPT=true: for htpasswd)
	@$(WITH_DOCKER) docker build --network host \
		--build-arg RUNTIME_IMAGE=$(IMAGE_BASE) --build-arg POSTGRES=$(POSTGRES) \
		--build-arg BCRYPT=$(BCRYPT) \
		--build-arg VERSION=$(VERSION) \
		--build-arg REVISION=$$(git rev-parse HEAD 2>/dev/null || echo unknown) \
		$(IMAGE_FLAGS) --tag $(IMAGE) .

.PHONY: image-size
image-size: image ## Print the size of the image above its base, and fail over IMAGE_LIMIT megabytes
	@$(WITH_DOCKER) $(PYTHON) -m tools.image_size $(IMAGE) $(IMAGE_BASE) $(IMAGE_LIMIT)

.PHONY: image-test
image-test: $(DEVELOPMENT) $(MESSAGES) ## Build the image, run it hardened, and test every promise (skips without Docker)
	@tools/install_test_needs.sh
	$(BIN)/python -m pytest -m image -rs tests/image
	$(BIN)/python -m pytest -p tests.image.as_live -rs \
		tests/api/test_live.py tests/browser/test_generating.py

.PHONY: curso
curso: ## Build the three images of the course (docs/curso.md), and print their sizes and layers
	@$(WITH_DOCKER) deploy/curso/construir.sh

# With the extras: otherwise pip's resolver may look at a newer release because of an extra, and fail
# because that release has no hash.
.PHONY: lock
lock: var/uv ## Lock the requirements (`make lock UPGRADE=--upgrade` takes newer releases)
	@constraints=(); for name in requirements requirements-postgres requirements-bcrypt requirements-build requirements-dev; do \
		echo "$$name.in -> $$name.txt"; \
		var/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-strip-extras \
			--no-header --python-version 3.11 "$${constraints[@]}" $(UPGRADE) \
			$$name.in --output-file $$name.txt || exit; \
		constraints+=(--constraints $$name.txt); \
	done

.PHONY: clean
clean: ## Remove what can be created again; the database and the keys stay
	rm -rf .venv build *.egg-info var/static var/uv .coverage htmlcov $(MESSAGES)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## Also remove the database and the keys, after a confirmation
	@read -r -p 'Remove the database and the keys in var/? Type yes: ' answer && [[ $$answer = yes ]]
	rm -rf var

$(RUNTIME): requirements.txt requirements-postgres.txt requirements-bcrypt.txt requirements-build.txt
	@tools/make_venv.sh $(PYTHON)
	@echo 'Installing what the app needs into .venv'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		$(addprefix -r ,$^)
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	@echo 'Installing what the tests and checks need into .venv'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

var:
	@mkdir -p $@

var/uv: | var
	@$(PYTHON) -m venv $@
	@$@/bin/pip install --quiet --disable-pip-version-check uv

%.mo: %.po $(RUNTIME)
	@$(BIN)/python tools/compile_messages.py $<

$(STATIC_MANIFEST): $(STATIC_SOURCES) giropops/settings.py $(RUNTIME) | var
	@$(MANAGE) collectstatic --no-input --verbosity 0
