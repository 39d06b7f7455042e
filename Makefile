# Each command installs what it needs first. See README.md.
PYTHON ?= python3
export PORT PHONE_PORT DB ODOO_PATH

.DEFAULT_GOAL := help
COMMANDS := run test unit module e2e odoo-test lint format
COMMANDS += bench bench-quick bench-nodes faults fuzz build clean
.PHONY: help $(COMMANDS)

help:
	@echo "make run     Odoo with demo data and the practice phone"
	@echo "             (PORT=8069 PHONE_PORT=8070 DB=messaging_inbox ODOO_PATH=)"
	@echo "make test    all tests; parts: unit, module, e2e (ARGS=\"-k word\")"
	@echo "             and odoo-test, the module tests in Odoo's own runner"
	@echo "make lint    checks the code; make format fixes what it can"
	@echo "make bench   measures and writes bench.json; bench-quick a part of it,"
	@echo "             bench-nodes two nodes behind nginx, restarted under load"
	@echo "make faults  breaks two nodes a thousand times under load, and counts what is"
	@echo "             lost or doubled (ARGS=\"--only NAME --seed N\")"
	@echo "make fuzz    millions of inputs for whatever strangers reach (an hour)"
	@echo "make build   only installs what the others need"
	@echo "make clean   removes everything that was made"

$(COMMANDS):
	@$(PYTHON) -m tools.dev $@ $(ARGS)
