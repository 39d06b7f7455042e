from ..common import MessagingCase


class TestIngestBus(MessagingCase):
    """Bus updates of a webhook, published without reading the rows again."""

    def changed(self):
        return [payload for _channel, payload in self.bus("changed")]

    def test_a_message_is_published_as_the_inbox_reads_it(self):
        for fields in (
            {},
            {"Latitude": "40.4", "Longitude": "-3.7", "Label": "Shop"},
            {"ButtonPayload": "yes", "ButtonText": "Yes"},
            {"MessageType": "poll", "Body": ""},
            {"Forwarded": "true"},
        ):
            with self.subTest(fields):
                self.changed()
                message = self.receive(**{"body": "Hello", **_body(fields)})
                (payload,) = self.changed()
                opened = (
                    self.env["messaging.conversation"]
                    .with_user(self.agent)
                    .inbox_open(message.conversation_id.id)
                )
                (published,) = payload["messages"]
                read = opened["messages"][-1]
                self.assertEqual(published, {name: read[name] for name in published})
                self.assertLessEqual(
                    read.keys() - published.keys(), {"failure_reason", "can_retry"}
                )
                (row,) = payload["conversations"]
                self.assertEqual(row, {name: opened["row"][name] for name in row})

    def test_several_messages_of_a_request_are_one_notification(self):
        self.changed()
        forms = [self.inbound_form(str(number)) for number in range(3)]
        self.process(*forms)
        (payload,) = self.changed()
        self.assertEqual([m["body"] for m in payload["messages"]], ["0", "1", "2"])
        self.assertEqual(len(payload["conversations"]), 1)
        self.assertEqual(payload["conversations"][0]["preview"]["body"], "2")

    def test_rolled_back_messages_are_never_published(self):
        """The first event is processed twice: in a batch that fails, then alone."""
        self.changed()
        good = self.inbound_form("Fine")
        self.process(good, self.inbound_form("Lost", To="whatsapp:+34999999999"))
        published = [
            message for payload in self.changed() for message in payload["messages"]
        ]
        self.assertEqual(
            [message["id"] for message in published], self.message_of(good).ids
        )


def _body(fields):
    return {("body" if name == "Body" else name): v for name, v in fields.items()}
