"""Fields and actions for Odoo's standard views of conversations."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

LATEST = 20


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    # Kanban columns, including empty ones, so that cards can be dropped there.
    user_id = fields.Many2one(group_expand="_expand_assignees")
    state = fields.Selection(group_expand=True)
    create_date = fields.Datetime(string="Opened on", readonly=True)
    unread_count = fields.Integer(search="_search_unread_count")
    latest_message_ids = fields.One2many(
        "messaging.message",
        compute="_compute_latest_messages",
        string="Latest messages",
    )
    assignable_user_ids = fields.Many2many(
        "res.users", compute="_compute_assignable_users"
    )

    def _compute_latest_messages(self):
        for conversation in self:
            conversation.latest_message_ids = self.env["messaging.message"].search(
                [
                    ("conversation_id", "=", conversation.id),
                    ("direction", "!=", "event"),
                ],
                limit=LATEST,
            )

    @api.depends("channel_id")
    def _compute_assignable_users(self):
        for conversation in self:
            conversation.assignable_user_ids = conversation._assignable_users()

    def _assignable_users(self):
        """Return the users to whom all these conversations can be assigned now."""
        self.check_access("read")
        # sudo: messaging.channel - the users with access to it
        channels = self.sudo().channel_id
        users = self.env["res.users"]._messaging_agents()
        for channel in channels:
            users &= channel._users_with_access()
        return users.filtered("messaging_available").sudo(False)

    @api.model
    def _expand_assignees(self, users, domain):
        return users | self.env["res.users"]._messaging_agents(
            self.env.companies
        ).filtered("messaging_available").with_env(users.env)

    # ------------------------------------------------------------------
    # filters
    # ------------------------------------------------------------------

    def _search_unread_count(self, operator, value):
        """Search for read or unread conversations, but not by number of messages."""
        if (operator, value) == (">", 0):
            operator = "not in"
        elif operator != "in" or set(value) != {0}:
            return NotImplemented
        self.flush_model(["last_inbound_message_id"])
        unread = SQL(
            "(SELECT c.id FROM messaging_conversation c"
            " WHERE c.last_inbound_message_id > %s)",
            self._read_marker(),
        )
        return Domain("id", "in" if operator == "not in" else "not in", unread)

    # ------------------------------------------------------------------
    # buttons and links
    # ------------------------------------------------------------------

    def action_assign_to_me(self):
        """Assign to the current user, even from another assignee.

        Raise UserError if the user is unavailable.
        """
        return self.action_assign(self.env.uid)

    def action_choose_assignee(self):
        """Open a dialog to choose the assignee."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign conversations"),
            "res_model": "messaging.assign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_conversation_ids": self.ids},
        }

    def _get_access_action(self, access_uid=None, force_website=False):
        """Make links in notes, activities and emails open the inbox."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/odoo/messaging/{self.id}",
            "target": "self",
            "res_id": self.id,
        }
