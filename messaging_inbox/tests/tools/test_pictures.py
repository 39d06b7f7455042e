import base64
import io
import struct
import zlib
from unittest.mock import patch

from PIL import Image

from odoo.tests import tagged

from ...tools import pictures
from ..common import PNG, MessagingCase, MessagingHttpCase
from ..scripted import answer

OTHER = "application/octet-stream"


def picture(size=(1200, 900), kind="JPEG", mode="RGB", **options):
    """Return a whole picture."""
    content = io.BytesIO()
    Image.new(mode, size, 1).save(content, kind, **options)
    return content.getvalue()


def _chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def bomb(width=13300, height=13300):
    """Return a PNG that claims so many pixels and decodes to nothing."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = _chunk(b"IDAT", zlib.compress(b"\0" * 100)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + data


def webp(chunk, sides):
    return b"RIFF\0\0\0\0WEBP" + chunk + b"\0\0\0\0" + sides


BOMBS = {
    "png": bomb(),
    "past Pillow's own limit": bomb(60000, 60000),
    "gif": picture((1, 1), "GIF", "P").replace(b"\1\0\1\0", b"\xff\xff" * 2),
    "webp": webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 16383, 16383)),
    "webp lossless": webp(b"VP8L", b"\x2f" + struct.pack("<I", (1 << 28) - 1)),
    "webp moving": webp(b"VP8X", b"\0\0\0\0" + b"\xff\xff\0" + b"\xff\xff\0"),
}
SHOWN = {
    "png": picture((7000, 7000), "PNG", "1"),
    "gif": picture(kind="GIF", mode="P"),
    "bmp": picture(kind="BMP"),
    "webp": webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 512, 512)),
    "no picture": b"%PDF-1.7",
    "nothing": b"",
}


class TestPictures(MessagingCase):
    """A picture's size is read from its header, and it is decoded at most once."""

    def received(self, content, content_type="image/png"):
        form = self.media_form(content_type)
        self.process(form)
        media = self.message_of(form).media_ids
        self.http.answers = [answer(200, content, {"Content-Type": content_type})]
        self.env["messaging.media"]._download_next()
        self.env.invalidate_all()
        return media

    def decoding_nothing(self):
        return patch.object(Image.Image, "load", side_effect=AssertionError("decoded"))

    def test_the_header_reveals_an_oversized_picture(self):
        for name, content in BOMBS.items():
            with self.subTest(name):
                self.assertTrue(pictures.is_too_big(io.BytesIO(content)))
        for name, content in SHOWN.items():
            with self.subTest(name):
                self.assertFalse(pictures.is_too_big(io.BytesIO(content)))

    def test_a_thumbnail_is_upright_and_keeps_transparency(self):
        exif = Image.Exif()
        exif[0x112] = 6
        for content, size, kind in [
            (picture(), (480, 360), "JPEG"),
            (picture(exif=exif), (360, 480), "JPEG"),
            (picture(mode="CMYK"), (480, 360), "JPEG"),
            (picture(kind="PNG", mode="I;16"), (480, 360), "JPEG"),
            (picture(kind="PNG", mode="RGBA"), (480, 360), "PNG"),
            (picture(kind="PNG", mode="P", transparency=1), (480, 360), "PNG"),
        ]:
            with self.subTest(kind=kind, size=size):
                made = pictures.thumbnail(io.BytesIO(content))
                shown = Image.open(io.BytesIO(made))
                self.assertEqual((shown.size, shown.format), (size, kind))

    def test_small_pictures_and_other_files_get_no_thumbnail(self):
        for content in (PNG, SHOWN["gif"], SHOWN["webp"], b"%PDF-1.7", b""):
            self.assertEqual(pictures.thumbnail(io.BytesIO(content)), b"")

    def test_a_received_picture_gets_its_thumbnail_at_once(self):
        media = self.received(picture(), "image/jpeg")
        thumbnail = base64.b64decode(media.attachment_id.messaging_thumbnail)
        self.assertEqual(Image.open(io.BytesIO(thumbnail)).size, (480, 360))
        self.assertEqual(media.attachment_id.mimetype, "image/jpeg")

    def test_a_picture_that_cannot_be_decoded_is_a_download(self):
        with patch.object(Image.Image, "thumbnail", side_effect=OSError):
            media = self.received(picture(kind="PNG"))
        self.assertEqual((media.state, media.attachment_id.mimetype), ("ready", OTHER))

    def test_a_received_bomb_is_a_download(self):
        for content in BOMBS.values():
            with self.subTest(content[:30]):
                media = self.received(content)
                self.assertEqual(media.state, "ready")
                self.assertEqual(media.attachment_id.raw, content)
                self.assertEqual(media.attachment_id.mimetype, OTHER)
                self.assertFalse(media.attachment_id.messaging_thumbnail)

    def test_an_uploaded_bomb_is_never_decoded(self):
        with self.decoding_nothing():
            file = self.attachment(self.conversation(), bomb())
            self.assertEqual((file.mimetype, file.raw), (OTHER, bomb()))
            file.write({"raw": bomb(20000, 20000)})
            self.assertEqual(file.mimetype, OTHER)

    def test_copies_in_notes_keep_type_and_thumbnail(self):
        bad = self.received(bomb())
        good = self.received(picture(), "image/jpeg")
        conversation = good.message_id.conversation_id
        partner = self.env["res.partner"].create({"name": "Ana"})
        with patch.object(Image.Image, "load", side_effect=AssertionError("decoded")):
            conversation.with_user(self.agent).action_link(partner_id=partner.id)
        domain = [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
        files = self.env["ir.attachment"].search(domain)
        kept = {file.raw: (file.mimetype, file.messaging_thumbnail) for file in files}
        self.assertEqual(kept[bad.attachment_id.raw], (OTHER, False))
        mimetype, thumbnail = kept[good.attachment_id.raw]
        self.assertEqual(mimetype, "image/jpeg")
        self.assertEqual(thumbnail, good.attachment_id.messaging_thumbnail)

    def test_the_thumbnail_is_deleted_with_its_file(self):
        media = self.received(picture(), "image/jpeg")
        files = self.env["ir.attachment"].sudo().with_context(skip_res_field_check=True)
        domain = [
            ("res_model", "=", "ir.attachment"),
            ("res_id", "=", media.attachment_id.id),
            ("res_field", "=", "messaging_thumbnail"),
        ]
        self.assertEqual(files.search_count(domain), 1)
        media.message_id._forget_content()
        self.assertFalse(files.search_count(domain))


@tagged("post_install", "-at_install")
class TestPictureRoute(MessagingHttpCase):
    """Odoo's own route serves the stored thumbnail."""

    def setUp(self):
        super().setUp()
        self.thread = self.conversation()
        self.authenticate(self.agent.login, self.agent.login)

    def look(self, file, size="480x480"):
        self.env.flush_all()
        return self.url_open(f"/web/image/{file.id}/{size}")

    def test_no_view_decodes_the_picture(self):
        file = self.attachment(self.thread, picture((1600, 1200)), "a.jpg")
        with patch.object(pictures, "thumbnail", side_effect=AssertionError):
            shown = [self.look(file) for _ in range(3)]
            smaller = self.look(file, "120x120")
        sizes = [Image.open(io.BytesIO(each.content)).size for each in shown]
        self.assertEqual(sizes, [(480, 360)] * 3)
        self.assertEqual(Image.open(io.BytesIO(smaller.content)).size, (120, 90))

    def test_a_picture_from_an_older_version_is_decoded_once(self):
        file = self.attachment(self.thread, picture((1600, 1200)), "a.jpg")
        file.sudo().messaging_thumbnail = False
        self.assertEqual(Image.open(io.BytesIO(self.look(file).content)).width, 480)
        self.env.invalidate_all()
        self.assertTrue(file.sudo().messaging_thumbnail)

    def test_no_view_decodes_a_bomb(self):
        uploaded = self.attachment(self.thread, bomb(), "a.png")
        with patch.object(Image.Image, "load", side_effect=AssertionError("decoded")):
            response = self.look(uploaded)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content, bomb())
        self.assertEqual(response.headers["Content-Type"], OTHER)

    def test_a_user_without_access_to_the_file_sees_no_thumbnail(self):
        hidden = self.conversation(channel=self.private, user=self.installer)
        content = picture()
        file = self.attachment(hidden, content, "a.jpg", user=self.installer)
        self.assertTrue(file.sudo()._messaging_thumbnail())
        for user in (self.agent, self.employee, self.portal):
            self.authenticate(user.login, user.login)
            with self.subTest(user.login):
                response = self.look(file)
                thumbnail = base64.b64decode(file.sudo().messaging_thumbnail)
                self.assertNotEqual(response.content, thumbnail)
