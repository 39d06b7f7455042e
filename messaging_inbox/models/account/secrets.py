import secrets

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS

from ...tools.transactions import commit

MASK = "••••••••"


def new_token():
    """Return a random token, as a default for one that a provider sends back to us."""
    return secrets.token_urlsafe(24)


def secret(name, default=None, **attributes):
    """Return the two fields of a secret: its mask, and the value hidden from users.

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
    """Shows masks instead of secrets, and stores new secrets."""

    _inherit = "messaging.account"

    def _masked(self, stored):
        """Return what may be shown of a secret: its last four characters."""
        self.ensure_one()
        # sudo: messaging.account - only the mask leaves this method
        value = self.sudo()[stored]
        if not value:
            return False
        # Four characters of a short secret would reveal too much.
        return MASK + (value[-4:] if len(value) > 8 else "")

    def _store_secret(self, shown, stored):
        """Store a typed secret; ignore the mask if it is written back."""
        self.ensure_one()
        typed = (self[shown] or "").strip()
        if typed and typed == self._masked(stored):
            return
        # sudo: messaging.account - no group may touch the stored secret itself
        self.sudo()[stored] = typed or False

    def _ensure_token(self, stored):
        """Set and commit a token if there is none: the provider asks for it soon."""
        # sudo: messaging.account - no user may read the secret
        account = self.sudo()
        if not account[stored]:
            account[stored] = new_token()
            commit(self.env)

    def _forget_typed_secrets(self):
        """Replace typed secrets in the cache, so that they are read back as masks."""
        stored = self._credential_fields().values()
        self.invalidate_recordset([name.removesuffix("_stored") for name in stored])
