"""Users and records for the tests of linking."""

from ..common import MessagingCase

SALES = "sales_team.group_sale_salesman"
ALL_LEADS = "sales_team.group_sale_salesman_all_leads"
LEADS = "crm.group_use_lead"
CONTACTS = "base.group_partner_manager"


class LinkCase(MessagingCase):
    """Salespeople, and a WhatsApp conversation with the customer Ana."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = SALES, LEADS, CONTACTS
        for user in cls.agent | cls.colleague:
            user.group_ids |= cls.env["res.groups"].union(*map(cls.env.ref, groups))
        cls.partner = cls.env["res.partner"].create({"name": "Ana Núñez"})
        cls.deal = cls.make_deal(name="Forty lamps")

    def setUp(self):
        super().setUp()
        self.thread = self.conversation()
        self.inbox = self.env["messaging.conversation"].with_user(self.agent)

    @classmethod
    def make_deal(cls, **values):
        defaults = {"type": "opportunity", "user_id": cls.agent.id}
        return cls.env["crm.lead"].create({**defaults, **values})

    @classmethod
    def contact(cls, name="Ana Núñez", **values):
        return cls.env["res.partner"].create({"name": name, **values})

    def details(self, user=None):
        return self.inbox.with_user(user or self.agent).inbox_details(self.thread.id)

    def suggestions(self, thread=None, user=None):
        inbox = self.inbox.with_user(user or self.agent)
        return inbox.inbox_suggestions((thread or self.thread).id)

    def offered(self, kind="partners", **options):
        """Return the suggestions as {id: reason}."""
        hits = self.suggestions(**options)[kind]
        return {hit["id"]: hit["reason"] for hit in hits}

    def found(self, query, model="res.partner", **options):
        hits = self.inbox.inbox_link_search(self.thread.id, model, query, **options)
        return [hit["id"] for hit in hits]
