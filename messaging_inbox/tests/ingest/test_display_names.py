from dataclasses import replace
from unittest.mock import patch

from ...providers.events import Profile
from ...providers.text import MAX_NAME
from ...providers.twilio import Twilio
from ..common import CUSTOMER
from .event_case import EventCase

INVISIBLE = "\u3164\u200b\u202e"
PERSON = "7689000000000101"


class TestDisplayNames(EventCase):
    """Names come from strangers, but never leave a row blank or broken."""

    def row(self, conversation):
        return conversation.inbox_rows(conversation.ids)[0]

    def test_an_invisible_name_is_replaced_by_the_number(self):
        conversation = self.conversation(ProfileName=INVISIBLE)
        self.assertEqual(self.row(conversation)["contact_name"], CUSTOMER)
        self.assertEqual(conversation.display_name, CUSTOMER)

    def test_an_invisible_name_does_not_replace_a_known_name(self):
        conversation = self.conversation(ProfileName="Ana")
        self.receive(ProfileName=INVISIBLE)
        self.assertEqual(conversation.contact_name, "Ana")

    def test_line_breaks_and_direction_overrides_are_removed_from_names(self):
        conversation = self.conversation(ProfileName="\u202eAna\r\nMaria\u2069  Vidal")
        self.assertEqual(conversation.contact_name, "Ana Maria Vidal")

    def test_long_names_are_shortened(self):
        conversation = self.conversation(ProfileName="a" * 300)
        self.assertEqual(len(conversation.contact_name), MAX_NAME)

    def test_names_from_all_providers_are_cleaned(self):
        event = replace(self.written(), name="Ana\u200b\nVidal")
        self.ingest(event)
        conversation = self.found(event).conversation_id
        self.assertEqual(conversation.contact_name, "Ana Vidal")

    def test_profile_names_are_cleaned(self):
        for name, shown in (
            ("\u202eMarta\nVidal", "Marta Vidal"),
            (INVISIBLE, "WhatsApp customer 0101"),
        ):
            with self.subTest(name):
                event = self.written(external_ids=(PERSON,))
                self.ingest(event)
                conversation = self.found(event).conversation_id
                conversation.sudo()._store({"profile_due": True, "profile_at": False})
                conversation._store({"contact_name": "WhatsApp customer 0101"})
                with patch.object(Twilio, "profile", return_value=Profile(name)):
                    self.env["messaging.conversation"].sudo()._fetch_next_profile()
                self.env.invalidate_all()
                self.assertEqual(conversation.contact_name, shown)
