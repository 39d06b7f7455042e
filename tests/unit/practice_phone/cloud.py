"""A client of Meta's Cloud API, and the events that Odoo receives."""

import hashlib
import hmac
import json

from tests.unit.practice_phone.harness import VERIFY_TOKEN, WEBHOOK
from tests.waiting import at_least
from tools.practice_phone import demo
from tools.practice_phone.meta.subscriptions import WHATSAPP_FIELDS

ROOT = "/v25.0"
APP_TOKEN = f"{demo.CLOUD_APP_ID}|{demo.CLOUD_APP_SECRET}"
BUSINESS = f"/{demo.CLOUD_BUSINESS['sid']}"
NUMBER = f"/{demo.CLOUD_NUMBER_ID}"
LINE = demo.CLOUD_NUMBER_ID
LUCIA, TOM, AIKO = "34600100101", "34600100102", "JP.7731902256418840"


class Cloud:
    def __init__(self, client, token=demo.CLOUD_ACCESS_TOKEN):
        self.client, self.token = client, token

    def _options(self):
        key = demo.CLOUD_APP_SECRET.encode()
        proof = hmac.new(key, self.token.encode(), hashlib.sha256).hexdigest()
        headers = {"Authorization": f"Bearer {self.token}"}
        return {"params": {"appsecret_proof": proof}, "headers": headers}

    def get(self, path, **query):
        options = self._options()
        options["params"] |= query
        return self.client.get(ROOT + path, **options)

    def post(self, path, body=None, headers=None, **values):
        options = {**self._options(), **values}
        options["headers"] |= headers or {}
        if body is not None:
            options["json"] = body
        return self.client.post(ROOT + path, **options)

    def delete(self, path, **query):
        options = self._options()
        options["params"] |= query
        return self.client.delete(ROOT + path, **options)

    def send(self, to=LUCIA, **values):
        """Send "Hello"; a value that is None is left out."""
        body = {
            "messaging_product": "whatsapp",
            "to": to,
            "type": "text",
            "text": {"body": "Hello"},
            **values,
        }
        kept = {name: each for name, each in body.items() if each is not None}
        return self.post(NUMBER + "/messages", kept)

    def send_file(self, kind, content, content_type, **values):
        name = self.upload(content, content_type).json()["id"]
        return self.send(type=kind, text=None, **{kind: {"id": name, **values}})

    def upload(self, content, content_type, name="a.bin"):
        form = {"messaging_product": "whatsapp", "type": content_type}
        files = {"file": (name, content, content_type)}
        return self.post(NUMBER + "/media", data=form, files=files)

    def subscribe_app(self, fields=WHATSAPP_FIELDS, url=WEBHOOK, token=VERIFY_TOKEN):
        values = {"object": "whatsapp_business_account", "callback_url": url}
        values |= {"fields": ",".join(sorted(fields)), "verify_token": token}
        app = Cloud(self.client, APP_TOKEN)
        return app.post(f"/{demo.CLOUD_APP_ID}/subscriptions", data=values)

    def connect(self):
        """Make the requests of a manager's Connect."""
        assert self.subscribe_app().status_code == 200
        assert self.post(BUSINESS + "/subscribed_apps").json() == {"success": True}


def error_of(answer):
    assert answer.status_code >= 400, answer.text
    return answer.json()["error"]["code"]


def changes(odoo, field="messages"):
    """Return the received values of a field, in order."""
    return [
        change["value"]
        for request in list(odoo.received)
        for entry in json.loads(request.content)["entry"]
        for change in entry["changes"]
        if change["field"] == field
    ]


def rows(odoo, kind, field="messages"):
    """Return the `messages`, `statuses`… of all values of a field."""
    return [row for value in changes(odoo, field) for row in value.get(kind, ())]


def wait_for(odoo, kind, count=1, field="messages"):
    return at_least(count, lambda: rows(odoo, kind, field), what=kind)
