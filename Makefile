# Everything a user or a contributor runs. Only Python, pip and make are needed; the rest is installed into .venv.
PYTHON ?= python3
# python3 has .venv; any other Python has an environment by its version, so that no two share one.
ifeq ($(PYTHON),python3)
VENV   := .venv
else
PYTHON_VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
$(if $(PYTHON_VERSION),,$(error PYTHON=$(PYTHON) does not run; name a Python >= 3.11))
VENV   := .venv-$(PYTHON_VERSION)
endif
BIN    := $(VENV)/bin
PYWB   := .venv-pywb
RELEASE := .venv-release
NGINX  := .nginx
SITES  := .sites
LIBFIU := .libfiu
BROWSER := .venv-browser
CHROMIUM := .chromium
INTEROP := .venv-interop
AUDIT := .venv-audit
SHARED ?= ../shared
# A copy of advisories in the format of OSV, a file or a folder, where no service can be reached.
ADVISORIES ?=

# Twice the usual two cores: half of the time a test waits, for a server's pause or for a process to start.
TEST_PROCESSES ?= 4

COMPILE := $(BIN)/pip-compile --quiet --upgrade --strip-extras --allow-unsafe --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

# What may differ from one Python to the next, and needs no whole crawl to show it: for `make test-core`.
CORE_TESTS := $(addprefix tests/,text extract seeds repair files ledger ledger_rebuild archive wayback)

# The Python for which `make check-wheels` asks, whether this machine has it or not.
WHEELS_FOR := 3.14

# What the command `seed-archiver` runs; pip would write as much, and would have to install the project for it, which
# would then be tested in the place of the code that lies here.
CONSOLE := import sys; sys.path.insert(0, sys.argv.pop(1)); from archiver.commands.console import main; main()

.DEFAULT_GOAL := help
.PHONY: help crawl test test-core test-browser lint acceptance calibrate sites interop bench million faults defences requirements audit-deps check-wheels docs release clean

help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

crawl: $(VENV)/.crawl  ## Repair seeds/ from the saved pages in fixtures/ and show what changed
	$(BIN)/scrapy crawl bangkokpost -s REPLAY=fixtures -s SHOW_DIFF=1

test: lint $(NGINX)/.done  ## Linters, types, layers and all tests
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist worksteal

test-core: $(VENV)/.test $(NGINX)/.done  ## The tests of the core, the ledger and the archive: for each further PYTHON=
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist worksteal $(CORE_TESTS)

test-browser: $(BROWSER)/.done $(CHROMIUM)/.done  ## Pages that need a browser, and the report, in Debian's Chromium
	$(BROWSER)/bin/python -m pytest -o python_files='check_*.py' tests/browser

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

acceptance: $(VENV)/.test  ## Real pages: figures against the floors in tests/acceptance/floors.json (needs ../shared)
	$(BIN)/python -m tests.acceptance $(SHARED)/acceptance

calibrate: $(VENV)/.test  ## Fit how sure each value is on the real pages, write docs/confidence.md's tables (needs ../shared)
	$(BIN)/python -m tests.acceptance.calibrate $(SHARED)/acceptance

sites: $(SITES)/.done  ## Real Hugo, Jekyll, Eleventy and Astro build posts of real pages: figures against floors
	$(BIN)/python -m tests.sites $(SHARED)/acceptance

interop: $(INTEROP)/.done $(BROWSER)/.done $(CHROMIUM)/.done $(PYWB)/.done  ## Other programs open our archive, and we open theirs: pywb, ReplayWeb.page, warcio, FastWARC, wacz, wget, warcit
	$(BROWSER)/bin/python -m pytest -o python_files='check_*.py' tests/interop

bench: $(VENV)/.bench $(NGINX)/.done $(BROWSER)/.done $(CHROMIUM)/.done  ## Speed against peers, as ratios; writes docs/benchmark.md (needs ../shared)
	BROWSER_PYTHON=$(abspath $(BROWSER))/bin/python $(BIN)/python -m tests.bench $(SHARED)/acceptance

million: $(VENV)/.test  ## What it costs to look at archives of up to a million captures, against floors
	$(BIN)/python -m tests.million

faults: $(VENV)/.test $(NGINX)/.done $(LIBFIU)/.done  ## Kills, full disks, hostile servers, noise: what is lost or leaked; hours, goes on where it was stopped
	$(BIN)/python -m tests.faults

defences: $(VENV)/.test $(NGINX)/.done  ## Take out one defence after the other: whether a test notices
	$(BIN)/python -m tests.faults.defences

# Run it on the oldest Python that is supported: what only that one needs is then pinned too.
requirements: $(VENV)/.test  ## Renew the hashed pins
	$(COMPILE) --output-file requirements.txt pyproject.toml
	@# 3.14 has zstd itself; pip-compile writes the pins of the Python that runs it, without their conditions.
	sed -i.before -E 's/^(backports-zstd==[^ ]+) /\1 ; python_version < "3.14" /' requirements.txt && rm requirements.txt.before
	$(COMPILE) --constraint requirements.txt --output-file requirements-test.txt requirements-test.in
	$(COMPILE) --constraint requirements.txt --output-file requirements-bench-newspaper.txt requirements-bench-newspaper.in
	$(COMPILE) --constraint requirements.txt --output-file requirements-bench-readability.txt requirements-bench-readability.in
	$(COMPILE) --constraint requirements.txt --output-file requirements-browser.txt requirements-browser.in
	$(COMPILE) --output-file requirements-pywb.txt requirements-pywb.in
	$(COMPILE) --output-file requirements-interop.txt requirements-interop.in
	$(COMPILE) --output-file requirements-release.txt requirements-release.in
	$(COMPILE) --output-file requirements-audit.txt requirements-audit.in

