# `make site` builds the site of content/ into _site/, `make manual` that of the documentation into docs/_site/;
# `make test` runs the whole suite.
PYTHON ?= python3
unexport PYTHONDONTWRITEBYTECODE  # each of a hundred processes of the tests would compile everything anew

.PHONY: site manual test checker docs pictures lock clean

site: .venv/site
	.venv/bin/lorainne build

manual: .venv/site
	.venv/bin/python docs/manual.py docs/_site

test: .venv/test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder  # one more than processors: browsers wait, too

# The Nu HTML checker, for Java: with it the suite holds every page to the standard.
checker: .venv/vnu

docs: .venv/test
	.venv/bin/python docs/reference.py docs

pictures: .venv/test
	.venv/bin/python docs/pictures.py

# The newest versions of everything that tests pass with; CI installs these and no others.
lock: .venv/test
	.venv/bin/pip install --quiet --upgrade --editable '.[test]'
	.venv/bin/pip freeze --all --exclude setuptools --exclude-editable > .ci/constraints.txt

.venv/site: pyproject.toml .ci/constraints.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --constraint .ci/constraints.txt --upgrade pip  # commands start 3 ms sooner
	.venv/bin/pip install --quiet --constraint .ci/constraints.txt --editable .
	touch $@

.venv/test: .venv/site
	.venv/bin/pip install --quiet --constraint .ci/constraints.txt --editable '.[test]'
	touch $@

.venv/vnu: Makefile
	npm install --silent --no-audit --no-fund --ignore-scripts --prefix $@ vnu-jar@26.9.27
	touch $@

clean:
	rm -rf .venv _site docs/_site
