"""Documents of the linked contact, lead or deal: attached, or linked to in the portal.

Everything runs with the user's own rights.
"""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.client_values import expects, is_id, is_text
from ..search.folded_text import has_words
from .document_kinds import Files, Printed, has_link
from .search import text_of

MOST_DOCUMENTS = 20


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    @expects(query=is_text)
    def inbox_documents(self, id, query=""):  # noqa: A002 - the client's word
        """Return documents of the linked contact and its company, lead or deal.

        They come in groups ``{model, label, documents, has_more}``, empty ones left
        out; documents are as ``rows`` of their kind returns them.
        """
        conversation = self._readable(id)
        query = text_of(query)
        groups = []
        for kind in conversation._available_kinds():
            domain = kind.domain(conversation) & has_words(kind.searched, query)
            found = self.env[kind.model].search(
                domain, order=kind.order, limit=MOST_DOCUMENTS + 1
            )
            groups.append(
                {
                    "model": kind.model,
                    "label": kind.label,
                    "documents": kind.rows(found[:MOST_DOCUMENTS]),
                    "has_more": len(found) > MOST_DOCUMENTS,
                }
            )
        return [group for group in groups if group["documents"]]

    @api.model
    @expects(model=is_text, document_id=is_id)
    def inbox_attach_document(self, id, model, document_id):  # noqa: A002
        """Copy a document into the user's draft, printed first if it isn't a file.

        Return the copies as an upload does: ``[{id, name, mimetype, size}]``.
        """
        conversation = self._readable(id)
        conversation.check_access("write")
        kind, document = conversation._document(model, document_id)
        return kind.attach(document, conversation)

    @api.model
    @expects(model=is_text, document_id=is_id)
    def inbox_document_link(self, id, model, document_id):  # noqa: A002
        """Return the address at which the customer sees a document in the portal."""
        conversation = self._readable(id)
        conversation.check_access("write")
        _kind, document = conversation._document(model, document_id)
        if not has_link(document):
            raise UserError(self.env._("This document has no page in the portal."))
        return document.get_base_url() + document._get_share_url()

    def _document(self, model, document_id):
        """Return the kind and record of a document that ``inbox_documents`` lists."""
        for kind in self._available_kinds():
            if kind.model != model:
                continue
            domain = kind.domain(self) & Domain("id", "=", document_id)
            if document := self.env[model].search(domain):
                return kind, document
        raise UserError(
            self.env._(
                "This document no longer exists, or it isn't one of the linked contact,"
                " lead or deal."
            )
        )

    def _with_documents(self):
        """Return the linked contacts, and the lead or deal, that the user may read."""
        lead = self.lead_id._filtered_access("read")
        return (self.partner_id | lead.partner_id)._filtered_access("read"), lead

    def _files_to_offer(self):
        """Return which files of a record are offered; see record_notes, too."""
        # Not the pictures in its fields, and no mere addresses.
        content = Domain("res_field", "=", False) & Domain("type", "=", "binary")
        return content & Domain("file_size", ">", 0)

    def _available_kinds(self):
        return [kind for kind in self._document_kinds() if kind.is_available(self.env)]

    def _document_kinds(self):
        """Return the kinds of documents, in order; another addon may add its own."""
        return [
            Printed(
                label=self.env._("Quotations and orders"),
                model="sale.order",
                report="sale.action_report_saleorder",
                shown=Domain("state", "in", ("draft", "sent", "sale")),
                searched=("name", "client_order_ref"),
                date="date_order",
                state="state",
            ),
            Printed(
                label=self.env._("Invoices"),
                model="account.move",
                report="account.account_invoices",
                shown=Domain("move_type", "in", ("out_invoice", "out_refund"))
                & Domain("state", "=", "posted"),
                searched=("name", "ref"),
                date="invoice_date",
                state="payment_state",
                original="invoice_pdf_report_id",
            ),
            Files(label=self.env._("Files")),
        ]
