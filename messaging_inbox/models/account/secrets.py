from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS

MASK = "••••••••"


def secret(name, default=None, **attributes):
    """Return the two fields of a secret: its mask, and the value that nobody reads.

    ``name`` is that of the mask; the value's must be ``<name>_stored``::

        pin, pin_stored = secret("pin", string="PIN")
    """
    stored = f"{name}_stored"

    @api.depends(stored)
    def compute(accounts):
        for account in accounts:
            account[name] = account._masked(stored)

    def inverse(accounts):
        for account in accounts:
            account._store_secret(name, stored)

    return (
        fields.Char(compute=compute, inverse=inverse, **attributes),
        fields.Char(groups=NO_ACCESS, copy=False, default=default),
    )


class MessagingAccount(models.Model):
    """What may be shown of a secret, and how a new one is stored."""

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
