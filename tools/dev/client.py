"""Calls Odoo as its web client does."""

import json
import urllib.request
from http.cookiejar import CookieJar

from tools.dev.console import Problem


class Client:
    """One user's session on one server."""

    def __init__(self, odoo, login="admin", password="admin"):
        self._url = odoo.url
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(CookieJar()),
        )
        user = {"db": odoo.database, "login": login, "password": password}
        self._post("/web/session/authenticate", user)

    def call(self, model, method, *arguments, **named):
        call = {"model": model, "method": method, "args": arguments, "kwargs": named}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", call)

    def _post(self, path, parameters):
        request = urllib.request.Request(
            self._url + path,
            data=json.dumps({"jsonrpc": "2.0", "params": parameters}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=60) as response:
            answer = json.load(response)
        if "error" in answer:
            raise Problem(f"Odoo refused: {answer['error']['data']['message']}")
        return answer.get("result")
