import re

from odoo.tests import HttpCase

from ..common import MessagingMixin

PAGE = "/messaging/help/notifications"


class TestNotificationHelp(MessagingMixin, HttpCase):
    def test_the_page_answers_for_each_way_and_each_browser(self):
        self.authenticate(self.agent.login, self.agent.login)
        answer = self.url_open(PAGE)
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.text.lstrip().startswith("<!DOCTYPE html>"))
        ids = set(re.findall(r'<h2 id="(\w+)"', answer.text))
        for anchor in "desktop push email chrome firefox safari edge phone".split():
            self.assertIn(anchor, ids)
        self.assertEqual(set(re.findall(r'href="#(\w+)"', answer.text)), ids)

    def test_the_page_fetches_nothing(self):
        self.authenticate(self.agent.login, self.agent.login)
        text = self.url_open(PAGE).text
        self.assertFalse(re.findall(r"<script|<link|src=|url\(", text))

    def test_strangers_are_asked_to_log_in(self):
        answer = self.url_open(PAGE, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])
