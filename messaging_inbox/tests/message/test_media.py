import errno
import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import requests

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import config, mute_logger

from ...models.message.media import SHORTEST_DOWNLOAD, TIME_TO_STORE
from ...tools import time_limit
from ..common import ACCOUNT_SID, PNG, TOKEN, MessagingCase
from ..scripted import answer

MEDIA_LOGGER = "odoo.addons.messaging_inbox.models.message.media"
CDN = "https://mms.twiliocdn.com/a/b?signature=secret"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def redirect(location, status=307):
    return answer(status, headers={"Location": location})


def file(content=PNG, content_type="image/png"):
    return answer(200, content, {"Content-Type": content_type})


class TestMedia(MessagingCase):
    """Customers' files are downloaded after the webhook, and never trusted."""

    def pending(self, *types, **fields_of_twilio):
        form = self.media_form(*(types or ["image/png"]), **fields_of_twilio)
        self.process(form)
        return self.message_of(form).media_ids

    def download(self, *answers):
        """Download one file, with these responses from the provider."""
        self.http.answers = list(answers)
        done = self.env["messaging.media"]._download_next()
        self.env.invalidate_all()
        return done

    def test_the_webhook_records_files_without_downloading_them(self):
        media = self.pending("image/png", "application/pdf")
        self.assertEqual(media.mapped("state"), ["pending", "pending"])
        self.assertEqual(
            media.sorted("position").mapped("content_type"),
            ["image/png", "application/pdf"],
        )
        self.assertFalse(self.http.requests)

    def test_a_file_is_fetched_through_the_redirect_without_credentials(self):
        media = self.pending()
        self.assertTrue(self.download(redirect(CDN), file()))
        self.assertRecordValues(media, [{"state": "ready", "error": False}])
        attachment = media.attachment_id
        self.assertEqual(attachment.raw, PNG)
        self.assertEqual(attachment.mimetype, "image/png")
        self.assertEqual(media.message_id.attachment_ids, attachment)
        self.assertEqual(attachment.res_model, "messaging.conversation")
        self.assertEqual(attachment.res_id, media.message_id.conversation_id.id)
        (_get, _url, first), (_get, url, second) = self.http.requests
        self.assertEqual(first["auth"], (ACCOUNT_SID, TOKEN))
        self.assertEqual(url, CDN)
        self.assertNotIsInstance(second["auth"], tuple)

    def test_downloaded_files_are_not_downloaded_again(self):
        self.pending()
        self.download(redirect(CDN), file())
        self.assertFalse(self.download())

    def test_each_file_of_a_message_has_its_own_state(self):
        media = self.pending("image/png", "image/png").sorted("position")
        self.download(answer(410))
        self.download(redirect(CDN), file())
        self.assertEqual(media.mapped("state"), ["failed", "ready"])

    def test_a_redirect_to_another_or_an_inner_host_is_not_followed(self):
        targets = [
            "https://evil.example.com/a.png",
            "https://127.0.0.1/a.png",
            "https://169.254.169.254/latest/meta-data",
            "http://mms.twiliocdn.com/a.png",
            "https://mms.twiliocdn.com.evil.example.com/a",
            "https://mms.twiliocdn.com@evil.example.com/a",
            "file:///etc/passwd",
            "//evil.example.com/a",
            "https://[::1]/a",
        ]
        for target in targets:
            with self.subTest(target=target):
                media = self.pending()
                self.http.requests = []
                self.download(redirect(target))
                self.assertEqual(media.state, "failed")
                self.assertEqual(len(self.http.requests), 1)
                self.assertFalse(media.attachment_id)

    def test_a_file_of_another_account_is_not_fetched(self):
        other = f"https://api.twilio.com/2010-04-01/Accounts/AC{'9' * 32}"
        url = f"{other}/Messages/MM{'0' * 32}/Media/ME{'0' * 32}"
        media = self.pending(MediaUrl0=url)
        self.download()
        self.assertEqual(media.state, "failed")
        self.assertFalse(self.http.requests)

    # type and content

    def test_markup_is_never_rendered_from_our_origin(self):
        for content in (SVG, b"<html><script>1</script>", b"<?xml version='1.0'?><a/>"):
            for claim in ("image/png", "image/svg+xml", "text/html"):
                with self.subTest(content=content[:8], claim=claim):
                    media = self.pending(claim)
                    self.download(redirect(CDN), file(content, claim))
                    self.assertIn(
                        media.attachment_id.mimetype,
                        ("text/plain", "application/octet-stream"),
                    )

    def test_the_bytes_decide_the_type_not_the_provider(self):
        media = self.pending("application/pdf")
        self.download(redirect(CDN), file(PNG, "application/pdf"))
        self.assertEqual(media.attachment_id.mimetype, "image/png")

    def test_a_harmless_claim_is_kept_and_gives_the_extension(self):
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000
        heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
        for content, claim, kind, mimetype, name in [
            (ole, "application/vnd.ms-excel", "document", None, "document.xls"),
            (b"a;b\n1;2\n", "text/csv", "document", None, "document.csv"),
            (heic, "image/heic", "image", None, "image.heic"),
            (heic, "video/mp4", "video", "image/heic", "video.heic"),
            (b"#!AMR\n<", "audio/amr", "audio", None, "audio.amr"),
        ]:
            with self.subTest(claim):
                media = self.pending(claim)
                self.assertEqual(media.message_id.kind, kind)
                self.download(redirect(CDN), file(content, claim))
                self.assertRecordValues(
                    media.attachment_id,
                    [{"name": name, "mimetype": mimetype or claim}],
                )

    def test_no_archive_is_unpacked_to_detect_its_type(self):
        """Without python-magic, Odoo reads a zip's member "mimetype" completely."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", b"x" * 10_000_000)
        media = self.pending("application/octet-stream")
        partner = self.env["res.partner"].create({"name": "Ana"})
        guess = "odoo.addons.base.models.ir_attachment.guess_mimetype"
        with patch(guess, side_effect=AssertionError("unpacked")):
            self.download(redirect(CDN), file(content.getvalue(), "application/zip"))
            conversation = media.message_id.conversation_id.with_user(self.agent)
            conversation.action_link(partner_id=partner.id)
        copies = [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
        files = media.attachment_id + self.env["ir.attachment"].search(copies)
        self.assertEqual(files.mapped("mimetype"), ["application/zip"] * 2)

    def test_a_file_that_is_too_big_fails(self):
        media = self.pending()
        big = file()
        big.headers["Content-Length"] = str(200 * 1024 * 1024)
        self.download(redirect(CDN), big)
        self.assertEqual(media.state, "failed")

    # retries

    def test_a_temporary_failure_is_retried_later(self):
        for outcome in (answer(503), answer(404), answer(429), requests.ReadTimeout()):
            with self.subTest(outcome):
                media = self.pending()
                self.download(outcome)
                self.assertEqual(media.state, "pending")
                self.assertGreater(media.next_try_at, fields.Datetime.now())
                self.assertFalse(self.download(), "not before its time")
                media.unlink()

    def test_after_the_last_retry_it_fails(self):
        media = self.pending()
        for _ in range(7):
            self.assertEqual(media.state, "pending")
            media.next_try_at = fields.Datetime.now() - timedelta(seconds=1)
            self.download(answer(503))
        self.assertEqual(media.state, "failed")
        self.assertFalse(self.download())

    def test_a_crash_while_downloading_counts_as_an_attempt(self):
        media = self.pending()
        try:
            self.download(KeyboardInterrupt())
        except KeyboardInterrupt:
            self.env.invalidate_all()
        self.assertEqual((media.state, media.attempts), ("pending", 1))
        self.assertGreater(media.next_try_at, fields.Datetime.now())

    def test_a_file_that_crashes_every_process_fails(self):
        media, good = self.pending(), self.pending()
        for attempt in range(7):
            media.next_try_at = fields.Datetime.now() - timedelta(days=1)
            good.next_try_at = fields.Datetime.now() + timedelta(days=1)
            try:
                self.download(KeyboardInterrupt())
            except KeyboardInterrupt:
                self.env.invalidate_all()
            self.assertEqual((media.state, media.attempts), ("pending", attempt + 1))
        media.next_try_at = fields.Datetime.now() - timedelta(days=1)
        self.assertTrue(self.download())
        self.assertEqual((media.state, media.attempts), ("failed", 7))
        self.assertIn("stopped", media.error)

    def test_new_files_come_before_retries(self):
        poison, good = self.pending(), self.pending()
        poison.next_try_at = fields.Datetime.now() - timedelta(seconds=1)
        self.download(redirect(CDN), file())
        self.assertEqual((poison.state, good.state), ("pending", "ready"))

    def test_an_error_of_the_filestore_blocks_no_other_file(self):
        for number in (errno.ENOSPC, errno.EACCES):
            with self.subTest(number), mute_logger(MEDIA_LOGGER):
                media, good = self.pending(), self.pending()
                refusal = OSError(number, os.strerror(number), "/var/lib/odoo/secret")
                attachment = type(self.env["ir.attachment"])
                with patch.object(attachment, "_messaging_create", side_effect=refusal):
                    self.download(redirect(CDN), file())
                self.download(redirect(CDN), file())
                states = [{"state": "pending"}, {"state": "ready"}]
                self.assertRecordValues(media + good, states)
                self.assertFalse(media.attachment_id)
                self.assertGreater(media.next_try_at, fields.Datetime.now())
                self.assertEqual(media.error, os.strerror(number))
                media.unlink()

    def test_a_full_disk_keeps_no_partial_file(self):
        media = self.pending()
        filestore = Path(config.filestore(self.env.cr.dbname))
        before = {path for path in filestore.rglob("*") if path.is_file()}
        full = OSError(errno.ENOSPC, "No space left on device")
        with patch("shutil.copyfileobj", side_effect=full), mute_logger(MEDIA_LOGGER):
            self.download(redirect(CDN), file(PNG + b"of its own"))
        self.assertEqual(media.state, "pending")
        after = {path for path in filestore.rglob("*") if path.is_file()}
        self.assertEqual(after, before)

    def test_a_download_ends_before_the_time_of_the_cron(self):
        self.pending()
        left = []
        download = type(self.account._provider()).download

        def look(provider, reference):
            left.append(time_limit.remaining())
            return download(provider, reference)

        provider = type(self.account._provider())
        with patch.object(provider, "download", look), time_limit.limited(30):
            self.download(redirect(CDN), file())
        self.assertLess(left[0], 30 - TIME_TO_STORE + 0.1)
        self.assertGreater(left[0], 20)

    def test_work_without_time_is_left_to_the_next_run(self):
        media = self.pending()
        cron = self.env.ref("messaging_inbox.ir_cron_download_media")
        with patch.object(time_limit, "has_time_for", return_value=False) as asked:
            self.run_cron("download_media")
        asked.assert_called_once_with(SHORTEST_DOWNLOAD)
        triggers = self.env["ir.cron.trigger"].sudo()
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))
        self.assertEqual((media.state, media.attempts), ("pending", 0))

    def test_an_internal_error_fails_one_file_and_blocks_no_other(self):
        media = self.pending("image/png", "image/png").sorted("position")
        with mute_logger(MEDIA_LOGGER):
            self.download(RuntimeError("a bug"))
        self.download(redirect(CDN), file())
        self.assertEqual(media.mapped("state"), ["failed", "ready"])

    def test_retry_repeats_a_failed_download(self):
        media = self.pending()
        self.download(answer(410))
        media.with_user(self.agent).action_retry()
        self.assertRecordValues(media, [{"state": "pending", "attempts": 0}])
        self.download(redirect(CDN), file())
        self.assertRecordValues(media, [{"state": "ready", "error": False}])

    def test_retry_needs_access_and_a_failed_download(self):
        media = self.pending()
        with self.assertRaises(UserError):
            media.with_user(self.agent).action_retry()
        hidden = self.pending(channel=self.private)
        with self.assertRaises(AccessError):
            hidden.with_user(self.agent).action_retry()

    def test_a_conversation_deleted_meanwhile_takes_its_files_along(self):
        media = self.pending()
        conversation = media.message_id.conversation_id.with_user(self.installer)

        def delete_first(*_args, **_options):
            conversation.unlink()
            return file()

        self.patch(self.http, "request", delete_first)
        self.env["messaging.media"]._download_next()
        self.assertFalse(media.exists())
        self.assertFalse(
            self.env["ir.attachment"].search(
                [
                    ("res_model", "=", conversation._name),
                    ("res_id", "=", conversation.id),
                ]
            )
        )

    def test_a_message_unsent_meanwhile_keeps_no_file(self):
        media = self.pending()
        message = media.message_id

        def unsend_first(*_args, **_options):
            message._forget_content()
            return file()

        self.patch(self.http, "request", unsend_first)
        self.env["messaging.media"]._download_next()
        self.assertFalse(media.exists())
        self.assertFalse(message.attachment_ids)
        thread = ("res_model", "=", "messaging.conversation")
        mine = [thread, ("res_id", "=", message.conversation_id.id)]
        self.assertFalse(self.env["ir.attachment"].search(mine))

    def test_the_bus_publishes_a_completed_download(self):
        media = self.pending()
        self.bus()
        self.download(redirect(CDN), file())
        [(_channel, payload)] = self.bus("changed")
        [shown] = payload["messages"][0]["files"]
        self.assertEqual(shown["id"], media.attachment_id.id)
        self.assertEqual((shown["state"], shown["media_id"]), ("ready", media.id))
        self.assertEqual((shown["mimetype"], shown["size"]), ("image/png", len(PNG)))

    def test_the_address_of_a_file_cannot_be_read(self):
        media = self.pending()
        for user in (self.agent, self.installer, self.manager):
            with self.assertRaises(AccessError):
                media.with_user(user).read(["url"])

    def test_the_cron_downloads_due_files(self):
        media = self.pending()
        self.http.answers = [redirect(CDN), file()]
        self.run_cron("download_media")
        self.assertEqual(media.state, "ready")
