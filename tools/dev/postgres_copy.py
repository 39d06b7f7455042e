"""A copy of the embedded PostgreSQL with its databases, for tests that break it."""

import os
import shutil
import signal

from tools.dev import postgres
from tools.dev.places import DEV
from tools.dev.processes import run_quietly

OPTIONS = {"listen_addresses": "", "max_connections": 200, "shared_buffers": "128MB"}


class PostgresCopy:
    """Stopped and started at will; programs find it by their environment.

    It needs the embedded server, which it copies while that runs.
    """

    def __init__(self, name):
        self.folder = DEV / name
        self._data = self.folder / "data"
        self._sockets = postgres.socket_directory(self.folder)
        self._before = None

    def __enter__(self):
        # The server of a killed run goes on
        self._end()
        postgres.own_directory(self.folder)
        postgres.own_directory(self._sockets)
        command = [*postgres.as_nobody(), postgres.program("pg_basebackup")]
        command += ["--pgdata", self._data, "--checkpoint=fast"]
        run_quietly(command, "postgres-copy", "PostgreSQL could not be copied", cwd="/")
        self.start()
        self._before = os.environ["PGHOST"]
        os.environ["PGHOST"] = str(self._sockets)
        return self

    def __exit__(self, *_):
        os.environ["PGHOST"] = self._before
        self._end()

    def _end(self):
        if self.is_running():
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self._sockets, ignore_errors=True)

    def start(self):
        options = {**OPTIONS, "unix_socket_directories": self._sockets}
        words = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        log = f"--log={self.folder / 'log'}"
        postgres.control("start", log, f"--options={words}", data=self._data)

    def stop(self, mode):
        """Stop: ``fast`` ends connections, ``immediate`` leaves all to the recovery."""
        postgres.control("stop", f"--mode={mode}", data=self._data)

    def is_running(self):
        return postgres.is_running(self._data)

    def kill_backend(self, pid):
        """Kill one backend, upon which PostgreSQL ends all others and recovers."""
        os.kill(pid, signal.SIGKILL)
