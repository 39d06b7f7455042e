import logging
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import SQL

from ...models.ingest import ingest as messaging_ingest
from ...models.ingest.messages import MessagingIngest
from ...tools import transactions, watched
from ..common import CUSTOMER, MessagingCase


class TestPrivateLogs(MessagingCase):
    """The log shows errors and code locations, but no customers or their texts."""

    def logged(self, logger, act):
        with self.assertLogs(logger, "INFO") as logs:
            act()
        return "\n".join([*logs.output, *(r.exc_text or "" for r in logs.records)])

    def failing(self, query, *params):
        def act():
            with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
                self.env.cr.execute(query, params)

        return act

    def test_a_failed_lock_does_not_name_its_customer(self):
        def broken(code, *params):
            return SQL(f"{code} / 0", *params)

        def act():
            with (
                patch.object(transactions, "SQL", broken),
                self.assertRaises(psycopg2.Error),
                self.env.cr.savepoint(),
            ):
                self.env["phone.blacklist"]._messaging_lock(["+34600000009"])

        said = self.logged("odoo.sql_db", act)
        self.assertIn("bad query: statement on", said)
        self.assertNotIn("34600000009", said)

    def test_a_failed_statement_is_named_without_its_values(self):
        identity = self.conversation().identity_ids
        twice = (
            "INSERT INTO messaging_identity (channel_id, conversation_id, external_id)"
            " SELECT channel_id, conversation_id, external_id FROM messaging_identity"
            " WHERE external_id = %s"
        )
        for query, values in (
            (twice, [identity.external_id]),
            (
                "INSERT INTO bus_bus (message) SELECT 1 / 0, %s",
                ["messaging +34611111111"],
            ),
        ):
            said = self.logged("odoo.sql_db", self.failing(query, *values))
            self.assertNotIn(CUSTOMER, said)
            self.assertIn("bad query: statement on", said)
        said = self.logged("odoo.sql_db", self.failing(twice, identity.external_id))
        self.assertIn("messaging_identity", said)
        self.assertIn("UniqueViolation (23505)", said)

    def test_failed_statements_of_others_are_logged_as_before(self):
        said = self.logged("odoo.sql_db", self.failing("SELECT 1 / %s", 0))
        self.assertIn("SELECT 1 / 0", said)
        self.assertIn("division by zero", said)

    def test_an_error_is_logged_without_its_message(self):
        def quote(_ingest, stored):
            text = stored.event.text
            try:
                raise KeyError(text)
            except KeyError as error:
                raise ValueError(f"What is {text}?") from error

        with patch.object(MessagingIngest, "_publish", quote):
            said = self.logged(
                messaging_ingest.__name__,
                lambda: self.process(self.inbound_form("My secret")),
            )
        self.assertNotIn("My secret", said)
        self.assertIn("in _follow_up", said)
        self.assertRegex(said, r"(?s)KeyError\n.*ValueError$")

    def test_a_kept_request_is_logged_without_its_reason(self):
        form = self.inbound_form(To="whatsapp:+34999999999")
        said = self.logged(watched.__name__, lambda: self.process(form))
        self.assertIn("event=webhook_failed", said)
        self.assertNotIn("999999999", said)
        self.assertIn("999999999", self.account.receipt_ids.error)

    def test_secrets_in_urls_are_removed_from_the_access_log(self):
        werkzeug = logging.getLogger("werkzeug")
        path = "POST /messaging/webhook/secret?hub.verify_token=secret HTTP/1.1"
        said = self.logged("werkzeug", lambda: werkzeug.error('"%s" %s', path, 200))
        self.assertIn('"POST /messaging/webhook/… HTTP/1.1" 200', said)
        path = "GET /messaging/media/secret HTTP/1.1"
        said = self.logged("werkzeug", lambda: werkzeug.error(path))
        self.assertIn("GET /messaging/media/… HTTP/1.1", said)
        path = "GET /odoo/messaging/1?other=kept HTTP/1.1"
        self.assertIn(path, self.logged("werkzeug", lambda: werkzeug.error(path)))

    def refused(self, act):
        """Log the error of an action as Odoo logs that of a request."""
        http = logging.getLogger("odoo.http")
        try:
            act()
        except UserError as error:
            said = error
        return self.logged("odoo.http", lambda: http.warning(said))

    def test_a_refusal_is_logged_without_its_sentence(self):
        start = self.env["messaging.conversation"].with_user(self.agent).action_start
        said = self.refused(lambda: start(self.whatsapp.id, "Ana Ruiz"))
        self.assertNotIn("Ana", said)
        self.assertRegex(said, r"UserError in \w+ of odoo.addons.messaging_inbox")

    def test_a_failure_of_a_request_is_logged_without_its_message(self):
        http = logging.getLogger("odoo.http")
        conversation = self.conversation().with_user(self.agent)

        def act():
            try:
                with patch.object(
                    type(conversation), "_lock", side_effect=KeyError("s3cr3t-s3cr3t")
                ):
                    conversation.action_close()
            except KeyError:
                http.exception("Exception during request handling.")

        said = self.logged("odoo.http", act)
        self.assertNotIn("s3cr3t-s3cr3t", said)
        self.assertIn("KeyError", said)

    def test_refusals_by_others_are_logged_as_before(self):
        def act():
            raise UserError("Not ours")  # pylint: disable=translation-required

        self.assertIn("Not ours", self.refused(act))
