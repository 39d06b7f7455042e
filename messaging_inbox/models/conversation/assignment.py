from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.client_values import expects, is_id
from .snooze import AWAKE


class MessagingConversation(models.Model):
    """Assignment of conversations, and their open or closed state."""

    _inherit = "messaging.conversation"

    returning_user_id = fields.Many2one(
        "res.users",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help=(
            "The assignee when the channel became private. Gets the conversation"
            " back when the channel is shared again, unless it is assigned"
            " meanwhile."
        ),
    )

    # ------------------------------------------------------------------
    # assignment
    # ------------------------------------------------------------------

    @expects(user_id=is_id, expected_user_id=is_id)
    def action_assign(self, user_id, expected_user_id=None):
        """Assign to an available user with access, or unassign if ``user_id`` is False.

        ``expected_user_id`` is the assignee that the caller expects: an id, False for
        unassigned, or None to skip the check. On a mismatch, raise UserError that names
        the assignee.
        """
        self.check_access("write")
        user = self.env["res.users"].browse(user_id or ())
        if expected_user_id is not None:
            self._lock()
            self._check_expected(expected_user_id)
        return self.write({"user_id": user.id})

    def action_unassign(self):
        """Move conversations back to Unassigned."""
        return self.write({"user_id": False})

    def _check_expected(self, expected_user_id):
        for conversation in self:
            assignee = conversation.user_id
            if assignee.id == (expected_user_id or False):
                continue
            # sudo: res.users - the name of a colleague
            name = assignee.sudo().name
            if not assignee:
                raise UserError(self.env._("This conversation is unassigned now."))
            raise UserError(
                self.env._("%(user)s already has this conversation.", user=name)
            )

    def _set_assignee(self, user):
        changed = self.filtered(lambda conversation: conversation.user_id != user)
        if not changed:
            return
        if user:
            changed._check_assignee(user)
        for assignee, conversations in changed.grouped("user_id").items():
            conversations._log_event("assigned", assignee, user)
        changed._store({"user_id": user.id, "returning_user_id": False})
        if user and user != self.env.user:
            self.env["messaging.bus"]._assigned(changed.ids, user.id)
        changed._after_assignment_change()

    def _check_assignee(self, user):
        """Refuse a user without access or who is unavailable, even the current one."""
        # sudo: messaging.availability - lock any user's row until the commit
        availability = self.env["messaging.availability"].sudo()
        available = availability._available_for_update(user)
        # Values read before waiting for the lock may have changed.
        self.env.invalidate_all()
        # sudo: res.users - the name of a colleague
        name = user.sudo().name
        for channel in self.sudo().channel_id:
            if user not in channel._users_with_access():
                raise UserError(
                    self.env._(
                        "%(user)s has no access to %(channel)s.",
                        user=name,
                        channel=channel.name,
                    )
                )
        # Unavailable users keep their conversations, so they also get them back.
        returns = all(c.returning_user_id == user for c in self.sudo())
        if not (available or returns):
            raise UserError(self._unavailable_sentence(user))

    def _unavailable_sentence(self, user):
        colleagues = (
            self.sudo()
            .channel_id[:1]
            ._users_with_access()
            .filtered("messaging_available")
        )
        # sudo: res.users - names of colleagues
        names = ", ".join(colleagues.sudo().mapped("name")) or self.env._("no one")
        if user == self.env.user:
            return self.env._(
                "You are unavailable, so conversations can't be assigned to you."
                " Available now: %(names)s.",
                names=names,
            )
        return self.env._(
            "%(user)s is unavailable, so conversations can't be assigned to them."
            " Available now: %(names)s.",
            user=user.sudo().name,
            names=names,
        )

    @api.model
    def _unassign_former_assignees(self):
        """Unassign open and closed conversations from users who lost access."""
        held = self._read_group(
            [("user_id", "!=", False)], ["channel_id", "user_id"], ["id:recordset"]
        )
        for channel, user, conversations in held:
            if user not in channel._users_with_access():
                conversations._set_assignee(self.env["res.users"])
                if channel.visibility == "private":
                    conversations._store({"returning_user_id": user.id})

    @api.model
    def _restore_assignees(self, channels):
        """Reassign conversations that were unassigned when channels became private."""
        waiting = self.search(
            [("channel_id", "in", channels.ids), ("returning_user_id", "!=", False)]
        )
        for user, conversations in waiting.grouped("returning_user_id").items():
            for channel, of_channel in conversations.grouped("channel_id").items():
                if user in channel._users_with_access():
                    of_channel._set_assignee(user)
        waiting.exists()._store({"returning_user_id": False})

    # ------------------------------------------------------------------
    # open and closed
    # ------------------------------------------------------------------

    def action_close(self):
        """Close conversations: they move to the section Closed."""
        return self.write({"state": "closed"})

    def action_reopen(self):
        """Reopen conversations: they return to the section of their assignment."""
        return self.write({"state": "open"})

    def _set_state(self, state):
        if state not in ("open", "closed"):
            raise UserError(self.env._("A conversation is either open or closed."))
        changed = self.filtered(lambda conversation: conversation.state != state)
        if changed:
            ended = {**self._not_waiting(), **AWAKE} if state == "closed" else {}
            changed._store({"state": state, **ended})
            # Undoing isn't reopening: who waited before waits again.
            undone = self.env.context.get("messaging_undo")
            changed._log_event(
                "closed" if state == "closed" else "reopened",
                data={"undone": True} if undone else None,
            )
            if undone:
                changed._update_waiting()


class MessagingAvailability(models.Model):
    _inherit = "messaging.availability"

    @api.model
    def _after_access_change(self):
        super()._after_access_change()
        # sudo: messaging.conversation - also those that the user may not see
        self.env["messaging.conversation"].sudo()._unassign_former_assignees()


class MessagingChannel(models.Model):
    _inherit = "messaging.channel"

    def _after_share(self):
        super()._after_share()
        # sudo: messaging.conversation - also those that the user may not see
        self.env["messaging.conversation"].sudo()._restore_assignees(self)
