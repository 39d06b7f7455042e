import base64

from odoo.exceptions import AccessError, UserError

from ..common import PNG
from ..conversation.link_case import LinkCase
from .document_case import PDF, DocumentCase

ORDERS, INVOICES, FILES = "Quotations and orders", "Invoices", "Files"
NOT_LISTED = "no longer exists, or it isn't one of"


class TestDocumentsWithoutSale(LinkCase):
    """Neither `sale` nor `account` is needed."""

    def test_files_alone_are_offered(self):
        self.thread.partner_id = self.partner
        where = {"res_model": "res.partner", "res_id": self.partner.id}
        file = self.env["ir.attachment"].create({"name": "a.pdf", "raw": PDF, **where})
        [group] = self.inbox.inbox_documents(self.thread.id)
        self.assertEqual(group["model"], "ir.attachment")
        [row] = group["documents"]
        self.assertEqual((row["id"], row["mimetype"]), (file.id, "application/pdf"))
        for model in "sale.order", "account.move", "res.users", "spam", "":
            with self.assertRaisesRegex(UserError, NOT_LISTED):
                self.inbox.inbox_attach_document(self.thread.id, model, 1)

    def test_without_a_link_there_are_none(self):
        self.assertEqual(self.inbox.inbox_documents(self.thread.id), [])


