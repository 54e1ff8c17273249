# Everything there is to do with this house. `make` alone tells the verbs.

SWIFT ?= swift
# One scratch folder per way of building: each mode rebuilds all that another one built.
DEBUG = --scratch-path .build
RELEASE = -c release --static-swift-stdlib --scratch-path .build-release
KILN = .build-release/release/kiln
SWIFT_FILES = Sources Tests Migrations Package.swift

NEEDED_TO_BUILD = g++ git libc6-dev libsqlite3-dev zlib1g-dev
NEEDED_TO_RUN = assimp-utils bubblewrap
NEEDED_TO_TEST = curl python3
NEEDED_TO_BENCH = python3
HEAVY_TOOLS = blender python3-numpy openscad occt-draw libocct-draw-dev freecad-python3 gltfpack draco admesh xvfb xauth
# Blender as a module needs some libraries of a desktop, f3d one that draws without a display, drawings a font.
PYTHON_TOOLS_NEED = fonts-dejavu-core libegl1 libgl1 libgl1-mesa-dri libice6 libsm6 libx11-6 libxext6 libxfixes3 libxi6 \
    libxkbcommon0 libxrender1
PYTHON_TOOLS = ezdxf f3d trimesh bpy

# One process for each target, so that reading models does not take the processor from tests of connections; and so many tests
# at a time, where Swift can be told: each may be a server with threads and files of its own.
TEST_TARGETS = PersistenceTests PipelineTests AppTests
WIDTH = $(shell $(SWIFT) test --help-hidden 2>/dev/null \
    | grep -q experimental-maximum-parallelization-width && echo --experimental-maximum-parallelization-width 8)
run-tests = set -e; \
	if [ -n '$(ARGS)' ]; then set -x; $(1) $(SWIFT) test $(DEBUG) --skip-build $(ARGS); exit; fi; \
	for target in $(TEST_TARGETS); do (set -x; $(1) $(SWIFT) test $(DEBUG) --skip-build $(WIDTH) --filter "^$$target\."); done

.PHONY: help run test build lint format bench soak hostile image tools deploy-check clean swift packages
.DEFAULT_GOAL := help

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build the server and run it; settings: make run ARGS="--port 8080"
	@exec $(KILN) serve $(ARGS)

test: swift packages ## run all tests; some of them: make test ARGS="--filter Writer"
	@deploy/install-packages $(NEEDED_TO_TEST)
	$(SWIFT) build $(DEBUG) --build-tests
	@$(call run-tests,)

build: swift packages ## build the release binary, which runs without Swift: .build-release/release/kiln
	$(SWIFT) build $(RELEASE) --product kiln

lint: swift deploy-check ## check the formatting of all Swift code, and what is in deploy/
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_FILES)

format: swift ## format all Swift code
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_FILES)

bench: build ## measure the figures of docs/performance.md; a part of them: make bench ONLY=history JOBS=100000
	@deploy/install-packages $(NEEDED_TO_BENCH)
	python3 Benchmarks/bench.py --kiln $(KILN) $(if $(ONLY),--only $(ONLY)) $(if $(JOBS),--jobs $(JOBS)) $(ARGS)

soak: swift packages ## run the tests with their long forms (a thousand kills), and jobs for an hour: make soak MINUTES=5
	@deploy/install-packages $(NEEDED_TO_TEST)
	$(SWIFT) build $(DEBUG) --build-tests
	@$(call run-tests,KILN_SOAK=1)
	@deploy/install-packages $(NEEDED_TO_BENCH)
	$(SWIFT) build $(RELEASE) --product kiln
	python3 Benchmarks/soak.py --kiln $(KILN) --minutes $(or $(MINUTES),60)

hostile: build packages ## send some hundred hostile inputs to a server, and check that each costs only its own job
	@deploy/install-packages $(NEEDED_TO_TEST)
	python3 Tests/Hostile/run.py --kiln $(KILN) $(ARGS)

image: ## build the container image `kiln`
	docker build --tag kiln .

tools: ## install the heavy converters, as far as this distribution has them
	@deploy/install-packages --available $(HEAVY_TOOLS) $(PYTHON_TOOLS_NEED)
	@deploy/install-python-tools $(PYTHON_TOOLS)

deploy-check: ## check what is in deploy/, by the validators that are installed
	@deploy/check

clean: ## remove all that was built; data stays
	rm -rf .build .build-*

packages:
	@deploy/install-packages $(NEEDED_TO_BUILD) $(NEEDED_TO_RUN)

swift:
	@command -v $(SWIFT) >/dev/null || { \
	    echo "Swift is missing. Kiln needs 6.2 or newer: https://www.swift.org/install" >&2; exit 1; }
	@version=$$($(SWIFT) --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1); \
	printf '6.2\n%s\n' "$${version:-0}" | sort -C -V || { \
	    echo "Swift $${version:-of an unknown version} is too old. Kiln needs 6.2 or newer: https://www.swift.org/install" >&2; exit 1; }
