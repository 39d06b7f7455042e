"""nginx in front of several Odoo nodes, configured as docs/operating.md says."""

import os
import pwd
import re
import shutil

from tools.dev import apt
from tools.dev.console import Problem, step
from tools.dev.locks import alone
from tools.dev.places import DEV, ROOT
from tools.dev.processes import environment
from tools.dev.servers import HOST, Server

UNPACKED = DEV / "nginx"
DOCS = ROOT / "docs" / "operating.md"
HEADING = "### nginx for several nodes"
# What the docs leave to the system's nginx.conf. The log tells which nodes were tried.
MAIN = """
daemon off;
user {user};
worker_processes 1;
pid {folder}/pid;
events {{ worker_connections 1024; }}
http {{
log_format tries '$request_method\t$uri\t$status\t$upstream_status';
access_log {folder}/access.log tries;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{servers}
}}
"""


def find_nginx():
    """Return the program: the system's, or Debian's package, unpacked."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found:
        return found
    program = UNPACKED / "usr" / "sbin" / "nginx"
    with alone("nginx"):
        if not program.exists():
            _unpack()
    return program


def _unpack():
    if not apt.is_debian():
        raise Problem("nginx is missing. Install it first.")
    with step("Downloading nginx (Debian's package)"):
        apt.unpack(UNPACKED, own=["nginx"])


class Nginx(Server):
    """One address for several nodes, each an `OdooServer`."""

    ready_path = "/web/health"

    def __init__(self, nodes, name="nginx", port=None):
        super().__init__(name, port)
        self.nodes = nodes
        self.folder = DEV / name
        self._program = find_nginx()

    @property
    def tries(self):
        """The requests so far: [(method, path, status, statuses of the tried nodes)].

        The last is text, such as "502, 200" for two tries.
        """
        log = (self.folder / "access.log").read_text()
        return [tuple(line.split("\t")) for line in log.splitlines()]

    def forget(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self):
        self.forget()
        self.folder.mkdir()
        user = pwd.getpwuid(os.geteuid()).pw_name
        values = {"user": user, "folder": self.folder, "servers": self._servers()}
        (self.folder / "nginx.conf").write_text(MAIN.format(**values))
        config = self.folder / "nginx.conf"
        return [self._program, "-e", "stderr", "-p", self.folder, "-c", config]

    def environment(self):
        return environment()

    def _servers(self):
        """Return the configuration of the docs, with the ports of this machine."""
        section = DOCS.read_text().partition(HEADING)[2]
        text = re.search(r"```nginx\n(.*?)```", section, re.DOTALL)[1]
        text = re.sub(r"listen .*?;", f"listen {HOST}:{self.port};", text)
        text = re.sub(r"ssl_\w+ .*?;", "", text)
        for number, node in enumerate(self.nodes, 1):
            for port, ours in ((8069, node.http_port), (8072, node.websocket_port)):
                text = text.replace(f"10.0.0.1{number}:{port}", f"{HOST}:{ours}")
        return text
