"""Stand-ins for models of Odoo's `sale` and `account`, which aren't installed."""

from unittest import SkipTest

from odoo import fields, models
from odoo.orm.model_classes import add_to_registry

from ..conversation.link_case import SALES, LinkCase

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


class SaleOrder(models.Model):
    _name = "sale.order"
    _description = "Stand-in for a quotation"
    _module = None

    name = fields.Char()
    client_order_ref = fields.Char()
    state = fields.Selection(
        [(state, state.title()) for state in ("draft", "sent", "sale", "cancel")]
    )
    date_order = fields.Datetime()
    amount_total = fields.Monetary()
    currency_id = fields.Many2one("res.currency")
    company_id = fields.Many2one("res.company")
    partner_id = fields.Many2one("res.partner")
    opportunity_id = fields.Many2one("crm.lead")
    user_id = fields.Many2one("res.users")

    def _get_share_url(self):
        self.check_access("read")
        return f"/my/orders/{self.id}?access_token=secret"


class AccountMove(models.Model):
    _name = "account.move"
    _description = "Stand-in for an invoice"
    _module = None

    name = fields.Char()
    ref = fields.Char()
    state = fields.Selection([("draft", "Draft"), ("posted", "Posted")])
    payment_state = fields.Selection([("paid", "Paid"), ("not_paid", "Not Paid")])
    move_type = fields.Selection([(kind, kind) for kind in ("out_invoice", "entry")])
    invoice_date = fields.Date()
    amount_total = fields.Monetary()
    currency_id = fields.Many2one("res.currency")
    company_id = fields.Many2one("res.company")
    partner_id = fields.Many2one("res.partner")
    invoice_pdf_report_id = fields.Many2one("ir.attachment")


STAND_INS = {
    "sale.order": (SaleOrder, "sale.action_report_saleorder", "'Quotation - ' + x"),
    "account.move": (AccountMove, "account.account_invoices", "x"),
}


class DocumentCase(LinkCase):
    """Salespeople with their own quotations, invoices and files of the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stand_in()

    @classmethod
    def _stand_in(cls):
        if installed := cls.registry.models.keys() & STAND_INS.keys():
            raise SkipTest(f"{installed} are installed: they need no stand-in.")
        cls.addClassCleanup(cls._forget_stand_ins)
        for model, _report, _name in STAND_INS.values():
            add_to_registry(cls.registry, model)
        cls.registry._setup_models__(cls.cr, [*STAND_INS])
        cls.registry.init_models(cls.cr, [*STAND_INS], {})
        for name, (_model, report, expression) in STAND_INS.items():
            cls._let_read(name)
            cls._add_report(name, report, expression.replace("x", "object.name"))

    @classmethod
    def _forget_stand_ins(cls):
        for name in cls.registry.models.keys() & STAND_INS.keys():
            del cls.registry[name]
        cls.registry._setup_models__(cls.cr)
        cls.registry.clear_all_caches()

    @classmethod
    def _let_read(cls, name):
        """Let salespeople read their own quotations, and all invoices."""
        values = {"model_id": cls.env["ir.model"]._get_id(name), "name": name}
        group = cls.env.ref(SALES)
        cls.env["ir.model.access"].create(
            {**values, "group_id": group.id, "perm_read": True}
        )
        if name == "sale.order":
            cls.env["ir.rule"].create(
                {**values, "domain_force": "[('user_id', '=', user.id)]"}
            )

    @classmethod
    def _add_report(cls, model, xml_id, print_report_name):
        module, name = xml_id.split(".")
        report = cls.env["ir.actions.report"].create(
            {
                "name": name,
                "model": model,
                "report_name": f"{module}.printed",
                "print_report_name": print_report_name,
            }
        )
        cls.env["ir.model.data"].create(
            {"module": module, "name": name, "model": report._name, "res_id": report.id}
        )

    def setUp(self):
        super().setUp()
        self.thread.sudo().partner_id = self.partner
        self.printed = []
        Report = type(self.env["ir.actions.report"])

        def render(report, reference, ids=None, data=None):
            self.printed.append((report.env.uid, report.env.su, reference, ids))
            return PDF, "pdf"

        self.patch(Report, "_render_qweb_pdf", render)

    def order(self, name="S00001", partner=None, **values):
        return self._printed_record(
            "sale.order",
            name,
            partner,
            **{
                "state": "sent",
                "date_order": "2026-11-20 10:00:00",
                "user_id": self.agent.id,
                **values,
            },
        )

    def invoice(self, name="INV/2026/00001", partner=None, **values):
        return self._printed_record(
            "account.move",
            name,
            partner,
            **{
                "state": "posted",
                "payment_state": "not_paid",
                "move_type": "out_invoice",
                "invoice_date": "2026-11-21",
                **values,
            },
        )

    def _printed_record(self, model, name, partner, **values):
        return self.env[model].create(
            {
                "name": name,
                "partner_id": (self.partner if partner is None else partner).id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "amount_total": 1250,
                **values,
            }
        )

    def file(self, record=None, name="Plan.pdf", **values):
        record = record or self.partner
        where = {"res_model": record._name, "res_id": record.id}
        values = {"name": name, "raw": PDF, **where, **values}
        return self.env["ir.attachment"].create(values)

    def listed(self, query="", user=None):
        """Return {label: [name]} of the documents."""
        inbox = self.inbox.with_user(user or self.agent)
        return {
            group["label"]: [row["name"] for row in group["documents"]]
            for group in inbox.inbox_documents(self.thread.id, query)
        }

    def attach(self, document, user=None, thread=None):
        inbox = self.inbox.with_user(user or self.agent)
        thread = thread or self.thread
        return inbox.inbox_attach_document(thread.id, document._name, document.id)

    def link(self, document, user=None):
        inbox = self.inbox.with_user(user or self.agent)
        return inbox.inbox_document_link(self.thread.id, document._name, document.id)
