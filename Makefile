# `make` alone lists what there is. The work is done by scripts/, which can be called by themselves.

.DEFAULT_GOAL := help
SHELL := bash

# Two builds at once would fight for one build folder, and for the machine.
.NOTPARALLEL:

# What `swift build` and `swift test` are given; .ci/run adds that warnings are errors.
SWIFT_FLAGS ?=
# What makes `apt-get` work for a person who is not root, for example `make setup SUDO=sudo`.
SUDO ?=
export SWIFT_FLAGS SUDO

swift_files = $$(git ls-files --cached --others --exclude-standard '*.swift')

.PHONY: help setup setup-build build release run test bench bench-host bench-library reload-storm simulate coverage docs fuzz format lint clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## check for the system packages that are needed, and install what is missing (as root, or with SUDO=sudo)
	@scripts/setup build test

setup-build:
	@scripts/setup build

build: setup-build ## build everything, for debugging
	swift build --build-tests $(SWIFT_FLAGS)

release: setup-build ## build the processor-host executable, optimized
	swift build -c release --product processor-host $(SWIFT_FLAGS)

run: setup-build ## start the host, send it a recorded trace, and show what comes out
	swift build --product processor-host $(SWIFT_FLAGS)
	@scripts/demo "$$(swift build --show-bin-path)/processor-host"

test: setup ## run every test: Swift, the C library against stock Lua, the rules' own, conformance
	@scripts/test

bench: setup-build ## measure (Benchmarks/)
	swift package --package-path Benchmarks --allow-writing-to-package-directory benchmark --no-progress

bench-host: setup ## measure the host end to end, over HTTP and gRPC (Benchmarks/Host)
	@scripts/bench-host --minutes $(or $(MINUTES),10)

bench-library: setup-build ## measure what tracing costs a Swift app, on its own threads and in all
	@scripts/bench-library

reload-storm: setup ## reload rules COUNT times (default 1000) under full load, and check every span
	@scripts/reload-storm --count $(or $(COUNT),1000) --seconds $(or $(SECONDS),3600) $(EXECUTABLE)

simulate: setup-build ## simulate hosts that look at whole traces, behind a balancer; SEED=number for other traces
	swift build -c release --product Simulation $(SWIFT_FLAGS)
	@"$$(swift build -c release --show-bin-path)/Simulation" $(SEED)

coverage: setup ## say how many lines of Sources the tests run; fails below LEAST per cent (default 80)
	@scripts/coverage

docs: setup-build ## make the library's documentation, as a DocC archive; warnings are errors
	@scripts/docs

fuzz: setup ## run the randomized tests with new seeds for FUZZ_SECONDS (default 60)
	@scripts/fuzz

format: ## format the Swift sources in place
	swift format format --in-place --parallel $(swift_files)

lint: ## check format and house rules
	@scripts/lint

clean: ## remove everything that was built
	rm -rf .build Benchmarks/.build
