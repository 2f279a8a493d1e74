# musubi. `make run` serves the sample; `make test` is the whole test.
GO      ?= go
STORE   ?= embedded
LINT    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.12.2

VULN    := golang.org/x/vuln/cmd/govulncheck@v1.1.4
SBOM    := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0

.PHONY: release reproducible vuln run test check generate generated web lint fuzz differential torture oracle bench bench-analysis bench-loading bench-upserts

# Serves the Shiojiri sample on 127.0.0.1:8080: on the embedded store, or with
# STORE=neo4j on a real Neo4j that is started beside it.
run: web
ifeq ($(STORE),neo4j)
	$(GO) build -o bin/neo4j-local ./internal/store/neo4j/neo4jserver/cmd/neo4j-local
	$(GO) build -o bin/musubi .
	bin/neo4j-local --full-jit --dir .cache/neo4j --exec -- bin/musubi serve --sample
else
	$(GO) run . serve --sample
endif

# Builds the IDE when Node is there; without it the server's page says how.
web:
	@if command -v npm >/dev/null 2>&1; then \
	  if [ ! -f web/dist/index.html ] || [ -n "$$(find web/src docs/queries docs/subscriptions web/index.html web/package-lock.json -newer web/dist/index.html 2>/dev/null)" ]; then \
	    cd web && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build; fi; \
	else echo "Node is not installed: the IDE page will say how to build it."; fi

# The schema of the kinds, gqlgen's code, the reference of the flags.
generate:
	$(GO) run ./graph/sdlgen
	$(GO) tool gqlgen generate
	$(GO) test ./internal/cli -run TestIsTheReferenceOfFlagsTrue -update

# Fails when what is committed is not what generate makes.
generated: generate
	git diff --exit-code -- graph docs/flags.md go.mod go.sum

# The inner loop: no Neo4j, no race detector.
check:
	@test -z "$$(gofmt -l graph internal main.go sample web/*.go)" || { gofmt -l graph internal main.go sample; exit 1; }
	$(GO) vet ./...
	$(GO) test -short ./...

# Linters, and the import directions (depguard).
lint:
	$(GO) run $(LINT) run --allow-parallel-runners ./...

# The two engines on thousands of random maps, 20 of a series with 10 shapes of
# plans; it takes an hour (make test: 128 maps). Other series are other maps.
SERIES ?= 100..200:20x10
differential:
	MUSUBI_DIFFERENTIAL=$(SERIES) $(GO) test -count=1 -timeout 12h ./internal/store/neo4j/differential

# Writers are killed so often, on the file and on Neo4j (the client, and the
# server itself), and Neo4j is away for so long (make test: 20 kills of each, 3 s).
KILLS  ?= 200
OUTAGE ?= 30s
torture:
	MUSUBI_KILLS=$(KILLS) MUSUBI_OUTAGE=$(OUTAGE) $(GO) test -count=1 -v -timeout 12h -run 'Kill|AtFault|BreaksOff|CommitsBreak' ./internal/store/sqlite ./internal/store/neo4j

# Every fuzz target for so long, one after the other; make test runs their seeds.
# FUZZING narrows it: make fuzz FUZZ=1m FUZZING='Cost|Cursor'.
FUZZ    ?= 10m
FUZZING ?= .
fuzz:
	@grep -rl --include=*_test.go '^func Fuzz' graph internal | xargs -n1 dirname | sort -u | while read dir; do \
	  $(GO) test -list '^Fuzz' ./$$dir | grep '^Fuzz' | grep -E '$(FUZZING)' | while read target; do \
	    echo "$$dir $$target"; $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZ) ./$$dir || exit 1; \
	  done || exit 1; done

# What igraph and NetworkX say, for the tests of the analysis. The versions are
# pinned: another may define a measure otherwise.
ORACLE := .cache/oracle
oracle: $(ORACLE)/ready
	$(ORACLE)/bin/python -W ignore internal/analysis/testdata/oracle.py > $(ORACLE)/oracle.json
	mv $(ORACLE)/oracle.json internal/analysis/testdata/oracle.json

$(ORACLE)/ready: internal/analysis/testdata/requirements.txt
	python3 -m venv $(ORACLE)
	$(ORACLE)/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

