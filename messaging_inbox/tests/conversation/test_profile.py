import base64
import errno
from datetime import timedelta
from unittest.mock import patch

from PIL import Image

from odoo import fields
from odoo.tools import mute_logger

from ...models.conversation.profile import MAX_ATTEMPTS
from ...providers.errors import Reason, Refused, Retryable
from ...providers.events import Media, Profile
from ...providers.twilio import Twilio
from ..common import PNG, MessagingHttpCase
from ..ingest.event_case import EventCase
from ..tools.test_pictures import bomb

LOGGER = "odoo.addons.messaging_inbox.models.conversation.profile"
PICTURE = "https://scontent.xx.fbcdn.net/v/face.png"
PERSON = "7689000000000101"


class TestProfile(EventCase):
    """Customers' names and pictures are fetched after the webhook."""

    def setUp(self):
        super().setUp()
        self.known = Profile("Marta Vidal", PICTURE)
        self.asked = []
        self.patch(Twilio, "profile", self.profile)
        self.file = PNG
        self.patch(Twilio, "download", lambda _provider, _media: Media([self.file]))

    def profile(self, channel, external_id):
        """Stand in for the provider's ``profile()``."""
        self.asked.append((channel.address, external_id))
        if isinstance(self.known, Exception):
            raise self.known
        return self.known

    def customer(self):
        written = self.written(external_ids=(PERSON,))
        self.ingest(written)
        return self.found(written).conversation_id.with_user(self.agent)

    def fetch(self):
        self.env["messaging.conversation"].sudo()._fetch_next_profile()
        self.env.invalidate_all()

    def test_a_new_customers_profile_is_fetched_after_the_webhook(self):
        conversation = self.customer()
        self.assertEqual(conversation.contact_name, "WhatsApp customer 0101")
        self.assertFalse(self.asked)
        self.fetch()
        self.assertEqual(self.asked, [(self.whatsapp.address, PERSON)])
        self.assertEqual(conversation.contact_name, "Marta Vidal")
        self.assertTrue(conversation.picture)
        self.assertFalse(conversation.profile_due)

    def test_the_bus_and_the_row_contain_the_pictures_url(self):
        conversation = self.customer()
        self.assertIs(self.row(conversation)["avatar_url"], False)
        self.bus()
        self.fetch()
        path = f"/web/image/messaging.conversation/{conversation.id}/picture?unique="
        self.assertIn(path, self.row(conversation)["avatar_url"])
        published = self.bus("changed")[-1][1]["conversations"][0]
        self.assertIn(path, published["avatar_url"])

    def row(self, conversation):
        return conversation.inbox_rows(conversation.ids)[0]

    def test_a_customer_without_a_profile_keeps_a_readable_name(self):
        for answer in (None, Profile(), Refused(Reason.NOT_PERMITTED)):
            with self.subTest(answer):
                self.known = answer
                conversation = self.customer()
                self.fetch()
                self.assertEqual(conversation.contact_name, "WhatsApp customer 0101")
                self.assertFalse(conversation.profile_due)
                conversation.with_user(self.installer).unlink()

    def test_a_profile_file_that_is_not_a_picture_is_not_stored(self):
        for file in (b"<svg onload='alert(1)'/>", b"\x89PNG broken", b""):
            with self.subTest(file):
                self.file = file
                conversation = self.customer()
                self.fetch()
                self.assertFalse(conversation.picture)
                self.assertEqual(conversation.contact_name, "Marta Vidal")
                conversation.with_user(self.installer).unlink()

    def test_the_profile_is_retried_if_the_provider_is_down(self):
        self.known = Retryable(Reason.PROVIDER_DOWN)
        conversation = self.customer()
        self.fetch()
        self.fetch()
        self.assertEqual(len(self.asked), 1)
        self.assertTrue(conversation.profile_due)
        conversation.sudo()._store({"profile_at": self.ago(hours=2)})
        self.known = Profile("Marta")
        self.fetch()
        self.assertEqual(conversation.contact_name, "Marta")

    def test_a_profile_that_crashes_every_process_is_given_up(self):
        self.patch(Twilio, "profile", self.dies)
        conversation = self.customer()
        for _ in range(MAX_ATTEMPTS):
            conversation.sudo()._store({"profile_at": self.ago(hours=2)})
            try:
                self.fetch()
            except KeyboardInterrupt:
                self.env.invalidate_all()
            self.assertTrue(conversation.profile_due)
        conversation.sudo()._store({"profile_at": self.ago(hours=2)})
        self.fetch()
        self.assertFalse(conversation.profile_due)
        self.assertEqual(len(self.asked), MAX_ATTEMPTS)

    def dies(self, channel, external_id):
        self.asked.append((channel.address, external_id))
        raise KeyboardInterrupt

    def test_new_profiles_come_before_repeated_ones(self):
        poison = self.customer()
        poison.sudo()._store({"profile_at": self.ago(hours=2)})
        written = self.written(external_ids=("7689000000000102",))
        self.ingest(written)
        self.fetch()
        self.assertEqual(self.asked, [(self.whatsapp.address, "7689000000000102")])

    def test_an_error_of_the_filestore_loses_only_the_picture(self):
        conversation = self.customer()
        attachment = type(self.env["ir.attachment"])
        full = OSError(errno.ENOSPC, "No space left on device")
        with patch.object(attachment, "_file_write", side_effect=full):
            with mute_logger(LOGGER):
                self.fetch()
        self.assertEqual(conversation.contact_name, "Marta Vidal")
        self.assertFalse(conversation.picture)
        self.assertTrue(conversation.profile_due, "asked again in an hour")

    def test_a_picture_of_too_many_pixels_is_never_decoded(self):
        """Odoo checks the size only after it has rotated the picture."""
        self.file = bomb()
        conversation = self.customer()
        with patch.object(Image.Image, "load", side_effect=AssertionError("decoded")):
            self.fetch()
        self.assertEqual(conversation.contact_name, "Marta Vidal")
        self.assertFalse(conversation.picture)

    def test_a_revoked_token_pauses_the_account(self):
        self.known = Refused(Reason.BAD_CREDENTIALS, "190")
        self.customer()
        self.fetch()
        self.assertEqual(self.account.state, "error")

    def test_a_profile_is_refreshed_after_a_month(self):
        conversation = self.customer()
        self.fetch()
        self.ingest(self.written(external_ids=(PERSON,)))
        self.assertFalse(conversation.profile_due)
        conversation.sudo()._store({"profile_at": self.ago(days=31)})
        self.ingest(self.written(external_ids=(PERSON,)))
        self.assertTrue(conversation.profile_due)

    def test_a_provider_without_profiles_is_never_asked(self):
        with patch.object(Twilio, "profile", Twilio.__mro__[1].profile):
            self.env.registry.clear_cache()
            conversation = self.customer()
        self.assertFalse(conversation.profile_due)

    def test_the_picture_is_deleted_with_the_conversation(self):
        conversation = self.customer()
        self.fetch()
        files = self.env["ir.attachment"].search(
            [("res_model", "=", conversation._name), ("res_field", "=", "picture")]
        )
        self.assertTrue(files)
        conversation.with_user(self.installer).unlink()
        self.assertFalse(files.exists())

    def test_a_story_and_its_copy_are_deleted_after_a_day(self):
        form = self.media_form("image/png")
        self.process(form)
        message = self.message_of(form)
        self.env["messaging.media"]._download_next()
        media = message.media_ids
        media.expires_at = fields.Datetime.now() + timedelta(hours=1)
        self.env["messaging.media"]._gc_expired()
        self.assertTrue(media.attachment_id)
        media.expires_at = fields.Datetime.now() - timedelta(hours=1)
        self.env["messaging.media"]._gc_expired()
        self.env.invalidate_all()
        self.assertFalse(media.attachment_id)
        self.assertEqual(media.state, "failed")
        self.assertFalse(message.attachment_ids)


class TestPicture(MessagingHttpCase):
    def test_only_users_with_access_get_the_picture(self):
        conversation = self.conversation()
        conversation.sudo()._store(
            {"picture": base64.b64encode(PNG), "picture_key": "abc"}
        )
        face = base64.b64decode(conversation.picture)
        [row] = conversation.inbox_rows(conversation.ids)
        for user, may in (
            (self.agent, True),
            (self.stranger, False),
            (self.employee, False),
            (self.portal, False),
        ):
            with self.subTest(user.login):
                self.authenticate(user.login, user.login)
                answer = self.url_open(row["avatar_url"])
                self.assertEqual(answer.content == face, may)