class TestDocuments(DocumentCase):
    """Quotations, invoices and files of the linked contact, lead or deal."""

    # ------------------------------------------------------------------
    # what is listed
    # ------------------------------------------------------------------

    def test_documents_of_the_contact_come_in_groups_the_newest_first(self):
        self.order("S00001", date_order="2026-11-02 10:00:00")
        self.order("S00002", date_order="2026-11-20 10:00:00")
        self.invoice()
        self.file(name="First.pdf")
        self.file(name="Second.pdf")
        groups = {
            ORDERS: ["S00002", "S00001"],
            INVOICES: ["INV/2026/00001"],
            FILES: ["Second.pdf", "First.pdf"],
        }
        self.assertEqual(self.listed(), groups)
        self.assertEqual([*self.listed()], [*groups])

    def test_a_row_says_where_a_document_stands(self):
        self.order(amount_total=1250)
        [group] = self.inbox.inbox_documents(self.thread.id)
        [row] = group["documents"]
        state, amount, date = row["detail"].split(" · ")
        self.assertEqual((state, date), ("Sent", "11/20/2026"))
        self.assertIn("1,250.00", amount)
        self.assertEqual(row["mimetype"], "application/pdf")
        self.assertTrue(row["has_link"])
        self.assertTrue(row["preview_url"].startswith("/report/pdf/sale.printed/"))

    def test_only_what_is_meant_for_customers_is_listed(self):
        for state in "draft", "sale", "cancel":
            self.order(state, state=state)
        self.invoice(state="draft")
        self.invoice(move_type="entry")
        self.order(company_id=self.other_company.id)
        self.assertCountEqual(self.listed().pop(ORDERS), ["draft", "sale"])
        self.assertNotIn(INVOICES, self.listed())

    def test_the_company_s_documents_are_the_contact_s_too(self):
        company = self.contact("Lamps Ltd", is_company=True)
        self.partner.parent_id = company
        colleague = self.contact("Bea", parent_id=company.id)
        self.order("Company", company)
        self.order("Colleague", colleague)
        self.order("Stranger", self.contact("Eve"))
        self.file(company, "Contract.pdf")
        self.file(colleague, "Private.pdf")
        self.assertCountEqual(self.listed()[ORDERS], ["Company", "Colleague"])
        self.assertEqual(self.listed()[FILES], ["Contract.pdf"])

    def test_documents_of_the_deal_and_its_contact_are_listed(self):
        eve = self.contact("Eve")
        self.order("Of the deal", self.contact("Bob"), opportunity_id=self.deal.id)
        self.order("Of its contact", eve)
        self.file(self.deal, "Drawing.pdf")
        self.deal.partner_id = eve
        self.thread.sudo().write({"partner_id": False, "lead_id": self.deal.id})
        self.assertEqual(
            self.listed(),
            {ORDERS: ["Of its contact", "Of the deal"], FILES: ["Drawing.pdf"]},
        )

    def test_search_finds_words_in_names_and_references(self):
        self.order("S00001", client_order_ref="Terraza Málaga")
        self.order("S00002")
        self.invoice(ref="málaga 7")
        self.file(name="Plano Malaga.pdf")
        self.file(name="Other.pdf")
        groups = self.listed("MALAGA")
        self.assertEqual(
            groups,
            {
                ORDERS: ["S00001"],
                INVOICES: ["INV/2026/00001"],
                FILES: ["Plano Malaga.pdf"],
            },
        )
        self.assertEqual(self.listed("malaga s00001"), {ORDERS: ["S00001"]})
        self.assertEqual(self.listed("100%"), {})

    def test_junk_isn_t_listed(self):
        self.partner.image_1920 = base64.b64encode(PNG)
        self.file(name="Empty.pdf", raw=b"")
        self.file(name="Address", type="url", url="https://example.com", raw=False)
        self.assertEqual(self.listed(), {})

    def test_at_most_twenty_are_listed(self):
        for number in range(21):
            self.file(name=f"{number}.txt")
        [group] = self.inbox.inbox_documents(self.thread.id)
        self.assertEqual(len(group["documents"]), 20)
        self.assertTrue(group["has_more"])

    # ------------------------------------------------------------------
    # attaching
    # ------------------------------------------------------------------

    def test_a_quotation_is_printed_as_the_user_and_named_as_odoo_does(self):
        order = self.order()
        [file] = self.attach(order)
        self.assertEqual(file["name"], "Quotation - S00001.pdf")
        self.assertEqual(
            (file["mimetype"], file["size"]), ("application/pdf", len(PDF))
        )
        self.assertEqual(
            self.printed,
            [(self.agent.id, False, "sale.action_report_saleorder", order.ids)],
        )
        messages = self.thread.with_user(self.agent).reply("See", [file["id"]])
        self.assertEqual(self.message(messages).attachment_ids.raw, PDF)

    def test_the_invoice_that_the_customer_got_isn_t_printed_again(self):
        invoice = self.invoice()
        self.assertEqual(self.attach(invoice)[0]["name"], "INV_2026_00001.pdf")
        self.assertEqual(len(self.printed), 1)
        sent = self.file(invoice, "INV_sent.pdf")
        invoice.invoice_pdf_report_id = sent
        [row] = self.inbox.inbox_documents(self.thread.id)[0]["documents"]
        self.assertEqual(row["preview_url"], f"/web/content/{sent.id}")
        [copy] = self.attach(invoice)
        self.assertEqual(copy["name"], "INV_sent.pdf")
        self.assertNotEqual(copy["id"], sent.id)
        self.assertEqual(len(self.printed), 1)

    def test_a_file_is_copied(self):
        file = self.file(self.deal)
        self.thread.sudo().lead_id = self.deal
        [copy] = self.attach(file)
        self.assertNotEqual(copy["id"], file.id)
        copied = self.env["ir.attachment"].browse(copy["id"])
        here = self.thread._name, self.thread.id
        self.assertEqual((copied.res_model, copied.res_id), here)
        self.assertEqual(copied.raw, PDF)

    def test_what_the_channel_refuses_is_refused_when_it_is_sent(self):
        [file] = self.attach(self.file(name="a.exe", raw=b"MZ\x90\x00"))
        with self.assertRaisesRegex(UserError, "doesn't accept files"):
            self.thread.with_user(self.agent).reply("See", [file["id"]])

    def test_the_link_leads_to_the_portal(self):
        order = self.order()
        url = f"{order.get_base_url()}/my/orders/{order.id}?access_token=secret"
        self.assertEqual(self.link(order), url)
        with self.assertRaisesRegex(UserError, "no page in the portal"):
            self.link(self.file())

    # ------------------------------------------------------------------
    # rights
    # ------------------------------------------------------------------

    def test_what_a_user_can_t_read_is_neither_listed_nor_given(self):
        order = self.order(user_id=self.colleague.id)
        self.assertEqual(self.listed(), {})
        self.assertEqual(self.listed(user=self.colleague), {ORDERS: ["S00001"]})
        for method in self.attach, self.link:
            with self.assertRaisesRegex(UserError, NOT_LISTED):
                method(order)
            method(order, user=self.colleague)
        self.assertEqual([uid for uid, *_ in self.printed], [self.colleague.id])

    def test_users_without_access_to_a_model_see_none_of_it(self):
        invoice = self.invoice()
        self.assertEqual(self.listed(), {INVOICES: ["INV/2026/00001"]})
        sales = self.env.ref("sales_team.group_sale_salesman")
        self.env["ir.model.access"].search(
            [("model_id.model", "=", "account.move"), ("group_id", "=", sales.id)]
        ).unlink()
        self.assertEqual(self.listed(), {})
        with self.assertRaisesRegex(UserError, NOT_LISTED):
            self.attach(invoice)

    def test_documents_of_others_are_refused(self):
        eve = self.contact("Eve")
        others = self.order(partner=eve), self.invoice(partner=eve), self.file(eve)
        for other in others:
            with self.assertRaisesRegex(UserError, NOT_LISTED):
                self.attach(other)
        with self.assertRaisesRegex(UserError, NOT_LISTED):
            self.attach(self.attachment(self.thread))
        self.partner.image_1920 = base64.b64encode(PNG)
        picture = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.partner.id)]
            + [("res_field", "=", "image_1920")]
        )
        with self.assertRaisesRegex(UserError, NOT_LISTED):
            self.attach(picture)

    def test_a_deal_that_the_user_can_t_read_has_no_documents(self):
        file = self.file(self.deal)
        self.deal.user_id = self.colleague
        self.thread.sudo().write({"partner_id": False, "lead_id": self.deal.id})
        self.assertEqual(self.listed(), {})
        with self.assertRaisesRegex(UserError, NOT_LISTED):
            self.attach(file)

    def test_a_hidden_conversation_gives_nothing(self):
        secret = self.conversation(channel=self.private)
        secret.sudo().partner_id = self.partner
        file = self.file()
        with self.assertRaises(AccessError):
            self.attach(file, user=self.manager, thread=secret)
        with self.assertRaises(AccessError):
            self.inbox.with_user(self.manager).inbox_documents(secret.id)

    # ------------------------------------------------------------------
    # cost
    # ------------------------------------------------------------------

    def test_the_list_takes_a_constant_number_of_queries(self):
        self.order()
        self.warm_queries(self.listed)  # The rules of currencies stay in a cache.
        costs = set()
        for size in 1, 10:
            for number in range(size):
                self.order(f"S{number}")
                self.invoice(invoice_pdf_report_id=self.file(name="x.pdf").id)
                self.file(name=f"{number}.pdf")
            costs.add(self.warm_queries(self.listed))
        self.assertEqual(costs, {23})
