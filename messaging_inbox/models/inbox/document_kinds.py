"""What can be attached from a record: its files, and what Odoo prints for customers.

A kind works with the rights of the conversation's user.
"""

from dataclasses import dataclass

from odoo.fields import Domain
from odoo.tools.misc import format_date, formatLang
from odoo.tools.safe_eval import safe_eval, time

PDF = "application/pdf"


@dataclass(frozen=True)
class Files:
    """The files that somebody attached to a contact, a lead or a deal."""

    label: str
    model: str = "ir.attachment"
    searched: tuple[str, ...] = ("name",)
    order: str = "id desc"

    def is_available(self, _env):
        return True

    def domain(self, conversation):
        partners, lead = conversation._with_documents()
        partners |= partners.commercial_partner_id
        owners = Domain("res_model", "=", lead._name) & Domain("res_id", "in", lead.ids)
        owners |= Domain("res_model", "=", partners._name) & Domain(
            "res_id", "in", partners.ids
        )
        return owners & conversation._files_to_offer()

    def rows(self, files):
        """Return ``{id, name, detail, mimetype, size, preview_url, has_link}`` each."""
        return [
            {
                **file_values(file),
                "detail": format_date(file.env, file.create_date),
                "preview_url": False,
                "has_link": False,
            }
            for file in files
        ]

    def attach(self, file, conversation):
        return conversation._copy_files(file)


@dataclass(frozen=True)
class Printed:
    """Records that Odoo prints. Their model may not be installed."""

    label: str
    model: str
    report: str
    # Which records are meant for customers.
    shown: Domain
    searched: tuple[str, ...]
    date: str
    state: str
    # The field with the PDF that the customer already got, if Odoo keeps it.
    original: str = ""

    @property
    def order(self):
        return f"{self.date} desc, id desc"

    def is_available(self, env):
        if self.model not in env or not env[self.model].has_access("read"):
            return False
        return bool(self._report(env))

    def domain(self, conversation):
        partners, lead = conversation._with_documents()
        companies = partners.commercial_partner_id.ids
        theirs = Domain("partner_id.commercial_partner_id", "in", companies)
        if "opportunity_id" in conversation.env[self.model]._fields:
            theirs |= Domain("opportunity_id", "in", lead.ids)
        return theirs & self.shown & conversation._same_company()

    def rows(self, records):
        """Return the same as for files; the size is 0 until Odoo makes the PDF."""
        address = f"/report/pdf/{self._report(records.env).report_name}"
        rows = []
        for record in records:
            original = self._original(record)
            content = original and f"/web/content/{original.id}"
            rows.append(
                {
                    "id": record.id,
                    "name": record.display_name,
                    "detail": self._facts(record),
                    "mimetype": PDF,
                    "size": original.file_size,
                    "preview_url": content or f"{address}/{record.id}",
                    "has_link": has_link(record),
                }
            )
        return rows

    def attach(self, record, conversation):
        if original := self._original(record):
            return conversation._copy_files(original)
        Report = record.env["ir.actions.report"]
        content, _type = Report._render_qweb_pdf(self.report, record.ids)
        file = Report.env["ir.attachment"].create(
            {
                "name": self._file_name(record),
                "raw": content,
                "mimetype": PDF,
                "res_model": conversation._name,
                "res_id": conversation.id,
            }
        )
        return [file_values(file)]

    def _report(self, env):
        # sudo: ir.actions.report - its names; Odoo's own downloads read them so, too
        report = env.ref(self.report, raise_if_not_found=False)
        return report and report.sudo()

    def _original(self, record):
        if not self.original:
            return record.env["ir.attachment"]
        return record[self.original]

    def _file_name(self, record):
        """Name the PDF as Odoo's own download does."""
        values = {"object": record, "time": time}
        expression = self._report(record.env).print_report_name
        name = safe_eval(expression, values) if expression else record.display_name
        return f"{name}.pdf".replace("/", "_")

    def _facts(self, record):
        """Return where a record stands, its amount and its date, in one line."""
        states = dict(record._fields[self.state]._description_selection(record.env))
        currency = record.currency_id
        amount = formatLang(record.env, record.amount_total, currency_obj=currency)
        date = format_date(record.env, record[self.date])
        return " · ".join(filter(None, (states.get(record[self.state]), amount, date)))


def has_link(record):
    """Tell whether customers can see a record in the portal."""
    return hasattr(record, "_get_share_url")


def file_values(file):
    """Return an attachment as an upload does; the size is in bytes."""
    return {
        "id": file.id,
        "name": file.name,
        "mimetype": file.mimetype,
        "size": file.file_size,
    }
