# Two words are enough: `make demo` shows Mastic at work, `make test` proves it. The rest are their parts.
CACHE  := $(shell tools/setup.sh --print)
PYTHON := $(CACHE)/venv/bin/python
BUILD  := build
PRESET := release
JOBS   ?= $(shell nproc)

.DEFAULT_GOAL := help
.PHONY: pictures glue-api soak help setup build demo test test-unit test-clients check format lint asan tsan fuzz bench conformance clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what Mastic is built from (Debian packages, Python, DuckDB) into one cache folder
	@tools/setup.sh

configure: setup
	@test -f $(BUILD)/build.ninja || cmake --preset $(PRESET) -B $(BUILD) >$(BUILD).cmake.log 2>&1 || { cat $(BUILD).cmake.log; exit 1; }

build: configure ## Build build/mastic
	@NINJA_STATUS='[build %f/%t, %es] ' ninja -C $(BUILD) -j $(JOBS) mastic

demo: build ## Run the article's pipeline: DynamoDB, crawler, PySpark job, CSV in S3
	@$(PYTHON) examples/claims/demo.py --binary $(BUILD)/mastic $(if $(KEEP),--keep)

test: build ## Every test: units, house rules, real clients, faults
	@NINJA_STATUS='[build %f/%t, %es] ' ninja -C $(BUILD) -j $(JOBS) all
	@ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)
	@$(MAKE) --no-print-directory lint
	@MASTIC_BINARY=$(CURDIR)/$(BUILD)/mastic $(PYTHON) -m pytest tests -n $(JOBS) --dist loadfile -q

lint: setup ## Format and static checks of C++, Python and TypeScript; the console's units
	@clang-format-19 --dry-run --Werror $$(git ls-files 'src/*.h' 'src/*.cpp' 'bench/*.cpp' 'tests/*.cpp')
	@$(CACHE)/venv/bin/ruff check -q . && $(CACHE)/venv/bin/ruff format -q --check .
	@$(CACHE)/venv/bin/mypy
	@cd console && export PATH=$(CACHE)/node/bin:$$PATH && npm run --silent check && npm test --silent

format: setup ## Bring C++ and Python into the house's format
	@clang-format-19 -i $$(git ls-files 'src/*.h' 'src/*.cpp' 'bench/*.cpp' 'tests/*.cpp')
	@$(CACHE)/venv/bin/ruff format -q . && $(CACHE)/venv/bin/ruff check -q --fix .

tidy: configure ## clang-tidy over what is built (slow)
	@run-clang-tidy-19 -quiet -p $(BUILD) 'src/.*\.cpp$$'

asan tsan: setup ## Unit tests under the address and undefined-behaviour (asan) or thread (tsan) sanitizers
	@cmake --preset $@ >/dev/null && ninja -C build-$@ -j $(JOBS) all
	@ctest --test-dir build-$@ --output-on-failure

FUZZ_SECONDS ?= 60
fuzz: setup ## Run every fuzz target for FUZZ_SECONDS (60) each
	@cmake --preset fuzz >/dev/null && ninja -C build-fuzz -j $(JOBS) --quiet fuzzers
	@for f in build-fuzz/*_fuzz; do echo "== $$f"; mkdir -p $$f.corpus; \
	  $$f -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=4096 -timeout=10 -print_final_stats=1 $$f.corpus 2>$$f.log \
	  || { tail -40 $$f.log; exit 1; }; grep -E 'stat::number_of_executed_units' $$f.log; done

SUITES ?= doctests core arrow pandas pandasapi others
conformance: build ## PySpark's own tests against the engine; rewrites docs/spark-compatibility.md (SUITES="doctests core")
	@$(PYTHON) tests/conformance/conformance.py --binary $(BUILD)/mastic --suites "$(SUITES)" --report docs/spark-compatibility.md

bench: build ## Measure against the peers, side by side
	@ninja -C $(BUILD) --quiet load authorise lineage_bench
	@$(PYTHON) bench/run.py --binary $(BUILD)/mastic --load $(BUILD)/load --output $(BUILD)/bench.json $(if $(ONLY),--only $(ONLY))

pictures: build ## Take the pictures of docs/console.md anew from the real pages
	@MASTIC_BINARY=$(CURDIR)/$(BUILD)/mastic $(CACHE)/node/bin/node tests/console/pictures.mjs

glue-api: setup ## Write docs/glue-api.md: which of Glue's operations work
	@$(PYTHON) tools/generate_glue_api.py

SOAK_RUNS ?= 300
soak: build ## Run SOAK_RUNS (300) workflow runs while server, engines and drivers are killed at random
	@$(PYTHON) tests/faults/soak.py --binary $(BUILD)/mastic --runs $(SOAK_RUNS) --log $(BUILD)/soak.log

clean: ## Remove what was built (not the cache folder)
	@rm -rf $(BUILD) build-* *.cmake.log
