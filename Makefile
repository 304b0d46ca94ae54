# make demo: an environment, an install, and the main job: a GIF and an MP4 on disk
# make test: an environment, everything the tests need, and all checks, with a quarter of the random cases
# make test-oldest: the same tests with the oldest versions of the libraries that pyproject.toml allows
# make test-all: both with all random cases
# make bench: what an animation costs, as ratios in one run, and the explorer, in benchmarks/results.md and scaling.png
# make gallery: draw the outdated pictures of gallery/, and write its README
# make site: the gallery as a web site with the explorer, ready to be published, in build/site/
# make sheet: contact sheets of every view, to look at, in build/
PYTHON ?= python3
VENV := .venv
OLDEST := .venv-oldest
ifeq ($(OS),Windows_NT)
SCRIPTS := Scripts
else
SCRIPTS := bin
endif
BIN := $(VENV)/$(SCRIPTS)

# Tests start many processes: they keep the bytecode of what they import, whatever the environment says.
test test-oldest: export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-oldest test-all tools bench gallery site sheet clean

demo: $(VENV)/installed
	@mkdir -p demo
	$(BIN)/convviz transposed -i 3 -k 5 -s 3 -p 1 -o demo/transposed.gif
	$(BIN)/convviz conv -i 5 -k 3 -s 2 -p 1 -o demo/conv.mp4
	@echo "$(CURDIR)/demo/transposed.gif"
	@echo "$(CURDIR)/demo/conv.mp4"

test: $(VENV)/test-ready tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist worksteal

test-oldest: $(OLDEST)/test-ready tools
	$(OLDEST)/$(SCRIPTS)/pytest -n auto --dist worksteal

test-all: export CONVVIZ_TESTS := all
test-all: test test-oldest

bench: $(VENV)/test-ready tools
	$(BIN)/python -m benchmarks.scaling
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.gallery

gallery: $(VENV)/installed
	$(BIN)/convviz gallery build

site: gallery
	rm -rf build/site
	$(BIN)/convviz gallery site -o build/site

sheet: $(VENV)/installed
	$(BIN)/python tests/contact_sheet.py

$(VENV)/python-ready:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 10))" || \
		{ echo "convviz needs Python 3.10 or newer; try make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "installing the venv module"; \
		apt-get install -y python3-venv && $(PYTHON) -m venv --clear $(VENV); }
	@touch $@

$(VENV)/installed: $(VENV)/python-ready pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/test-ready: $(VENV)/python-ready pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	@touch $@ $(VENV)/installed

$(OLDEST)/test-ready: $(VENV)/python-ready pyproject.toml tests/oldest.txt
	@$(BIN)/python -m venv $(OLDEST)
	$(OLDEST)/$(SCRIPTS)/python -m pip install --quiet --disable-pip-version-check -c tests/oldest.txt -e ".[test]"
	@touch $@

# Programs that the tests use; a test names the package of a missing one.
tools:
	@for need in node:nodejs chromium:chromium pdftoppm:poppler-utils; do \
		command -v $${need%%:*} >/dev/null && continue; \
		echo "installing $${need##*:}"; \
		{ apt-get install -y -qq $${need##*:} || { apt-get update -qq && apt-get install -y -qq $${need##*:}; }; } \
			>/dev/null 2>&1 || echo "could not install $${need##*:}; tests that need $${need%%:*} will fail"; \
	done

clean:
	rm -rf $(VENV) $(OLDEST) build demo *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
