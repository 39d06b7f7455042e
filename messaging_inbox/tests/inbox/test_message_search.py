from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...models.inbox.message_search import SEARCHED
from ...models.search.folded_text import has_words
from ..common import MessagingCase

NUMBERS = ("+34612000001", "+34612000002")


class TestMessageSearch(MessagingCase):
    """Search in messages, notes and names of files, under the usual rules."""

    def setUp(self):
        super().setUp()
        self.inbox = self.env["messaging.conversation"].with_user(self.agent)

    def search(self, query, user=None, **options):
        inbox = self.inbox.with_user(user or self.agent)
        return inbox.inbox_search_messages(query, **options)

    def ids(self, query, **options):
        return [hit["message_id"] for hit in self.search(query, **options)["hits"]]

    # what is found

    def test_words_are_found_in_any_order_without_case_and_accents(self):
        message = self.receive("¿Tenéis la bicicleta AZUL?")
        self.receive("¿Tenéis la bicicleta roja?")
        for query in ("azul bicicleta", "TENEIS azúl", "bici zul"):
            self.assertEqual(self.ids(query), message.ids, query)
        self.assertEqual(self.ids("bicicleta verde"), [])

    def test_replies_notes_and_file_names_are_found_and_events_are_not(self):
        conversation = self.conversation("Tandems?")
        reply = conversation.reply("We have two tandems")
        note = conversation.action_note("Sell the tandems soon")
        file = self.attachment(conversation, name="Tandem prices.png")
        sent = conversation.reply("", file.ids)
        conversation.action_assign(self.agent.id)
        first = conversation.message_ids.filtered(lambda m: m.direction == "inbound")
        self.assertEqual(self.ids("tandem"), [*sent, note, *reply, first.id])
        [hit] = self.search("prices")["hits"]
        self.assertEqual(hit["file_name"], "Tandem prices.png")

    def test_an_unsent_message_is_no_longer_found(self):
        message = self.receive("Tandems?")
        message.sudo()._forget_content()
        self.assertEqual(self.ids("tandems"), [])

    def test_closed_conversations_are_found_too(self):
        conversation = self.conversation("Tandems?")
        conversation.action_close()
        [hit] = self.search("tandems")["hits"]
        self.assertEqual(hit["row"]["state"], "closed")

    def test_a_hit_shows_the_words_in_their_surroundings(self):
        message = self.receive("Do you have tandems? " + "x" * 500)
        [hit] = self.search("TANDEM")["hits"]
        self.assertEqual(hit["message_id"], message.id)
        self.assertEqual(hit["row"]["id"], message.conversation_id.id)
        self.assertTrue(hit["excerpt"].startswith("Do you have tandems?"))
        self.assertLess(len(hit["excerpt"]), 170)
        self.assertEqual(hit["marks"], [[12, 18]])
        self.assertEqual((hit["direction"], hit["kind"]), ("inbound", "text"))

    def test_pages_follow_each_other(self):
        newest_first = [self.receive(f"Tandem {n}").id for n in range(5)][::-1]
        page = self.search("tandem", limit=3)
        self.assertTrue(page["has_more"])
        before = page["hits"][-1]["message_id"]
        rest = self.search("tandem", limit=3, before=before)
        self.assertFalse(rest["has_more"])
        found = [hit["message_id"] for hit in page["hits"] + rest["hits"]]
        self.assertEqual(found, newest_first)

    def test_short_words_are_looked_for_in_the_latest_messages_only(self):
        message = self.receive("Is it ok?")
        page = self.search("ok")
        self.assertEqual([hit["message_id"] for hit in page["hits"]], message.ids)
        self.assertTrue(page["is_recent_only"])
        self.assertFalse(self.search("all ok")["is_recent_only"])

    def test_an_empty_query_finds_nothing(self):
        self.receive("Hello")
        for query in ("", "   ", False):
            self.assertEqual(self.search(query)["hits"], [])

    def test_wildcards_are_literal(self):
        message = self.receive("100% sure")
        self.receive("100 times sure")
        self.assertEqual(self.ids("100%"), message.ids)

    # filters

    def test_filters_narrow_the_result(self):
        whatsapp = self.receive("A tandem")
        whatsapp.conversation_id.action_assign(self.agent.id)
        sms = self.receive("A tandem", channel=self.sms)
        file = self.attachment(sms.conversation_id, name="Tandem.png")
        sent = self.message(
            sms.conversation_id.with_user(self.agent).reply("", file.ids)
        )
        old = self.receive("An old tandem")
        old.sudo().sent_at = "2026-03-28 23:30:00"
        cases = [
            ({"channel_id": self.sms.id}, sms | sent),
            ({"user_id": self.agent.id}, whatsapp | old),
            ({"user_id": False}, sms | sent),
            ({"has_file": True}, sent),
            ({"date_to": "2026-03-29"}, old),
            ({"date_from": "2026-03-30"}, whatsapp | sms | sent),
        ]
        self.agent.tz = "Europe/Madrid"
        for filters, expected in cases:
            with self.subTest(filters):
                self.assertCountEqual(self.ids("tandem", filters=filters), expected.ids)
        # The message is of the 29th in Madrid.
        day = {"date_from": "2026-03-29", "date_to": "2026-03-29"}
        self.assertEqual(self.ids("tandem", filters=day), old.ids)

    def test_a_wrong_filter_is_named(self):
        for sentence, filters in {
            "Unknown filter “spam”": {"spam": 1},
            "Invalid value for “date_from”": {"date_from": "yesterday"},
            "Invalid value for “has_file”": {"has_file": "yes"},
        }.items():
            with self.assertRaisesRegex(UserError, sentence):
                self.search("tandem", filters=filters)

    # access

    def test_hidden_conversations_are_not_searched(self):
        message = self.receive("A secret tandem", channel=self.private)
        self.assertEqual(self.ids("tandem", user=self.installer), message.ids)
        for user in (self.agent, self.manager, self.stranger):
            self.assertEqual(self.ids("tandem", user=user), [], user.name)
            with self.assertRaises(AccessError):
                self.inbox.with_user(user).inbox_find(
                    message.conversation_id.id, "tandem"
                )
            with self.assertRaises(AccessError):
                self.inbox.with_user(user).inbox_around(
                    message.conversation_id.id, message.id
                )
        with self.assertRaises(AccessError):
            self.ids("tandem", user=self.employee)

    # within one conversation

    def test_find_returns_the_messages_of_one_conversation(self):
        first = self.receive("A tandem")
        second = self.receive("Two tandems")
        self.receive("No")
        self.receive("A tandem", sender=NUMBERS[0])
        found = self.inbox.inbox_find(first.conversation_id.id, "TANDEM")
        self.assertEqual(found, {"ids": [second.id, first.id], "has_more": False})
        nothing = self.inbox.inbox_find(first.conversation_id.id, " ")
        self.assertEqual(nothing["ids"], [])

    def test_a_thread_is_loaded_around_a_message_and_from_there_both_ways(self):
        messages = [self.receive(str(n)) for n in range(9)]
        thread = messages[0].conversation_id
        ids = [message.id for message in messages]

        def shown(page):
            return [message["id"] for message in page["messages"]]

        around = self.inbox.inbox_around(thread.id, ids[4], limit=2)
        self.assertEqual(shown(around), ids[3:7])
        self.assertTrue(around["has_older"] and around["has_newer"])
        after = self.inbox.inbox_messages(thread.id, after=ids[6], limit=5)
        self.assertEqual((shown(after), after["has_more"]), (ids[7:], False))
        before = self.inbox.inbox_messages(thread.id, ids[3], limit=2)
        self.assertEqual((shown(before), before["has_more"]), (ids[1:3], True))

    def test_a_deleted_message_cannot_be_opened(self):
        message = self.receive("A tandem")
        other = self.receive("A tandem", sender=NUMBERS[0])
        thread = message.conversation_id
        for id_ in (other.id, 10**9):
            with self.assertRaisesRegex(UserError, "This message was deleted"):
                self.inbox.inbox_around(thread.id, id_)

    # cost

    def test_a_search_takes_a_constant_number_of_queries(self):
        def ask():
            return self.search("tandem")

        self.conversation("A tandem").action_note("Tandem")
        few = self.warm_queries(ask)
        for number in range(15):
            sender = f"+3461200{number:04d}"
            conversation = self.conversation("A tandem", sender=sender)
            conversation.action_note("Tandem")
        # One less, because the latest messages contain enough.
        self.assertEqual(self.warm_queries(ask), few - 1)

    def test_an_index_serves_the_search(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        Message = self.env["messaging.message"]
        query = Message._search(has_words(SEARCHED, "tandem"), order="")
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        self.assertIn("messaging_message_text_idx", str(plan))
