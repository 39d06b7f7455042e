"""A provider on this machine: it takes messages as Twilio does, and remembers them."""

import itertools
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

PATIENCE = 60


@dataclass(frozen=True)
class Taken:
    """A message that arrived: when, in seconds since 1970, for whom, and its text."""

    at: float
    to: str
    body: str


class Provider:
    """``taken`` holds the messages in the order in which they arrived."""

    def __init__(self, url):
        self.url = url
        self.seconds = 0.0
        self.taken = []
        self.most_at_once = 0
        self._at_once = 0
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()

    def take(self, form):
        """Remember a message; return the answer after ``seconds``."""
        message = Taken(time.time(), form["To"], form["Body"])
        with self._changed:
            self.taken.append(message)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            number = next(self._numbers)
            self._changed.notify_all()
        time.sleep(self.seconds)
        with self._changed:
            self._at_once -= 1
        return {"sid": f"SM{number:032x}", "status": "queued"}

    def wait_for(self, count, patience=PATIENCE):
        """Wait until that many messages have arrived."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.taken) >= count, patience):
                words = "Of %s messages, only %s arrived."
                raise TimeoutError(words % (count, len(self.taken)))

    def wait_for_text(self, text, patience=PATIENCE):
        """Wait for the message with this text, and return it."""
        found = []

        def look():
            found[:] = [each for each in self.taken if each.body == text]
            return found

        with self._changed:
            if not self._changed.wait_for(look, patience):
                raise TimeoutError(f"No message arrived with the text {text!r}.")
        return found[0]


@contextmanager
def running_provider():
    """Answer requests in threads of this process until the block ends."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.provider = Provider(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.provider
        server.shutdown()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        form = dict(parse_qsl(self.rfile.read(length).decode()))
        content = json.dumps(self.server.provider.take(form)).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments):
        """Print nothing."""
