# The five things one does with a checkout. Each sets up what it needs first.
.PHONY: setup demo test test-scale check bench clean

VENV := .venv
JARSHY := $(VENV)/bin/jarshy
# Tests that need these skip without them, but for CI, where they fail.
WORDPRESS := wordpress wordpress-theme-twentytwentyone wordpress-theme-twentytwentythree \
	wordpress-l10n mariadb-server:mariadbd php-cli:php php-mysql php-xml php-mbstring

setup: $(VENV)/.runtime

demo: setup
	$(JARSHY) demo $(ARGS)

test: $(VENV)/.development
	-scripts/need-packages chromium:chromium fonts-noto-core libatomic1
	-scripts/need-packages $(WORDPRESS)
	-scripts/need-packages postgresql
	$(VENV)/bin/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile \
		--no-loadscope-reorder $(ARGS)

# The engine for a cluster, on a real one: two nodes, a third joins, one is killed.
test-scale: $(VENV)/.development
	scripts/need-packages maven:mvn default-jdk-headless:javac
	-scripts/need-packages postgresql
	$(VENV)/bin/python tests/opensearch/nodes.py 2 -- $(VENV)/bin/python -m pytest -q -rs \
		-o faulthandler_timeout=600 -o faulthandler_exit_on_timeout=true \
		tests/test_engines_conformance.py tests/test_opensearch*.py $(ARGS)

check: $(VENV)/.development
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/python scripts/check-shape

bench: $(VENV)/.development
	$(VENV)/bin/python -m benchmarks $(ARGS)

$(VENV)/.runtime: requirements.lock pyproject.toml
	scripts/make-venv $(VENV) requirements.lock
	touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.lock
	scripts/make-venv $(VENV) requirements-dev.lock
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
