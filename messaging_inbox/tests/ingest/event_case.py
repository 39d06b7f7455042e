"""Base of tests that ingest events directly, independent of a provider."""

from datetime import timedelta

from odoo import fields

from ...providers import events
from ...providers.events import ChannelRef, WebhookRequest
from ..common import CUSTOMER, MessagingCase


class EventCase(MessagingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.place = ChannelRef("whatsapp", cls.whatsapp.address)

    def ago(self, **options):
        return self.now - timedelta(**options)

    def ingest(self, *happened):
        """Process a request with these events; return its failed webhooks."""
        self.env.flush_all()
        before = self.account.receipt_ids
        ingest = self.env["messaging.ingest"].sudo()
        request = WebhookRequest("POST", urls=(), body=b"{}")
        ingest._receive_request(self.account.id, request, list(happened))
        self.env.invalidate_all()
        return self.account.receipt_ids - before

    def event(self, name, /, **values):
        """Return an event of the named class, about the customer on WhatsApp."""
        defaults = {"channel": self.place, "external_ids": (CUSTOMER,)}
        return getattr(events, name)(**{**defaults, **values})

    def notice(self, **values):
        return events.ChannelNotice(channel=self.place, **values)

    def written(self, text="Hello", **values):
        """Return the event of a customer's message."""
        message_id = values.pop("message_id", None) or self.next_sid()
        return self.event("MessageReceived", message_id=message_id, text=text, **values)

    def echo(self, text="From the phone", **values):
        """Return the event of a message sent from the channel's address."""
        message_id = values.pop("message_id", None) or self.next_sid()
        return self.event("MessageSent", message_id=message_id, text=text, **values)

    def found(self, event):
        return self.env["messaging.message"].search(
            [("provider_message_id", "=", event.message_id)]
        )
