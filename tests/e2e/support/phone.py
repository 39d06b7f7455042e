"""The customers' side: the practice phone's control API."""

import base64

from tests.e2e.support.local_http import local_client
from tests.waiting import PATIENCE, eventually

WHATSAPP = "whatsapp:+34600000001"
SMS = "sms:+34600000002"
PACE = 0.05


class Phone:
    def __init__(self, url):
        self.url = url
        self.port = int(url.rpartition(":")[2])
        self._http = local_client(url, timeout=90)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._http.close()

    def get(self, path, **query):
        return self._answer(self._http.get(f"/control/{path}", params=query))

    def post(self, path, /, **values):
        return self._answer(self._http.post(f"/control/{path}", json=values))

    def _patch(self, path, values):
        return self._answer(self._http.patch(f"/control/{path}", json=values))

    def _answer(self, answer):
        assert answer.status_code == 200, answer.text
        return answer.json()

    def calm_down(self):
        self._http.delete("/control/faults")
        self._http.delete("/control/console")
        self.post("settings", pace=PACE, link_seconds=3600)

    # -- customers -----------------------------------------------------------

    def add(self, phone, **values):
        return self.post("customers", name=f"Customer {phone}", phone=phone, **values)

    def write(self, customer, body="", line=WHATSAPP, **draft):
        """Write as the customer; return the messages and Odoo's answers."""
        path = f"customers/{customer}/messages"
        return self.post(path, line=line, body=body, **draft)

    def received(self, customer, count=1, wait=PATIENCE, **query):
        """Wait for so many messages from us; return them, oldest first."""
        query.update(customer=customer, direction="outbound")

        def look():
            found = self.get("messages", **query)["messages"]
            return len(found) >= count and found

        return eventually(look, wait, f"the arrival of {count} messages")

    def bodies(self, customer):
        query = {"customer": customer, "direction": "outbound"}
        return [each["body"] for each in self.get("messages", **query)["messages"]]

    def look(self, customer, line=WHATSAPP):
        self.post("read", customer=customer, line=line)

    def tap(self, sid, button):
        """Tap a button of a template, or a row of its list, by its text."""
        return self.post(f"messages/{sid}/tap", button=button)

    def change(self, customer, **values):
        """Change a customer: `whatsapp="refused"`, `spelling="other"`, `username`…"""
        return self._patch(f"customers/{customer}", values)["customer"]

    def close_window(self, customer, line=WHATSAPP):
        self.post("window", customer=customer, line=line, window="closed")

    # -- Twilio's console ----------------------------------------------------

    def decide(self, template, status, reason=""):
        """Set WhatsApp's approval of a template, by its sid or its only name."""
        values = {"status": status}
        if reason:
            values["rejection_reason"] = reason
        return self._patch(f"contents/{template}", values)["content"]

    def template(self, **values):
        """Add a template: `friendly_name language variables types status category`."""
        return self.post("contents", **values)["content"]

    def rewrite(self, template, **values):
        return self._patch(f"contents/{template}", values)["content"]

    def delete_template(self, template):
        self._answer(self._http.delete(f"/control/contents/{template}"))

    def service(self, *lines, **values):
        """Put lines into a Messaging Service; see the phone's README for values."""
        return self.post("services", lines=lines, **values)["service"]

    def opt_out(self, customer, line=SMS, opted_out=True):
        """Block a customer at Twilio, or unblock them, without a message."""
        self.post("opt-out", customer=customer, line=line, opted_out=opted_out)

    def point(self, line, url):
        """Make a line post to another program."""
        self._patch(f"lines/{line}", {"webhook_url": url})

    def drop(self, line):
        """Drop a Page, as Meta does when its webhook failed for too long."""
        self._patch(f"lines/{line}", {"subscribed_fields": []})

    # -- faults --------------------------------------------------------------

    def trouble(self, **fault):
        return self.post("faults", **fault)


def file(filename, content, content_type):
    data = base64.b64encode(content).decode()
    return {"filename": filename, "content_type": content_type, "data": data}
