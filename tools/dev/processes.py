"""Running other programs: quietly with a log, or in the background."""

import ctypes
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress

from tools.dev.console import Problem
from tools.dev.places import LOGS

PR_SET_PDEATHSIG = 1
# How apt, pip, npm and Python's tracebacks begin the line that matters
COMPLAINT = re.compile(
    r"E:|ERROR|npm error (?!A complete)|[\w.]*(Error|Exception|Warning): "
)
# Odoo and the phone talk to each other on this machine, never through a proxy
NO_PROXY = dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost")
UNWANTED = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "ODOO_RC")


def environment(**extra):
    """Return our environment without variables that point Python or Odoo elsewhere."""
    kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return {**kept, **NO_PROXY, **{name: str(value) for name, value in extra.items()}}


def run_quietly(command, log, problem, text="", **options):
    """Run a program on `text` with its output in a log; raise `problem` if it fails."""
    path = log_path(log)
    options.setdefault("env", environment())
    with path.open("w") as output:
        result = subprocess.run(
            [str(part) for part in command],
            input=text,
            text=True,
            stdout=output,
            stderr=subprocess.STDOUT,
            **options,
        )
    if result.returncode:
        raise Problem(f"{problem}{last_complaint(path)} (see {path})")


def log_path(name):
    LOGS.mkdir(parents=True, exist_ok=True)
    return LOGS / f"{name}.log"


def last_complaint(path):
    """Return ": " and the line of a log that most likely names the cause."""
    lines = [line.strip() for line in path.read_text(errors="replace").splitlines()]
    lines = [line for line in lines if line]
    errors = [line for line in lines if COMPLAINT.match(line)]
    why = (errors or lines or [""])[-1]
    return f": {why[:300]}" if why else ""


def start(command, output, **options):
    """Start in the background, in its own process group, which Ctrl-C cannot reach."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with_parent,
        **options,
    )


def _die_with_parent():
    """Let the kernel end the process when we die, even if we are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(process, patience=10):
    """Ask a process to end; kill it and its children if it does not."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        kill(process)


def kill(process):
    """Kill a process and its children, without any clean-up, like a power cut."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
