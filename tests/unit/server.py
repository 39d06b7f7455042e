"""A provider on the loopback interface, with answers planned by the test."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Reply:
    """The answer to one request; ``hang`` waits so many seconds without an answer."""

    status: int = 200
    json: object = None
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    hang: float = 0
    drop: bool = False
    write: object = None


@dataclass
class Captured:
    """One request as received."""

    method: str
    target: str
    headers: dict
    body: bytes

    @property
    def path(self):
        return urlsplit(self.target).path

    @property
    def query(self):
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self):
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies = []
        self.replies_for = []
        self.defaults = {}
        self.captured = []
        self.stopped = threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def plan(self, *replies):
        self.replies.extend(replies)

    def plan_for(self, part, *replies):
        """Plan answers for addresses that contain ``part``, in whatever order."""
        self.replies_for.append((part, list(replies)))

    def next_reply(self, target):
        planned = (found for part, found in self.replies_for if part in target)
        usual = [reply for part, reply in self.defaults.items() if part in target]
        return next(filter(None, [*planned, self.replies, usual])).pop(0)


class Handler(BaseHTTPRequestHandler):
    def handle_one(self):
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        self.server.captured.append(Captured(self.command, self.path, headers, body))
        self.reply(self.server.next_reply(self.path))

    do_GET = do_POST = handle_one

    def reply(self, reply):
        if reply.hang or reply.drop:
            self.server.stopped.wait(reply.hang)
            return
        body = reply.body if reply.json is None else json.dumps(reply.json).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        if reply.write:
            reply.write(self.wfile, self.server.stopped)

    def log_message(self, *_args):
        pass


@contextmanager
def running(check):
    """Run a server, then call ``check`` with each request that it received."""
    server = Server()
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}
    )
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()
    for captured in server.captured:
        check(captured)
