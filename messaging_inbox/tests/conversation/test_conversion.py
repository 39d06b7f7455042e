import io
from unittest.mock import patch

from PIL import Image

from odoo.exceptions import AccessError, UserError

from ...tools import picture_conversion
from ...tools.picture_conversion import FORMATS, load_plugin
from ..common import PNG, MessagingCase

ORIENTATION, MAKE = 0x0112, 0x010F


def picture(name, mode="RGB", size=(40, 20), **options):
    load_plugin(name)
    output = io.BytesIO()
    color = (200, 30, 30, 0)[: len(mode)]
    Image.new(mode, size, color).save(output, name, **options)
    return output.getvalue()


class TestConversion(MessagingCase):
    """Pictures that the channel doesn't accept become JPEGs on the agent's request."""

    def setUp(self):
        super().setUp()
        self.thread = self.conversation()

    def convert(self, file, user=None, thread=None):
        inbox = self.env["messaging.conversation"].with_user(user or self.agent)
        return inbox.inbox_convert_file((thread or self.thread).id, file.id)

    def opened(self, result):
        attachment = self.env["ir.attachment"].browse(result["id"])
        return Image.open(io.BytesIO(attachment.raw))

    def test_an_uploads_type_is_detected_from_its_bytes(self):
        heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
        for content, name, mimetype in [
            (heic, "photo.jpg", "image/heic"),
            (PNG, "photo.jpg", "image/png"),
            (b"alert(1)", "a.js", "text/plain"),
            (b"a;b\n", "a.csv", "text/csv"),
        ]:
            with self.subTest(name):
                file = self.attachment(self.thread, content, name)
                self.assertEqual(file.mimetype, mimetype)

    def test_each_type_becomes_a_jpeg_that_can_be_sent(self):
        for mimetype, name in FORMATS.items():
            if name == "HEIF":
                continue
            with self.subTest(name):
                content = picture(name)
                file = self.attachment(self.thread, content, f"My photo.{name}")
                self.assertEqual(file.mimetype, mimetype)
                result = self.convert(file)
                self.assertFalse(file.exists())
                self.assertEqual(result["name"], "My photo.jpg")
                self.assertEqual(result["mimetype"], "image/jpeg")
                made = self.opened(result)
                self.assertEqual((made.format, made.size), ("JPEG", (40, 20)))
                self.assertTrue(self.thread.reply("", [result["id"]]))

    def test_the_jpeg_is_upright_and_has_no_metadata(self):
        exif = Image.Exif()
        exif[ORIENTATION], exif[MAKE] = 6, "Camera"
        exif.get_ifd(0x8825)[1] = "N"
        content = picture("WEBP", exif=exif.tobytes(), xmp=b"<x>here</x>")
        made = self.opened(
            self.convert(self.attachment(self.thread, content, "a.webp"))
        )
        self.assertEqual(made.size, (20, 40))
        self.assertFalse(made.getexif())
        self.assertFalse(made.info.keys() & {"exif", "xmp", "icc_profile", "comment"})

    def test_transparent_pixels_become_white(self):
        content = picture("WEBP", "RGBA", lossless=True)
        made = self.opened(
            self.convert(self.attachment(self.thread, content, "a.webp"))
        )
        self.assertGreater(min(made.getpixel((5, 5))), 250)

    def test_the_size_is_checked_before_decoding(self):
        file = self.attachment(self.thread, picture("BMP"), "a.bmp")
        limit = patch.object(picture_conversion, "IMAGE_MAX_RESOLUTION", 40 * 20 - 1)
        with limit, self.assertRaisesRegex(UserError, "a.bmp"):
            self.convert(file)
        self.assertTrue(file.exists())

    def test_broken_pictures_and_other_files_are_not_converted(self):
        cut = picture("TIFF", size=(400, 400))[:60]
        for content, name in [(cut, "a.tif"), (b"a;b\n", "a.csv"), (PNG, "a.png")]:
            with self.subTest(name):
                file = self.attachment(self.thread, content, name)
                with self.assertRaisesRegex(UserError, name):
                    self.convert(file)
                self.assertTrue(file.exists())

    def test_only_own_unsent_files_can_be_converted(self):
        content = picture("WEBP")
        file = self.attachment(self.thread, content, "a.webp")
        for user in (self.colleague, self.manager, self.employee, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.convert(file, user)
        self.thread.reply("", file.ids)
        with self.assertRaises(AccessError):
            self.convert(file)
        self.assertTrue(file.exists())

    def test_a_file_of_another_record_or_hidden_conversation_is_not_converted(self):
        hidden = self.conversation(channel=self.private, user=self.installer)
        theirs = self.attachment(hidden, picture("WEBP"), "a.webp", user=self.installer)
        with self.assertRaises(AccessError):
            self.convert(theirs, thread=hidden)
        with self.assertRaises(UserError):
            self.convert(theirs)
        with self.assertRaises(UserError):
            self.convert(self.env["ir.attachment"])

    def test_the_client_knows_which_types_can_be_converted(self):
        init = self.env["messaging.conversation"].with_user(self.agent).inbox_init()
        self.assertEqual(init["convertible_types"], sorted(FORMATS))
        self.assertIn("image/webp", FORMATS)
