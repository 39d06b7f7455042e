from odoo import api, fields, models, tools

from ...tools import opt_out_words
from .channel import BY_NUMBER


class MessagingChannel(models.Model):
    """The language that a channel's customers write in."""

    _inherit = "messaging.channel"

    language = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        compute="_compute_language",
        store=True,
        readonly=False,
        help=(
            "Customers can stop and resume messages with the words of this language,"
            " besides STOP and START."
        ),
    )

    @api.depends("company_id")
    def _compute_language(self):
        for channel in self:
            channel.language = channel.company_id.partner_id.lang or self.env.lang

    def write(self, vals):
        result = super().write(vals)
        if "language" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("channel_id")
    def _keyword_language(self, channel_id):
        """Return the language of a channel's keywords, False if it has none."""
        # sudo: messaging.channel - webhooks have no user
        channel = self.sudo().browse(channel_id)
        return channel.kind in BY_NUMBER and channel.language

    @api.model
    def _opt_of(self, channel_id, text):
        """Return "out" or "in" if a customer's text opts out or in, else ""."""
        language = self._keyword_language(channel_id)
        return opt_out_words.opt_of(text, language) if language else ""
