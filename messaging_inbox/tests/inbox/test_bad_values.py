from odoo.exceptions import UserError

from ..conversation.link_case import LinkCase

NO_NUMBERS = ("x", "5", [1], {"a": 1}, 1.5)
NO_IDS = ("x", 5, {"a": 1}, 1.5, ["x"], [True], None, False)
NO_TEXTS = (5, [1], {"a": 1}, 1.5)
NO_VALUES = ("name", 5, ["name"], True, None, False)


class TestBadValues(LinkCase):
    """Bad values from a client get a result or a UserError, never a traceback."""

    def assertRefused(self, call, values, name):
        for value in values:
            with (
                self.subTest(name=name, value=value),
                self.assertRaisesRegex(UserError, f"Invalid value for “{name}”"),
            ):
                call(value)

    def ask(self, method, *args):
        """Return a function that calls a method with a client's last argument."""
        return lambda value: getattr(self.inbox, method)(*args, value)

    def test_requests_of_the_screen(self):
        for name, values in (
            ("section", NO_TEXTS),
            ("channel_id", NO_NUMBERS),
            ("before", NO_NUMBERS),
            ("limit", (*NO_NUMBERS, None)),
        ):
            self.assertRefused(
                lambda value, name=name: self.inbox.inbox_list(
                    **{"section": "mine", name: value}
                ),
                values,
                name,
            )
        id_ = self.thread.id
        for call, values, name in (
            (self.ask("inbox_rows"), NO_IDS, "ids"),
            (self.ask("inbox_message_values"), NO_IDS, "ids"),
            (self.ask("inbox_open"), NO_NUMBERS, "id"),
            (self.ask("inbox_open", id_), NO_NUMBERS, "limit"),
            (self.ask("inbox_messages", id_), NO_NUMBERS, "before"),
            (self.ask("inbox_messages", id_, 5), NO_NUMBERS, "limit"),
            (self.ask("inbox_details"), NO_NUMBERS, "id"),
            (self.ask("inbox_save_draft", id_), NO_TEXTS, "body"),
            (self.ask("inbox_link_search", id_, "crm.lead", "x"), NO_NUMBERS, "limit"),
            (self.ask("inbox_partner_duplicates", id_), NO_VALUES, "values"),
            (self.ask("inbox_lead_duplicates", id_), NO_VALUES, "values"),
        ):
            self.assertRefused(call, values, name)

    def test_actions_on_a_conversation(self):
        thread = self.thread
        for call, values, name in (
            (thread.write, NO_VALUES, "vals"),
            (lambda value: thread.write({"user_id": value}), NO_NUMBERS, "user_id"),
            (thread.action_assign, NO_NUMBERS, "user_id"),
            (
                lambda value: thread.action_assign(self.agent.id, value),
                NO_NUMBERS,
                "expected_user_id",
            ),
            (thread.action_create_partner, NO_VALUES, "vals"),
            (lambda value: thread.action_create_lead(value, "lead"), NO_VALUES, "vals"),
            (lambda value: thread.action_create_lead({}, value), NO_TEXTS, "type"),
            (thread.action_note, NO_TEXTS, "body"),
            (lambda value: thread.action_note("x", value), NO_IDS, "attachment_ids"),
            (lambda value: thread.action_note("x", (), value), NO_IDS, "mention_ids"),
            (thread.reply, NO_TEXTS, "body"),
            (lambda value: thread.reply("x", value), NO_IDS, "attachment_ids"),
            (
                lambda value: thread.reply("x", reply_to_id=value),
                NO_NUMBERS,
                "reply_to_id",
            ),
        ):
            self.assertRefused(call, values, name)
        self.assertEqual(len(thread.message_ids), 1)
        self.assertFalse(thread.user_id)

    def test_calls_besides_the_inbox(self):
        me = self.agent.with_user(self.agent)
        account = self.account.with_user(self.installer)
        self.assertRefused(me.action_messaging_test_notification, NO_TEXTS, "method")
        self.assertRefused(account.action_transfer_installer, NO_NUMBERS, "user_id")

    def test_an_id_is_that_of_one_record(self):
        for call in (
            self.inbox.inbox_details,
            self.inbox.inbox_partner_defaults,
            lambda value: self.inbox.inbox_save_draft(value, "x"),
        ):
            self.assertRefused(call, (0, -1, None, False, True, [], "x", 2**31), "id")

    def test_an_id_that_no_column_can_hold_is_refused(self):
        thread = self.thread
        self.assertRefused(thread.action_assign, (2**31, -(2**40)), "user_id")
        self.assertRefused(self.ask("inbox_rows"), ([10**30],), "ids")
        self.assertRefused(
            lambda value: thread.action_link(partner_id=value),
            ([1], 2**31),
            "partner_id",
        )
        with self.assertRaisesRegex(UserError, "Invalid value"):
            thread.action_apply("read", 2**31)

    def test_numbers_that_json_lacks_are_no_values(self):
        """Python reads NaN from JSON; the database has no such JSON."""
        manager = self.env["messaging.template"].with_user(self.manager)
        template = manager.create(
            {
                "account_id": self.account.id,
                "name": "x",
                "language": "en",
                "body": "x",
                "buttons": [{"kind": "reply", "text": "Yes", "more": float("nan")}],
                "variable_names": float("inf"),
            }
        )
        self.env.flush_all()
        self.assertEqual(template.buttons[0]["text"], "Yes")

    def test_half_characters_and_nul_are_cleaned(self):
        """JSON may contain both, and PostgreSQL accepts neither."""
        thread, id_, bad = self.thread, self.thread.id, "a\ud83d\x00b"
        good = "a\ufffdb"
        self.inbox.inbox_save_draft(id_, bad)
        self.assertEqual(self.inbox.inbox_rows([id_])[0]["draft"], good)
        self.assertEqual(self.inbox.inbox_list(bad, bad)["rows"], [])
        for model in ("res.partner", "crm.lead"):
            self.assertEqual(self.inbox.inbox_link_search(id_, model, bad), [])
        for values in ({"name": bad, "email": bad}, {bad: bad}):
            self.assertEqual(self.inbox.inbox_partner_duplicates(id_, values), [])
            self.assertEqual(self.inbox.inbox_lead_duplicates(id_, values), [])
        message = self.message(thread.reply(bad))
        self.assertEqual(message.body, good)
        self.assertEqual(self.message(thread.action_note(bad)).body, good)
        partner = thread.action_create_partner({"name": bad, "comment": bad})
        self.assertEqual(self.partner.browse(partner).name, good)
        lead = thread.action_create_lead({"name": bad}, "lead")
        self.assertEqual(self.deal.browse(lead).name, good)

    def test_half_characters_elsewhere_raise_a_user_error(self):
        thread, bad = self.thread, "a\ud83d\x00b"
        me = self.agent.with_user(self.agent)
        for call in (
            lambda: thread.reply("x", client_uuid=bad),
            lambda: thread.action_note("x", client_uuid=bad),
            lambda: thread.write({"state": bad}),
            lambda: thread.write({bad: bad}),
            lambda: thread.action_create_partner({"name": "x", bad: 1}),
            lambda: thread.action_create_lead({"name": "x"}, bad),
            lambda: self.inbox.inbox_link_search(thread.id, bad, "x"),
            lambda: self.inbox.inbox_lead_defaults(thread.id, bad),
            lambda: me.action_messaging_test_notification(bad),
            lambda: me.action_messaging_save_notifications({bad: True}),
        ):
            with self.assertRaises(UserError) as refused:
                call()
            str(refused.exception).encode()

    def test_empty_values_are_accepted(self):
        rows = self.inbox.inbox_list(False, False, None, None)["rows"]
        self.assertEqual([row["id"] for row in rows], self.thread.ids)
        self.thread.action_assign(self.agent.id, None)
        self.thread.action_assign(None)
        self.assertFalse(self.thread.user_id)
        self.assertEqual(self.inbox.inbox_open(False), {"deleted": True})
        self.assertTrue(self.inbox.inbox_save_draft(self.thread.id, None))
