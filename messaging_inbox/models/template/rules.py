"""What WhatsApp demands of a template, checked before it is submitted.

The sentences say what to change. Those of ``_problems`` stop the submission; those of
``_warnings`` name what WhatsApp often rejects.
"""

import re

from odoo import models
from odoo.exceptions import UserError

from .languages import LANGUAGES
from .placeholders import GAP, PLACEHOLDER, filled, is_number, names_in, without

NAME = re.compile(r"[a-z0-9_]{1,512}")
VARIABLE = re.compile(r"[a-z][a-z0-9_]*|[1-9][0-9]*")
MOST_VARIABLES = 100
LONGEST = {"body": 1024, "header": 60, "footer": 60, "button": 25, "link": 2000}
LONGEST_VARIABLE = 16
LONGEST_VALUE = 1024
# Meta refuses longer texts in marketing and utility templates of some accounts.
ADVISED_BODY = 550
ADVISED_EMOJIS = 10
MOST_BUTTONS = 10
MOST_OF_KIND = {"url": 2, "phone": 1, "copy_code": 1}
PARTS_OF_A_BUTTON = ("kind", "text", "value", "payload")
MADE_HERE = ("reply", "url", "phone")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55]")
FORMATTING = re.compile(r"[*_~`]")
LINK = re.compile(r"https?://[^\s{}/]+\.[^\s{}/]+(/[^\s{}]*)?(\{\{[^{}]*\}\})?")


