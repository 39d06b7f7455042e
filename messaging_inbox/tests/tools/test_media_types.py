import io
import struct
import zipfile

from odoo.tests import BaseCase

from ...tools.file_signatures import OOXML, OPENDOCUMENT
from ...tools.media_types import checked, sniff, with_ending

OTHER = "application/octet-stream"
DOCX = f"{OOXML}.wordprocessingml.document"
XLSX = f"{OOXML}.spreadsheetml.sheet"
PPTX = f"{OOXML}.presentationml.presentation"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEIC = b"heic"
CSV = b"name;number\nAna;1\n"


def ftyp(major, *compatible):
    box = b"ftyp" + major + b"\0\0\0\0" + b"".join(compatible)
    return struct.pack(">I", len(box) + 4) + box + b"\0\0\0\x08mdat"


def ebml(doctype, codec=b""):
    return b"\x1aE\xdf\xa3\x93\x42\x82" + bytes([0x80 + len(doctype)]) + doctype + codec


def ole(*streams, sector=1):
    head = OLE.ljust(30, b"\0") + struct.pack("<H", 9)
    head = (head.ljust(48, b"\0") + struct.pack("<I", sector)).ljust(512, b"\0")
    entries = [name.encode("utf-16-le").ljust(128, b"\0") for name in streams]
    return head + b"\0" * 512 * sector + b"".join(entries)


def archive(*names, mimetype=""):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        if mimetype:
            file.writestr("mimetype", mimetype)
        for name in names:
            file.writestr(name, "x" * 5000)
    return content.getvalue()


def docx():
    return archive("[Content_Types].xml", "word/document.xml")


