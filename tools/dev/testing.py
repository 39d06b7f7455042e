"""`make test` and its parts."""

import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryFile

from tools.dev import databases
from tools.dev.chromium import ensure_chromium
from tools.dev.console import say
from tools.dev.databases import odoo_environment
from tools.dev.places import ADDON, DEV, ODOO_CONFIG, ROOT, VENV, python
from tools.dev.postgres import postgres
from tools.dev.servers import free_port
from tools.dev.setup import set_up

LINE_WIDTH = 80
# The module tests run in two processes, each with its own database. These folders take
# about as long as all others together.
HALF = ("access", "conversation", "live")


def test(extra):
    """Run each part until one fails; the last line adds up the results."""
    start = time.monotonic()
    set_up()
    ensure_chromium()
    total, failed = {}, 0
    with postgres():
        for part in (_unit_and_template, _module, _end_to_end):
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
    databases.drop_abandoned("test_")
    with postgres(), database_for_tests(assets=False) as name:
        command = [VENV / "bin" / "odoo", "--database", name, "-u", ADDON.name]
        command += ["--test-tags", f"/{ADDON.name}", "--stop-after-init"]
        command += ["--http-port", free_port(), *extra]
        return _call(command, odoo_environment())


@contextmanager
def database_for_tests(assets, part=1):
    """Create a database for a part of this process and drop it afterwards."""
    name = f"test_{os.getpid()}_{part}"
    databases.create_database(name, assets=assets)
    try:
        yield name
    finally:
        databases.drop_database(name)


def _unit_and_template(extra):
    """Run the unit tests, which need one processor; meanwhile build the template."""
    with ThreadPoolExecutor(1) as pool:
        template = pool.submit(databases.ensure_template)
        failed = _unit(extra)
        template.result()
    return failed


def _unit(extra):
    say("\nUnit tests")
    return _pytest(["tests/unit", *extra])


def _module(extra):
    databases.drop_abandoned("test_")
    tests = ADDON / "tests"
    if extra:
        # A run of selected tests need not wait for the assets
        say("\nModule tests")
        return _module_tests([tests, *extra], assets=False)
    say("\nModule tests, in two processes")
    first = [tests / name for name in HALF]
    second = [path for path in _test_places(tests) if path not in first]
    return _side_by_side(partial(_module_tests, first), partial(_module_tests, second))


def _side_by_side(first, second):
    """Run two functions that call _pytest; the second prints when both have ended."""
    with ThreadPoolExecutor(1) as pool, TemporaryFile("w+") as output:
        other = pool.submit(second, part=2, output=output)
        failed = first()
        failed = other.result() or failed
        output.seek(0)
        say(output.read().rstrip())
    total = added(_counts(1), _counts(2))
    _counts_file(1).write_text(json.dumps(total))
    return failed


def _test_places(tests):
    """Return the folders and files with module tests."""
    folders = (path.parent for path in tests.glob("*/__init__.py"))
    return sorted([*folders, *tests.glob("test_*.py")])


def _module_tests(chosen, part=1, assets=True, output=None):
    with database_for_tests(assets, part) as name:
        options = [
            "--odoo-http",
            f"--odoo-database={name}",
            f"--odoo-config={ODOO_CONFIG}",
        ]
        return _pytest([*options, *chosen], part, output)


def _end_to_end(extra):
    if extra:
        # For a few chosen tests, a second Odoo takes longer to start than they take
        say("\nEnd-to-end tests")
        return _pytest(["tests/e2e", "tests/faults", *extra])
    say("\nEnd-to-end tests in two processes, the fault tests in another")
    # The browser tests keep the processors busy. Two runs share their files, each with
    # its own Odoo. The fault tests mostly wait. They need their own Odoo: after a cut
    # connection, its dispatcher of live updates waits 50 seconds.
    sharing = ["--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder"]
    return _side_by_side(
        partial(_pytest, ["tests/e2e", *sharing]), partial(_pytest, ["tests/faults"])
    )


def _pytest(arguments, part=1, output=None):
    counts = _counts_file(part)
    counts.unlink(missing_ok=True)
    command = [python(), "-m", "pytest", "-q", "-p", "tools.dev.pytest_plugin"]
    command += ["-ra", "--timeout=600", *arguments]
    environment = odoo_environment()
    # With this variable pytest-odoo would load Odoo
    environment.pop("ODOO_RC")
    return _call(command, {**environment, "PYTEST_COUNTS": str(counts)}, output)


def _call(command, environment, output=None):
    """Run a command; return its exit code. ``output`` is a file for what it prints."""
    command = [str(part) for part in command]
    into = {"stdout": output, "stderr": subprocess.STDOUT} if output else {}
    return subprocess.call(command, cwd=ROOT, env=environment, **into)


def _counts_file(part):
    return DEV / f"test-counts-{part}.json"


def _counts(part=1):
    path = _counts_file(part)
    return json.loads(path.read_text()) if path.exists() else {"error": 1}


def added(total, counts):
    return {name: total.get(name, 0) + counts.get(name, 0) for name in total | counts}


def summary(total, seconds):
    """Return the results of all parts in one line, in pytest's words."""
    if total.get("error", 0) > 1:
        total["errors"] = total.pop("error")
    words = ", ".join(f"{number} {name}" for name, number in total.items())
    return f"\n{f' {words} in {seconds:.2f}s '.center(LINE_WIDTH, '=')}"
