"""The browser for tests: the system's Chromium or Chrome."""

import ctypes
import os
import shutil

from tools.dev import apt
from tools.dev.console import Problem, step

# In the order in which Odoo looks for them
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def find_chromium():
    return next(filter(None, map(shutil.which, NAMES)), None)


def ensure_chromium():
    missing = list(_missing())
    if not missing:
        return
    packages = " ".join(missing)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Problem(
            f"The browser tests need {packages}. Install it first (on Debian:"
            f" `sudo apt-get install {packages}`)."
        )
    with step(f"Installing {packages}"):
        apt.install(*missing)


def _missing():
    """Yield names of Debian packages. Without a font, letters show as boxes."""
    if not find_chromium():
        yield from ("chromium", "fonts-dejavu-core")
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        # Playwright's own Node.js does not start without it
        yield "libatomic1"
