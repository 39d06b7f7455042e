import json
from uuid import uuid4

from odoo.exceptions import AccessError

from ..common import CUSTOMER, MessagingCase
from ..scripted import refused

ROW = {
    "opt_out",
    "can_answer",
    "id",
    "channel_id",
    "contact_name",
    "contact_phone",
    "contact_username",
    "user_id",
    "state",
    "seq",
    "last_message_at",
    "preview",
    "reply_until",
    "human_agent_from",
    "avatar_url",
    "opted_out",
    "partner_id",
    "lead_id",
    "unread_count",
    "unreachable",
    "draft",
    "mention",
    "waiting_since",
    "waiting_seq",
    "has_failed",
    "tag_ids",
    "is_snoozed",
    "snoozed_until",
}
MESSAGE = {
    "id",
    "conversation_id",
    "direction",
    "kind",
    "state",
    "body",
    "data",
    "author_id",
    "sent_at",
    "error_code",
    "client_uuid",
    "part",
    "event_type",
    "event_from",
    "event_to",
    "reply_to",
    "reaction",
    "files",
    "failure_reason",
    "can_retry",
}
FILE = {"id", "media_id", "name", "mimetype", "size", "state"}


class TestInboxRpc(MessagingCase):
    """The client's requests: shapes, counts, and constant query counts."""

    def setUp(self):
        super().setUp()
        self.inbox = self.env["messaging.conversation"].with_user(self.agent)

    def ids(self, page):
        return [row["id"] for row in page["rows"]]

    # the first request

    def test_init_returns_everything_that_the_screen_needs(self):
        init = self.inbox.inbox_init()
        self.assertEqual(
            init["user"],
            {"id": self.agent.id, "name": self.agent.name, "available": True},
        )
        self.assertFalse(init["is_manager"])
        self.assertTrue(init["has_account"])
        self.assertEqual(
            {channel["id"] for channel in init["channels"]},
            {self.whatsapp.id, self.sms.id},
        )
        [whatsapp] = [c for c in init["channels"] if c["id"] == self.whatsapp.id]
        self.assertEqual(whatsapp["kind"], "whatsapp")
        self.assertEqual(whatsapp["account_state"], "connected")
        self.assertEqual(whatsapp["text_limit"], 1600)
        self.assertEqual(whatsapp["file_limits"]["image/png"], 5 * 1024 * 1024)
        self.assertIn("read", whatsapp["statuses"])
        self.assertIn(self.colleague.id, init["users"])
        self.assertNotIn(self.employee.id, init["users"])
        self.assertNotIn(self.stranger.id, init["users"])
        json.dumps(init)

    def test_init_describes_the_rights_of_manager_and_installer(self):
        manager = self.inbox.with_user(self.manager).inbox_init()
        self.assertTrue(manager["is_manager"])
        self.assertNotIn(self.private.id, [c["id"] for c in manager["channels"]])
        installer = self.inbox.with_user(self.installer).inbox_init()
        self.assertIn(self.private.id, [c["id"] for c in installer["channels"]])

    def test_odoos_session_info_contains_the_badge(self):
        counters = self.inbox.inbox_counters()
        info = self.env["ir.http"].with_user(self.agent).lazy_session_info()
        self.assertEqual(info["messaging_inbox"], counters)
        for user in (self.employee, self.system):
            info = self.env["ir.http"].with_user(user).lazy_session_info()
            self.assertNotIn("messaging_inbox", info)

    # lists

    def test_a_row_matches_the_contract(self):
        conversation = self.conversation("Hello\nthere")
        [row] = self.inbox.inbox_list("unassigned", channel_id=self.whatsapp.id)["rows"]
        self.assertEqual(row.keys(), ROW)
        self.assertEqual(row["contact_phone"], CUSTOMER)
        self.assertEqual(row["seq"], conversation.last_message_id)
        self.assertEqual(row["unread_count"], 1)
        self.assertEqual(row["user_id"], False)
        self.assertRegex(row["reply_until"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
        self.assertEqual(row["preview"]["direction"], "inbound")
        self.assertEqual(row["preview"]["state"], "received")
        json.dumps(row)

    def test_an_sms_row_has_no_reply_window(self):
        self.conversation(channel=self.sms)
        [row] = self.inbox.inbox_list("unassigned", channel_id=self.sms.id)["rows"]
        self.assertIs(row["reply_until"], False)

    def test_the_preview_is_the_last_message_cut_short(self):
        self.conversation("x" * 1000)
        [row] = self.inbox.inbox_list("unassigned", channel_id=self.whatsapp.id)["rows"]
        self.assertEqual(len(row["preview"]["body"]), 200)

    def test_the_preview_distinguishes_an_empty_text_from_other_content(self):
        message = self.receive("")
        for data, brings in ((None, False), ({"referral": {}}, True)):
            message.sudo().data = data
            [row] = self.inbox.inbox_rows(message.conversation_id.ids)
            self.assertEqual(row["preview"]["has_extras"], brings)

    def test_a_page_starts_after_the_previous_one(self):
        newest_first = self.customers(5, channel=self.sms).ids[::-1]
        pages, before = [], False
        while True:
            page = self.inbox.inbox_list(
                "unassigned", channel_id=self.sms.id, before=before, limit=2
            )
            pages += self.ids(page)
            if not page["has_more"]:
                break
            before = page["rows"][-1]["seq"]
        self.assertEqual(pages, newest_first)

    def test_a_new_message_brings_a_conversation_to_the_top(self):
        first, _second = self.customers(2, channel=self.sms)
        self.receive(sender=first.contact_phone, channel=self.sms)
        page = self.inbox.inbox_list("unassigned", channel_id=self.sms.id)
        self.assertEqual(self.ids(page)[0], first.id)

    def test_each_section_lists_its_own(self):
        mine, theirs, closed, nobodys = self.customers(4, channel=self.sms)
        mine.action_assign(self.agent.id)
        theirs.action_assign(self.colleague.id)
        closed.action_close()
        expected = {
            "mine": mine,
            "others": theirs,
            "closed": closed,
            "unassigned": nobodys,
        }
        for section, conversation in expected.items():
            page = self.inbox.inbox_list(section, channel_id=self.sms.id)
            self.assertEqual(self.ids(page), conversation.ids, section)
        everything = self.inbox.inbox_list(False, channel_id=self.sms.id)
        self.assertEqual(len(everything["rows"]), 4)

    def test_an_unknown_section_lists_nothing(self):
        self.conversation()
        self.assertEqual(self.inbox.inbox_list("spam")["rows"], [])

    def test_a_search_finds_names_and_numbers_however_written(self):
        ana = self.conversation(sender="+34611222333", ProfileName="Ana Núñez")
        for query in ("núñ", "ANA", "+34 611 22", "611222333", "0034611222333"):
            with self.subTest(query):
                self.assertIn(ana.id, self.ids(self.inbox.inbox_list(False, query)))
        for query in ("Eva", "999888777", "%%%x", "_____________________________"):
            with self.subTest(query):
                self.assertNotIn(ana.id, self.ids(self.inbox.inbox_list(False, query)))

    def test_sql_wildcards_are_searched_literally(self):
        sale = self.conversation(sender="+34611222333", ProfileName="50% off a_b")
        self.conversation(sender="+34611222444", ProfileName="50 or off axb")
        for query in ("50% off", "a_b", "%", "_"):
            with self.subTest(query):
                page = self.inbox.inbox_list(False, query)
                self.assertEqual(self.ids(page), sale.ids)

    def test_odd_arguments_give_an_empty_or_short_page(self):
        self.customers(2, channel=self.sms)
        for options in (
            {"limit": 0},
            {"limit": -5},
            {"limit": 10**9},
            {"channel_id": 999_999_999},
            {"before": 1},
            {"query": "\x00"},
            {"query": "'; DROP TABLE"},
            {"query": "x" * 10_000},
        ):
            with self.subTest(str(options)[:40]):
                page = self.inbox.inbox_list("unassigned", **options)
                self.assertLessEqual(len(page["rows"]), 100)

    def test_deleted_and_hidden_rows_are_left_out(self):
        seen = self.conversation()
        hidden = self.conversation(channel=self.private)
        rows = self.inbox.inbox_rows([seen.id, hidden.id, 999_999_999])
        self.assertEqual([row["id"] for row in rows], seen.ids)

    # one conversation

    def test_open_brings_the_newest_messages_oldest_first(self):
        conversation = self.conversation("0")
        for number in range(1, 5):
            self.receive(str(number))
        opened = conversation.inbox_open(conversation.id, limit=3)
        self.assertEqual([m["body"] for m in opened["messages"]], ["2", "3", "4"])
        self.assertTrue(opened["has_more"])
        self.assertEqual(opened["row"]["id"], conversation.id)
        older = conversation.inbox_messages(
            conversation.id, opened["messages"][0]["id"], limit=3
        )
        self.assertEqual([m["body"] for m in older["messages"]], ["0", "1"])
        self.assertFalse(older["has_more"])

    def test_a_message_matches_the_contract(self):
        conversation = self.conversation()
        question = conversation.message_ids
        file = self.attachment(conversation)
        file += self.attachment(conversation)
        client_uuid = str(uuid4())
        conversation.reply("Look", file.ids, client_uuid, question.id)
        opened = conversation.inbox_open(conversation.id)
        first, text, picture, _second = opened["messages"]
        for message in (first, text, picture):
            self.assertEqual(message.keys(), MESSAGE)
        self.assertEqual(
            text["reply_to"],
            {
                "id": question.id,
                "body": "Hello",
                "kind": "text",
                "direction": "inbound",
                "author_id": False,
                "unsent": False,
            },
        )
        self.assertEqual((text["client_uuid"], picture["part"]), (client_uuid, 1))
        [shown] = picture["files"]
        self.assertEqual(shown.keys(), FILE)
        self.assertEqual((shown["id"], shown["state"]), (file[0].id, "ready"))
        self.assertIs(shown["media_id"], False)
        json.dumps(opened)

    def test_details_say_whether_the_user_may_delete(self):
        conversation = self.conversation()
        who = ((self.agent, False), (self.manager, False), (self.installer, True))
        for user, may in who:
            opened = conversation.with_user(user).inbox_open(conversation.id)
            self.assertEqual(opened["details"]["can_delete"], may)

    def test_failure_reasons_are_in_the_viewers_language(self):
        conversation = self.conversation()
        message = self.message(conversation.reply("Yes"))
        self.send_queued(refused(400, 63016))
        [value] = self.inbox.inbox_message_values(message.ids)
        self.assertIn("reply window", value["failure_reason"])
        self.assertTrue(value["can_retry"])

    def test_hidden_conversations_are_refused(self):
        hidden = self.conversation(channel=self.private)
        hidden_id, message_id = hidden.id, hidden.sudo().message_ids.id
        for ask in (
            lambda: self.inbox.inbox_open(hidden_id),
            lambda: self.inbox.inbox_messages(hidden_id, 10**9),
            lambda: self.inbox.inbox_assignees([hidden_id]),
            lambda: self.inbox.inbox_save_draft(hidden_id, "x"),
        ):
            with self.assertRaises(AccessError):
                ask()
        self.assertEqual(self.inbox.inbox_message_values([message_id]), [])

    def test_the_assignee_list_contains_users_with_access_and_their_availability(self):
        conversation = self.conversation()
        self.colleague.with_user(self.colleague).action_messaging_set_available(False)
        found = {
            entry["id"]: entry["available"]
            for entry in self.inbox.inbox_assignees(conversation.ids)
        }
        self.assertEqual(found[self.agent.id], True)
        self.assertEqual(found[self.colleague.id], False)
        self.assertNotIn(self.employee.id, found)
        self.assertNotIn(self.stranger.id, found)

    # drafts

    def test_only_its_author_sees_a_draft(self):
        conversation = self.conversation()
        conversation.inbox_save_draft(conversation.id, "I began\x00")
        self.assertEqual(self.draft(self.agent), "I began")
        self.assertEqual(self.draft(self.colleague), "")
        conversation.inbox_save_draft(conversation.id, "")
        self.assertEqual(self.draft(self.agent), "")

    def draft(self, user):
        inbox = self.inbox.with_user(user)
        [row] = inbox.inbox_list("unassigned", channel_id=self.whatsapp.id)["rows"]
        return row["draft"]

    def test_other_users_participation_cannot_be_read(self):
        conversation = self.conversation()
        conversation.inbox_save_draft(conversation.id, "I began")
        found = self.env["messaging.participation"].search(
            [("conversation_id", "=", conversation.id)]
        )
        self.assertTrue(found)
        for user in (self.colleague, self.manager, self.installer):
            self.assertFalse(found.with_user(user).search([("id", "in", found.ids)]))
