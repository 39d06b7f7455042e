"""A server that records requests, as a trap or in a provider's place."""

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DROP_EVERY = 0.2
# Odoo asks a provider for this list now and then, whatever a test does.
BY_ITSELF = "/v1/ContentAndApprovals"


class Trap:
    """`answers` maps a path to (status, headers, body); other paths get a 404.

    A request for a path in `hangs` waits for as long as the trap is open. A path in
    `drips` sends one byte from time to time, without end.
    """

    def __init__(self):
        self.answers = {}
        self.hangs = set()
        self.drips = set()
        self.visits = []
        self._closed = threading.Event()
        trap = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if not self.path.startswith(BY_ITSELF):
                    trap.visits.append((self.path, dict(self.headers)))
                if self.path in trap.hangs:
                    trap._closed.wait()
                if self.path in trap.drips:
                    return self.drip()
                status, headers, body = trap.answers.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def drip(self):
                self.send_response(200)
                self.send_header("Content-Length", str(2**20))
                self.end_headers()
                with suppress(OSError):
                    while not trap._closed.wait(DROP_EVERY):
                        self.wfile.write(b".")

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()
