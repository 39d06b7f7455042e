"""Parts of the addon's life; installing and uninstalling are in tests/e2e."""

import io

import polib

from odoo.tests import tagged
from odoo.tools import file_path
from odoo.tools.translate import trans_export

from .common import MessagingCase

ADDON = "messaging_inbox"
TEMPLATE = f"{ADDON}/i18n/{ADDON}.pot"


def words(template):
    """Return the terms to translate."""
    return {entry.msgid for entry in polib.pofile(template)}


@tagged("post_install", "-at_install")
class TestLife(MessagingCase):
    def test_the_template_for_translators_has_every_word_and_no_other(self):
        now = io.BytesIO()
        trans_export(False, [ADDON], now, "po", self.env)
        with open(file_path(TEMPLATE), encoding="utf-8") as template:
            kept = words(template.read())
        wanted = words(now.getvalue().decode())
        advice = f"Run: odoo i18n export -d <database> {ADDON}"
        self.assertFalse(wanted - kept, f"Missing. {advice}")
        self.assertFalse(kept - wanted, f"Said nowhere any more. {advice}")

    def test_existing_agents_have_a_row_of_availability(self):
        self.env["messaging.availability"].search([]).unlink()
        agents = self.env["res.users"]._messaging_agents()
        self.env["messaging.availability"]._sync()
        rows = self.env["messaging.availability"].search([("available", "=", True)])
        self.assertEqual(rows.user_id, agents)
