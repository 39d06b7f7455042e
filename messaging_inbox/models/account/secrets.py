from odoo import models

MASK = "••••••••"


class MessagingAccount(models.Model):
    """Secrets: two fields each, a mask that is shown and a value that nobody reads."""

    _inherit = "messaging.account"

    def _masked(self, stored):
        """Return what may be shown of a secret: its last four characters."""
        self.ensure_one()
        # sudo: messaging.account - only the mask leaves this method
        secret = self.sudo()[stored]
        if not secret:
            return False
        # Of a short one, four characters would be too much.
        return MASK + (secret[-4:] if len(secret) > 8 else "")

    def _store_secret(self, shown, stored):
        """Keep the secret that was typed; the mask written back changes nothing."""
        self.ensure_one()
        typed = (self[shown] or "").strip()
        if typed and typed == self._masked(stored):
            return
        # sudo: messaging.account - no group may touch the stored secret itself
        self.sudo()[stored] = typed or False

    def _forget_typed_secrets(self):
        """Let what was typed come back as its mask, in the same request already."""
        stored = self._credential_fields().values()
        self.invalidate_recordset([name.removesuffix("_stored") for name in stored])
