.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
BOOK := _build/html/index.html
# Small networks run faster on one thread each, and the pages stay reproducible.
export OMP_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Images for containers often forbid it: then each of a hundred processes compiles all of PyTorch's Python anew.
unexport PYTHONDONTWRITEBYTECODE
# Style, types, the pages and the claims are made side by side: each has minutes in which it needs one core only.
MAKEFLAGS += --jobs=2

.PHONY: help
help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-18s %s\n", $$1, $$2 }'

.venv/installed: requirements.txt requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit(f"Python 3.11 or newer is needed, but this is {sys.version.split()[0]}; try make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
# Most of what is installed is never imported: Python compiles the rest when it is.
# First what is locked, by its hashes; then PyTorch, of which each platform has its own build.
	$(BIN)/python -m pip install --quiet --no-compile --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-compile --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

# Executed notebooks are cached by their own text: a change in the package, or in what is installed, makes them run again.
_build/package: .venv/installed $(shell find replaylib -name '*.py' -o -name '*.js' -o -name '*.css' -o -name '*.wasm' -o -name '*.safetensors' -o -name '*.json')
	rm -rf _build
	mkdir _build
	@touch $@

# What draws the pages is no source of theirs for Sphinx: draw all of them again, without executing.
_build/pages: _build/package $(wildcard chapters/assets/* chapters/extension/*.py)
	rm -rf _build/html _build/.doctrees
	@touch $@

.PHONY: book
book: .venv/installed _build/package _build/pages ## build the site: install, execute the notebooks, stop at any warning
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter-book build . -W -n --keep-going --quiet
	@echo "The book is built. Open file://$(CURDIR)/$(BOOK) or type: make serve"

.PHONY: epub
epub: book ## the course as one electronic book, and the site in one file; both are made with the site
	@ls -l _build/html/downloads/replay-as-sampling*

.PHONY: serve
serve: book ## build the site and show it on this machine only
	@echo "The book is at http://127.0.0.1:$(PORT)/ (Ctrl-C ends)."
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

.PHONY: lab
lab: .venv/installed ## open the student's notebooks in JupyterLab, on this machine only, behind a token
	$(BIN)/python chapters/extension/notebooks.py notebooks
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter lab --ip=127.0.0.1 notebooks

.PHONY: grade
grade: .venv/installed ## run and grade a folder of students' notebooks (this runs their code): make grade FOLDER=handed-in
	$(BIN)/python chapters/extension/grade.py "$$FOLDER" "$$LIMIT"

.PHONY: assignments
assignments: .venv/installed ## write the exercises as assignments for nbgrader and Otter, in _build/assignments
	$(BIN)/python chapters/extension/assignments.py _build/assignments

.PHONY: repository
repository: .venv/installed ## write the address of the repository to every place: make repository URL=https://github.com/OWNER/REPOSITORY
	$(BIN)/python chapters/extension/repository.py "$$URL"

.PHONY: publish
publish: book ## put the built site on the branch gh-pages of the repository that this was cloned from
	$(BIN)/ghp-import --no-jekyll --push --message "The book, built" _build/html

# A second run, since these have a conftest.py of their own.
BOOK_HELPERS := $(addprefix tests/book/,conftest.py accessibility.py colab.py)
.PHONY: lint
lint: .venv/installed ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy $(BOOK_HELPERS)

.PHONY: browser
browser: .venv/installed # the tests need a Chromium, the machine's own, else Debian's, else Playwright's; a Firefox is welcome
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit; done; false \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || $(BIN)/playwright install --with-deps chromium
	@for name in firefox-esr firefox; do command -v $$name >/dev/null && exit; done; \
	  [ "$$(id -u)" != 0 ] || apt-get install -y -qq firefox-esr >/dev/null 2>&1 || echo "No Firefox: tests in it are skipped."

.PHONY: replicate
replicate: .venv/installed ## measure every claim again, from nothing, and write the ledger (50 minutes on 2 cores; resumable)
	$(BIN)/python -m replaylib replicate --write

.PHONY: tune
tune: .venv/installed ## choose the settings that the ledger measures, on the tuning networks (20 minutes on 2 cores; resumable)
	$(BIN)/python -m replaylib tune

# In _build, which is emptied when the package changes.
.PHONY: replicate-quick
replicate-quick: .venv/installed _build/package ## the same with two seeds, short replays and trainings (1 minute)
	$(BIN)/python -m replaylib replicate --quick --folder _build/replication --write --ledger _build/claims-quick.json

PYTEST := $(BIN)/pytest --numprocesses 2 --dist worksteal
# nbgrader and Otter stand beside the environment, not in it: JupyterLab would show their menus to every student.
.venv/graders/installed: .venv/installed tests/graders.txt
	$(BIN)/python -m pip install --quiet --no-compile --no-deps --upgrade --target .venv/graders --requirement tests/graders.txt \
	  || echo "No nbgrader and no Otter: tests with them are skipped."
	@mkdir -p .venv/graders && touch $@

.PHONY: test
test: lint book replicate-quick browser .venv/graders/installed ## everything that continuous integration runs
	PATH="$(CURDIR)/$(BIN):$$PATH" $(PYTEST) --durations 10 tests

.PHONY: test-quick
test-quick: .venv/installed ## unit tests of the package only, without the book, its pages, and the slow ones
	$(PYTEST) --durations 10 -m 'not slow' --ignore tests/book tests

LAB := replaylib/explorer/maze_lab
.PHONY: products
products: .venv/installed ## compile the maze lab's products again, with a compiler that npx fetches
	npx $$($(BIN)/python -c 'from $(subst /,.,$(LAB)).source import COMPILE; print(*COMPILE)') \
	  $(LAB)/products.ts --outFile $(LAB)/products.wasm

.PHONY: outputs
outputs: .venv/installed ## let nbval run all notebooks and compare their check cells (make test compares the book's outputs)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest --numprocesses 2 --dist loadfile --nbval-lax --nbval-current-env chapters

# The newest interpreter given runs the newest versions, the last one the lowest, which need an older Python.
PYENV := $(HOME)/.pyenv/versions
OTHER_PYTHONS ?= $(shell for one in python3.13 $(PYENV)/3.13.*/bin/python python3.12 $(PYENV)/3.12.*/bin/python; do \
  $$one -c '' 2>/dev/null && echo $$one; done)
.PHONY: test-bounds
test-bounds: .venv/installed ## the unit tests on other Pythons, with the newest and the lowest versions allowed
	$(BIN)/python tests/bounds.py $(OTHER_PYTHONS)

.PHONY: strip
strip: .venv/installed ## drop the outputs of all notebooks but those of check cells
	$(BIN)/nbstripout --drop-empty-cells --keep-count chapters/*.ipynb

.PHONY: check-outputs
check-outputs: .venv/installed ## run all notebooks and store the outputs of their check cells
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter execute --inplace chapters/*.ipynb
	$(MAKE) strip

.PHONY: pretrained
pretrained: .venv/installed ## train the missing pretrained networks again (32 take 25 minutes; resumable)
	for card in $$(git ls-files 'replaylib/networks/pretrained/*.json'); do \
	  [ -f "$${card%.json}.safetensors" ] && continue; name=$$(basename "$$card" .json); \
	  $(BIN)/python -m replaylib train "$${name%-*}" --seed "$${name##*-}" --folder replaylib/networks/pretrained || exit 1; done

.PHONY: lock
lock: .venv/installed ## after a change of requirements.txt: write the lock, with hashes for all platforms
	echo torch | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --excludes /dev/stdin \
	  --custom-compile-command "make lock" --output-file requirements.lock requirements.txt

.PHONY: package
package: .venv/installed ## build the wheel and the source archive, in _build/dist
	rm -rf _build/dist
	$(BIN)/python -m build --outdir _build/dist .
	$(BIN)/twine check --strict _build/dist/*

.PHONY: links
links: .venv/installed ## ask for every address outside that the built site links to
	$(BIN)/python tests/links.py $(dir $(BOOK))

.PHONY: dry-run
dry-run: .venv/installed ## run the steps of all workflows here, in clean clones of what is committed (an hour)
	$(BIN)/python tests/dry_run.py

.PHONY: benchmark
benchmark: .venv/installed ## costs of training and of replay over those of their bare matrix products, and of training in the page
	$(BIN)/python benchmarks/training_cost.py
	$(BIN)/python benchmarks/replay_cost.py
	$(BIN)/python benchmarks/lab_training.py

.PHONY: clean
clean: ## remove what the other commands made
	rm -rf _build .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis replay_as_sampling.egg-info
