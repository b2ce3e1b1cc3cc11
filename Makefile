# Thin: every target is one line of cmake or of a script. `make demo` and `make test` also install
# what is missing (Debian 12; root or sudo).
BUILD ?= build
JOBS ?= $(shell nproc)
# Tests share processors: a thread that waits gives its own back.
CTEST ?= OMP_WAIT_POLICY=passive ctest
CONFIGURE = cmake -S . -G Ninja -DRPPG_WERROR=$(or $(RPPG_WERROR),OFF)

.PHONY: demo test build dependencies debug asan fuzz faults bench docs format lint clean

## a small synthetic data set, evaluated, as demo/report/report.html
demo: build
	scripts/demo.sh $(BUILD)/cli/rppg demo

## build and pass all tests
test: build
	$(CTEST) --test-dir $(BUILD) --output-on-failure -j $(JOBS)

dependencies:
	scripts/install_dependencies.sh

build: dependencies
	$(CONFIGURE) -B $(BUILD)
	cmake --build $(BUILD) -j $(JOBS)

## the same with checks: assertions; address and undefined-behaviour sanitizers
debug:
	$(CONFIGURE) -B build-debug -DCMAKE_BUILD_TYPE=Debug
	cmake --build build-debug -j $(JOBS)
	$(CTEST) --test-dir build-debug --output-on-failure -j $(JOBS)

asan:
	$(CONFIGURE) -B build-asan -DCMAKE_BUILD_TYPE=Debug -DRPPG_SANITIZE=address,undefined
	cmake --build build-asan -j $(JOBS)
	$(CTEST) --test-dir build-asan --output-on-failure -j $(JOBS) -L unit

## one minute of fuzzing per target (clang)
fuzz:
	CC=clang-14 CXX=clang++-14 $(CONFIGURE) -B build-fuzz -DRPPG_FUZZ=ON
	cmake --build build-fuzz -j $(JOBS)
	tests/fuzz/run.sh build-fuzz 60

## all fault tests (CI runs a reduced set of them)
faults: build
	tests/faults/run.sh --full $(BUILD)/cli/rppg

## speed against ffmpeg and memory, as ratios of one run
bench: build
	tests/bench/run.sh $(BUILD)

## docs/commands.md from the binary
docs: build
	$(BUILD)/cli/rppg --commands-markdown > docs/commands.md

format:
	scripts/format.sh --fix

lint: build
	scripts/lint.sh $(BUILD)

clean:
	rm -rf $(BUILD) build-debug build-asan build-fuzz demo
