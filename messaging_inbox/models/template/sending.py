"""Whether a template may be sent now, and what the customer reads."""

from odoo import models

from ...providers.errors import Reason
from .placeholders import PLACEHOLDER, filled

REFUSED = {
    "rejected": Reason.TEMPLATE_REJECTED,
    "disabled": Reason.TEMPLATE_REJECTED,
    "paused": Reason.TEMPLATE_PAUSED,
}


class MessagingTemplate(models.Model):
    _inherit = "messaging.template"

    def _obstacle(self, in_window):
        """Return the Reason why it can't be sent now, or None.

        ``in_window`` tells whether free text could be sent, too.
        """
        self.ensure_one()
        if self.use == "never":
            return Reason.TEMPLATE_UNSUPPORTED
        if self.state in REFUSED:
            return REFUSED[self.state]
        if not in_window and self.use != "anytime":
            return Reason.TEMPLATE_NEEDS_WINDOW
        if self.state == "approved":
            return None
        is_free = in_window and self.provider_reference and not self.needs_approval
        return None if is_free else Reason.TEMPLATE_PENDING

    def _render(self, values):
        """Return {header, body, footer, buttons, media_url} with the values filled in.

        A placeholder without a value stays.
        """
        self.ensure_one()
        buttons = [
            {**button, "text": filled(button.get("text"), values), "value": value}
            for button in self.buttons or []
            for value in [filled(button.get("value"), values)]
        ]
        names = ("header", "body", "footer", "media_url")
        texts = {name: filled(self[name], values) for name in names}
        return {**texts, "buttons": buttons}

    def _source(self):
        """Return the texts with their placeholders, as the provider has them."""
        self.ensure_one()
        return {
            "header": self.header or "",
            "body": self.body or "",
            "buttons": self.buttons or [],
            "media_kind": self.media_kind or "",
        }

    # ------------------------------------------------------------------
    # the file in the header
    # ------------------------------------------------------------------

    def _takes_file(self):
        """Return whether an agent chooses its file.

        Its address is our route, or the provider takes a file instead of an address.
        """
        return bool(self._file_variable())

    def _file_variable(self):
        """Return the variable of a file that an agent chooses, "" without one."""
        self.ensure_one()
        # sudo: messaging.account - the address of this server
        root = self.sudo().account_id._media_root()
        found = PLACEHOLDER.fullmatch((self.media_url or "").removeprefix(root))
        return found[1] if found else ""
