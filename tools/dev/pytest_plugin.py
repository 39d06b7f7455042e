"""For `make test`: counts results for its last line and fails skipped browser tests.

Odoo skips a browser test when Chromium is missing or slow to start. Skips go unread,
so here such a test fails.
"""

import json
import os
import re

import pytest

BROWSER_MISSING = re.compile(r"chrome|websocket-client|--odoo-http", re.IGNORECASE)
OUTCOMES = (
    *("failed", "subtests failed", "passed", "subtests passed", "skipped"),
    *("subtests skipped", "xfailed", "xpassed", "error"),
)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else ""
    if BROWSER_MISSING.search(reason):
        report.outcome = "failed"
        report.longrepr = f"A browser test must not be skipped: {reason}"


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    """Print the tables that tests have recorded, and count the results."""
    for report in terminalreporter.stats.get("passed", ()):
        for name, value in report.user_properties:
            if name == "table":
                terminalreporter.write_line(f"\n{value}")
    path = os.environ.get("PYTEST_COUNTS")
    if not path:
        return
    stats = terminalreporter.stats
    counts = {name: len(stats[name]) for name in OUTCOMES if stats.get(name)}
    with open(path, "w") as file:
        json.dump(counts, file)
