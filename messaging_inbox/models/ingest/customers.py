from odoo import fields, models
from odoo.tools import SQL


class MessagingIngest(models.AbstractModel):
    """Finding the conversations that messages belong to, and making new ones.

    ``customers`` is {(channel id, external id): conversation}, each conversation a dict
    of what storing needs, its row locked until the transaction ends.
    """

    _inherit = "messaging.ingest"

    def _customers(self, located):
        """Return the customers of messages, those made for whom there were none.

        A message that was deleted makes none: its redelivery stays without.
        """
        customers = self._find_customers(located)
        unknown = [one for one in located if not conversation_of(customers, *one)]
        buried = self._buried(unknown) if unknown else ()
        unknown = [one for one in unknown if key_of(*one) not in buried]
        if unknown:
            self._lock_identities(unknown)
            customers.update(self._find_customers(unknown))
        for one in located:
            conversation = conversation_of(customers, *one)
            if conversation or key_of(*one) not in buried:
                conversation = conversation or self._insert_conversation(*one)
                self._point_identities(customers, conversation, *one)
        return customers

    def _find_customers(self, located):
        """Return the customers that are known, by one statement for all messages.

        Locked in the order of their ids, so that no two requests wait for each other.
        """
        pairs = {
            (channel_id, external_id)
            for channel_id, event in located
            for external_id in event.external_ids
        }
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT i.channel_id, i.external_id, c.id, c.state,
                       NOT c.notes_due IS TRUE
                       AND (c.partner_id IS NOT NULL OR c.lead_id IS NOT NULL)
                       AS wakes_notes,
                       c.notifications_due IS NOT TRUE
                       AND EXISTS (SELECT FROM mail_push_device) AS wakes_notifications
                  FROM messaging_identity i
                  JOIN messaging_conversation c ON c.id = i.conversation_id
                 WHERE (i.channel_id, i.external_id) IN %s
                 ORDER BY c.id FOR NO KEY UPDATE OF c
                """,
                tuple(pairs),
            )
        )
        # The ids of one customer share one dict: what changes, changes for all.
        conversations = {row["id"]: row for row in rows}
        return {
            (row["channel_id"], row["external_id"]): conversations[row["id"]]
            for row in rows
        }

    def _buried(self, located):
        """Return the (channel id, message id) of those that were deleted here."""
        hash_of = self.env["messaging.tombstone"]._hash
        hashes = {hash_of(*key_of(*one)): key_of(*one) for one in located}
        rows = self.env.execute_query(
            SQL(
                "SELECT hash FROM messaging_tombstone WHERE hash = ANY(%s)",
                list(hashes),
            )
        )
        return {hashes[row[0]] for row in rows}

    def _lock_identities(self, located):
        """Let one request make a new customer's conversation; others then find it."""
        keys = {
            (f"messaging.identity:{external_id}", channel_id)
            for channel_id, event in located
            for external_id in event.external_ids
        }
        for name, channel_id in sorted(keys):
            self.env.cr.execute(
                SQL(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))",
                    name,
                    channel_id,
                )
            )

    def _insert_conversation(self, channel_id, event):
        has_profiles = self.env["messaging.channel"]._has_profiles(channel_id)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_conversation (
                    channel_id, contact_name, contact_phone, state, opted_out,
                    profile_due, create_date, write_date, last_message_at)
                VALUES (%s, %s, %s, 'open', FALSE, %s, %s, %s, %s) RETURNING id
                """,
                channel_id,
                self._contact_name(event),
                phone_of(event),
                has_profiles,
                *[fields.Datetime.now()] * 3,
            )
        )
        if has_profiles:
            self.env["messaging.bus"]._wake_cron(
                "messaging_inbox.ir_cron_fetch_profiles"
            )
        return {
            "id": rows[0][0],
            "state": "open",
            "wakes_notes": False,
            "wakes_notifications": True,
        }

    def _contact_name(self, event):
        """Return the best name that the event gives; an id alone names nobody."""
        name = getattr(event, "name", "") or phone_of(event)
        if name:
            return name
        kinds = self.env["messaging.channel"]._fields["kind"]
        return self.env._(
            "%(kind)s customer %(digits)s",
            kind=dict(kinds._description_selection(self.env))[event.channel.kind],
            digits=event.external_ids[0][-4:],
        )

    def _point_identities(self, customers, conversation, channel_id, event):
        """Let all ids of the customer lead here, also one that led elsewhere before.

        The conversation that it led to stays as it is: two are never merged.
        """
        astray = [
            external_id
            for external_id in event.external_ids
            if customers.get((channel_id, external_id)) is not conversation
        ]
        if not astray:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO messaging_identity
                       (channel_id, conversation_id, external_id)
                SELECT %s, %s, unnest(%s)
                ON CONFLICT (channel_id, external_id)
                   DO UPDATE SET conversation_id = EXCLUDED.conversation_id
                RETURNING id
                """,
                channel_id,
                conversation["id"],
                astray,
            )
        )
        customers.update({(channel_id, each): conversation for each in astray})


def conversation_of(customers, channel_id, event):
    """Find by the first id that is known: the phone number stands first."""
    for external_id in event.external_ids:
        if conversation := customers.get((channel_id, external_id)):
            return conversation
    return None


def key_of(channel_id, event):
    return channel_id, event.message_id


def phone_of(event):
    """Return the customer's number, or the address by which people know the customer;
    None where the provider hides it."""
    numbers = (i for i in event.external_ids if i.startswith("+"))
    return next(numbers, getattr(event, "address", "") or None)
