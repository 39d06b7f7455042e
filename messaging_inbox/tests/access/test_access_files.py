"""Files, thumbnails and pictures by their addresses, as every role."""

import io

from PIL import Image

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import PNG
from .access_case import PLACES, ROLES, AccessCase
from .access_tables import RIGHTS

FILE_URLS = (
    "/web/content/{file}",
    "/web/content/{file}?download=1",
    "/web/content/{file}?access_token=",
    "/web/content/ir.attachment/{file}/raw",
    "/web/content?model=ir.attachment&id={file}&field=datas",
    "/web/content/ir.attachment/{file}/messaging_thumbnail",
    "/web/content/{thumbnail}",
    "/web/image/{file}",
    "/web/image/{file}/64x64",
    "/web/image/ir.attachment/{file}/messaging_thumbnail",
    "/web/image/{thumbnail}",
    "/web/content/messaging.conversation/{conversation}/picture",
    "/web/image/messaging.conversation/{conversation}/picture",
    "/web/image/messaging.conversation/{conversation}/picture/64x64",
)
# Somebody's own token opens no other file.
TOKEN_URLS = (
    "/web/content/{file}?access_token={token}",
    "/web/image/{file}?access_token={token}",
    "/web/content/{thumbnail}?access_token={token}",
)
# No user may read these texts, not even as a file.
TEXT_URLS = (
    "/web/content/messaging.account/{account}/twilio_auth_token_stored",
    "/web/content/messaging.account/{account}/webhook_token",
    "/web/content/messaging.receipt/{receipt}/body_stored",
    "/web/content/messaging.message/{message}/body",
    "/web/content/messaging.participation/{participation}/draft",
)


def picture_of(place):
    """Return a picture that tells the places apart, large enough for a thumbnail."""
    picture = Image.new("RGB", (900, 600), (40 * PLACES.index(place), 80, 120))
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


@tagged("post_install", "-at_install")
class TestAccessOfFiles(AccessCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file_ids = {place: cls._files(place) for place in PLACES}

    @classmethod
    def _files(cls, place):
        """Give a place's conversation a sent picture and a photo; return their ids."""
        conversation = cls.places[place]["messaging.conversation"]
        file = cls.env["ir.attachment"].create(
            {
                "name": f"{place}.png",
                "raw": picture_of(place),
                "res_model": conversation._name,
                "res_id": conversation.id,
            }
        )
        cls.places[place]["messaging.message"].attachment_ids = file
        conversation._store({"picture": file.datas})
        thumbnail = cls.env["ir.attachment"].search(
            [("res_field", "=", "messaging_thumbnail"), ("res_id", "=", file.id)]
        )
        return {"file": file.id, "thumbnail": thumbnail.id}

    def values(self, place, token=""):
        ids = {
            model.removeprefix("messaging."): records.id
            for model, records in self.places[place].items()
        }
        return {**ids, **self.file_ids[place], "token": token}

    def log_in_as(self, role):
        """Log in; return the token of a file that belongs to the role itself."""
        user = getattr(self, role)
        login = None if role == "public" else user.login
        self.authenticate(login, login)
        own = {"name": "own.png", "raw": PNG}
        file = self.env["ir.attachment"].with_user(user).sudo().create(own)
        return file.generate_access_token()[0]

    def fetched(self, role, place, token):
        """Return {address: content} of what the server serves as found."""
        self.env.flush_all()
        values, found = self.values(place, token), {}
        for url in (*FILE_URLS, *TOKEN_URLS):
            with mute_logger("odoo.http"):
                answer = self.url_open(url.format(**values), allow_redirects=False)
            if answer.status_code == 200:
                found[url] = answer.content
        return found

    def test_files_are_served_to_the_readers_of_their_conversation_only(self):
        found = {}
        for role in ROLES:
            token = self.log_in_as(role)
            for place in PLACES:
                found[role, place] = self.fetched(role, place, token)
        for place in PLACES:
            rights = RIGHTS["messaging.conversation"][place]
            readers = [role for role in ROLES if "r" in rights.get(role, "")]
            served = found[readers[0], place]
            self.assertLessEqual(set(FILE_URLS), set(served), place)
            contents = [served[url] for url in FILE_URLS]
            for role in ROLES:
                for url in (*FILE_URLS, *TOKEN_URLS):
                    with self.subTest(url, role=role, place=place):
                        content = found[role, place].get(url)
                        if role in readers:
                            self.assertEqual(content, served.get(url))
                        else:
                            # Odoo shows its own picture instead of a missing one.
                            self.assertNotIn(content, contents)

    def test_files_of_an_archived_channel_stay_with_its_readers(self):
        for channel in (self.whatsapp, self.private):
            channel.active = False
        for role, place, may in (
            ("agent", "shared", True),
            ("agent", "private", False),
            ("manager", "private", False),
            ("installer", "private", True),
            ("stranger", "shared", False),
        ):
            with self.subTest(role, place=place):
                found = self.fetched(role, place, self.log_in_as(role))
                content = found.get("/web/content/{file}", b"")
                self.assertEqual(content == picture_of(place), may)

    def test_no_text_is_served_as_a_file(self):
        for role in ROLES:
            self.log_in_as(role)
            for place in PLACES:
                for url in TEXT_URLS:
                    with (
                        self.subTest(url, role=role, place=place),
                        mute_logger("odoo.http"),
                    ):
                        answer = self.url_open(url.format(**self.values(place)))
                        self.assertNotEqual(answer.status_code, 500)
                        self.assertNotIn(b"Secret of", answer.content)
                        token = self.account.webhook_token.encode()
                        self.assertNotIn(token, answer.content)

    def test_files_go_into_no_conversation_by_the_routes_of_chatters(self):
        """Conversations have no chatter: these routes know nothing of them."""
        for role in ROLES:
            self.log_in_as(role)
            for place in PLACES:
                conversation = self.places[place]["messaging.conversation"]
                before = self.count_of(conversation)
                with mute_logger("odoo.http"):
                    answer = self.url_open(
                        "/mail/attachment/upload",
                        data={
                            "thread_model": conversation._name,
                            "thread_id": conversation.id,
                            "is_pending": "",
                        },
                        files={"ufile": ("a.png", PNG)},
                    )
                with self.subTest(role, place=place):
                    self.assertGreaterEqual(answer.status_code, 400)
                    self.assertEqual(self.count_of(conversation), before)

    def count_of(self, conversation):
        self.env.invalidate_all()
        return self.env["ir.attachment"].search_count(
            [("res_model", "=", conversation._name), ("res_id", "=", conversation.id)]
        )
