"""Messenger and Instagram, and the customers who write there."""

import itertools
import time
from dataclasses import dataclass

from tests.e2e.support.waiting import eventually
from tools.practice_phone import demo

MESSENGER = f"messenger:{demo.META_PAGE_ID}"
INSTAGRAM = f"instagram:{demo.META_INSTAGRAM_ID}"

LINES = {"messenger": MESSENGER, "instagram": INSTAGRAM}
_numbers = itertools.count(7 * 10**15 + time.time_ns() // 10**6 % 10**9 * 10**3)


@dataclass
class Fan:
    """A customer on one kind of line, for tests of both Messenger and Instagram."""

    phone: object
    line: str
    external_id: str
    name: str
    id: str

    @property
    def kind(self):
        return self.line.partition(":")[0]

    def write(self, body="", **draft):
        return self.phone.write(self.external_id, body, self.line, **draft)

    def received(self, count=1, **query):
        return self.phone.received(self.external_id, count, **query)

    def bodies(self):
        return self.phone.bodies(self.external_id)

    def look(self):
        self.phone.look(self.external_id, self.line)

    def react(self, sid, emoji):
        self.phone.post(f"messages/{sid}/react", emoji=emoji)

    def edit(self, sid, body):
        self.phone.post(f"messages/{sid}/edit", body=body)

    def unsend(self, sid):
        self.phone.post(f"messages/{sid}/unsend")

    def gets_past_odoo(self, body):
        """Receive a reply that a colleague wrote in Meta's own inbox."""
        values = {"customer": self.external_id, "line": self.line, "body": body}
        return self.phone.post("outside", **values)["message"]

    def window(self, word):
        values = {"customer": self.external_id, "line": self.line, "window": word}
        self.phone.post("window", **values)


def new_fan(phone, kind):
    line = LINES[kind]
    number = next(_numbers)
    ids = {line.partition(":")[2]: str(number)}
    name = f"Fan {number % 10**6}"
    values = {"name": name, "ids": ids, "username": f"fan.{number % 10**6}"}
    customer = phone.post("customers", **values)["customer"]
    return Fan(phone, line, str(number), name, customer["id"])


def arrived(database, fan, count=1):
    """Wait for so many messages from a customer, and return them."""

    def look():
        rows = database.messages(fan.external_id, "inbound")
        return len(rows) >= count and rows

    return eventually(look, 10, f"{count} messages of {fan.name}")
