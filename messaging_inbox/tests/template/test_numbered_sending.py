from ...providers import events
from ..common import PNG, MessagingCase
from ..scripted import answer

NUMBER, NUMBER_ID, BUSINESS = "+34600000091", "11", "21"
CUSTOMER = "ES.1349120865530274"
SCOPE = {"scope": "whatsapp_business_management", "target_ids": [BUSINESS]}


def reached():
    return answer(200, {"data": {"is_valid": True, "granular_scopes": [SCOPE]}})


def text(value):
    return {"type": "text", "text": value}


class TestNumberedSending(MessagingCase):
    """A draft goes to a provider that numbers variables, and comes back to be sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.env["messaging.account"].with_user(cls.installer).sudo()
        cls.meta = account.create(
            {
                "name": "Meta",
                "provider": "whatsapp_cloud",
                "whatsapp_app_id": "104030201000001",
                "whatsapp_app_secret": "a secret of the app",
                "whatsapp_access_token": "EAA token of a system user",
                "state": "connected",
            }
        ).with_env(cls.env)
        cls.number = cls._channel(
            "whatsapp", NUMBER, account_id=cls.meta.id, provider_reference=NUMBER_ID
        )

    def conversation_here(self):
        written = events.MessageReceived(
            channel=events.ChannelRef("whatsapp", NUMBER),
            message_id="wamid.1",
            external_ids=(CUSTOMER,),
            text="Hello",
        )
        self.env.flush_all()
        request = events.WebhookRequest("POST", urls=(), body=b"{}")
        ingest = self.env["messaging.ingest"].sudo()
        ingest._receive_request(self.meta.id, request, [written])
        self.env.invalidate_all()
        message = self.env["messaging.message"].search(
            [("provider_message_id", "=", "wamid.1")]
        )
        return message.conversation_id.with_user(self.agent)

    def draft(self, **values):
        templates = self.env["messaging.template"].with_user(self.manager)
        return templates.create(
            {
                "account_id": self.meta.id,
                "name": "ready",
                "language": "en_US",
                "category": "utility",
                "body": "Bike {{2}} of {{1}} is ready for you now.",
                "samples": {"1": "Ana", "2": "B-1", "3": "B1"},
                "buttons": [
                    {
                        "kind": "url",
                        "text": "Track",
                        "value": "https://shop.example/{{3}}",
                    }
                ],
                **values,
            }
        )

    def submit(self, template, *before):
        created = {"id": "31", "status": "PENDING", "category": "UTILITY"}
        self.http.answers = [reached(), *before, answer(200, created)]
        action = template.action_submit()
        self.assertEqual(action["params"]["type"], "success")
        self.env.invalidate_all()
        return self.http.requests[-1][2]["json"]

    def sync(self, sent):
        """Sync while the provider has what it got, approved."""
        found = {**sent, "id": "31", "status": "APPROVED"}
        self.http.answers = [reached(), answer(200, {"data": [found]})]
        self.meta.with_user(self.manager).action_sync_templates()
        self.env.invalidate_all()

    def send(self, template, values, *before, **options):
        """Send a template; return the components of the request."""
        conversation = self.conversation_here()
        conversation.send_template(template.id, values, **options)
        accepted = answer(200, {"messages": [{"id": "wamid.2"}]})
        self.assertEqual(self.send_queued(*before, accepted), 1)
        sent = self.http.requests[-1][2]["json"]
        self.assertEqual(sent["recipient"], CUSTOMER)
        return sent["template"]["components"]

    def test_our_numbers_reach_their_places(self):
        template = self.draft(header="Order {{2}}")
        sent = self.submit(template)
        self.sync(sent)
        self.assertEqual(template.state, "approved")
        self.assertEqual(template.body, "Bike {{2}} of {{1}} is ready for you now.")
        values = {"1": "Eve", "2": "B-2", "3": "B2"}
        header, body, button = self.send(template, values)
        self.assertEqual(header["parameters"], [text("B-2")])
        # The provider numbers the values of each part from 1.
        self.assertEqual(sent["components"][1]["text"], template.body)
        self.assertEqual(body["parameters"], [text("Eve"), text("B-2")])
        self.assertEqual(button["parameters"], [text("B2")])

    def test_our_names_reach_their_places(self):
        template = self.draft(
            body="Bike {{bike}} of {{owner}} is ready for you now.",
            buttons=[
                {"kind": "url", "text": "Go", "value": "https://shop.example/{{bike}}"}
            ],
            samples={"bike": "B-1", "owner": "Ana"},
        )
        self.sync(self.submit(template))
        self.assertEqual(template.variable_names, ["bike", "owner"])
        body, button = self.send(template, {"bike": "B-2", "owner": "Eve"})
        self.assertEqual(
            [each["parameter_name"] for each in body["parameters"]], ["bike", "owner"]
        )
        self.assertEqual(button["parameters"], [text("B-2")])

    def test_the_file_of_a_header_is_uploaded_each_time(self):
        file = self.env["ir.attachment"].with_user(self.manager)
        values = {"name": "a.png", "raw": PNG, "res_model": "messaging.template"}
        file = file.create(values)
        template = self.draft(media_kind="image", sample_attachment_id=file.id)
        session = answer(200, {"id": "upload:1"})
        sent = self.submit(template, session, answer(200, {"h": "4::a"}))
        self.assertEqual(sent["components"][0]["example"], {"header_handle": ["4::a"]})
        self.sync(sent)
        self.assertTrue(template._takes_file())
        picture = self.attachment(self.conversation_here())
        header, _body, _button = self.send(
            template,
            {"1": "Eve", "2": "B-2", "3": "B2"},
            answer(200, {"id": "41"}),
            attachment_ids=picture.ids,
        )
        self.assertEqual(
            header["parameters"], [{"type": "image", "image": {"id": "41"}}]
        )
