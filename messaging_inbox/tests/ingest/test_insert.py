from datetime import datetime

from freezegun import freeze_time

from odoo.tools import SQL

from ..common import MessagingCase


class TestInsert(MessagingCase):
    """The function that inserts messages is there under the name that is called."""

    def setUp(self):
        super().setUp()
        self.ingest = self.env["messaging.ingest"]
        self.name, self.body = self.ingest._insert_function()

    def exists(self):
        [[found]] = self.env.execute_query(SQL("SELECT to_regproc(%s)", self.name))
        return bool(found)

    def test_the_installation_creates_the_function(self):
        self.assertTrue(self.exists())

    def test_the_name_depends_on_the_code_only(self):
        with freeze_time(datetime(2031, 5, 1)):
            self.env.registry.clear_cache()
            self.assertEqual(self.ingest._insert_function(), (self.name, self.body))

    def test_a_process_that_starts_creates_a_missing_function(self):
        self.env.cr.execute(
            SQL("ALTER FUNCTION %s RENAME TO former", SQL.identifier(self.name))
        )
        self.assertFalse(self.exists())
        self.ingest._register_hook()
        self.assertTrue(self.exists())
        self.receive("Stored by the new function")
