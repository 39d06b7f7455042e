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
# As apt, pip, npm and Python's tracebacks begin the line that matters
COMPLAINT = re.compile(
    r"E:|ERROR|npm error (?!A complete)|[\w.]*(Error|Exception|Warning): "
)
# Odoo and the phone talk to each other on this machine, never through a proxy
NO_PROXY = dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost")
UNWANTED = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "ODOO_RC")


def environment(**extra):
    """Ours, without what would lead Python or Odoo to other files."""
    kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return {**kept, **NO_PROXY, **{name: str(value) for name, value in extra.items()}}


def run_quietly(command, log, problem, text="", **options):
    """Run to the end on `text`, output to a log; `problem` is told if it fails."""
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
    """The line of a log that most likely tells why, after a colon."""
    lines = [line.strip() for line in path.read_text(errors="replace").splitlines()]
    lines = [line for line in lines if line]
    errors = [line for line in lines if COMPLAINT.match(line)]
    why = (errors or lines or [""])[-1]
    return f": {why[:300]}" if why else ""


def start(command, output, **options):
    """Start in the background, in a group of its own that Ctrl-C does not reach."""
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
    """Nothing outlives us, not even when we are killed without a chance to tidy up."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(process, patience=10):
    """Ask it to end, then make it and its children."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        kill(process)


def kill(process):
    """As a power cut would, children included: nothing is tidied up."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
