"""A problem on the user's machine is reported in one sentence, without a traceback."""

import os
import socket
import subprocess
import sys

import pytest

from tools.dev import odoo_source
from tools.dev.console import Problem
from tools.dev.databases import drop_database
from tools.dev.places import ROOT


def run(**variables):
    return subprocess.run(
        [sys.executable, "-m", "tools.dev", "run"],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.parametrize("name", ["PORT", "PHONE_PORT"])
def test_a_taken_port_is_named_before_anything_is_built(name):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with socket.create_server(("127.0.0.1", 0)) as other:
            free = {key: str(other.getsockname()[1]) for key in ("PORT", "PHONE_PORT")}
        result = run(**{**free, name: str(port)})
    assert result.returncode == 1
    assert result.stderr.strip().startswith(f"Port {port} is taken")
    assert result.stdout == ""


def test_a_port_that_is_not_a_number_is_refused():
    result = run(PORT="80a")
    assert (result.returncode, result.stderr.strip()) == (1, "PORT=80a is not a port.")


@pytest.fixture
def odoo_at(tmp_path, monkeypatch):
    """Make a directory that looks like the source of Odoo in the given version."""

    def make(version_info):
        release = tmp_path / "odoo" / "release.py"
        release.parent.mkdir()
        release.write_text(f"version_info = {version_info}\n")
        monkeypatch.setenv("ODOO_PATH", str(tmp_path))
        return tmp_path

    return make


def test_another_version_of_odoo_is_refused(odoo_at):
    path = odoo_at("(18, 0, 0, FINAL, 0, '')")
    with pytest.raises(Problem, match=f"19.0 is required, but {path} is Odoo 18.0"):
        odoo_source.ensure_odoo()


def test_a_saas_version_is_refused(odoo_at):
    odoo_at("('saas~19', 1, 0, FINAL, 0, '')")
    with pytest.raises(Problem, match="19.0 is required"):
        odoo_source.ensure_odoo()


def test_a_path_without_odoo_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_PATH", str(tmp_path))
    with pytest.raises(Problem, match="contains no Odoo"):
        odoo_source.ensure_odoo()


@pytest.mark.parametrize("name", ["", 'x"; DROP', "../x", "-x"])
def test_an_invalid_database_name_never_reaches_postgresql(name):
    with pytest.raises(Problem, match="not a valid database name"):
        drop_database(name)
