"""The import of Messenger and Instagram conversations from Odoo."""

from tests.unit.practice_phone.graph import PSID
from tools.practice_phone import demo
from tools.practice_phone.from_odoo import copy_history

MESSENGER = f"messenger:{demo.META_PAGE_ID}"
MESSAGE = {
    "id": 3,
    "direction": "outbound",
    "kind": "text",
    "body": "See you then",
    "data": {
        "sent_outside": True,
        "story_mention": True,
        "referral": {"source": "ADS"},
        "reactions": {"customer": "❤️"},
        "edited": "2026-01-02 03:05:00",
    },
    "state": "read",
    "provider_message_id": "m_demo",
    "sent_at": "2026-01-02 03:04:05",
    "error_code": False,
    "reply_to_id": False,
    "attachment_ids": [],
}


class Odoo:
    """The part of an Odoo that the history of one conversation needs."""

    def __init__(self, external_id):
        address = demo.META_PAGE_ID
        names = {"contact_name": "Lucía", "opted_out": False, "opt_out_source": False}
        self.rows = {
            "messaging.channel": [{"id": 1, "kind": "messenger", "address": address}],
            "messaging.conversation": [{"id": 2, **names}],
            "messaging.identity": [{"external_id": external_id}],
            "messaging.message": [MESSAGE],
        }

    def call(self, model, method, *arguments, **named):
        return [1] if method == "search" else self.rows[model]


def test_marks_and_reactions_are_copied_to_the_phone(client, monkeypatch):
    monkeypatch.setattr(
        "tools.practice_phone.from_odoo._post",
        lambda url, values: client.post("/control/import", json=values),
    )
    copy_history(Odoo(PSID).call, "http://127.0.0.1:8070")
    query = {"customer": PSID, "line": MESSENGER}
    (message,) = client.get("/control/messages", params=query).json()["messages"]
    assert message["extra"] == {
        "outside": True,
        "story": "mention",
        "referral": {"source": "ADS"},
    }
    assert message["reactions"] == {"customer": "❤️"}
    assert (message["edits"], message["unsent"]) == (1, False)


def test_a_customer_with_only_a_page_scoped_id_gets_a_phone(client):
    values = {"line": MESSENGER, "scoped_id": "7001", "name": "Nora", "messages": []}
    customer = client.post("/control/import", json=values).json()["customer"]
    assert (customer["name"], customer["phone"]) == ("Nora", "")
    assert customer["ids"] == {demo.META_PAGE_ID: "7001"}
    again = client.post("/control/import", json=values).json()["customer"]
    assert again["id"] == customer["id"]
