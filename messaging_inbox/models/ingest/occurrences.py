"""What happens with customers besides new messages: ids, names, calls, history."""

from typing import NamedTuple

from odoo import models

from .customers import customer_of, phone_of
from .history import BATCH
from .ingest import Incoming, moment_of


class Named(NamedTuple):
    """The ids of a customer, as an event has them."""

    external_ids: tuple


class MessagingIngest(models.AbstractModel):
    _inherit = "messaging.ingest"

    def _move_customer(self, channel_id, event):
        """Let a customer's conversation follow to new ids, and end all others of it.

        A new id that has a conversation already leaves it, since conversations are
        never merged. Nothing happens if the former ids are unknown, as they are when
        the event comes again.
        """
        incoming = Incoming(channel_id, event)
        customer = self._customer(channel_id, event.former_ids)
        if not customer:
            return
        self._lock_identities([incoming])
        self._link_identities({}, customer, incoming)
        conversation = self._conversation(customer)
        ended = conversation.identity_ids.filtered(
            lambda identity: identity.external_id not in event.external_ids
        )
        if not ended:
            return
        numbers = {"from": conversation.contact_phone, "to": phone_of(event)}
        ended.unlink()
        values = {"contact_phone": numbers["to"] or False}
        if conversation.contact_name == conversation.contact_phone:
            values["contact_name"] = self._contact_name(event)
        conversation._store(values)
        data = {name: number for name, number in numbers.items() if number}
        conversation._log_event("moved", data=data, automatic=True)

    def _name_customer(self, channel_id, event):
        """Take a name for a customer who is only known by a number or an id."""
        customer = self._customer(channel_id, event.external_ids)
        if not customer:
            return
        conversation = self._conversation(customer)
        nameless = (False, conversation.contact_phone, *event.external_ids)
        if conversation.contact_name in nameless:
            conversation._store({"contact_name": event.name})

    def _log_occurrence(self, channel_id, event):
        """Add an event to a conversation, or bring it up to date."""
        incoming = Incoming(channel_id, event)
        if event.by_customer:
            customers = self._find_or_create_customers([incoming])
            customer = customer_of(customers, incoming)
        else:
            customer = self._customer(channel_id, event.external_ids)
        if not customer:
            return
        message = self.env["messaging.message"].search(
            [
                ("channel_id", "=", channel_id),
                ("provider_message_id", "=", event.message_id),
            ]
        )
        if message:
            self._update_occurrence(message, event)
            return
        conversation = self._conversation(customer)
        message = conversation._log_event(
            event.event_type, data=dict(event.data), automatic=True
        )
        sent_at = moment_of(event.occurred_at)
        message.write({"provider_message_id": event.message_id, "sent_at": sent_at})
        if event.by_customer:
            # It comes to the top of the list, as if the customer had written.
            conversation._store({"last_message_id": message.id})

    def _update_occurrence(self, message, event):
        """Take later data; the beginning of a call may come after its end."""
        if event.data.get("status") != "ringing":
            message._store({"data": {**(message.data or {}), **event.data}})

    def _receive_history(self, channel_id, event):
        """Store past messages that the provider posts, below all that came since."""
        channel = self.env["messaging.channel"].browse(channel_id)
        if not channel.history_last_id:
            channel._take_block()
        messages = event.messages
        for start in range(0, len(messages), BATCH):
            batch = messages[start : start + BATCH]
            self._store_history(channel, batch)
            self._complete_announced([Incoming(channel_id, each) for each in batch])

    def _customer(self, channel_id, external_ids):
        """Return the Customer of these ids, with a lock, or None."""
        named = Incoming(channel_id, Named(external_ids))
        return customer_of(self._find_customers([named], by_phone=True), named)

    def _conversation(self, customer):
        self.env.invalidate_all()
        return self.env["messaging.conversation"].browse(customer.conversation_id)
