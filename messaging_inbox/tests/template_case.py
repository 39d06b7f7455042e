"""Templates in every state, for the tests of what is sent."""

from datetime import timedelta
from itertools import count

from .common import MessagingCase

DAY = timedelta(hours=24)
REFERENCES = count(1)


class TemplateMixin:
    """A template that an agent may send at any time, and ways to make others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.greeting = cls._template("greeting")

    @classmethod
    def _template(cls, name, channels=None, **values):
        channels = channels or cls.whatsapp
        body = "Hello {{1}}, your {{model}} is ready."
        return cls.env["messaging.template"].create(
            {
                "name": name,
                "account_id": channels.account_id.id,
                "channel_ids": [(6, 0, channels.ids)],
                "language": "en",
                "category": "utility",
                "state": "approved",
                "body": body,
                "footer": "Wheels & Co",
                "variable_names": ["1", "model"],
                "samples": {"1": "Zoe", "model": "tandem"},
                "provider_reference": f"HX{next(REFERENCES):032x}",
                **values,
            }
        )

    @classmethod
    def _with_file(cls, kind="image", **values):
        """Return a template whose header is a file that the agent chooses."""
        url = f"{cls.account._webhook_origin()}/messaging/media/{{{{3}}}}"
        values = {"variable_names": ["1", "model", "3"], **values}
        return cls._template(f"with {kind}", media_kind=kind, media_url=url, **values)

    def close_window(self, conversation, since=DAY):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE messaging_conversation SET last_inbound_at = last_inbound_at - %s"
            " WHERE id = %s",
            [since, conversation.id],
        )
        self.env.invalidate_all()

    def late(self, **fields):
        """Return a conversation whose reply window is closed."""
        conversation = self.conversation(**fields)
        self.close_window(conversation)
        return conversation

    def send(self, conversation, template=None, **options):
        """Send a template as the conversation's user; return the message."""
        values = options.pop("values", {"1": "Ana", "model": "city bike"})
        template = template or self.greeting
        return self.message(
            conversation.send_template(template.id, values, **options)
        ).with_env(conversation.env)


class TemplateCase(TemplateMixin, MessagingCase):
    pass
