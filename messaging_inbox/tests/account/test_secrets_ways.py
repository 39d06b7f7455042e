import logging

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from ..common import TOKEN, MessagingHttpCase
from ..scripted import refused


class TestSecretsWays(MessagingHttpCase):
    """No form, error message or log line reveals a secret."""

    def everything_logged(self, do):
        """Run work; return all that was logged, and the error's message."""
        with self.assertLogs("odoo", logging.INFO) as logs:
            logging.getLogger(__name__).info("so that there is one line")
            try:
                words = str(do())
            except UserError as refusal:
                words = str(refusal)
        return words + "\n".join(logs.output)

    def test_a_form_contains_only_the_mask(self):
        for user in (self.manager, self.system, self.installer):
            with self.subTest(user.login):
                account = self.account.with_user(user)
                specification = {name: {} for name in self.fields_of(account)}
                answer = account.onchange({"name": "x"}, ["name"], specification)
                self.assertNotIn(TOKEN, str(answer))
                with Form(account) as form:
                    self.assertNotIn(TOKEN, form.twilio_auth_token)
                self.assertEqual(self.account.twilio_auth_token_stored, TOKEN)

    def fields_of(self, account):
        fields = account.fields_get(attributes=["type"])
        return [name for name, each in fields.items() if each["type"] != "one2many"]

    def test_an_agent_cannot_read_a_secret_by_a_form_or_a_name(self):
        account = self.account.with_user(self.agent)
        with self.assertRaises(AccessError):
            account.onchange({}, [], {"twilio_auth_token": {}})
        with self.assertRaises(AccessError):
            account.web_read({"twilio_auth_token": {}})
        for text in (TOKEN, TOKEN[-4:]):
            self.assertEqual(account.name_search(text), [])

    def test_secrets_cannot_be_searched_by_their_mask(self):
        for user in (self.manager, self.system):
            accounts = self.env["messaging.account"].with_user(user)
            for name in ("twilio_auth_token", "twilio_api_key_secret"):
                with self.subTest(name, user=user.login), self.assertRaises(ValueError):
                    accounts.search([(name, "like", TOKEN[:4])])

    def test_a_refused_connection_reveals_no_secret(self):
        self.http.answers = [refused(401, 20003)]
        account = self.account.with_user(self.manager)
        logged = self.everything_logged(account.action_connect)
        self.assertNotIn(TOKEN, logged + str(self.account.error_message))

    def test_a_providers_error_reveals_no_secret(self):
        self.http.answers = [ValueError("what is this?")]
        message = self.queued()
        logged = self.everything_logged(self.env["messaging.message"]._send_queued)
        self.assertNotIn(TOKEN, logged + str(message.failure_reason))

    def test_a_webhook_that_is_refused_logs_no_secret(self):
        form = self.inbound_form()
        wrong = {"X-Twilio-Signature": "wrong"}
        logged = self.everything_logged(
            lambda: self.post_webhook(form, headers=wrong).status_code
        )
        self.assertTrue(logged.startswith("403"))
        self.assertNotIn(TOKEN, logged)
