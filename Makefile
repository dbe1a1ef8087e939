.DEFAULT_GOAL := help
.PHONY: help verify test format demo up clean

help: ## List the goals
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

verify: ## Everything CI runs: format check, compile, unit and integration tests
	./mvnw verify

test: ## Unit tests only, in seconds
	./mvnw test

format: ## Lay the code out as the build wants it
	./mvnw -q spotless:apply

demo: ## The whole story on sample data, in one process
	./landfall demo

up: ## Broker, sensors and runners in one process on models/, until Ctrl-C
	./landfall up

clean: ## Remove what was built and data/
	./mvnw -q clean
	rm -rf data
