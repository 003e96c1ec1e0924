# `make site` builds the site of content/ into _site/; `make test` runs the whole suite.
PYTHON ?= python3

.PHONY: site test docs clean

site: .venv/site
	.venv/bin/lorainne build

test: .venv/test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/pytest

docs: .venv/test
	.venv/bin/python -m lorainne.reference docs

.venv/site: pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --editable .
	touch $@

.venv/test: .venv/site
	.venv/bin/pip install --quiet --editable '.[test]'
	touch $@

clean:
	rm -rf .venv _site
