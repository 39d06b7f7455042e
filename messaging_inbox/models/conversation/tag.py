from random import randint

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.client_values import are_ids, expects


class MessagingTag(models.Model):
    """A word by which a team sorts its conversations."""

    _name = "messaging.tag"
    _description = "Tag of conversations"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(
        default=lambda _self: randint(1, 11),
        help="A number of Odoo's colors, from 0 to 11.",
    )
    company_id = fields.Many2one(
        "res.company", help="Empty for a tag that all companies share."
    )
    active = fields.Boolean(default=True)

    def _for_inbox(self):
        """Return the tags that the current user may set, as values for the client."""
        tags = self.search([("company_id", "in", [False, *self.env.companies.ids])])
        return [{"id": t.id, "name": t.name, "color": t.color} for t in tags]


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    tag_ids = fields.Many2many(
        "messaging.tag",
        "messaging_conversation_tag_rel",
        "conversation_id",
        "tag_id",
        string="Tags",
        readonly=True,
    )

    @expects(add_ids=are_ids, remove_ids=are_ids)
    def action_tag(self, add_ids=(), remove_ids=()):
        """Add and remove tags; raise UserError for a tag of another company."""
        self.check_access("write")
        added = self.env["messaging.tag"].browse(set(add_ids)).exists()
        added.check_access("read")
        # sudo: messaging.channel - only its company
        companies = self.sudo().company_id
        strange = added.filtered(lambda t: t.company_id and t.company_id != companies)
        if strange:
            raise UserError(
                self.env._(
                    "The tag “%(tag)s” belongs to another company.",
                    tag=strange[0].name,
                )
            )
        commands = [fields.Command.link(tag.id) for tag in added]
        commands += [fields.Command.unlink(id_) for id_ in set(remove_ids)]
        self._store({"tag_ids": commands})
        return True
