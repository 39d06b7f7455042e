"""A provider that answers what a test tells it to."""

import io
import json
from uuid import uuid4

import requests
from urllib3 import HTTPResponse


def answer(status=201, body=None, headers=None):
    """Return what a provider answers; a dict becomes JSON."""
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


class ScriptedSession(requests.Session):
    """Keeps the requests, and gives the answers it was handed, in their order."""

    def __init__(self):
        super().__init__()
        self.requests = []
        self.answers = []

    def request(self, method, url, **options):
        self.requests.append((method, url, options))
        if not self.answers:
            raise AssertionError(f"No answer was scripted for {method} {url}")
        result = self.answers.pop(0)
        if isinstance(result, BaseException):
            raise result
        return result