class MessagingTemplate(models.Model):
    _inherit = "messaging.template"

    def _check_rules(self):
        """Raise UserError with all problems, one a line."""
        problems = self._problems()
        if problems:
            raise UserError("\n".join(sentence for _place, sentence in problems))

    def _problems(self):
        """Return what must be changed before submitting, as (place, sentence).

        Places are ``name language category header body footer buttons variables file``.
        """
        self.ensure_one()
        return [
            *self._problems_of_head(),
            *self._problems_of_body(),
            *self._problems_of_header(),
            *self._problems_of_footer(),
            *self._problems_of_buttons(),
            *self._problems_of_variables(),
            *self._problems_of_samples(),
        ]

    def _texts(self):
        """Return all texts that may hold placeholders, in the order of reading."""
        buttons = self._button_list()
        values = [each["value"] for each in buttons if each["kind"] == "url"]
        header = "" if self.media_kind else self.header
        return [header, self.body, *values]

    def _button_list(self):
        """Return the buttons with all their parts as text, without what isn't one."""
        buttons = self.buttons if isinstance(self.buttons, list) else []
        return [
            {part: _text(each.get(part)) for part in PARTS_OF_A_BUTTON}
            for each in buttons
            if isinstance(each, dict)
        ]

    # ------------------------------------------------------------------
    # name, texts
    # ------------------------------------------------------------------

    def _problems_of_head(self):
        if not NAME.fullmatch(self.name or ""):
            yield (
                "name",
                self.env._(
                    "A name has only small letters (a-z), digits and _, at most 512."
                ),
            )
        if self.language not in LANGUAGES:
            yield "language", self.env._("Choose a language of the list.")
        if not self.category:
            yield "category", self.env._("Choose a category.")
        if self.category == "authentication":
            yield (
                "category",
                self.env._(
                    "Templates for codes have a fixed text: create them at the"
                    " provider. They appear here after a sync."
                ),
            )

    def _too_long(self, place, text, what):
        over = len(text or "") - LONGEST[place]
        if over > 0:
            yield (
                place,
                self.env._(
                    "%(what)s is %(over)s characters too long: at most %(most)s.",
                    what=what,
                    over=over,
                    most=LONGEST[place],
                ),
            )

    def _problems_of_body(self):
        body = (self.body or "").strip()
        if not body:
            yield "body", self.env._("Write a text.")
            return
        yield from self._too_long("body", body, self.env._("The text"))
        matches = list(PLACEHOLDER.finditer(body))
        if matches:
            ends = [matches[0].start() == 0, matches[-1].end() == len(body)]
            if any(ends):
                yield (
                    "body",
                    self.env._(
                        "A variable can't be the first or the last word of the text."
                    ),
                )
            if any(
                not body[one.end() : two.start()].strip()
                for one, two in zip(matches, matches[1:], strict=False)
            ):
                yield (
                    "body",
                    self.env._("Write something between two variables."),
                )
        if re.search(r"\n{4,}|\t| {4,}", body):
            yield (
                "body",
                self.env._(
                    "The text can't have tabs, four spaces in a row or more than two"
                    " empty lines."
                ),
            )

    def _problems_of_header(self):
        if self.media_kind:
            return
        header = self.header or ""
        yield from self._too_long("header", header, self.env._("The header"))
        if len(PLACEHOLDER.findall(header)) > 1:
            yield "header", self.env._("The header can have only one variable.")
        plain = without(header)
        if "\n" in header or FORMATTING.search(plain) or EMOJI.search(plain):
            yield (
                "header",
                self.env._(
                    "The header can't have line breaks, emojis or the signs * _ ~ `."
                ),
            )

    def _problems_of_footer(self):
        footer = self.footer or ""
        yield from self._too_long("footer", footer, self.env._("The footer"))
        if "{{" in footer:
            yield "footer", self.env._("The footer can't have variables.")
        if "\n" in footer:
            yield "footer", self.env._("The footer can't have line breaks.")

    # ------------------------------------------------------------------
    # buttons
    # ------------------------------------------------------------------

    def _problems_of_buttons(self):
        buttons = self._button_list()
        kinds = [each["kind"] for each in buttons]
        texts = [each["text"].strip() for each in buttons]
        if len(buttons) > MOST_BUTTONS:
            yield "buttons", self.env._("A template can have at most 10 buttons.")
        if set(kinds) - set(MADE_HERE):
            yield "buttons", self.env._("Odoo can't create this kind of button.")
        if kinds.count("url") > MOST_OF_KIND["url"]:
            yield "buttons", self.env._("A template can have at most two links.")
        if kinds.count("phone") > MOST_OF_KIND["phone"]:
            yield "buttons", self.env._("A template can call only one number.")
        runs = "".join("r" if kind == "reply" else " " for kind in kinds).split()
        if len(runs) > 1:
            yield (
                "buttons",
                self.env._("Put all quick replies next to each other."),
            )
        if len(set(texts)) < len(texts):
            yield "buttons", self.env._("Two buttons can't have the same text.")
        for button, text in zip(buttons, texts, strict=True):
            yield from self._problems_of_button(button, text)

    def _problems_of_button(self, button, text):
        value = button["value"].strip()
        if not text:
            yield "buttons", self.env._("Write a text on each button.")
        what = self.env._("The button “%s”", text)
        for _place, sentence in self._too_long("button", text, what):
            yield "buttons", sentence
        if "{{" in text or "\n" in text:
            yield "buttons", self.env._("%s can't have variables.", what)
        if button["kind"] == "phone" and not re.fullmatch(r"\+\d{6,15}", value):
            yield (
                "buttons",
                self.env._("%s needs a number like +34600000001.", what),
            )
        if button["kind"] == "url":
            yield from self._problems_of_link(value, what)

    def _problems_of_link(self, value, what):
        for _place, sentence in self._too_long("link", value, what):
            yield "buttons", sentence
        if not LINK.fullmatch(value):
            yield (
                "buttons",
                self.env._(
                    "%s needs an address like https://example.com/page. A variable can"
                    " only be at its end.",
                    what,
                ),
            )

    # ------------------------------------------------------------------
    # variables
    # ------------------------------------------------------------------

    def _problems_of_variables(self):
        texts = self._texts()
        names = names_in(*texts)
        if any(set("{}") & set(without(text)) for text in texts):
            yield (
                "variables",
                self.env._("Write variables as {{name}}, with two braces each."),
            )
        if len(names) > MOST_VARIABLES:
            yield "variables", self.env._("A template can have at most 100 variables.")
        bad = [name for name in names if not VARIABLE.fullmatch(name)]
        if bad:
            yield (
                "variables",
                self.env._(
                    "%s is no name for a variable: use small letters (a-z), digits and"
                    " _, or only numbers.",
                    "{{%s}}" % bad[0],
                ),
            )
        if long := [name for name in names if len(name) > LONGEST_VARIABLE]:
            yield (
                "variables",
                self.env._(
                    "%s is too long: a variable has at most 16 characters.", long[0]
                ),
            )
        if not bad:
            yield from self._problems_of_numbering(names)

    def _problems_of_numbering(self, names):
        numbers = {int(name) for name in names if is_number(name)}
        if not numbers:
            return
        if len(numbers) < len(names):
            yield (
                "variables",
                self.env._("Give all variables names or all numbers, not both."),
            )
        elif numbers != set(range(1, len(names) + 1)):
            yield (
                "variables",
                self.env._("Number the variables from {{1}} on, without gaps."),
            )

    def _problems_of_samples(self):
        samples = self.samples if isinstance(self.samples, dict) else {}
        for name in names_in(*self._texts()):
            sample = samples.get(name)
            if not isinstance(sample, str) or not sample.strip():
                yield (
                    "variables",
                    self.env._("Write a sample for %s.", "{{%s}}" % name),
                )
            elif GAP.search(sample):
                yield "variables", self._gap_sentence(name)

    def _gap_sentence(self, name):
        return self.env._(
            "The value of “%s” can't have line breaks, tabs or four spaces in a row.",
            name,
        )

    # ------------------------------------------------------------------
    # warnings, values
    # ------------------------------------------------------------------

    def _warnings(self):
        """Return what WhatsApp often rejects, as (place, sentence)."""
        self.ensure_one()
        body = self.body or ""
        names = PLACEHOLDER.findall(body)
        words = len(re.findall(r"\w+", without(body)))
        if names and words < 2 * len(names) + 1:
            yield (
                "body",
                self.env._(
                    "WhatsApp often rejects so few words for so many variables."
                ),
            )
        if len(body) > ADVISED_BODY:
            yield (
                "body",
                self.env._(
                    "WhatsApp rejects texts of more than 550 characters for some"
                    " accounts."
                ),
            )
        if len(EMOJI.findall(body)) > ADVISED_EMOJIS:
            yield "body", self.env._("WhatsApp often rejects more than 10 emojis.")

    def _check_values(self, values):
        """Raise UserError if the provider would refuse the values, {variable: text}.

        An empty value isn't looked at: the caller asks for it.
        """
        self.ensure_one()
        for name, value in values.items():
            if GAP.search(value or ""):
                raise UserError(self._gap_sentence(name))
            if len(value or "") > LONGEST_VALUE:
                raise UserError(
                    self.env._(
                        "The value of “%(name)s” is too long: at most %(most)s"
                        " characters.",
                        name=name,
                        most=LONGEST_VALUE,
                    )
                )
        if len(filled(self.body, values)) > LONGEST["body"]:
            raise UserError(
                self.env._(
                    "With these values, the text is too long: at most 1024 characters."
                )
            )


def _text(value):
    return value if isinstance(value, str) else ""