# The analysis beside igraph and NetworkX; BENCH takes flags, see bench/README.md.
bench-analysis: $(ORACLE)/ready
	cd bench && $(GO) run ./analysis -python ../$(ORACLE)/bin/python $(BENCH)

# Loading a network of 1,000,000 ties from a Neo4j that is filled first, beside a
# bare use of the driver; it takes some six minutes.
bench-loading:
	cd bench && $(GO) run ./loading $(BENCH)

# Ours beside the bare driver, @neo4j/graphql and PostGraphile on one town, in under
# five minutes; BENCH takes flags, see bench/README.md. Peers that cannot be had are
# left out, and the run says so.
bench: bench/peers/node_modules
	cd bench && $(GO) run ./compare $(BENCH)

bench/peers/node_modules: bench/peers/package-lock.json
	@if command -v npm >/dev/null 2>&1; then cd bench/peers && npm ci --no-audit --no-fund --loglevel=error && touch node_modules; fi

# What the tests with the official clients need, when Node is there.
web/node_modules: web/package-lock.json
	@if command -v npm >/dev/null 2>&1; then cd web && npm ci --no-audit --no-fund --loglevel=error && touch node_modules; fi

# Batched upserts beside hand-written UNWIND … MERGE on one Neo4j; some four minutes.
bench-upserts:
	cd bench && $(GO) run ./upserts $(BENCH)

# Everything, on both stores. With CI=true a missing Neo4j is a failure.
test: generated lint web/node_modules
	@test -z "$$(gofmt -l graph internal main.go sample)" || { gofmt -l graph internal main.go sample; exit 1; }
	$(GO) vet ./...
	$(GO) test -race -timeout 30m ./...

# The programs for release, with a list of what is in them (CycloneDX) and their
# hashes, in bin/release. The same commit gives the same bytes wherever it lies.
VERSION   ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
PLATFORMS ?= linux/amd64 linux/arm64 darwin/arm64 windows/amd64
BUILD     := build -trimpath -buildvcs=false -ldflags='-s -w -buildid= -X github.com/musubi-map/musubi/internal/cli.release=$(VERSION)'
release: web
	rm -rf bin/release && mkdir -p bin/release
	@for p in $(PLATFORMS); do os=$${p%/*}; arch=$${p#*/}; echo "$$p"; \
	  CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch $(GO) $(BUILD) -o bin/release/musubi-$(VERSION)-$$os-$$arch$$([ $$os = windows ] && echo .exe) . || exit 1; done
	@for p in bin/release/*; do $(GO) run $(SBOM) bin -json -noserial -version $(VERSION) -output $$p.cdx.json $$p || exit 1; done
	cd bin/release && sha256sum * > SHA256SUMS && cat SHA256SUMS

# Builds the committed tree twice, in two places and with nothing kept from before,
# and compares the hashes. It takes some minutes; FRESH= takes what Go has kept.
FRESH ?= -a
reproducible:
	@rm -rf .cache/twice && mkdir -p .cache/twice/one .cache/twice/two/deeper
	@for d in one two/deeper; do git archive HEAD | tar -x -C .cache/twice/$$d && \
	  (cd .cache/twice/$$d && CGO_ENABLED=0 $(GO) $(BUILD) $(FRESH) -o musubi .) || exit 1; done
	@cd .cache/twice && sha256sum one/musubi two/deeper/musubi && cmp one/musubi two/deeper/musubi && echo "the same"

# Known vulnerabilities in what is linked. Where the database cannot be reached it
# says that it was skipped, and does not fail.
vuln:
	@mkdir -p .cache; $(GO) run $(VULN) ./... > .cache/vuln.txt 2>&1; code=$$?; cat .cache/vuln.txt; \
	if [ $$code -eq 0 ] || grep -q '^Vulnerability #' .cache/vuln.txt; then exit $$code; fi; \
	if grep -Eq 'dial tcp|no such host|i/o timeout|connection refused|fetching vulnerabilities|Forbidden|unexpected status|HTTP GET' .cache/vuln.txt; then echo "SKIPPED: the database of vulnerabilities cannot be reached from here; nothing was checked"; else exit $$code; fi