class TestMediaTypes(BaseCase):
    """A file's type is detected by its bytes, then by its claimed type and name."""

    def assertTypes(self, cases):
        for content, claim, name, expected in cases:
            with self.subTest(content=content[:24], claim=claim, name=name):
                self.assertEqual(sniff(io.BytesIO(content), claim, name), expected)

    def test_brands_of_one_container_are_distinguished(self):
        brands = {
            "image/heic": (b"heic", b"heix", b"heim", b"heis"),
            "image/heic-sequence": (b"hevc", b"hevx"),
            "image/heif": (b"mif1", b"miaf"),
            "image/heif-sequence": (b"msf1",),
            "image/avif": (b"avif", b"avis"),
            "image/x-canon-cr3": (b"crx ",),
            "audio/mp4": (b"M4A ", b"M4B "),
            "video/mp4": (
                *(b"M4V ", b"isom", b"iso2", b"iso6", b"mp41", b"mp42", b"avc1"),
                *(b"dash", b"msdh", b"MSNV", b"cmfc", b"mmp4"),
            ),
            "video/quicktime": (b"qt  ",),
            "video/3gpp": (b"3gp4", b"3gp5", b"3gp6", b"3gs7", b"3gr6", b"3ge6"),
            "video/3gpp2": (b"3g2a", b"3g2b", b"kddi"),
        }
        self.assertTypes(
            (ftyp(brand), "", "", mimetype)
            for mimetype, names in brands.items()
            for brand in names
        )

    def test_compatible_brands_win_over_a_structure_brand(self):
        self.assertTypes(
            [
                (ftyp(b"mif1", b"mif1", b"heic"), "", "", "image/heic"),
                (ftyp(b"mif1", b"avif", b"miaf"), "", "", "image/avif"),
                (ftyp(b"msf1", b"hevc"), "", "", "image/heic-sequence"),
                (ftyp(b"isom", b"mif1", b"heic"), "", "", "image/heic"),
                (ftyp(b"heic", b"isom", b"mp42"), "", "", "image/heic"),
                (ftyp(b"mp42", b"isom", b"3gp4"), "", "", "video/mp4"),
                (ftyp(b"zzzz", b"isom"), "", "", "video/mp4"),
                (ftyp(b"zzzz", b"M4A "), "", "", "audio/mp4"),
                (ftyp(b"zzzz"), "", "", OTHER),
            ]
        )

    def test_a_claimed_picture_never_becomes_a_video(self):
        self.assertTypes(
            [
                (ftyp(b"heic", b"mif1"), "image/heic", "", "image/heic"),
                (ftyp(b"heic"), "video/mp4", "a.mp4", "image/heic"),
                (ftyp(b"isom"), "image/heic", "", "image/heic"),
                (ftyp(b"isom"), "image/jpeg", "", OTHER),
                (ftyp(b"zzzz"), "image/avif", "", "image/avif"),
            ]
        )

    def test_the_claim_distinguishes_audio_and_video_if_the_bytes_cannot(self):
        opus = b"OggS" + b"\0" * 24 + b"OpusHead"
        theora = b"OggS" + b"\0" * 24 + b"\x80theora"
        self.assertTypes(
            [
                (ftyp(b"mp42"), "audio/mp4", "", "audio/mp4"),
                (ftyp(b"mp42"), "audio/*", "", "audio/mp4"),
                (ftyp(b"isom"), "audio/mpeg", "", "audio/mp4"),
                (ftyp(b"isom"), "", "voice.m4a", "audio/mp4"),
                (ftyp(b"M4A "), "video/mp4", "", "audio/mp4"),
                (ftyp(b"3gp4"), "audio/3gpp", "", "audio/3gpp"),
                (ftyp(b"isom"), "application/octet-stream", "", "video/mp4"),
                (opus, "video/ogg", "", "audio/ogg"),
                (theora, "audio/ogg", "", "video/ogg"),
                (b"OggS", "application/ogg", "", "audio/ogg"),
                (b"OggS", "video/ogg", "", "video/ogg"),
                (ebml(b"webm"), "", "", "video/webm"),
                (ebml(b"webm"), "audio/webm; codecs=opus", "", "audio/webm"),
                (ebml(b"webm", b"\x86A_OPUS"), "", "", "audio/webm"),
                (ebml(b"webm", b"V_VP9 A_OPUS"), "", "", "video/webm"),
                (ebml(b"matroska"), "", "a.mkv", "video/x-matroska"),
                (ebml(b"matroska"), "video/webm", "", "video/x-matroska"),
            ]
        )

    def test_formats_with_a_signature(self):
        tag = b"ID3\4\0\0\0\0\0\x02\0\0"
        self.assertTypes(
            (content, "", "", mimetype)
            for content, mimetype in [
                (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
                (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
                (b"RIFF\0\0\0\0AVI LIST", "video/x-msvideo"),
                (b"RIFF\0\0\0\0????", OTHER),
                (b"FORM\0\0\0\0AIFFCOMM", "audio/aiff"),
                (b"FORM\0\0\0\0AIFCCOMM", "audio/aiff"),
                (b"caff\0\1\0\0", "audio/x-caf"),
                (b"fLaC\0\0\0\x22", "audio/flac"),
                (b"#!AMR\n<", "audio/amr"),
                (b"#!AMR-WB\n", "audio/amr-wb"),
                (b"\xff\xfb\x90\x64", "audio/mpeg"),
                (b"\xff\xf3\x40\xc0", "audio/mpeg"),
                (b"\xff\xf1\x50\x80", "audio/aac"),
                (tag + b"\xff\xfb\x90\x64", "audio/mpeg"),
                (tag + b"\xff\xf1\x50\x80", "audio/aac"),
                (tag + b"fLaC", "audio/flac"),
                (b"II*\0\x08\0\0\0", "image/tiff"),
                (b"MM\0*\0\0\0\x08", "image/tiff"),
                (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "image/bmp"),
                (b"\0\0\1\0\1\0\x10\x10", "image/x-icon"),
                (b"8BPS\0\1", "image/vnd.adobe.photoshop"),
                (b"\xff\xd8\xff\xe0", "image/jpeg"),
                (b"%PDF-1.7\n", "application/pdf"),
                (b"{\\rtf1\\ansi", "text/rtf"),
                (b"\0\0\0\x20moov\0", "video/quicktime"),
                (b"BEGIN:VCARD\r\nVERSION:3.0", "text/vcard"),
                (b"\xef\xbb\xbfBEGIN:VCARD\n", "text/vcard"),
                (b"BEGIN:VCALENDAR\r\n", "text/calendar"),
                (b"\x1f\x8b\x08", "application/gzip"),
                (bytes(range(256)), OTHER),
                (b"", OTHER),
            ]
        )

    def test_words_that_look_like_a_signature_are_text(self):
        for words in (b"caffeine", b"BMW 320", b"RIFF raff", b"In a free text", b"BZh"):
            self.assertTypes([(words, "", "", "text/plain")])

    def test_streams_then_claim_and_name_decide_an_ole_type(self):
        doc, xls = "application/msword", "application/vnd.ms-excel"
        ppt, msg = "application/vnd.ms-powerpoint", "application/vnd.ms-outlook"
        self.assertTypes(
            [
                (ole(), xls, "", xls),
                (ole(), doc, "", doc),
                (ole(), ppt, "", ppt),
                (ole(), msg, "", msg),
                (ole(), "", "old.xls", xls),
                (ole(), OTHER, "old.DOC", doc),
                (ole(), "", "", OTHER),
                (ole(), "text/html", "a.html", OTHER),
                (ole("Root Entry", "WordDocument", sector=9), xls, "", doc),
                (ole("Root Entry", "Workbook"), "", "", xls),
                (ole("PowerPoint Document"), OTHER, "", ppt),
                (ole("__properties_version1.0"), "", "", msg),
                (ole("EncryptedPackage"), XLSX, "", XLSX),
            ]
        )

    def test_members_then_claim_and_name_decide_a_zip_type(self):
        odt = f"{OPENDOCUMENT}.text"
        apk = "application/vnd.android.package-archive"
        sheet = archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
        macros = "application/vnd.ms-excel.sheet.macroenabled.12"
        self.assertTypes(
            [
                (docx(), "", "", DOCX),
                (docx(), XLSX, "a.xlsx", DOCX),
                (sheet, "application/zip", "", XLSX),
                (sheet, macros.replace("enabled", "Enabled"), "", macros),
                (archive("ppt/presentation.xml"), "", "", PPTX),
                (archive("AndroidManifest.xml", "META-INF/MANIFEST.MF"), "", "", apk),
                (archive(mimetype=odt), "application/zip", "", odt),
                (archive(mimetype=f"{odt}-template"), "", "", f"{odt}-template"),
                (
                    archive(mimetype="application/epub+zip"),
                    "",
                    "",
                    "application/epub+zip",
                ),
                (archive(mimetype="text/html"), "", "", "application/zip"),
                (archive("photo.jpg"), "", "", "application/zip"),
                (archive("photo.jpg"), "text/html", "a.html", "application/zip"),
                (b"PK\3\4" + b"\0" * 60, DOCX, "", DOCX),
                (b"PK\3\4" + b"\0" * 60, "", "a.odt", odt),
            ]
        )

    def test_claim_and_name_decide_a_text_type(self):
        self.assertTypes(
            [
                (CSV, "text/csv", "", "text/csv"),
                (CSV, "text/csv; charset=utf-8", "", "text/csv"),
                (CSV, "application/vnd.ms-excel", "prices.csv", "text/csv"),
                (CSV, "text/plain", "prices.csv", "text/csv"),
                (CSV, "", "", "text/plain"),
                ("é;1\n".encode("cp1252"), "text/csv", "", "text/csv"),
                ("é;1\n".encode("utf-16"), "", "a.csv", "text/csv"),
                (b"{}", "application/json", "", "application/json"),
                (b"# Title", "", "readme.md", "text/markdown"),
                (b"x" * 4095 + "é".encode(), "", "", "text/plain"),
            ]
        )

    def test_no_file_becomes_a_type_that_browsers_run(self):
        claims = (
            *("text/html", "image/svg+xml", "text/xml", "application/xhtml+xml"),
            *("text/javascript", "application/javascript", "message/rfc822"),
        )
        names = ("a.html", "a.svg", "a.xml", "a.js", "a.mhtml", "a.xhtml")
        contents = (b"<html><script>1</script>", b"<svg onload='x()'/>", b"alert(1)")
        self.assertTypes(
            (content, claim, name, "text/plain")
            for content in contents
            for claim in claims
            for name in names
        )

    def test_the_bytes_decide_the_type_of_an_outbound_file(self):
        for content, claim, expected in [
            (ftyp(HEIC), "image/jpeg", "image/heic"),
            (ftyp(HEIC), "video/mp4", "image/heic"),
            (bytes(99), "image/jpeg", OTHER),
            (bytes(99), "application/pdf", OTHER),
            # Audio and video formats without a signature.
            (bytes(99), "audio/mpeg", "audio/mpeg"),
            (CSV, "text/csv", "text/csv"),
            (b"{\\rtf1", "application/rtf", "text/rtf"),
        ]:
            with self.subTest(content=content[:12], claim=claim):
                self.assertEqual(checked(io.BytesIO(content), claim), expected)

    def test_a_name_without_extension_gets_one(self):
        for name, mimetype, expected in [
            ("document", "application/vnd.ms-excel", "document.xls"),
            ("document", "text/csv", "document.csv"),
            ("image", "image/heic", "image.heic"),
            ("audio", "audio/3gpp", "audio.3gp"),
            ("IMG_0001.HEIC", "image/heic", "IMG_0001.HEIC"),
            ("Offer no. 3 (final)", "application/pdf", "Offer no. 3 (final).pdf"),
            ("Offer.", "application/pdf", "Offer.pdf"),
            ("document", OTHER, "document"),
        ]:
            with self.subTest(name=name):
                self.assertEqual(with_ending(name, mimetype), expected)
