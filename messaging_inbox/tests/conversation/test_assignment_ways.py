from odoo.exceptions import UserError

from ..common import AGENT, MessagingCase


class TestAssignmentWays(MessagingCase):
    """Every way of assigning checks availability and access, also when these change."""

    def setUp(self):
        super().setUp()
        self.thread = self.conversation()

    def switch(self, user, available):
        user.with_user(user).action_messaging_set_available(available)

    def assertRefused(self, give, words="unavailable"):
        with self.assertRaisesRegex(UserError, words):
            give()
        self.env.invalidate_all()
        self.assertFalse(self.thread.user_id)

    # unavailable

    def test_not_even_the_superuser_assigns_an_unavailable_user(self):
        self.switch(self.colleague, False)
        thread = self.thread.sudo()
        self.assertRefused(lambda: thread.write({"user_id": self.colleague.id}))
        self.assertRefused(lambda: thread.action_assign(self.colleague.id))

    def test_a_server_action_is_refused_like_a_user(self):
        self.switch(self.colleague, False)
        action = (
            self.env["ir.actions.server"]
            .create(
                {
                    "name": "Give to the colleague",
                    "model_id": self.env.ref(
                        "messaging_inbox.model_messaging_conversation"
                    ).id,
                    "state": "object_write",
                    "update_path": "user_id",
                    "value": str(self.colleague.id),
                    "resource_ref": f"res.users,{self.colleague.id}",
                }
            )
            .with_context(active_model=self.thread._name, active_ids=self.thread.ids)
        )
        action = action.with_context(active_id=self.thread.id)
        self.assertRefused(action.run)
        self.switch(self.colleague, True)
        action.run()
        self.assertEqual(self.thread.user_id, self.colleague)

    def test_a_switch_of_availability_applies_before_its_commit(self):
        rows = self.env["messaging.availability"].search(
            [("user_id", "=", self.colleague.id)]
        )
        self.env.flush_all()
        rows.available = False
        self.assertRefused(
            lambda: self.thread.with_context(x=1).write({"user_id": self.colleague.id})
        )

    def test_if_one_of_several_cannot_be_assigned_none_is(self):
        hidden = self.conversation(channel=self.private, user=self.installer)
        both = hidden | self.thread.with_user(self.installer)
        self.assertRefused(lambda: both.action_assign(self.agent.id), "no access")
        self.assertFalse(hidden.user_id)

    def test_rewriting_an_unavailable_assignee_with_other_fields_is_allowed(self):
        """A form sends the assignee with a change of the state."""
        self.thread.action_assign(self.colleague.id)
        self.switch(self.colleague, False)
        self.thread.write({"user_id": self.colleague.id, "state": "closed"})
        self.assertEqual(self.thread.user_id, self.colleague)
        self.assertEqual(self.thread.state, "closed")

    # access

    def test_deleting_a_group_unassigns_its_former_agents(self):
        group = self.env["res.groups"].create(
            {"name": "Shop", "implied_ids": [(4, self.env.ref(AGENT).id)]}
        )
        clerk = self._user("clerk", "base.group_user")
        clerk.group_ids |= group
        self.thread.action_assign(clerk.id)
        self.bus()
        group.unlink()
        self.env.invalidate_all()
        self.assertFalse(clerk.has_group(AGENT))
        self.assertFalse(self.thread.user_id)
        published = [channel[1:] for channel, _payload in self.bus("subscribe")]
        self.assertIn(["res.partner", clerk.partner_id.id], published)

    def test_a_group_that_no_longer_implies_agent_unassigns_its_members(self):
        group = self.env["res.groups"].create(
            {"name": "Shop", "implied_ids": [(4, self.env.ref(AGENT).id)]}
        )
        clerk = self._user("clerk", "base.group_user")
        clerk.group_ids |= group
        self.thread.action_assign(clerk.id)
        group.implied_ids = False
        self.env.invalidate_all()
        self.assertFalse(self.thread.user_id)

    def test_a_new_user_does_not_disturb_open_inboxes(self):
        epoch = self.whatsapp.access_epoch
        self.bus()
        newcomer = self._user("newcomer", AGENT)
        self.env.invalidate_all()
        self.assertEqual(self.whatsapp.access_epoch, epoch)
        self.assertFalse(self.bus("subscribe"))
        self.thread.action_assign(newcomer.id)

    def test_an_archived_user_is_offered_and_named_nowhere(self):
        gone = self._user("gone", AGENT)
        gone.active = False
        offered = {row["id"] for row in self.thread.inbox_assignees(self.thread.ids)}
        self.assertNotIn(gone.id, offered)
        self.assertNotIn(gone, self.thread.assignable_user_ids)
        self.switch(self.colleague, False)
        with self.assertRaises(UserError) as refusal:
            self.thread.action_assign(self.colleague.id)
        self.assertNotIn(gone.name, str(refusal.exception))
        self.assertIn(self.agent.name, str(refusal.exception))

    def test_an_archived_channel_keeps_working_for_its_agents(self):
        self.whatsapp.active = False
        self.thread.action_assign(self.colleague.id)
        self.thread.action_close()
        self.thread.with_user(self.colleague).action_reopen()
        self.assertEqual(self.thread.user_id, self.colleague)
        inbox = self.env["messaging.conversation"].with_user(self.colleague)
        listed = inbox.inbox_list("mine")["rows"]
        self.assertIn(self.thread.id, [row["id"] for row in listed])
