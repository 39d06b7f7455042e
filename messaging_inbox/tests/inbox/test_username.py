from odoo.tools import SQL

from ..common import CUSTOMER, MessagingCase

OTHER = "+34611111112"


class TestUsername(MessagingCase):
    """A customer's @username is shown and found, but isn't an identifier."""

    def found(self, query):
        Conversation = self.env["messaging.conversation"].with_user(self.agent)
        rows = Conversation.inbox_list("", query=query)["rows"]
        return [row["id"] for row in rows]

    def test_a_message_brings_the_username(self):
        conversation = self.conversation(ProfileUsername="@ana.bikes")
        self.assertEqual(conversation.contact_username, "ana.bikes")
        (row,) = conversation.inbox_rows(conversation.ids)
        self.assertEqual(row["contact_username"], "ana.bikes")

    def test_a_changed_username_replaces_the_old_one_and_a_missing_one_does_not(self):
        conversation = self.conversation(ProfileUsername="ana")
        self.receive(ProfileUsername="ana.bikes")
        self.receive()
        self.assertEqual(conversation.contact_username, "ana.bikes")

    def test_invisible_characters_are_dropped(self):
        conversation = self.conversation(ProfileUsername="ana\u202e\x00")
        self.assertEqual(conversation.contact_username, "ana")

    def test_the_search_finds_it_with_and_without_the_at_sign(self):
        conversation = self.conversation(ProfileUsername="ana.bikes")
        self.conversation(sender=OTHER, ProfileUsername="bob")
        for query in ("@ana.bikes", "ana.bik", "BIKES"):
            self.assertEqual(self.found(query), conversation.ids, query)

    def test_two_customers_with_one_username_stay_two(self):
        one = self.conversation(ProfileUsername="ana")
        other = self.conversation(sender=OTHER, ProfileUsername="ana")
        self.assertNotEqual(one, other)
        self.assertEqual(one.identity_ids.mapped("external_id"), [CUSTOMER])

    def test_the_search_uses_the_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        where = "contact_username ILIKE '%%bikes%%'"
        query = f"EXPLAIN SELECT id FROM messaging_conversation WHERE {where}"
        plan = str(self.env.execute_query(SQL(query)))
        self.assertIn("messaging_conversation_contact_idx", plan)