# make ends with 2 whatever fails, and shows the code of the program: 1 for what is known, 3 for what could not be asked.
audit-deps: $(AUDIT)/.done  ## Ask whether anything is known against the pins; ADVISORIES=PATH asks a local copy
	$(AUDIT)/bin/python .ci/audit_deps.py $(if $(ADVISORIES),--advisories $(ADVISORIES)) $(wildcard requirements*.txt)

docs: $(VENV)/.crawl  ## Write docs/settings.md from archiver/settings.py
	$(BIN)/python -m archiver.config.reference

check-wheels: $(VENV)/bin/pip  ## Ask whether every pin has a wheel for the Python WHEELS_FOR
	$(BIN)/python .ci/check_wheels.py $(WHEELS_FOR) requirements.txt requirements-test.txt requirements-pywb.txt \
		requirements-browser.txt requirements-release.txt requirements-audit.txt

# What an earlier build left would find its way into the next one: setuptools reads its old list of files.
release: $(RELEASE)/.done  ## Build the sdist and the wheel into dist/, check them, try the wheel in an empty environment
	rm -rf dist build *.egg-info
	$(RELEASE)/bin/python -m build --no-isolation --outdir dist
	$(RELEASE)/bin/python -m twine check --strict dist/*
	.ci/try_wheel dist/*.whl $(PYTHON)

clean:  ## Remove what the commands above made
	rm -rf .venv .venv-* .interop $(NGINX) $(CHROMIUM) $(SITES) $(LIBFIU) dist build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis archive

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.crawl: requirements.txt | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	@printf '#!/bin/sh\nexec "%s" -P -c '"'%s'"' "%s" "$$@"\n' '$(abspath $(BIN))/python' '$(CONSOLE)' '$(CURDIR)' \
		> $(BIN)/seed-archiver && chmod +x $(BIN)/seed-archiver
	@touch $@

$(VENV)/.test: requirements-test.txt $(VENV)/.crawl
	$(BIN)/pip install --quiet --require-hashes -r requirements-test.txt
	@touch $@

$(VENV)/.bench: requirements-bench-newspaper.txt requirements-bench-readability.txt $(VENV)/.test
	$(BIN)/pip install --quiet --require-hashes -r requirements-bench-newspaper.txt
	$(BIN)/pip install --quiet --require-hashes -r requirements-bench-readability.txt
	@touch $@

# These have environments of their own, made by the PYTHON= that asks first and shared by all: pywb asks for an old redis,
# and what builds a release or audits pins is no part of it.
$(RELEASE)/.done: requirements-release.txt
	$(PYTHON) -m venv $(RELEASE)
	$(RELEASE)/bin/pip install --quiet --require-hashes -r requirements-release.txt
	@touch $@

$(AUDIT)/.done: requirements-audit.txt
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/pip install --quiet --require-hashes -r requirements-audit.txt
	@touch $@

$(PYWB)/.done: requirements-pywb.txt
	$(PYTHON) -m venv $(PYWB)
	$(PYWB)/bin/pip install --quiet --require-hashes -r requirements-pywb.txt
	@touch $@

# FastWARC and warcit by pip; ReplayWeb.page and wget as tests/interop/install.py says.
$(INTEROP)/.done: requirements-interop.txt tests/interop/install.py tests/support/debian.py
	$(PYTHON) -m venv $(INTEROP)
	$(INTEROP)/bin/pip install --quiet --require-hashes -r requirements-interop.txt
	$(PYTHON) -m tests.interop.install
	@touch $@

# The extra `browser` in an environment of its own: without it every other test runs as most users do.
$(BROWSER)/.done: requirements.txt requirements-browser.txt requirements-test.txt
	$(PYTHON) -m venv $(BROWSER)
	$(BROWSER)/bin/pip install --quiet --require-hashes -r requirements.txt
	$(BROWSER)/bin/pip install --quiet --require-hashes -r requirements-browser.txt
	$(BROWSER)/bin/pip install --quiet --require-hashes -r requirements-test.txt
	@touch $@

$(SITES)/.done: tests/sites/install.py tests/support/debian.py $(wildcard tests/sites/*/package-lock.json) $(VENV)/.test
	$(BIN)/python -m tests.sites.install
	@touch $@

$(LIBFIU)/.done: tests/faults/disk/install.py tests/support/debian.py $(VENV)/.test
	$(BIN)/python -m tests.faults.disk.install
	@touch $@

DOWNLOAD := apt-get -qq -o APT::Sandbox::User=root download nginx

# The machine's own where it has one. Otherwise Debian's package, unpacked but not installed: that starts no service and
# needs no root, unless the lists of packages have never been fetched.
$(NGINX)/.done:
	@mkdir -p $(NGINX)
	@PATH="$$PATH:/usr/sbin:/usr/local/sbin"; command -v nginx || { \
		cd $(NGINX) && rm -f *.deb && \
		{ $(DOWNLOAD) || { apt-get -qq update && $(DOWNLOAD); }; } && \
		dpkg-deb --extract nginx_*.deb . && usr/sbin/nginx -v; \
	} || { echo "nginx could not be fetched; install it (apt-get install nginx)" >&2; exit 1; }
	@touch $@

# The machine's own where it has one. Unlike nginx it cannot be unpacked beside: it needs a hundred libraries in their
# places. So it is installed, which needs root.
INSTALL := DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends chromium fonts-liberation

$(CHROMIUM)/.done:
	@mkdir -p $(CHROMIUM)
	@test -x /usr/bin/chromium || $(INSTALL) || { apt-get -qq update && $(INSTALL); } || { \
		echo "Chromium could not be installed; install it as root (apt-get install chromium)" >&2; exit 1; }
	@touch $@
