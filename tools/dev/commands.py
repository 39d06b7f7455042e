"""The commands of `python3 -m tools.dev`."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress

from tools.dev import cleaning, databases, linting, run, testing
from tools.dev.chromium import ensure_chromium
from tools.dev.console import Problem, complain, say
from tools.dev.places import ODOO_CONFIG, ROOT, VENV
from tools.dev.postgres import postgres, program
from tools.dev.processes import NO_PROXY, environment
from tools.dev.setup import set_up


def build(_extra):
    """Get Odoo and PostgreSQL, and build the template databases."""
    set_up()
    with postgres():
        for demo in (False, True):
            databases.ensure_template(demo)
    return 0


def create(names):
    """Create databases with the addon; `--demo NAME` adds demo data."""
    set_up()
    with postgres():
        for name in names:
            if name != "--demo":
                databases.create_database(name, demo="--demo" in names)
    return 0


def execute(command):
    """Run a command with the python, pytest, odoo and psql of .dev."""
    set_up()
    with postgres():
        path = [VENV / "bin", program("psql").parent, os.environ.get("PATH", "")]
        variables = environment(
            PATH=os.pathsep.join(map(str, path)),
            ODOO_RC=ODOO_CONFIG,
            MESSAGING_INBOX_DEVELOPER=1,
        )
        found = shutil.which(command[0], path=variables["PATH"])
        return subprocess.call(
            [found or command[0], *command[1:]], cwd=ROOT, env=variables
        )


def bench(extra):
    """Measure, print a table and write bench.json."""
    set_up()
    ensure_chromium()
    return execute(["python", "-m", "benchmarks", *extra])


def bench_nodes(extra):
    """Restart two nodes under load, print a table and write bench-nodes.json."""
    set_up()
    return execute(["python", "-m", "benchmarks.nodes", *extra])


def faults(extra):
    """Break things under load a thousand times, and print what became of it."""
    set_up()
    return execute(["python", "-m", "tests.faults.campaigns", *extra])


def fuzz(extra):
    """Throw millions of inputs at whatever strangers reach; print a table."""
    set_up()
    return execute(["python", "-m", "tests.fuzz", *extra])


def bench_quick(extra):
    return bench(["--quick", *extra])


COMMANDS = {
    "run": run.run,
    "test": testing.test,
    "unit": testing.unit,
    "module": testing.module,
    "e2e": testing.end_to_end,
    "odoo-test": testing.odoo_test,
    "lint": linting.lint,
    "format": linting.tidy,
    "bench": bench,
    "bench-nodes": bench_nodes,
    "bench-quick": bench_quick,
    "faults": faults,
    "fuzz": fuzz,
    "build": build,
    "database": create,
    "exec": execute,
    "clean": cleaning.clean,
}


def main(words):
    if not words or words[0] not in COMMANDS:
        say(f"usage: python3 -m tools.dev {{{','.join(COMMANDS)}}} [argument …]")
        return 2
    # As with Ctrl-C: stop everything that was started on the way out
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ.update(NO_PROXY)
    try:
        return COMMANDS[words[0]](words[1:])
    except Problem as problem:
        complain(problem)
        return 1
    except KeyboardInterrupt:
        with suppress(BrokenPipeError):
            print("\nInterrupted.", file=sys.stderr)
        return 130
