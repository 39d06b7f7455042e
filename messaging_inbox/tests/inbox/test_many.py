from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..common import MessagingCase


class TestMany(MessagingCase):
    """Many conversations change at once, and become again what they were."""

    def setUp(self):
        super().setUp()
        self.customers(3)
        self.some = self.env["messaging.conversation"].search(
            [("channel_id", "=", self.whatsapp.id)], limit=3
        )
        self.some = self.some.with_user(self.agent)

    def apply(self, action, value):
        return self.some.action_apply(action, value)

    def undo(self, result):
        inbox = self.env["messaging.conversation"].with_user(self.agent)
        return inbox.action_undo(result["undo"])

    def test_assigning_is_undone_to_each_former_assignee(self):
        self.some[0].action_assign(self.colleague.id)
        before = self.some.mapped("user_id.id"), [c.user_id.id for c in self.some]
        result = self.apply("assign", self.agent.id)
        self.assertEqual(self.some.user_id, self.agent)
        self.assertEqual((result["changed"], result["refused"]), (3, []))
        self.assertEqual(self.undo(result), {"changed": 3, "refused": []})
        self.assertEqual([c.user_id.id for c in self.some], before[1])

    def test_closing_is_undone_with_the_wait_and_the_snooze(self):
        until = fields.Datetime.now() + timedelta(days=1)
        self.some[1].action_snooze(until)
        waiting = self.some.mapped("waiting_message_id")
        self.assertTrue(all(waiting))
        result = self.apply("state", "closed")
        self.assertEqual(set(self.some.mapped("state")), {"closed"})
        self.assertFalse(any(self.some.mapped("waiting_message_id")))
        self.undo(result)
        self.assertEqual(set(self.some.mapped("state")), {"open"})
        self.assertEqual(self.some.mapped("waiting_message_id"), waiting)
        self.assertEqual(self.some[1].snoozed_until, until.replace(microsecond=0))
        self.assertFalse(self.some[0].is_snoozed)

    def test_snoozing_is_undone(self):
        result = self.apply("snooze", True)
        self.assertEqual(self.some.mapped("is_snoozed"), [True] * 3)
        self.undo(result)
        self.assertEqual(self.some.mapped("is_snoozed"), [False] * 3)

    def test_tags_are_undone_exactly(self):
        tags = self.env["messaging.tag"].create([{"name": "A"}, {"name": "B"}])
        self.some[0].action_tag(tags.ids)
        self.some[1].action_tag(tags[1].ids)
        result = self.apply("tags", {"add": tags[0].ids, "remove": tags[1].ids})
        self.assertEqual([c.tag_ids for c in self.some], [tags[0]] * 3)
        self.undo(result)
        self.assertEqual(
            [c.tag_ids for c in self.some], [tags, tags[1], self.env["messaging.tag"]]
        )

    def test_reading_is_undone(self):
        unread = [c.unread_count for c in self.some]
        self.assertTrue(all(unread))
        result = self.apply("read", True)
        self.some.invalidate_recordset()
        self.assertEqual([c.unread_count for c in self.some], [0] * 3)
        self.undo(result)
        self.some.invalidate_recordset()
        self.assertEqual([c.unread_count for c in self.some], unread)

    def test_undo_leaves_what_a_colleague_changed_since(self):
        result = self.apply("assign", self.agent.id)
        self.some[0].with_user(self.manager).action_assign(self.colleague.id)
        self.assertEqual(self.undo(result)["changed"], 2)
        self.assertEqual(self.some[0].user_id, self.colleague)
        self.assertFalse(self.some[1:].user_id)

    def test_one_refusal_does_not_stop_the_others(self):
        self.some[0].write({"state": "closed"})
        result = self.apply("snooze", True)
        self.assertEqual(result["changed"], 2)
        [refusal] = result["refused"]
        self.assertEqual(refusal["name"], self.some[0].display_name)
        self.assertIn("can't be snoozed", refusal["reason"])
        self.assertEqual(self.some.mapped("is_snoozed"), [False, True, True])

    def test_a_deleted_conversation_is_left_out(self):
        gone = self.some[0]
        gone.with_user(self.installer).unlink()
        self.assertEqual(self.apply("state", "closed")["changed"], 2)

    def test_a_hidden_conversation_is_refused(self):
        stranger = self.some.with_user(self.stranger)
        with self.assertRaises(AccessError):
            stranger.action_apply("state", "closed")
        result = self.apply("state", "closed")
        with self.assertRaises(AccessError):
            stranger.browse().action_undo(result["undo"])

    def test_bad_values_get_an_error(self):
        for action, value in [
            ("delete", True),
            ("state", "gone"),
            ("assign", "me"),
            ("snooze", "tomorrow"),
            ("snooze", 5),
            ("tags", {"set": [1]}),
            ("tags", {"add": ["A"]}),
            ("read", "yes"),
        ]:
            with self.subTest(action=action, value=value):
                result, error = None, None
                try:
                    with self.env.cr.savepoint():
                        result = self.apply(action, value)
                except UserError as raised:
                    error = raised
                self.assertTrue(error or len(result["refused"]) == 3)
        for steps in [5, [{}], [{"ids": "1", "action": 1, "value": 1, "expected": 1}]]:
            with self.subTest(steps=steps), self.assertRaises(UserError):
                self.some.browse().action_undo(steps)
