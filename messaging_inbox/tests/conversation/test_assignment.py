from odoo.exceptions import AccessError, UserError

from ..common import AGENT, MessagingCase


class TestAssignment(MessagingCase):
    """Assigning, closing and reopening a conversation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = cls._user("third", AGENT)

    def setUp(self):
        super().setUp()
        self.thread = self.conversation()

    def events(self):
        """Return (type, from, to, author) of each event, in order."""
        events = self.thread.message_ids.filtered("event_type").sorted("id")
        return [
            (event.event_type, event.event_from, event.event_to, event.author_id)
            for event in events
        ]

    def seen_by(self, user):
        return self.thread.with_user(user).section

    def test_an_assignment_event_names_the_actual_previous_assignee(self):
        """A colleague may be faster, with either way of assigning."""
        for user, write in (
            (self.colleague, lambda: self.thread.write({"user_id": self.agent.id})),
            (self.third, lambda: self.thread.action_assign(self.agent.id)),
            (self.colleague, lambda: self.thread.action_unassign()),
        ):
            self.assertNotEqual(self.thread.user_id, user)
            self.env.cr.execute(
                "UPDATE messaging_conversation SET user_id = %s WHERE id = %s",
                [user.id, self.thread.id],
            )
            write()
            self.assertEqual(self.events()[-1][1], user)

    # the sections

    def test_a_conversation_is_in_a_single_section_for_each_user(self):
        self.assertEqual(self.seen_by(self.agent), "unassigned")
        self.thread.action_assign(self.colleague.id)
        self.assertEqual(self.seen_by(self.colleague), "mine")
        self.assertEqual(self.seen_by(self.agent), "others")
        self.thread.action_close()
        for user in (self.agent, self.colleague, self.manager):
            self.assertEqual(self.seen_by(user), "closed")

    def test_searching_a_section_agrees_with_its_value(self):
        Conversation = self.env["messaging.conversation"].with_user(self.agent)
        self.thread.action_assign(self.agent.id)
        for section in ("mine", "unassigned", "others", "closed"):
            found = Conversation.search([("section", "=", section)])
            self.assertEqual(set(found.mapped("section")) - {section}, set())
            self.assertEqual(self.thread in found, section == "mine")
        self.assertIn(self.thread, Conversation.search([("section", "!=", "closed")]))
        both = Conversation.search([("section", "in", ["mine", "others"])])
        self.assertIn(self.thread, both)

    # assigning

    def test_any_agent_assigns_to_any_available_agent(self):
        self.thread.action_assign(self.colleague.id)
        self.assertEqual(self.thread.user_id, self.colleague)
        no_user = self.env["res.users"]
        self.assertEqual(
            self.events(), [("assigned", no_user, self.colleague, self.agent)]
        )

    def test_reassigning_and_unassigning_work_at_any_time(self):
        self.thread.action_assign(self.colleague.id)
        self.colleague.with_user(self.colleague).action_messaging_set_available(False)
        self.thread.with_user(self.manager).action_assign(self.third.id)
        self.thread.action_close()
        self.thread.action_assign(self.agent.id)
        self.thread.with_user(self.third).action_unassign()
        self.assertFalse(self.thread.user_id)
        self.assertEqual(self.thread.state, "closed")

    def test_assigning_the_same_user_again_changes_nothing(self):
        self.thread.action_assign(self.colleague.id)
        self.colleague.with_user(self.colleague).action_messaging_set_available(False)
        self.thread.action_assign(self.colleague.id)
        self.assertEqual(len(self.events()), 1)

    def test_writing_the_assignee_is_the_same_as_assigning(self):
        self.thread.write({"user_id": self.colleague.id})
        self.assertEqual(len(self.events()), 1)
        self.thread.write({"user_id": False})
        self.assertEqual(
            self.events()[1],
            ("assigned", self.colleague, self.env["res.users"], self.agent),
        )

    def test_assigning_several_logs_an_event_for_each(self):
        other = self.conversation(sender="+34622222222")
        other.action_assign(self.third.id)
        both = self.thread | other
        both.action_assign(self.colleague.id)
        self.assertEqual(both.user_id, self.colleague)
        events = both.message_ids.filtered(lambda m: m.event_to == self.colleague)
        self.assertEqual(
            {event.conversation_id: event.event_from for event in events},
            {self.thread: self.env["res.users"], other: self.third},
        )

    # refused assignees

    def test_a_user_without_access_cannot_be_assigned(self):
        gone = self._user("gone", AGENT)
        gone.active = False
        wrong = [self.employee, self.portal, self.system, self.stranger, gone]
        for user in wrong:
            for give in self.ways_to_give(user):
                with self.subTest(user.login), self.assertRaises(UserError):
                    give()
        self.assertFalse(self.thread.user_id)

    def test_no_one_can_assign_an_unavailable_user(self):
        self.colleague.with_user(self.colleague).action_messaging_set_available(False)
        for actor in (self.agent, self.colleague, self.manager, self.installer):
            for give in self.ways_to_give(self.colleague, actor):
                with (
                    self.subTest(actor.login),
                    self.assertRaisesRegex(UserError, "unavailable"),
                ):
                    give()
        self.assertFalse(self.thread.user_id)

    def ways_to_give(self, user, actor=None):
        thread = self.thread.with_user(actor or self.agent)
        return [
            lambda: thread.action_assign(user.id),
            lambda: thread.action_assign(user.id, False),
            lambda: thread.write({"user_id": user.id}),
            lambda: thread.web_save({"user_id": user.id}, {}),
            lambda: self.import_assignee(thread, user),
        ]

    def import_assignee(self, thread, user):
        result = thread.load([".id", "user_id/.id"], [[str(thread.id), str(user.id)]])
        for message in result["messages"]:
            raise UserError(message["message"])

    def test_a_private_conversation_is_assigned_to_its_installer_only(self):
        thread = self.conversation(channel=self.private, user=self.installer)
        with self.assertRaisesRegex(UserError, "no access"):
            thread.action_assign(self.agent.id)
        thread.action_assign(self.installer.id)
        self.assertEqual(thread.user_id, self.installer)

    def test_an_unknown_user_id_is_refused(self):
        for user_id in (999_999_999, -1):
            with self.assertRaises(UserError):
                self.thread.action_assign(user_id)

    # expected assignees

    def test_a_correct_expected_assignee_assigns(self):
        self.thread.action_assign(self.colleague.id, False)
        self.thread.action_assign(self.agent.id, self.colleague.id)
        self.assertEqual(self.thread.user_id, self.agent)

    def test_a_wrong_expected_assignee_is_refused_with_the_actual_one(self):
        self.thread.action_assign(self.colleague.id)
        for expected in (False, self.third.id):
            with self.assertRaisesRegex(UserError, self.colleague.name):
                self.thread.action_assign(self.agent.id, expected)
        self.thread.action_unassign()
        with self.assertRaisesRegex(UserError, "unassigned now"):
            self.thread.action_assign(self.agent.id, self.colleague.id)

    def test_a_wrong_expected_assignee_refuses_to_unassign(self):
        self.thread.action_assign(self.colleague.id)
        for expected in (False, self.third.id):
            with self.assertRaisesRegex(UserError, self.colleague.name):
                self.thread.action_assign(False, expected)
            self.assertEqual(self.thread.user_id, self.colleague)
        self.thread.action_assign(False, self.colleague.id)
        self.assertFalse(self.thread.user_id)

    # users who stop being valid assignees

    def test_losing_access_unassigns_open_and_closed_conversations(self):
        cases = {
            "archived": lambda user: user.write({"active": False}),
            "no agent any more": lambda user: user.write(
                {"group_ids": [(3, self.env.ref(AGENT).id)]}
            ),
            "taken out of the group": lambda user: self.env.ref(AGENT).write(
                {"user_ids": [(3, user.id)]}
            ),
            "moved to another company": lambda user: user.write(
                {
                    "company_id": self.other_company.id,
                    "company_ids": [(6, 0, self.other_company.ids)],
                }
            ),
            "taken out of the company": lambda user: (
                user.write(
                    {
                        "company_ids": [(4, self.other_company.id)],
                        "company_id": self.other_company.id,
                    }
                ),
                self.company.write({"user_ids": [(3, user.id)]}),
            ),
            "deleted": lambda user: user.unlink(),
        }
        for index, (name, lose) in enumerate(cases.items()):
            with self.subTest(name):
                self.check_taken_off(f"former{index}", lose)

    def check_taken_off(self, login, lose):
        user = self._user(login, AGENT)
        opened = self.conversation(sender="+34633333333")
        closed = self.conversation(sender="+34644444444")
        (opened | closed).action_assign(user.id)
        closed.action_close()
        events = len((opened | closed).message_ids.filtered("event_type"))
        lose(user)
        self.env.invalidate_all()
        self.assertFalse((opened | closed).user_id)
        self.assertEqual((opened.state, closed.state), ("open", "closed"))
        after = len((opened | closed).message_ids.filtered("event_type"))
        self.assertEqual(after, events + 2)
        closed.action_reopen()

    def test_making_a_channel_private_unassigns_colleagues(self):
        self.thread.action_assign(self.colleague.id)
        self.whatsapp.with_user(self.installer).visibility = "private"
        self.assertFalse(self.thread.sudo().user_id)

    def test_handing_over_the_role_unassigns_private_conversations(self):
        thread = self.conversation(channel=self.private, user=self.installer)
        thread.action_assign(self.installer.id)
        self.account.with_user(self.installer).action_transfer_installer(self.agent.id)
        self.assertFalse(thread.sudo().user_id)

    def test_archiving_a_channel_keeps_assignees(self):
        """Its conversations stay visible, so their assignees stay too."""
        self.thread.action_assign(self.colleague.id)
        self.whatsapp.active = False
        self.assertEqual(self.thread.user_id, self.colleague)
        self.whatsapp.active = True
        self.account.active = False
        self.assertEqual(self.thread.user_id, self.colleague)

    # open and closed

    def test_closing_and_reopening_are_events_of_their_author(self):
        self.thread.action_close()
        self.thread.with_user(self.colleague).action_reopen()
        no_user = self.env["res.users"]
        self.assertEqual(
            self.events(),
            [
                ("closed", no_user, no_user, self.agent),
                ("reopened", no_user, no_user, self.colleague),
            ],
        )

    def test_closing_twice_logs_one_event(self):
        self.thread.action_close()
        self.thread.write({"state": "closed"})
        self.assertEqual(len(self.events()), 1)

    def test_an_unknown_state_is_refused(self):
        for state in ("archived", False, 1):
            with self.assertRaises(UserError):
                self.thread.write({"state": state})

    def test_closing_keeps_the_assignee(self):
        self.thread.action_assign(self.colleague.id)
        self.thread.action_close()
        self.thread.action_reopen()
        self.assertEqual(self.seen_by(self.colleague), "mine")

    # fields that may not be written at all

    def test_nothing_else_of_a_conversation_can_be_written(self):
        allowed = {"user_id", "state", "partner_id", "lead_id", "id"}
        fields = self.thread._fields
        for name in sorted(fields.keys() - allowed):
            with self.subTest(name), self.assertRaises(AccessError):
                self.thread.write({name: False})

    def test_a_conversation_cannot_be_created_or_copied_by_rpc(self):
        values = {"channel_id": self.whatsapp.id, "contact_name": "x"}
        for user in (self.agent, self.manager, self.installer, self.system):
            conversations = self.thread.with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                conversations.create(values)
            with self.assertRaises(UserError):
                conversations.copy()
