from odoo.exceptions import AccessError, UserError

from ..common import AGENT, MessagingCase


class TestAvailability(MessagingCase):
    """Whether conversations may be assigned to a user now."""

    def row(self, user):
        return self.env["messaging.availability"].search([("user_id", "=", user.id)])

    def test_every_agent_has_a_row_and_starts_available(self):
        for user in (self.agent, self.manager, self.installer):
            self.assertEqual(self.row(user).available, True)
            self.assertTrue(user.messaging_available)
        for user in (self.employee, self.portal, self.system):
            self.assertFalse(self.row(user))
            self.assertFalse(user.messaging_available)

    def test_every_new_agent_gets_a_row(self):
        group = self.env.ref(AGENT)
        ways = {
            "by the user": lambda user: user.write({"group_ids": [(4, group.id)]}),
            "by the group": lambda user: group.write({"user_ids": [(4, user.id)]}),
            "by a group that implies it": lambda user: self.env["res.groups"].create(
                {
                    "name": "Shop",
                    "implied_ids": [(4, group.id)],
                    "user_ids": [(4, user.id)],
                }
            ),
        }
        for name, become in ways.items():
            with self.subTest(name):
                user = self._user(name, "base.group_user")
                become(user)
                self.assertTrue(self.row(user).available)

    def test_an_agent_who_returns_keeps_the_former_availability(self):
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        self.agent.active = False
        self.agent.active = True
        self.assertEqual(len(self.row(self.agent)), 1)
        self.assertFalse(self.agent.messaging_available)

    def test_users_switch_only_their_own_availability(self):
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        self.assertFalse(self.agent.messaging_available)
        for user in (self.agent, self.manager, self.system, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.colleague.with_user(user).action_messaging_set_available(False)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.row(self.colleague).with_user(user).available = False
        self.assertTrue(self.colleague.messaging_available)

    def test_preferences_switch_only_the_users_own_availability(self):
        self.agent.with_user(self.agent).write({"messaging_available": False})
        self.assertFalse(self.agent.messaging_available)
        admin = self.env.ref("base.user_admin")
        for user in (self.agent, self.manager, self.system, admin):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.colleague.with_user(user).write({"messaging_available": False})
        self.assertTrue(self.colleague.messaging_available)

    def test_the_switch_does_nothing_for_a_non_agent(self):
        for user in (self.employee, self.portal):
            with self.subTest(user.login):
                user.with_user(user).write({"messaging_available": True})
                self.assertFalse(self.row(user))
                self.assertFalse(user.messaging_available)

    def test_users_can_write_only_the_switch(self):
        row = self.row(self.agent).with_user(self.agent)
        for values in (
            {"user_id": self.colleague.id},
            {"first_message_id": 0},
            {"changed_at": False},
            {"available": False, "first_message_id": 0},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                row.write(values)
        row.available = False
        self.assertTrue(row.changed_at)

    def test_users_cannot_create_or_delete_rows(self):
        for user in (self.agent, self.manager, self.system):
            row = self.row(self.agent).with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.create({"user_id": self.employee.id})
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.unlink()

    def test_colleagues_see_who_is_available(self):
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        users = self.env["res.users"].with_user(self.colleague)
        ours = [("id", "in", (self.agent | self.colleague).ids)]
        self.assertEqual(
            users.search([*ours, ("messaging_available", "=", True)]), self.colleague
        )
        self.assertEqual(
            users.search([*ours, ("messaging_available", "=", False)]), self.agent
        )
        self.assertEqual(
            users.search([*ours, ("messaging_available", "!=", True)]), self.agent
        )

    def test_becoming_unavailable_keeps_current_assignments(self):
        conversation = self.conversation()
        conversation.action_assign(self.agent.id)
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        self.assertEqual(conversation.user_id, self.agent)
        self.assertTrue(conversation.reply("Still here"))
        conversation.action_close()
        conversation.action_reopen()
        conversation.action_assign(self.agent.id)
        self.assertEqual(conversation.section, "mine")

    def test_reopening_by_the_customer_keeps_an_unavailable_assignee(self):
        conversation = self.conversation()
        conversation.action_assign(self.agent.id)
        conversation.action_close()
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        self.receive("Again")
        self.assertEqual(conversation.section, "mine")

    def test_an_unavailable_user_cannot_take_back_a_conversation(self):
        conversation = self.conversation()
        conversation.action_assign(self.agent.id)
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        conversation.action_unassign()
        with self.assertRaisesRegex(UserError, "You are unavailable"):
            conversation.action_assign(self.agent.id)

    def test_the_refusal_names_available_users(self):
        conversation = self.conversation()
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        with self.assertRaises(UserError) as caught:
            conversation.with_user(self.colleague).action_assign(self.agent.id)
        sentence = str(caught.exception)
        self.assertIn(self.colleague.name, sentence.partition("Available now")[2])
        self.assertNotIn(self.employee.name, sentence)

    def test_the_bus_publishes_the_switch_to_colleagues(self):
        self.bus()
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        [(channel, payload)] = self.bus("availability")
        self.assertEqual(payload, {"user_id": self.agent.id, "available": False})
        self.assertEqual(channel[1:], ["res.groups", self.env.ref(AGENT).id])
