# `make site` builds the site of content/ into _site/; `make test` runs the whole suite.
PYTHON ?= python3

.PHONY: site test docs lock clean

site: .venv/site
	.venv/bin/lorainne build

test: .venv/test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/pytest --numprocesses 2 --dist loadfile

docs: .venv/test
	.venv/bin/python -m lorainne.reference docs

# The newest versions of everything that tests pass with; CI installs these and no others.
lock: .venv/test
	.venv/bin/pip install --quiet --upgrade --editable '.[test]'
	.venv/bin/pip freeze --exclude-editable > .ci/constraints.txt

.venv/site: pyproject.toml .ci/constraints.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --constraint .ci/constraints.txt --editable .
	touch $@

.venv/test: .venv/site
	.venv/bin/pip install --quiet --constraint .ci/constraints.txt --editable '.[test]'
	touch $@

clean:
	rm -rf .venv _site
