from ...providers.events import MediaRef
from ..common import PNG
from ..scripted import accepted, answer
from .event_case import EventCase


class TestEcho(EventCase):
    """Echoes of our own messages, and of messages written elsewhere."""

    # ours

    def test_the_echo_of_our_own_message_changes_nothing(self):
        message = self.sent()
        count = len(message.conversation_id.message_ids)
        self.ingest(self.echo("Yes", message_id=message.provider_message_id))
        self.assertEqual(message.state, "sent")
        self.assertFalse(message.data)
        self.assertEqual(len(message.conversation_id.message_ids), count)

    def test_an_echo_before_our_commit_is_matched_by_our_reference(self):
        message = self.queued()
        message.sudo().state = "sending"
        echo = self.echo("Yes", reference=f"{message.client_uuid}.0")
        self.ingest(echo)
        self.assertEqual(message.state, "sent")
        self.assertEqual(message.provider_message_id, echo.message_id)

    def test_an_echo_settles_an_unknown_message(self):
        message = self.queued()
        message.sudo().write({"state": "unknown", "reason": "no_connection"})
        self.ingest(self.echo("Yes", reference=f"{message.client_uuid}.0"))
        self.assertEqual((message.state, message.failure_reason), ("sent", False))

    def test_the_echo_of_a_second_attempt_is_recognized(self):
        message = self.queued()
        reference = f"{message.client_uuid}.0"
        self.ingest(self.echo("Yes", reference=reference))
        second = self.echo("Yes", reference=reference)
        self.ingest(second)
        self.assertFalse(self.found(second))

    def test_an_echo_without_our_reference_is_replaced_by_the_response(self):
        message = self.queued()
        conversation = message.conversation_id
        message.sudo().state = "sending"
        echo = self.echo("Yes")
        self.ingest(echo)
        self.assertTrue(self.found(echo).data["sent_outside"])
        message.sudo().state = "queued"
        self.send_queued(accepted(echo.message_id))
        self.assertEqual(self.found(echo), message)
        outbound = conversation.message_ids.filtered(
            lambda m: m.direction == "outbound"
        )
        self.assertEqual(outbound, message)

    def test_the_echo_of_a_message_deleted_while_sending_is_ignored(self):
        message = self.queued()
        reference = f"{message.client_uuid}.0"
        message.sudo().state = "sending"
        message.conversation_id.with_user(self.installer).unlink()
        echo = self.echo("Yes", reference=reference)
        self.assertFalse(self.ingest(echo))
        self.assertFalse(self.found(echo))

    # written elsewhere

    def test_messages_written_elsewhere_are_flagged_as_sent_outside_odoo(self):
        conversation = self.conversation()
        echo = self.echo(sent_at=self.ago(minutes=1))
        self.ingest(echo)
        message = self.found(echo)
        self.assertRecordValues(
            message,
            [
                {
                    "conversation_id": conversation.id,
                    "direction": "outbound",
                    "state": "sent",
                    "author_id": False,
                    "body": "From the phone",
                    "data": {"sent_outside": True},
                    "sent_at": self.ago(minutes=1),
                }
            ],
        )
        self.assertEqual(conversation.last_message_id, message.id)
        self.assertEqual(conversation.last_message_preview, "From the phone")

    def test_an_echo_neither_reopens_nor_counts_as_unread(self):
        conversation = self.conversation()
        conversation.action_mark_read()
        conversation.action_close()
        until = conversation.reply_until
        self.ingest(self.echo())
        self.assertEqual(conversation.state, "closed")
        self.assertEqual(conversation.unread_count, 0)
        self.assertEqual(conversation.reply_until, until)

    def test_an_echo_to_an_unknown_customer_creates_a_conversation(self):
        echo = self.echo(external_ids=("7689000000000199",))
        self.ingest(echo)
        conversation = self.found(echo).conversation_id.with_user(self.agent)
        self.assertEqual(conversation.section, "unassigned")
        self.assertEqual(conversation.contact_name, "WhatsApp customer 0199")
        self.assertEqual(conversation.unread_count, 0)

    def test_the_same_echo_twice_is_one_message(self):
        echo = self.echo()
        self.ingest(echo)
        self.ingest(echo, echo)
        self.assertEqual(len(self.found(echo)), 1)

    def test_an_echo_and_a_message_of_one_request_keep_their_order(self):
        echo, written = self.echo(), self.written()
        self.ingest(echo, written)
        conversation = self.found(written).conversation_id
        self.assertEqual(
            conversation.message_ids.sorted("id"),
            self.found(echo) + self.found(written),
        )
        self.assertEqual(conversation.last_inbound_message_id, self.found(written).id)

    def test_a_file_sent_elsewhere_is_downloaded_and_shown_once(self):
        conversation = self.conversation()
        form = self.media_form("image/png")
        media = MediaRef(form["MediaUrl0"], "image/png", "a.png")
        echo = self.echo("", kind="image", media=(media,))
        self.ingest(echo)
        self.http.answers = [answer(200, PNG, {"Content-Type": "image/png"})]
        self.env["messaging.media"]._download_next()
        values = conversation.inbox_message_values(self.found(echo).ids)
        (file,) = values[0]["files"]
        self.assertEqual((file["state"], file["name"]), ("ready", "a.png"))

    def test_notes_include_messages_sent_outside_odoo(self):
        conversation = self.conversation()
        partner = self.env["res.partner"].create({"name": "Ana"})
        conversation.action_link(partner_id=partner.id)
        self.ingest(self.echo())
        self.env["messaging.conversation"].sudo()._write_next_notes()
        body = conversation.note_window_ids.sudo().mail_message_id.body
        self.assertIn("Sent outside Odoo", body)
        self.assertIn("From the phone", body)

    def test_the_bus_publishes_an_echo_as_the_inbox_reads_it(self):
        conversation = self.conversation()
        self.bus()
        echo = self.echo()
        self.ingest(echo)
        ((_channel, payload),) = self.bus("changed")
        (published,) = payload["messages"]
        (read,) = conversation.inbox_message_values(self.found(echo).ids)
        self.assertEqual(published, {name: read[name] for name in published})
