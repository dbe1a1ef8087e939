.DEFAULT_GOAL := help
.PHONY: help verify test soak bench bench-sensor planted-bugs format demo up clean

help: ## List the goals
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

verify: ## Everything CI runs: format check, compile, unit and integration tests
	./mvnw verify

test: ## Unit tests only, in seconds
	./mvnw test

soak: ## The long runs: many seeds, 20 M rows, 5 GB; an hour or so. One class: make soak SOAK=BackfillSoakIT
	./mvnw verify -Dgroups=soak -DexcludedGroups=none -Dspotless.check.skip -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false $(if $(SOAK),-Dtest='$(SOAK)' -Dit.test='$(SOAK)')

bench-sensor: BENCH = sensor first-start
bench-sensor: bench ## What landing detection costs

bench: ## What Landfall costs beside what it is made of, as tables. One bench: make bench BENCH=landing
	./mvnw -q -pl bench -am -DskipTests test-compile spring-boot:run -Dspring-boot.run.arguments='$(BENCH)'

planted-bugs: ## Plant a bug at a time in a copy, and see that its test catches it. One: make planted-bugs BUG=older-row-wins
	java tools/planted-bugs/PlantedBugs.java $(BUG)

format: ## Lay the code out as the build wants it
	./mvnw -q spotless:apply

demo: ## The whole story on sample data, in one process
	./landfall demo

up: ## Broker, sensors and runners in one process on models/, until Ctrl-C
	./landfall up

clean: ## Remove what was built and data/
	./mvnw -q clean
	rm -rf data
