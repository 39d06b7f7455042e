from dataclasses import replace
from unittest.mock import patch

from ...providers.events import Template, TemplateButton
from ...providers.twilio.provider import Twilio
from ..common import MessagingCase

READY = Template(
    reference="HX1",
    name="bike_ready",
    language="es",
    body="Hola {{1}}, tu bici está lista.",
    category="utility",
    state="approved",
    buttons=(TemplateButton("reply", "Gracias", payload="thanks"),),
    variables={"1": "Ana"},
)
OFFER = Template(
    reference="HX2", name="offer", language="en", body="An offer.", state="pending"
)


def many(number):
    """Return so many approved templates."""
    return [replace(READY, reference=f"HX{100 + n}") for n in range(number)]


class SyncCase(MessagingCase):
    """A provider that has the templates that the test names."""

    def sync(self, *templates, user=None):
        """Sync while the provider has these; return the notification's parameters."""
        return self.sync_while(lambda _provider: list(templates), user)

    def sync_while(self, listed, user=None):
        with patch.object(Twilio, "templates", listed):
            account = self.account.with_user(user or self.manager)
            action = account.action_sync_templates()
        self.env.invalidate_all()
        return action["params"]

    def template(self, template):
        found = self.env["messaging.template"].with_context(active_test=False)
        return found.search([("provider_reference", "=", template.reference)])

    def activities(self, template):
        return self.template(template).activity_ids

    def run_sync(self, listed):
        with patch.object(Twilio, "templates", lambda provider: listed(provider)):
            self.run_cron("sync_templates")
