"""The shared parts of the development environment."""

import asyncio
import json
import os
import subprocess
import sys
import threading

import pytest

from tools.dev import databases, packages, testing
from tools.dev.console import Problem
from tools.dev.locks import Users
from tools.dev.places import ADDON, ROOT
from tools.dev.processes import last_complaint
from tools.dev.proxy import Proxy
from tools.dev.servers import free_port


def test_only_the_last_user_learns_that_it_is_the_last(tmp_path, monkeypatch):
    monkeypatch.setattr("tools.dev.locks.LOCKS", tmp_path)
    first, second = Users("server"), Users("server")
    first.join()
    second.join()
    assert (first.leave(), second.leave()) == (False, True)


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("views/inbox.xml", True),
        ("models/account.py", True),
        ("tests/account/test_account.py", False),
        ("static/tests/inbox.test.js", False),
        ("models/__pycache__/account.pyc", False),
    ],
)
def test_only_files_that_odoo_loads_change_the_hash(
    tmp_path, monkeypatch, path, changes
):
    monkeypatch.setattr(databases, "ADDON", tmp_path)
    before = databases.addon_hash()
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("new")
    assert (databases.addon_hash() != before) is changes


def test_a_checkout_below_a_folder_named_tests_is_hashed(tmp_path, monkeypatch):
    addon = tmp_path / "tests" / "addon"
    addon.mkdir(parents=True)
    monkeypatch.setattr(databases, "ADDON", addon)
    before = databases.addon_hash()
    (addon / "account.py").write_text("new")
    assert databases.addon_hash() != before


def test_the_last_line_adds_up_all_parts():
    parts = [{"passed": 3}, {"passed": 2, "error": 1}, {"error": 1}]
    total = {}
    for counts in parts:
        total = testing.added(total, counts)
    assert " 5 passed, 2 errors in 7.50s " in testing.summary(total, 7.5)


def test_the_template_is_built_during_the_unit_tests(monkeypatch):
    started = threading.Event()
    monkeypatch.setattr(databases, "ensure_template", started.set)
    monkeypatch.setattr(testing, "_unit", lambda extra: started.wait(10) and extra)
    assert testing._unit_and_template(["-x"]) == ["-x"]


def test_a_template_that_fails_stops_the_tests(monkeypatch):
    def fail():
        raise Problem("Odoo failed")

    monkeypatch.setattr(databases, "ensure_template", fail)
    monkeypatch.setattr(testing, "_unit", lambda extra: 0)
    with pytest.raises(Problem, match="Odoo failed"):
        testing._unit_and_template([])


def test_two_runs_go_side_by_side_and_their_results_add_up(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(testing, "DEV", tmp_path)
    both = threading.Barrier(2, timeout=10)

    def run(part=1, output=None):
        both.wait()
        testing._counts_file(part).write_text(json.dumps({"passed": part}))
        if output:
            output.write("failed there")
        return part - 1

    assert testing._side_by_side(run, run) == 1
    assert testing._counts() == {"passed": 3}
    assert "failed there" in capsys.readouterr().out


def test_a_command_within_the_environment_does_not_rebuild_it(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "_install", lambda venv, _lists: venv.mkdir())
    venv = tmp_path / "venv"
    packages._ensure(venv, "requirements-odoo.txt")
    (venv / "kept").touch()
    monkeypatch.setattr(sys, "executable", str(venv / "bin" / "python"))
    packages._ensure(venv, "requirements-odoo.txt")
    assert (venv / "kept").exists()


def test_each_module_test_runs_in_one_of_the_halves():
    tests = ADDON / "tests"
    places = testing._test_places(tests)
    for path in tests.rglob("test_*.py"):
        assert (path in places) != (path.parent in places), path
    assert {place.name for place in places} > set(testing.HALF)


def test_the_log_line_with_the_cause_is_found(tmp_path):
    log = tmp_path / "npm.log"
    log.write_text(
        "npm error code E404\nnpm error A complete log of this run is at /x\nbye\n"
    )
    assert last_complaint(log) == ": npm error code E404"


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [("Chrome executable not found", "1 failed"), ("no such fixture", "1 skipped")],
)
def test_a_skipped_browser_test_fails(tmp_path, reason, outcome):
    (tmp_path / "test_it.py").write_text(
        f"import unittest\n\ndef test_it():\n    raise unittest.SkipTest({reason!r})\n"
    )
    options = ["-q", "-p", "no:odoo", "-p", "tools.dev.pytest_plugin"]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTEST_COUNTS": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert outcome in result.stdout


@pytest.mark.parametrize(
    ("request_line", "expected"),
    [
        ("GET /websocket?version=1 HTTP/1.1", b"websocket"),
        ("GET /web/login HTTP/1.1", b"http"),
        ("GET /web?next=/websocket HTTP/1.1", b"http"),
    ],
)
def test_a_websocket_goes_to_the_second_port(request_line, expected):
    with Answering(b"http") as http, Answering(b"websocket") as websocket:
        proxy = Proxy(free_port(), http.port, websocket.port)
        proxy.start()
        try:
            assert asyncio.run(ask(proxy.port, request_line)) == expected
        finally:
            proxy.stop()


async def ask(port, request_line):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request_line.encode() + b"\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


class Answering:
    """A server that answers every request with its name."""

    def __init__(self, name):
        self.port = free_port()
        self._name = name
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        serving = asyncio.start_server(self._answer, "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _answer(self, reader, writer):
        await reader.readline()
        writer.write(self._name)
        await writer.drain()
        writer.close()
