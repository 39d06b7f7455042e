from odoo.tests import TransactionCase

from ..template_case import TemplateMixin
from .note_case import NoteMixin


class TestNoteOfTemplate(TemplateMixin, NoteMixin, TransactionCase):
    """Notes and pushes show a template as the customer reads it."""

    def test_the_note_shows_header_text_and_footer_with_their_values(self):
        self.thread.action_link(partner_id=self.partner.id)
        self.send(self.thread, self._template("news", header="News for *{{1}}*"))
        self.write_notes()
        line = "News for *Ana*Hello Ana, your city bike is ready.Wheels & Co"
        self.assertEqual(self.texts(), [["Before", line]])

    def test_a_template_without_header_and_footer_is_its_text(self):
        self.thread.action_link(partner_id=self.partner.id)
        message = self.send(self.thread, self._template("plain", footer=False))
        self.write_notes()
        self.assertEqual(self.texts(), [["Before", message.body]])

    def test_values_are_text_not_markup(self):
        self.thread.action_link(partner_id=self.partner.id)
        values = {"1": "<b>Ana</b>", "model": "<script>"}
        self.send(self.thread, values=values)
        self.write_notes()
        self.assertIn("&lt;b&gt;Ana&lt;/b&gt;", self.notes().body)
        self.assertNotIn("<script>", self.notes().body)
