"""A client of Meta's Graph API, and the events that Odoo receives."""

import hashlib
import hmac
import json

from tests.unit.practice_phone.harness import VERIFY_TOKEN, WEBHOOK
from tests.waiting import at_least
from tools.practice_phone import demo
from tools.practice_phone.meta.subscriptions import INSTAGRAM_FIELDS, PAGE_FIELDS

ROOT = "/v25.0"
APP_TOKEN = f"{demo.META_APP_ID}|{demo.META_APP_SECRET}"
PSID = "7689000000000101"
IGSID = "1789000000000101"


def proof(token):
    key = demo.META_APP_SECRET.encode()
    return hmac.new(key, token.encode(), hashlib.sha256).hexdigest()


class Graph:
    def __init__(self, client, token=demo.META_PAGE_TOKEN):
        self.client, self.token = client, token

    def _query(self, query):
        return {"appsecret_proof": proof(self.token), **query}

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path, **query):
        url, query = ROOT + path, self._query(query)
        return self.client.get(url, params=query, headers=self.headers)

    def post(self, path, body=None, **options):
        options = options if body is None else {"json": body}
        return self.client.post(
            ROOT + path, params=self._query({}), headers=self.headers, **options
        )

    def send(self, text="Hello", recipient=PSID, **values):
        body = {
            "recipient": {"id": recipient},
            "messaging_type": "RESPONSE",
            "message": {"text": text},
            **values,
        }
        kept = {name: value for name, value in body.items() if value is not None}
        return self.post("/me/messages", kept)

    def upload(self, name, content, content_type, kind="file"):
        message = {"attachment": {"type": kind, "payload": {"is_reusable": True}}}
        return self.post(
            "/me/message_attachments",
            data={"message": json.dumps(message)},
            files={"filedata": (name, content, content_type)},
        )

    def subscribe_app(self, name, fields, url=WEBHOOK, token=VERIFY_TOKEN):
        values = {"object": name, "fields": ",".join(sorted(fields))}
        values |= {"callback_url": url, "verify_token": token}
        app = Graph(self.client, APP_TOKEN)
        return app.post(f"/{demo.META_APP_ID}/subscriptions", data=values)

    def connect(self):
        """Make the requests of a manager's Connect."""
        for name, fields in (("page", PAGE_FIELDS), ("instagram", INSTAGRAM_FIELDS)):
            assert self.subscribe_app(name, fields).status_code == 200
        words = {"subscribed_fields": ",".join(sorted(PAGE_FIELDS))}
        path = f"/{demo.META_PAGE_ID}/subscribed_apps"
        assert self.post(path, data=words).json() == {"success": True}


def error_of(answer):
    error = answer.json()["error"]
    return error["code"], error.get("error_subcode", 0)


def events(odoo, key=None):
    """Return the received events in order, or only those with a key."""
    found = []
    for request in list(odoo.received):
        for entry in json.loads(request.content)["entry"]:
            found += [*entry.get("messaging", ()), *entry.get("standby", ())]
    return [each for each in found if key in (None, *each, *each.get("message", ()))]


def wait_for(odoo, key, count=1):
    return at_least(count, lambda: events(odoo, key), what=f"events: {key}")
