import re

from odoo.tests import HttpCase

from ..common import MessagingMixin

PAGE = "/messaging/help/notifications"


class TestNotificationHelp(MessagingMixin, HttpCase):
    def test_the_page_covers_each_method_and_each_browser(self):
        self.authenticate(self.agent.login, self.agent.login)
        answer = self.url_open(PAGE)
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.text.lstrip().startswith("<!DOCTYPE html>"))
        ids = set(re.findall(r'<h2 id="(\w+)"', answer.text))
        for anchor in "desktop push email chrome firefox safari edge phone".split():
            self.assertIn(anchor, ids)
        self.assertEqual(set(re.findall(r'href="#(\w+)"', answer.text)), ids)

    def test_the_page_loads_no_external_resource(self):
        self.authenticate(self.agent.login, self.agent.login)
        text = self.url_open(PAGE).text
        self.assertFalse(re.findall(r"<script|<link|src=|url\(", text))

    def test_the_page_requires_a_login(self):
        answer = self.url_open(PAGE, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])
