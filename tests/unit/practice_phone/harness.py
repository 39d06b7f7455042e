"""An Odoo that only records its requests, and a client of Twilio's API."""

from urllib.parse import parse_qsl

import httpx
from twilio.request_validator import RequestValidator

from tests.waiting import at_least
from tools.practice_phone import demo

WEBHOOK = "http://127.0.0.1:8069/messaging/webhook/token-1"
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
VERIFY_TOKEN = "verify-1"
MESSAGES = f"/2010-04-01/Accounts/{demo.ACCOUNT_SID}/Messages.json"


class FakeOdoo:
    def __init__(self):
        self.received = []
        self.answers = []
        self.files = {}

    def __call__(self, request):
        if "/webhook/" not in request.url.path:
            return self._file(request.url.path)
        if request.method == "GET" and "hub.challenge" in request.url.params:
            return self._handshake(request.url.params)
        self.received.append(request)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer or httpx.Response(
            200, text=EMPTY_TWIML, headers={"content-type": "text/xml"}
        )

    def _handshake(self, words):
        if words["hub.verify_token"] != VERIFY_TOKEN:
            return httpx.Response(403)
        return httpx.Response(200, text=words["hub.challenge"])

    def _file(self, path):
        if path not in self.files:
            return httpx.Response(404)
        content, content_type = self.files[path]
        return httpx.Response(
            200, content=content, headers={"content-type": content_type}
        )

    def forms(self):
        return [form_of(each) for each in list(self.received)]

    def messages(self):
        """Return the customers' messages, without late callbacks of an earlier test."""
        return [each for each in self.forms() if "MessageStatus" not in each]

    def statuses(self, count):
        """Return the `MessageStatus` values in order of arrival, once `count` came."""
        key = "MessageStatus"
        return at_least(
            count,
            lambda: [each[key] for each in self.forms() if key in each],
            what="status callbacks",
        )


def form_of(request):
    return dict(parse_qsl(request.content.decode(), keep_blank_values=True))


def is_signed(request, token=demo.AUTH_TOKEN):
    given = request.headers["X-Twilio-Signature"]
    fields = form_of(request) if request.method == "POST" else {}
    return RequestValidator(token).validate(str(request.url), fields, given)


class Api:
    def __init__(self, client, user=demo.ACCOUNT_SID, password=demo.AUTH_TOKEN):
        self.client = client
        self.auth = (user, password)

    def get(self, path, **values):
        return self.client.get(path, auth=self.auth, **values)

    def post(self, path, **values):
        return self.client.post(path, auth=self.auth, **values)

    def send(self, **values):
        form = {
            "To": "whatsapp:+34600100101",
            "From": f"whatsapp:{demo.WHATSAPP_NUMBER}",
            "Body": "Hello",
            **values,
        }
        given = {name: value for name, value in form.items() if value is not None}
        return self.post(MESSAGES, data=given)
