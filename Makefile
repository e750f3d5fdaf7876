GO       ?= go
NPM      ?= npm
ARGS     ?=
FUZZTIME ?= 5s
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
SPEC     ?= https://docs.diga.io/api-reference/openapi.json
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
GORELEASER := github.com/goreleaser/goreleaser/v2@v2.14.0
NODE_DIR := cmd/digakit/testdata/node
DIST     ?= --snapshot --skip=docker

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/digakit
	@$(GO) build -o bin/digakit ./cmd/digakit

.PHONY: run
run: build ## Serve the mock on http://127.0.0.1:4010 (ARGS='--keys 1000' for flags)
	@exec bin/digakit mock $(ARGS)

.PHONY: test
test: ## Run the Go tests
	$(GO) test ./...
	@echo 'skipped: the tests in Node.js and in a browser, which `make node` runs; for a browser there is' \
		"$$(command -v "$$CHROMIUM" || command -v chromium || command -v google-chrome || echo 'none: install Chromium, or set CHROMIUM to one')"

.PHONY: race
race: ## Run the Go tests with the race detector, long tables in part (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -short ./...

.PHONY: bench
bench: ## Measure against the targets, side by side in one run
	$(GO) run ./cmd/bench

.PHONY: fuzz
fuzz: ## Fuzz each decoder for FUZZTIME
	@set -e; for package in $$($(GO) list ./...); do \
		targets=$$($(GO) test -list '^Fuzz' $$package); \
		for target in $$(echo "$$targets" | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

.PHONY: generate
generate: ## Make gen/ anew from openapi.json, and the tables in the READMEs from the code
	$(GO) generate ./...
	@$(GO) test -count=1 -run '^TestReadmeTables$$' ./cmd/digakit -update >/dev/null

.PHONY: vendor
vendor: ## Copy the console's npm packages anew, as pinned in mockserver/console/vendor.sh (needs npm)
	@NPM='$(NPM)' sh mockserver/console/vendor.sh

.PHONY: bundle
bundle: ## Join the console's modules and stylesheets in mockserver/console/app to what its pages load (needs npm)
	cd $(NODE_DIR) && $(NPM) ci --ignore-scripts --no-audit --no-fund && sh "$(CURDIR)/mockserver/console/bundle.sh" node_modules/.bin/esbuild

.PHONY: check
check: ## Fail unless generated code and go.mod are up to date
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && mkdir "$$tmp/mockserver" && \
	cp -R go.mod go.sum openapi.json oapi-codegen.yaml gen "$$tmp" && \
	cp -R mockserver/control "$$tmp/mockserver" && \
	rm "$$tmp"/gen/*.gen.go "$$tmp"/gen/openapi.json "$$tmp"/gen/overlay.yaml "$$tmp"/mockserver/control/*.gen.go && \
	(cd "$$tmp" && $(GO) generate ./...) && \
	{ diff -ru "$$tmp/gen" gen && diff -ru "$$tmp/mockserver/control" mockserver/control || \
		{ echo 'generated code is not what its documents make: run `make generate`' >&2; exit 1; }; }
	$(GO) mod tidy -diff
	$(GO) mod verify

.PHONY: lint
lint: ## Run the linters
	$(GO) run $(GOLANGCI) run ./...
	$(GO) run $(ACTIONLINT) .github/workflows/*.yaml cmd/digakit/testdata/ci/watch.yaml

.PHONY: node
node: build ## Judge and use the mock with others' validators and clients (needs Node.js 20)
	@mkdir -p bin/exchanges
	DIGAKIT_EXCHANGES="$(CURDIR)/bin/exchanges" $(GO) test -count=1 -run '^TestEveryOperationSucceeds$$' ./mockserver
	cd $(NODE_DIR) && $(NPM) ci --ignore-scripts --no-audit --no-fund && DIGAKIT="$(CURDIR)/bin/digakit" DIGAKIT_EXCHANGES="$(CURDIR)/bin/exchanges" $(NPM) test

.PHONY: verify
verify: build ## Run the suite on the mock, as it is and under every alternative of its profile
	bin/digakit verify --min-coverage 100
	$(if $(TESTED),,$(GO) test -count=1 -run '^TestVerifyUnderEveryAlternative$$' ./cmd/digakit)

.PHONY: update-spec
update-spec: build ## Import openapi.json from SPEC (files or addresses; the published document), regenerate, build, print the drift
	@cp openapi.json bin/openapi.before.json
	@bin/digakit spec import $(SPEC) -o openapi.json
	@if [ -t 2 ]; then echo 'generating code and building it takes a while' >&2; fi
	@{ $(GO) generate ./... && $(GO) build ./... && $(GO) build -o bin/digakit ./cmd/digakit; } >&2
	@printf 'Update openapi.json from %s\n\n' '$(SPEC)'; bin/digakit drift bin/openapi.before.json openapi.json --fail-on none

.PHONY: update-spec-check
update-spec-check: ## Build copies of the module from other documents, and ask their mocks; a part of `make test` that takes minutes
	$(GO) test -count=1 -v -timeout 20m -run '^TestUpdateSpec$$' ./cmd/digakit

.PHONY: dist
dist: ## Build archives for Linux, macOS and Windows, SHA256SUMS, SBOMs and a Homebrew cask in dist/, publishing nothing
	$(GO) run $(GORELEASER) check
	$(GO) run $(GORELEASER) release --clean $(DIST)
	@cd dist && tar -xzf digakit_$$($(GO) env GOHOSTOS)_$$($(GO) env GOHOSTARCH).tar.gz digakit && ./digakit version && cat SHA256SUMS && ./digakit version | grep -q "^commit   $$(git rev-parse HEAD) "

.PHONY: container-check
container-check: ## Take the Dockerfile's steps without Docker and ask what runs (needs Linux)
	@out=$$($(GO) test -tags container -run '^TestContainer$$' -count=1 -timeout 5m -v ./cmd/digakit 2>&1); echo "$$out"; \
		echo "$$out" | grep -q '^--- PASS: TestContainer ' || { echo 'TestContainer has not passed' >&2; exit 1; }

.PHONY: ci
ci: TESTED = yes # by `make test`, under every alternative
ci: export DIGAKIT_DIST_COMMON = yes
ci: check lint test race verify node dist container-check bench ## All that CI runs
