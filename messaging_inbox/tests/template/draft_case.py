from contextlib import contextmanager
from unittest.mock import patch

from ...providers.twilio.provider import Twilio
from ..common import MessagingCase

DRAFT = {
    "name": "offer",
    "language": "en_US",
    "category": "utility",
    "body": "Hello {{name}}, your offer {{number}} is ready.",
    "samples": {"name": "Ana", "number": "S001"},
}


class DraftCase(MessagingCase):
    """Drafts of a manager, and a provider that takes them as the test says."""

    def draft(self, user=None, **values):
        templates = self.env["messaging.template"].with_user(user or self.manager)
        return templates.create({"account_id": self.account.id, **DRAFT, **values})

    @contextmanager
    def provider(self, outcome):
        """Let the provider answer; yield the list of the templates that it got."""
        got = []

        def create_template(_provider, template):
            got.append(template)
            answer = outcome(template) if callable(outcome) else outcome
            if isinstance(answer, Exception):
                raise answer
            return answer

        kinds = {"template_kinds": frozenset({"whatsapp"})}
        with patch.multiple(Twilio, create_template=create_template, **kinds):
            yield got
