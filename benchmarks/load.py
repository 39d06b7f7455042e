"""Posts prepared requests as fast as a server accepts them, from one light thread.

The server shares the machine with us, so our own cost slows both sides. Requests are
therefore bytes built before the clock starts, and of an answer we read only its status
and its length.
"""

import re
import selectors
import socket
import time
from collections import deque
from dataclasses import dataclass

OK = b"200"
LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)


class RefusedRequest(Exception):
    """An answer with another status, which makes the measurement worthless."""


@dataclass(frozen=True)
class Result:
    """``finished`` is a monotonic time; the others are durations in seconds."""

    seconds: float
    finished: float
    latencies: list


def http_post(host, path, body=b"", headers=(), length=None):
    """Return the bytes of a request; ``length`` is what it claims of its body."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    lines += [f"Content-Length: {len(body) if length is None else length}", "", ""]
    return "\r\n".join(lines).encode() + body


class _Connection:
    """One request under way.

    We close as soon as the answer is complete, as a proxy does: Odoo's workers wait up
    to 10 ms for that before they serve the next request.
    """

    def __init__(self, address, payload, started=None, status=OK):
        self.payload, self.status = payload, status
        self.answer = b""
        self.started = started or time.monotonic()
        self.socket = socket.create_connection(address)
        self.socket.sendall(payload)

    def is_done(self):
        data = self.socket.recv(65536)
        self.answer += data
        return not data or _is_complete(self.answer)

    def close(self):
        self.socket.close()
        if self.answer.split(b" ", 2)[1:2] != [self.status]:
            raise RefusedRequest(self.answer[:200].decode("latin-1"))
        return time.monotonic() - self.started


def _is_complete(answer):
    head, end, body = answer.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    return bool(end and length) and len(body) >= int(length[1])


def post_all(address, payloads, concurrency, status=OK):
    """Post every payload in order, ``concurrency`` at a time.

    All answers must have this status.
    """
    waiting, latencies = deque(payloads), []
    started = time.monotonic()
    with selectors.DefaultSelector() as selector:
        for _index in range(min(concurrency, len(waiting))):
            _next(selector, address, waiting, status)
        while selector.get_map():
            for key, _events in selector.select():
                if key.data.is_done():
                    selector.unregister(key.fileobj)
                    latencies.append(key.data.close())
                    _next(selector, address, waiting, status)
    finished = time.monotonic()
    return Result(finished - started, finished, latencies)


def post_at_rate(address, payloads, per_second):
    """Post the payloads at a steady pace, however long the answers take.

    A latency counts from the time at which its request was due, so a server that falls
    behind gains nothing from our waiting for it.
    """
    started, latencies = time.monotonic(), []
    due = deque(
        (started + number / per_second, payload)
        for number, payload in enumerate(payloads)
    )
    with selectors.DefaultSelector() as selector:
        while due or selector.get_map():
            while due and due[0][0] <= time.monotonic():
                moment, payload = due.popleft()
                connection = _Connection(address, payload, moment)
                selector.register(connection.socket, selectors.EVENT_READ, connection)
            patience = max(0, due[0][0] - time.monotonic()) if due else None
            _read(selector, latencies, patience)
    finished = time.monotonic()
    return Result(finished - started, finished, latencies)


def _read(selector, latencies, patience):
    if not selector.get_map():
        time.sleep(patience)
        return
    for key, _events in selector.select(patience):
        if key.data.is_done():
            selector.unregister(key.fileobj)
            latencies.append(key.data.close())


def _next(selector, address, waiting, status):
    if waiting:
        connection = _Connection(address, waiting.popleft(), status=status)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
