"""One table of the places where customers write, for tests of what all promise.

A test about the promise and not about the wire takes the fixture `fan`, and names by
`at()` the places that it runs for.
"""

import itertools
import time
from dataclasses import dataclass

import pytest

from tests.waiting import eventually
from tools.practice_phone import demo

MESSENGER = f"messenger:{demo.META_PAGE_ID}"
INSTAGRAM = f"instagram:{demo.META_INSTAGRAM_ID}"

CLOUD = f"whatsapp:{demo.CLOUD_NUMBER}"
# By place: the line, and the fixture that connects its account
PLACES = {
    "twilio": (f"whatsapp:{demo.WHATSAPP_NUMBER}", "account"),
    "messenger": (MESSENGER, "meta_account"),
    "instagram": (INSTAGRAM, "meta_account"),
    "whatsapp_cloud": (CLOUD, "cloud_account"),
}
_numbers = itertools.count(7 * 10**15 + time.time_ns() // 10**6 % 10**9 * 10**3)


@dataclass
class Fan:
    """A customer at one of the places; a phone number knows those of WhatsApp."""

    phone: object
    place: str
    external_id: str
    name: str
    id: str

    @property
    def line(self):
        return PLACES[self.place][0]

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
        """Receive a reply that a colleague wrote in Meta's own inbox or app."""
        values = {"customer": self.external_id, "line": self.line, "body": body}
        return self.phone.post("outside", **values)["message"]

    def window(self, word):
        values = {"customer": self.external_id, "line": self.line, "window": word}
        self.phone.post("window", **values)


def at(*places):
    """Run a test once for each of the places, or for all of them."""
    return pytest.mark.parametrize("fan", places or list(PLACES), indirect=True)


def new_fan(phone, place):
    number = next(_numbers)
    name = f"Fan {number % 10**6}"
    values = {"name": name, "username": f"fan.{number % 10**6}"}
    kind, _sign, address = PLACES[place][0].partition(":")
    if kind == "whatsapp":
        external_id = values["phone"] = f"+3463{number % 10**7:07}"
    else:
        external_id = str(number)
        values["ids"] = {address: external_id}
    customer = phone.post("customers", **values)["customer"]
    return Fan(phone, place, external_id, name, customer["id"])


def arrived(database, fan, count=1):
    """Wait for so many messages from a customer, and return them."""

    def look():
        rows = database.messages(fan.external_id, "inbound")
        return len(rows) >= count and rows

    return eventually(look, what=f"{count} messages of {fan.name}")
