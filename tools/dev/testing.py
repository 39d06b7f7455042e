"""`make test` and its parts."""

import json
import os
import subprocess
import time
from contextlib import contextmanager

from tools.dev import databases
from tools.dev.chromium import ensure_chromium
from tools.dev.console import Problem, say
from tools.dev.databases import odoo_environment
from tools.dev.places import ADDON, DEV, ODOO_CONFIG, ROOT, VENV, python
from tools.dev.postgres import postgres
from tools.dev.servers import free_port
from tools.dev.setup import set_up

COUNTS = DEV / "test-counts.json"
LINE_WIDTH = 80


def test(extra):
    """Run each part until one fails; the last line adds up the results."""
    start = time.monotonic()
    set_up()
    ensure_chromium()
    total, failed = {}, 0
    with postgres():
        for part in (_unit, _module, _end_to_end):
            failed = part(extra)
            total = added(total, _counts())
            if failed:
                break
    say(summary(total, time.monotonic() - start))
    return failed


def unit(extra):
    set_up()
    return _unit(extra)


def module(extra):
    set_up()
    ensure_chromium()
    with postgres():
        return _module(extra)


def end_to_end(extra):
    set_up()
    ensure_chromium()
    with postgres():
        return _end_to_end(extra)


def odoo_test(extra):
    """Run the module tests with Odoo's own runner."""
    set_up()
    ensure_chromium()
    with postgres(), database_for_tests(assets=False) as name:
        command = [VENV / "bin" / "odoo", "--database", name, "-u", ADDON.name]
        command += ["--test-tags", f"/{ADDON.name}", "--stop-after-init"]
        command += ["--http-port", free_port(), *extra]
        return _call(command, odoo_environment())


@contextmanager
def database_for_tests(assets):
    """Create a database for this process and drop it afterwards."""
    databases.drop_abandoned("test_")
    name = f"test_{os.getpid()}"
    databases.create_database(name, assets=assets)
    try:
        yield name
    finally:
        databases.drop_database(name)


def _unit(extra):
    return _pytest("Unit tests", ["tests/unit", *extra])


def _module(extra):
    # A run of selected tests need not wait for the assets
    with database_for_tests(assets=not extra) as name:
        options = [
            "--odoo-http",
            f"--odoo-database={name}",
            f"--odoo-config={ODOO_CONFIG}",
        ]
        return _pytest("Module tests", [*options, f"{ADDON.name}/tests", *extra])


def _end_to_end(extra):
    places = [p for p in ("tests/e2e", "tests/faults") if (ROOT / p).exists()]
    if not places:
        raise Problem("tests/e2e and tests/faults are missing.")
    # The browser mostly waits: two runs, each with its own Odoo, share the processors.
    # For a few chosen tests, a second Odoo would take longer to start than they take.
    # The fault tests stay last: after a cut connection, Odoo's own dispatcher of live
    # updates waits 50 seconds.
    options = ["--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder"]
    return _pytest("End-to-end tests", [*([] if extra else options), *places, *extra])


def _pytest(title, arguments):
    say(f"\n{title}")
    COUNTS.unlink(missing_ok=True)
    command = [python(), "-m", "pytest", "-q", "-p", "tools.dev.pytest_plugin"]
    command += ["-ra", "--timeout=300", *arguments]
    environment = odoo_environment()
    # With this variable pytest-odoo would load Odoo
    environment.pop("ODOO_RC")
    return _call(command, {**environment, "PYTEST_COUNTS": str(COUNTS)})


def _call(command, environment):
    return subprocess.call([str(part) for part in command], cwd=ROOT, env=environment)


def _counts():
    return json.loads(COUNTS.read_text()) if COUNTS.exists() else {"error": 1}


def added(total, counts):
    return {name: total.get(name, 0) + counts.get(name, 0) for name in total | counts}


def summary(total, seconds):
    """Return the results of all parts in one line, in pytest's words."""
    if total.get("error", 0) > 1:
        total["errors"] = total.pop("error")
    words = ", ".join(f"{number} {name}" for name, number in total.items())
    return f"\n{f' {words} in {seconds:.2f}s '.center(LINE_WIDTH, '=')}"
