import requests

from odoo.tests import tagged

from ..common import ACCOUNT_SID, PNG, MessagingHttpCase
from ..scripted import answer

ACCOUNT = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}"
MEDIA = f"{ACCOUNT}/Messages/MM{'0' * 32}/Media"
PICTURE = {"Content-Type": "image/png"}


@tagged("post_install", "-at_install")
class TestStory(MessagingHttpCase):
    """Users with access to the message see a story until it expires."""

    def setUp(self):
        super().setUp()
        self.message_ = self.receive("Lovely")
        self.message_.data = {
            "reply_to_story": {"id": "1", "url": f"{MEDIA}/ME{'0' * 32}"}
        }

    def look(self, user, *answers, message_id=None):
        """Open the story as a user; return the response."""
        self.http.answers = list(answers)
        self.env.flush_all()
        self.authenticate(user.login, user.login)
        response = self.url_open(f"/messaging/story/{message_id or self.message_.id}")
        self.env.invalidate_all()
        return response

    def test_an_agent_sees_the_story_and_nothing_is_stored(self):
        before = self.env["ir.attachment"].search_count([])
        response = self.look(self.agent, answer(200, PNG, PICTURE))
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content, PNG)
        self.assertEqual(response.headers["Content-Type"], "image/png")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(response.headers["Cache-Control"], "private, max-age=300")
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)

    def test_an_inaccessible_message_shows_no_story(self):
        for stranger in self.employee + self.stranger + self.system + self.portal:
            with self.subTest(stranger=stranger.name):
                response = self.look(stranger)
                self.assertIn(response.status_code, (403, 404))
                self.assertFalse(self.http.requests)

    def test_only_the_installer_sees_stories_of_a_private_channel(self):
        self.whatsapp.visibility = "private"
        self.assertEqual(self.look(self.agent).status_code, 404)
        story = answer(200, PNG, PICTURE)
        self.assertEqual(self.look(self.installer, story).status_code, 200)

    def test_an_expired_story_is_not_shown(self):
        for gone in (answer(404), answer(403), requests.ConnectionError("down")):
            with self.subTest(gone=gone):
                self.assertEqual(self.look(self.agent, gone).status_code, 404)

    def test_only_pictures_and_videos_are_shown(self):
        page = answer(200, b"<html><script>alert(1)</script>", PICTURE)
        self.assertEqual(self.look(self.agent, page).status_code, 404)

    def test_only_the_providers_urls_are_fetched(self):
        self.message_.data = {"reply_to_story": {"url": "http://169.254.169.254/"}}
        self.assertEqual(self.look(self.agent).status_code, 404)
        self.assertFalse(self.http.requests)

    def test_messages_without_a_story_have_none(self):
        for data in (None, {}, {"reply_to_story": None}, {"reply_to_story": {}}):
            self.message_.data = data
            with self.subTest(data=data):
                self.assertEqual(self.look(self.agent).status_code, 404)
        self.assertEqual(self.look(self.agent, message_id=10**8).status_code, 404)
