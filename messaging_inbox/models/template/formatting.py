"""Values of fields as customers read them: in the language of a template.

If Odoo has the language, its formats apply; otherwise those of CLDR.
"""

import pytz
from babel import dates, numbers

from odoo.tools.misc import babel_locale_parse, format_amount, format_date, formatLang

# Types of fields that can be put into a text.
TYPES = ("char", "text", "selection", "many2one", "date", "datetime")
TYPES += ("integer", "float", "monetary")


def installed_language(env, code):
    """Return the code of Odoo's language for a template's, "" if it has none.

    ``es`` and ``es_AR`` are also served by any other Spanish.
    """
    installed = [code for code, _name in env["res.lang"].get_installed()]
    alike = [each for each in installed if each.split("_")[0] == code.split("_")[0]]
    return code if code in installed else next(iter(alike), "")


def one_line(text):
    """Return a text on one line: providers refuse line breaks and wide gaps."""
    return " ".join(str(text).split())


class Formatter:
    """Formats fields for one language and time zone."""

    def __init__(self, env, code, timezone):
        self.env = env
        self.language = installed_language(env, code)
        self.locale = babel_locale_parse(code)
        self.timezone = pytz.timezone(timezone)

    def text(self, record, name):
        """Return a field of a record as text, "" if it is empty.

        0 counts as empty, because Odoo stores it for a missing number, too.
        """
        field, value = record._fields[name], record[name]
        if not value:
            return ""
        formats = getattr(self, f"_{field.type}", None)
        return one_line(formats(record, field, value) if formats else value)

    def _selection(self, record, field, value):
        return dict(field._description_selection(record.env)).get(value, "")

    def _many2one(self, _record, _field, value):
        return value.display_name or ""

    def _date(self, _record, _field, value):
        if self.language:
            return format_date(self.env, value, self.language)
        return dates.format_date(value, "medium", self.locale)

    def _datetime(self, record, field, value):
        local = pytz.utc.localize(value).astimezone(self.timezone)
        if not self.language:
            return dates.format_datetime(local, "medium", locale=self.locale)
        day = format_date(self.env, local.date(), self.language)
        time = dates.format_time(local, "short", locale=self.locale)
        return f"{day} {time}"

    def _integer(self, _record, _field, value):
        return self._number(value, 0)

    def _float(self, _record, field, value):
        digits = field.get_digits(self.env)
        return self._number(value, digits[1] if digits else 2)

    def _number(self, value, decimals):
        if self.language:
            with_language = self.env(context={"lang": self.language})
            return formatLang(with_language, value, digits=decimals)
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return numbers.format_decimal(value, pattern, self.locale)

    def _monetary(self, record, field, value):
        currency = record[field.get_currency_field(record) or "currency_id"]
        currency = currency or self.env.company.currency_id
        if self.language:
            return format_amount(self.env, value, currency, self.language)
        return numbers.format_currency(value, currency.name, locale=self.locale)
