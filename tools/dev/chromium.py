"""The browser of the tests: Chromium or Chrome as the system has it."""

import os
import shutil

from tools.dev import apt
from tools.dev.console import Problem, step

# The order in which Odoo looks for them
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def find_chromium():
    return next(filter(None, map(shutil.which, NAMES)), None)


def ensure_chromium():
    if find_chromium():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Problem(
            "The browser tests need Chromium: install it first (on Debian:"
            " `sudo apt-get install chromium`)."
        )
    with step("Installing Chromium"):
        # Without a font of its own a bare machine shows boxes for letters
        apt.install("chromium", "fonts-dejavu-core")
