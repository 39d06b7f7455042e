from hashlib import sha256

from odoo import api, fields, models
from odoo.tools import SQL


class MessagingTombstone(models.Model):
    """The hash of a deleted message's id, so that a redelivery can't restore it."""

    _name = "messaging.tombstone"
    _description = "Messaging tombstone"
    _log_access = False

    hash = fields.Char(required=True)

    _hash_unique = models.UniqueIndex("(hash)")

    @api.model
    def _hash(self, channel_id, provider_message_id):
        return sha256(f"{channel_id}:{provider_message_id}".encode()).hexdigest()

    @api.model
    def _find_deleted(self, keys):
        """Return the subset of (channel id, provider's id) keys deleted here."""
        hashes = {self._hash(*key): key for key in keys}
        rows = self.env.execute_query(
            SQL(
                "SELECT hash FROM messaging_tombstone WHERE hash = ANY(%s)",
                list(hashes),
            )
        )
        return {hashes[row[0]] for row in rows}

    @api.model
    def _add_messages(self, messages):
        """Store the hashed ids of messages that are about to be deleted.

        The id is the provider's or, until that is known, our reference, which an echo
        may carry.
        """
        hashes = [
            self._hash(message.channel_id.id, name)
            for message in messages
            if (name := message.provider_message_id or message._reference())
        ]
        if hashes:
            self.env.execute_query(
                SQL(
                    "INSERT INTO messaging_tombstone (hash)"
                    " SELECT unnest(%s) ON CONFLICT DO NOTHING RETURNING id",
                    hashes,
                )
            )
