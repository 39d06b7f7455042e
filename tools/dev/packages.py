"""Python packages in our own virtual environments."""

import importlib.util
import shutil
import sys

from tools.dev import apt
from tools.dev.console import Problem, step
from tools.dev.places import DEV, ROOT, VENV, VENV_LINT, python
from tools.dev.processes import run_quietly


def ensure_packages():
    _ensure(VENV, "requirements-odoo.txt", "requirements-dev.txt")


def ensure_lint_packages():
    _ensure(VENV_LINT, "requirements-lint.txt")


def ensure_beside(target, *packages):
    """Install packages into a folder of their own, without what they depend on."""
    if target.exists():
        return
    with step(f"Downloading {', '.join(packages)}"):
        command = [*_pip(VENV), "install", "--quiet", "--no-deps", "--target", target]
        problem = "pip could not install the Python packages (is there a network?)"
        run_quietly([*command, *packages], "packages", problem)


def _ensure(venv, *lists):
    """Install an environment's lists; rebuild it if the Python changed."""
    stamp = venv / "built-from"
    wanted = "".join((ROOT / name).read_text() for name in lists)
    # Not the executable: `make fuzz` runs this from within the environment.
    python_line = f"# {sys.version_info} at {sys.base_prefix}\n"
    built = stamp.read_text() if stamp.exists() else ""
    if built == python_line + wanted:
        return
    with step(f"Installing Python packages ({', '.join(lists)})"):
        if not built.startswith(python_line):
            shutil.rmtree(venv, ignore_errors=True)
        _install(venv, lists)
        stamp.write_text(python_line + wanted)


def _install(venv, lists):
    pip = _pip(venv)
    options = [part for name in lists for part in ("-r", ROOT / name)]
    # The lists are complete, so pip need not resolve dependencies
    command = [*pip, "install", "--quiet", "--no-deps", *options]
    problem = "pip could not install the Python packages (is there a network?)"
    run_quietly(command, "packages", problem)


def _pip(venv):
    """Return the command of the environment's pip; create it if it is missing."""
    create = [sys.executable, "-m", "venv", venv]
    if importlib.util.find_spec("ensurepip"):
        if not python(venv).exists():
            run_quietly(create, "packages", "python3 -m venv failed")
        return [python(venv), "-m", "pip"]
    run_quietly([*create, "--without-pip"], "packages", "python3 -m venv failed")
    return [python(venv), _pip_wheel() / "pip"]


def _pip_wheel():
    """Return the wheel of pip, which Debian keeps in its own package."""
    if not apt.is_debian():
        raise Problem("This Python has no ensurepip. Install the package python3-venv.")
    if not list((DEV / "pip").rglob("pip-*.whl")):
        apt.unpack(DEV / "pip", own=["python3-pip-whl"])
    return next((DEV / "pip").rglob("pip-*.whl"))
