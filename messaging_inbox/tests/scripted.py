"""A provider with answers scripted by the test."""

import io
import json
import threading
from uuid import uuid4

import requests
from urllib3 import HTTPResponse


def answer(status=201, body=None, headers=None):
    """Return a provider's answer; a dict becomes JSON."""
    response = requests.Response()
    response.status_code = status
    response.headers.update(headers or {})
    content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    response.raw = HTTPResponse(io.BytesIO(content), preload_content=False)
    return response


def accepted(sid=None):
    return answer(body={"sid": sid or f"SM{uuid4().hex}", "status": "queued"})


def refused(status, code=0, message="", headers=None):
    return answer(status, {"code": code, "message": message}, headers)


def to(part, result):
    """Return an answer for a request whose address holds ``part`` alone.

    Requests that are made side by side come in any order.
    """
    return part, result


class ScriptedSession(requests.Session):
    """Keeps the requests, and gives the answers it was handed, in their order."""

    def __init__(self):
        super().__init__()
        self.requests = []
        self.answers = []
        self._lock = threading.Lock()

    def request(self, method, url, **options):
        with self._lock:
            self.requests.append((method, url, options))
            result = self._take_answer(url)
        if result is None:
            raise AssertionError(f"No answer was scripted for {method} {url}")
        if isinstance(result, BaseException):
            raise result
        return result

    def _take_answer(self, url):
        for planned in self.answers:
            if isinstance(planned, tuple) and planned[0] in url:
                self.answers.remove(planned)
                return planned[1]
        if "/v1/Services" in url:
            # Few accounts at Twilio have any.
            return answer(200, {"services": []})
        plain = (each for each in self.answers if not isinstance(each, tuple))
        result = next(plain, None)
        if result is not None:
            self.answers.remove(result)
        return result
