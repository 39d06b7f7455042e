from odoo.exceptions import AccessError, UserError

from ..common import MessagingCase
from ..scripted import accepted, answer, to

SERVICE = "MG" + "1" * 32
NUMBER = "+34600000007"


class TestService(MessagingCase):
    """A channel knows its Messaging Service, and can send through it."""

    def connect(self, member):
        """Connect a number; its service, which leaves the webhook to it, has it."""
        url = self.account.webhook_url
        number = {
            "sid": "PN1",
            "phone_number": NUMBER,
            "friendly_name": "Texts",
            "capabilities": {"sms": True},
            "sms_url": url,
        }
        service = {
            "sid": SERVICE,
            "friendly_name": "USA",
            "use_inbound_webhook_on_number": True,
        }
        members = [{"phone_number": NUMBER}] if member else []
        self.http.answers = [
            to("/PhoneNumbers", answer(200, {"phone_numbers": members})),
            to("/ChannelSenders", answer(200, {"senders": []})),
            to("/Services", answer(200, {"services": [service]})),
            to("/Senders", answer(200, {"senders": []})),
            to("Numbers.json", answer(200, {"incoming_phone_numbers": [number]})),
            to("PN1.json", answer(200, number)),
            to("PN1.json", answer(200, number)),
            answer(200, {"status": "active", "friendly_name": "Shop"}),
        ]
        self.account.with_user(self.manager).action_connect()
        self.env.invalidate_all()
        return self.account.channel_ids.filtered(lambda c: c.address == NUMBER)

    def test_connecting_names_the_service(self):
        channel = self.connect(member=True)
        self.assertEqual(channel.service_name, "USA")
        self.assertEqual(channel.service_reference, SERVICE)
        self.assertFalse(channel.sends_through_service)

    def test_a_channel_sends_through_its_service_where_it_says_so(self):
        channel = self.connect(member=True)
        conversation = self.conversation(channel=channel)
        conversation.reply("Directly")
        self.send_queued(accepted())
        channel.with_user(self.manager).sends_through_service = True
        conversation.reply("Through it")
        self.send_queued(accepted())
        forms = [
            options["data"]
            for _method, url, options in self.http.requests
            if url.endswith("/Messages.json")
        ]
        self.assertEqual(
            [form.get("MessagingServiceSid") for form in forms], [None, SERVICE]
        )
        self.assertEqual({form["From"] for form in forms}, {NUMBER})

    def test_a_channel_that_left_its_service_sends_directly(self):
        channel = self.connect(member=True)
        channel.sends_through_service = True
        self.connect(member=False)
        self.assertFalse(channel.sends_through_service)
        self.assertFalse(channel.service_name)

    def test_a_channel_without_a_service_cannot_send_through_one(self):
        with self.assertRaisesRegex(UserError, "no messaging service"):
            self.sms.with_user(self.manager).sends_through_service = True

    def test_an_agent_does_not_change_it(self):
        channel = self.connect(member=True)
        with self.assertRaises(AccessError):
            channel.with_user(self.agent).sends_through_service = True
