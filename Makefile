# Two commands do everything on a machine with Python 3.11 or newer: make run, make test.

PYTHON  ?= python3
VENV    ?= .venv
# Processes the tests run in; 0: one, in the foreground (for a debugger).
WORKERS ?= 2
# Passed on as they are: to the portal by `make run`, to pytest by `make test`, to the benchmark by `make bench`.
ARGS    ?=

# Compiled code is cached, whatever the environment says: every test process would compile all tests and the portal anew.
export PYTHONDONTWRITEBYTECODE :=

BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check
RUN_SET  := $(VENV)/.installed
TEST_SET := $(VENV)/.installed-dev

# What `make check` runs: tests that need no browser, no server and no rendered release (CONTRIBUTING.md says which belong here).
CHECKED := tests/contract tests/release tests/publish/ingest tests/publish/tables tests/render \
           tests/figures/test_statistics.py tests/language/test_catalogues.py \
           tests/language/test_language.py tests/language/test_long_texts.py tests/test_architecture.py \
           tests/test_facts.py tests/test_promises.py tests/test_reading.py \
           tests/test_settings.py tests/test_words.py

.PHONY: help run check test attack histories extracts rehearsal next bench ask catalogues words review hostile image access trees pictures pins sbom licences audit clean shipped
.DEFAULT_GOAL := help

help: ## print this list
	@echo "Somerville's Co-Response transparency portal"; echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'
	@echo; echo '  PYTHON=python3.12 chooses another Python; ARGS="..." is passed on, as in make test ARGS="-k privacy"'

run: $(RUN_SET) ## install, start the portal on the shipped releases and print its URL
	@exec $(BIN)/python -m portal $(ARGS)

# Every step runs even when one before it failed, so that one run reports everything; pytest comes last.
check: $(TEST_SET) ## install, then check style, types and the fast tests (under a minute; before each commit)
	@status=0; \
	$(BIN)/ruff check . || status=1; \
	$(BIN)/mypy || status=1; \
	$(BIN)/python -m pytest -q -n $(WORKERS) -m "not slow and not browser" $(CHECKED) $(ARGS) || status=1; \
	exit $$status

test: $(TEST_SET) ## install, then check style, types and run every test, those in a browser too (ten minutes)
	@sh scripts/install-chromium
	@[ -z "$$CI" ] || sh scripts/install-nginx  # elsewhere what needs it is skipped where it is missing
	@status=0; \
	$(BIN)/ruff check . || status=1; \
	$(BIN)/mypy || status=1; \
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS) || status=1; \
	exit $$status

attack: $(TEST_SET) ## install, then attack made-up pilots of every size and print the tables of docs/privacy.md
	@$(BIN)/python -m tests.attack $(ARGS)

histories: $(TEST_SET) ## install, then replay 200 histories whose records are corrected, and print what came of them
	@$(BIN)/python -m tests.publish.replay $(ARGS)

extracts: $(TEST_SET) ## install, then damage made-up and real extracts in every known way and print what became of each
	@$(BIN)/python -m tests.extracts $(ARGS)

next: $(TEST_SET) ## in a copy, try the newest Streamlit (ARGS=1.2.3: that one) and an upgrade to it behind nginx (ten minutes)
	@sh scripts/install-chromium && sh scripts/install-nginx
	@sh scripts/try-next $(ARGS)

rehearsal: $(TEST_SET) ## install, then run every command of docs/publishing/, from the first release to the pilot's end
	@$(BIN)/python -m tests.rehearsal

bench: $(TEST_SET) ## install, then measure publishing, starting and page views
	@$(BIN)/python -m bench $(ARGS)

hostile: $(TEST_SET) ## install, then attack a running portal, alone and behind nginx, and print what broke (forty minutes)
	@sh scripts/install-nginx
	@$(BIN)/python -m tests.hostile $(ARGS)

image: ## build the container's image with buildah, ask it, and fail above 700 MB (ARGS=BASE: on another Debian; ten minutes)
	@sh scripts/try-image $(ARGS)

catalogues: $(TEST_SET) ## update the translation catalogues with the messages in the code, pages and data
	@$(BIN)/python -m portal.language.gather

ask: $(TEST_SET) ## print how often a question finds its place (QUESTIONS=FILE: with those of a file, too)
	@QUESTIONS="$(QUESTIONS)" $(BIN)/python -m tests.search

words: $(TEST_SET) ## print what is not translated, not reviewed or too hard to read
	@$(BIN)/python -m tests.words

review: $(TEST_SET) ## write a file for whoever reviews a translation (LANG=ht), or read corrections back (READ=FILE)
	@$(BIN)/python -m portal.language.review $(LANG) $(if $(READ),--read $(READ))

access: $(TEST_SET) ## install, then audit the accessibility of every page in every language (half an hour)
	@$(BIN)/python -m tests.browser.access $(ARGS)

shipped: $(RUN_SET) ## install, then publish the six made-up releases again (after a change to what a release holds)
	@$(BIN)/python -m portal.publish.synthetic.shipped

trees: $(TEST_SET) ## install, then record again what a screen reader finds on each page
	@TREES=write $(BIN)/python -m pytest -q -n 0 tests/browser/test_every_page.py -k read_aloud $(ARGS)

pictures: $(TEST_SET) ## install, then take the screenshots in docs/pictures again
	@$(BIN)/python -m tests.browser.pictures $(ARGS)

# After a change to the requirements: in a virtual environment of its own, so that no leftover is pinned.
LOCK := $(VENV)-pins/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --output-file -
pins: ## choose every library's version again and write it down, with the hashes of its files
	@rm -rf $(VENV)-pins && $(PYTHON) -m venv $(VENV)-pins && : > constraints.txt
	@$(VENV)-pins/bin/python -m pip install --quiet --quiet --disable-pip-version-check -r requirements-dev.txt
	@{ echo "# Every library at the exact version the tests passed with, also those that come along with another."; \
	   echo "# Made by: make pins"; $(VENV)-pins/bin/python -m pip freeze; } > constraints.txt
	@for set in requirements requirements-dev; do \
	  { echo "# What make installs, with the hashes of the files, so that nothing else can take their place."; \
	    echo "# Made by: make pins"; $(LOCK) $$set.txt; } > $$set.lock || exit 1; done
	@rm -rf $(VENV)-pins

sbom: $(TEST_SET) ## write the software bill of materials (sbom.json, CycloneDX)
	@$(BIN)/python scripts/write_sbom.py sbom.json && echo sbom.json

licences: $(TEST_SET) ## write the list of the libraries' licences (docs/licences.md)
	@{ echo "# Licences of the libraries"; echo; echo "Made by: make licences"; echo; \
	   $(BIN)/pip-licenses --python=$(BIN)/python --format=markdown --with-urls | sed 's/  */ /g; s/----*/---/g'; } > docs/licences.md && echo docs/licences.md

audit: $(TEST_SET) ## look every library up in the public advisories (or say that they can't be reached)
	@sh scripts/audit $(BIN)

clean: ## remove everything the commands above created
	rm -rf $(VENV) $(VENV)-pins .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# The stamp is written after the installation is complete: an interrupted one is run again.
$(RUN_SET): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "The portal needs Python 3.11 or newer, and '$(PYTHON)' is not: try make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || \
	  { echo "Python could not make $(VENV). On Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing the portal's libraries into $(VENV): about a minute, the first time only."
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(TEST_SET): $(RUN_SET) requirements-dev.lock
	@echo "Installing the development tools into $(VENV): about half a minute, the first time only."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
