"""A contact with a number, and an agent who writes first."""

from ..common import MessagingCase

NEW = "+34622222222"


class StartMixin:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.es")
        helpers = cls.env.ref("base.group_partner_manager")
        helpers |= cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.agent.group_ids |= helpers
        cls.partner = cls.env["res.partner"].create({"name": "Bea", "phone": NEW})
        cls.inbox = cls.env["messaging.conversation"].with_user(cls.agent)

    def start(self, recipient=NEW, channel=None, user=None, **links):
        """Start a conversation by SMS, where no template is needed; return it."""
        inbox = self.inbox.with_user(user or self.agent)
        id_ = inbox.action_start((channel or self.sms).id, recipient, **links)
        self.env.invalidate_all()
        return inbox.browse(id_)

    def events(self, conversation):
        messages = conversation.sudo().message_ids.sorted("id")
        return [m.event_type or m.direction for m in messages]


class StartCase(StartMixin, MessagingCase):
    """Starting conversations without templates."""
