import json
from datetime import timedelta

from ...providers.events import WebhookRequest
from ..common import MessagingCase

PAGE, PERSON, INSTAGRAM = "100000000000001", "7000000000000001", "17840000000000001"
PICTURE = "https://scontent.xx.fbcdn.net/v/chair.jpg"


class TestCards(MessagingCase):
    """Messages from Meta with content other than text and files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"name": "Meta", "provider": "messenger", "state": "connected"}
        cls.meta = cls.env["messaging.account"].create(
            {**values, "meta_app_id": "1", "meta_app_secret": "s"}
        )
        for kind, address in (("messenger", PAGE), ("instagram", INSTAGRAM)):
            place = {"kind": kind, "address": address, "account_id": cls.meta.id}
            cls.env["messaging.channel"].create({"name": kind, **place})

    def post(self, page=PAGE, sender=PERSON, recipient=None, **event):
        """Process a single event from Meta; return the message it created."""
        event = {
            "sender": {"id": sender},
            "recipient": {"id": recipient or page},
            "timestamp": 1790000000000,
            **event,
        }
        kind = "page" if page == PAGE else "instagram"
        entry = {"id": page, "time": 1790000000000, "messaging": [event]}
        body = json.dumps({"object": kind, "entry": [entry]}).encode()
        request = WebhookRequest("POST", urls=(), body=body)
        Message = self.env["messaging.message"]
        before = Message.search([])
        events = self.meta._provider().parse(request)
        self.env.flush_all()
        self.env["messaging.ingest"].sudo()._receive_request(
            self.meta.id, request, events
        )
        self.env.invalidate_all()
        self.assertFalse(self.meta.receipt_ids)
        return Message.search([]) - before

    def written(self, *attachments, text=None, page=PAGE, **message):
        message = {"mid": self.next_sid(), "attachments": attachments, **message}
        return self.post(
            page=page, message={**message, **({"text": text} if text else {})}
        )

    def line(self, message):
        return str(message.with_context(tz="UTC")._line())

    def test_a_product_of_the_shop(self):
        product = {"id": "9", "retailer_id": "CHAIR-1", "title": "Blue chair"}
        elements = [{**product, "subtitle": "99 €", "image_url": PICTURE}]
        payload = {"product": {"elements": elements}}
        attachment = {"type": "template", "payload": payload}
        for page in (PAGE, INSTAGRAM):
            message = self.written(attachment, text="Is it there?", page=page)
            self.assertEqual((message.kind, message.body), ("text", "Is it there?"))
            expected = {**product, "subtitle": "99 €"}
            self.assertEqual(message.data["products"], [expected])
            self.assertEqual(message.media_ids.url, PICTURE)
            self.assertIn("[Blue chair · 99 € · CHAIR-1 · 9]", self.line(message))

    def test_a_product_that_is_asked_about(self):
        message = self.written(text="?", referral={"product": {"id": "PRODUCT_9"}})
        self.assertEqual(message.data["referral"], {"product_id": "PRODUCT_9"})
        self.assertIn("[Asks about product PRODUCT_9]", self.line(message))
        self.assertFalse(message.conversation_id._advertisement())

    def test_an_opt_in_creates_a_single_row(self):
        message = self.post(optin={"ref": "shop"})
        self.assertEqual(message.data["referral"]["ref"], "shop")
        self.assertEqual(message.conversation_id.identity_ids.external_id, PERSON)
        self.assertFalse(self.post(optin={"ref": "shop"}))

    def test_a_referral_beside_a_postback(self):
        referral = {"ref": "card", "source": "SHORTLINK"}
        postback = {"mid": self.next_sid(), "title": "Start", "payload": "START"}
        message = self.post(postback=postback, referral=referral)
        self.assertEqual(message.data["referral"], referral)
        self.assertEqual(message.kind, "reply_choice")

    def test_a_shared_story_expires_after_a_day(self):
        payload = {"story_media_id": "1", "story_media_url": PICTURE}
        message = self.written({"type": "ig_story", "payload": payload}, page=INSTAGRAM)
        self.assertEqual((message.kind, message.media_ids.url), ("image", PICTURE))
        expiry = message.sent_at + timedelta(hours=24)
        self.assertEqual(message.media_ids.expires_at, expiry)

    def test_a_place_as_a_template_and_with_strings(self):
        element = {"title": "Shop", "coordinates": {"lat": "40.5", "long": "-3.7"}}
        payload = {"template_type": "generic", "elements": [element]}
        message = self.written({"type": "template", "payload": payload})
        self.assertEqual((message.kind, message.data["latitude"]), ("location", 40.5))
        self.assertIn("Shop", self.line(message))

    def test_a_picture_a_place_and_two_links(self):
        place = {"coordinates": {"lat": 1, "long": 2}}
        links = [
            {"url": f"https://example.com/{n}", "title": f"Page {n}"} for n in "12"
        ]
        message = self.written(
            {"type": "image", "payload": {"url": PICTURE}},
            {"type": "image", "payload": {"url": PICTURE}},
            {"type": "location", "payload": place},
            *({"type": "fallback", "payload": link} for link in links),
            text="Here",
        )
        self.assertEqual(message.media_ids.mapped("url"), [PICTURE])
        self.assertEqual(message.data["shares"], links)
        line = self.line(message)
        for words in (
            "Here",
            "[Location: 1.0: 2.0]",
            "[Page 2 · https://example.com/2]",
        ):
            self.assertIn(words, line)

    def test_an_empty_attachment_beside_words(self):
        message = self.written({"type": "image", "payload": {}}, text="Hello")
        self.assertEqual((message.kind, message.body), ("text", "Hello"))
        self.assertFalse(message.media_ids)

    def test_a_booking(self):
        payload = {"status": "requested", "start_time": 1739612400}
        message = self.written({"type": "appointment_booking", "payload": payload})
        conversation = message.conversation_id
        self.assertEqual(conversation.last_message_preview, "2025-02-15 09:40 (UTC)")
        self.assertIn("requested", self.line(message))

    def test_messages_to_oneself_create_no_conversation(self):
        echo = {"mid": self.next_sid(), "text": "Hi", "is_echo": True}
        self.assertFalse(self.post(sender=PAGE, message=echo))
        self.assertFalse(
            self.env["messaging.identity"].search([("external_id", "=", PAGE)])
        )

    # statuses without our address

    def status_without_from(self, message, **values):
        form = {**self.status_form(message.provider_message_id, "delivered"), **values}
        self.process({key: value for key, value in form.items() if value is not None})

    def test_a_status_without_our_address_finds_its_message(self):
        for address in (None, "", "whatsapp:+34699999999"):
            with self.subTest(address):
                message = self.sent()
                self.status_without_from(message, From=address)
                self.assertEqual(message.state, "delivered")
                self.assertFalse(self.account.receipt_ids)

    def test_such_a_status_finds_a_message_that_is_just_being_sent(self):
        message = self.queued()
        message.write({"state": "sending", "client_uuid": "a-b"})
        form = self.status_form(self.next_sid(), "delivered", From=None)
        form.pop("From")
        self.process(form, reference="a-b.0")
        self.assertEqual(message.state, "delivered")

    def test_such_a_status_touches_no_other_account(self):
        message = self.sent()
        other = self.account.copy({"name": "Other", "state": "connected"})
        self.account, mine = other, self.account
        self.status_without_from(message, From=None)
        self.account = mine
        self.assertEqual(message.state, "sent")
        self.assertEqual(other.receipt_ids.kind, "status")

    def test_such_a_status_waits_for_an_unknown_message(self):
        form = self.status_form("SM" + "f" * 32, "delivered")
        form.pop("From")
        self.process(form)
        self.assertEqual(self.account.receipt_ids.kind, "status")
