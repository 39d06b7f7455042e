"""Odoo and the practice phone as processes on this machine."""

import shutil
import signal
import socket
import threading
import time
import urllib.request

from tools.dev.console import Problem
from tools.dev.databases import odoo_environment
from tools.dev.places import DEV, ROOT, VENV, python
from tools.dev.processes import environment, kill, last_complaint, log_path, start, stop
from tools.dev.proxy import Proxy

HOST = "127.0.0.1"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def is_taken(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


class Server:
    """A process that answers at `url` once it has started. Its output is in `log`."""

    ready_path = "/"

    def __init__(self, name, port):
        self.port = port or free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.log = log_path(name)
        self.process = None

    def start(self, patience=90):
        # A restart continues the log.
        with self.log.open("a" if self.process else "w") as output:
            self.process = start(
                self.command(), output, cwd=ROOT, env=self.environment()
            )
        try:
            self._wait_until_ready(time.monotonic() + patience)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self):
        stop(self.process)

    def kill(self):
        kill(self.process)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def _wait_until_ready(self, deadline):
        while not self.answers():
            if self.process.poll() is not None:
                why = last_complaint(self.log)
                raise Problem(f"{self.log.stem} failed to start{why} (see {self.log})")
            if time.monotonic() > deadline:
                raise Problem(f"{self.log.stem} does not answer (see {self.log})")
            time.sleep(0.1)

    def answers(self):
        """Tell whether it serves its first page now."""
        try:
            DIRECT.open(self.url + self.ready_path, timeout=30).close()
        except OSError:
            return False
        return True


class OdooServer(Server):
    """Odoo on one database: threaded without workers, else forked behind a proxy.

    A browser uses `url`; `http_url` reaches the workers without the proxy. Several
    nodes on one database have a number each, and stand behind `nginx.Nginx`.
    """

    ready_path = "/web/login"

    def __init__(
        self, database, port=None, workers=0, options=(), variables=None, node=None
    ):
        super().__init__(f"server-{database}{f'-{node}' if node else ''}", port)
        self.database = database
        self.workers = workers
        self.options = options
        self.variables = variables or {}
        self.node = node
        self.http_port = free_port() if workers and not node else self.port
        self.websocket_port = free_port()
        self.http_url = f"http://{HOST}:{self.http_port}"
        self._proxy = None

    def command(self):
        return [
            *(VENV / "bin" / "odoo", "--database", self.database),
            *("--db-filter", f"^{self.database}$", "--workers", self.workers),
            *("--http-port", self.http_port, "--gevent-port", self.websocket_port),
            *self.options,
        ]

    def environment(self):
        return {**odoo_environment(), **self.variables}

    def start(self, patience=90):
        if self.workers and not self.node:
            self._proxy = Proxy(self.port, self.http_port, self.websocket_port)
            self._proxy.start()
        return super().start(patience)

    def stop(self):
        super().stop()
        self._stop_proxy()

    def kill(self):
        super().kill()
        self._stop_proxy()

    def _stop_proxy(self):
        if self._proxy:
            self._proxy.stop()
            self._proxy = None


class PracticePhone(Server):
    """The practice phone, which plays the provider for one Odoo."""

    ready_path = "/health"

    def __init__(self, odoo_url, name="phone", port=None):
        super().__init__(name, port)
        self.odoo_url = odoo_url
        self.state = DEV / name / "state.json"

    def forget(self):
        """Reset to the initial customers without messages."""
        shutil.rmtree(self.state.parent, ignore_errors=True)

    def command(self):
        self.state.parent.mkdir(parents=True, exist_ok=True)
        return [
            *(python(), "-m", "tools.practice_phone", "--host", HOST),
            *("--port", self.port, "--odoo-url", self.odoo_url),
            *("--state", self.state),
        ]

    def environment(self):
        return environment()


def wait_for_end(servers):
    """Wait until a server ends or we are asked to stop; return the server or None."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.set())
    while not asked.wait(0.5):
        ended = [s for s in servers if s.process.poll() is not None]
        if ended:
            return ended[0]
    return None
