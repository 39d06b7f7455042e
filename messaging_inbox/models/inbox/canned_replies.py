"""Canned replies: Odoo's own, filled with values of the conversation."""

import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ...tools.client_values import expects, is_id
from .document_kinds import file_values

MOST_OFFERED = 300
# The client has the same pattern: what remains unfilled blocks sending.
PLACEHOLDER = re.compile(r"\{\{\s*([a-z]+\.[a-z]+)\s*\}\}")


class MailCannedResponse(models.Model):
    _inherit = "mail.canned.response"

    # A table of its own, for a model of another module, would leave traces in Odoo's
    # registry after uninstalling.
    messaging_attachment_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        domain=[("res_model", "=", "mail.canned.response")],
        string="Files",
        help="Sent along with the text, from the inbox only.",
    )

    def _mark_used(self):
        """Note the time as Discuss does, without waiting for another user."""
        self.env.cr.execute(
            SQL(
                "UPDATE mail_canned_response SET last_used = %s WHERE id IN ("
                " SELECT id FROM mail_canned_response WHERE id = ANY(%s)"
                " FOR NO KEY UPDATE SKIP LOCKED)",
                fields.Datetime.now(),
                list(self.ids),
            )
        )
        self.invalidate_recordset(["last_used"])


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    @api.readonly
    def inbox_canned_replies(self):
        """Return the user's own and shared replies, those used lately first.

        ``[{id, source, substitution, has_files}]``.
        """
        self.browse().check_access("read")
        found = self.env["mail.canned.response"].search(
            [], order="last_used desc nulls last, id desc", limit=MOST_OFFERED
        )
        return [
            {
                "id": each.id,
                "source": each.source,
                "substitution": each.substitution,
                "has_files": bool(each.messaging_attachment_ids),
            }
            for each in found
        ]

    @api.model
    @expects(canned_id=is_id)
    def inbox_use_canned_reply(self, id, canned_id):  # noqa: A002
        """Return ``{text, files}`` of a reply for a conversation.

        Placeholders without a value stay in the text. ``files`` are copies that belong
        to the draft, as ``[{id, name, mimetype, size}]``.
        """
        conversation = self._readable(id)
        conversation.check_access("write")
        reply = self.env["mail.canned.response"].browse(canned_id or ()).exists()
        if not reply or not reply.has_access("read"):
            raise UserError(self.env._("This canned reply no longer exists."))
        reply._mark_used()
        values = conversation._placeholder_values()

        def fill(match):
            return values.get(match[1]) or match[0]

        files = conversation._copy_files(reply.messaging_attachment_ids)
        return {"text": PLACEHOLDER.sub(fill, reply.substitution), "files": files}

    def _placeholder_values(self):
        """Return {placeholder: text}, read as the user: hidden records fill nothing."""
        partner, lead = self.partner_id, self.lead_id
        partner = partner if partner.has_access("read") else partner.browse()
        lead = lead if lead.has_access("read") else lead.browse()
        user = self.env.user
        revenue = lead.expected_revenue and formatLang(
            self.env, lead.expected_revenue, currency_obj=lead.company_currency
        )
        return {
            "contact.name": partner.name or lead.contact_name or self.contact_name,
            "contact.email": partner.email or lead.email_from,
            "contact.phone": partner.phone or self.contact_phone,
            "deal.name": lead.name,
            "deal.revenue": revenue,
            "deal.stage": lead.stage_id.name,
            "user.name": user.name,
            "user.email": user.email,
            "user.phone": user.phone,
            "company.name": self.env.company.name,
        }

    def _copy_files(self, attachments):
        """Copy attachments that the user may read into this conversation's draft."""
        attachments.check_access("read")
        here = {"res_model": self._name, "res_id": self.id}
        here.update(res_field=False, public=False, access_token=False)
        # sudo: ir.attachment - the copies belong to the user; reading is checked above
        copies = [each.copy({**here, "name": each.name}) for each in attachments.sudo()]
        return [file_values(copy) for copy in copies]
