from odoo.exceptions import UserError

from ...models.template.languages import (
    LANGUAGES,
    language_name,
)
from ..common import MessagingCase

GOOD = {
    "name": "offer_2",
    "language": "es_AR",
    "category": "utility",
    "header": "News for {{name}}",
    "body": "Hello {{name}}, your offer {{offer}} is ready.",
    "footer": "Bike shop",
    "buttons": [
        {"kind": "reply", "text": "Call me"},
        {"kind": "reply", "text": "Not now"},
        {"kind": "url", "text": "Look", "value": "https://a.example/o/{{code}}"},
    ],
    "samples": {"name": "Ana", "offer": "S001", "code": "x1"},
}
MANY = " and ".join(f"{{{{{n}}}}}" for n in range(1, 102))


def link(value, text="Look"):
    return {"kind": "url", "text": text, "value": value}


def replies(number):
    return [{"kind": "reply", "text": f"R{n}"} for n in range(number)]


# (what is wrong, place, words of the sentence)
WRONG = [
    ({"name": ""}, "name", "small letters"),
    ({"name": "Offer"}, "name", "small letters"),
    ({"name": "my-offer"}, "name", "small letters"),
    ({"name": "ofertá"}, "name", "small letters"),
    ({"name": "o" * 513}, "name", "at most 512"),
    ({"language": "es-AR"}, "language", "of the list"),
    ({"language": "tlh"}, "language", "of the list"),
    ({"category": False}, "category", "Choose a category"),
    ({"category": "authentication"}, "category", "at the provider"),
    ({"body": ""}, "body", "Write a text"),
    ({"body": " \n "}, "body", "Write a text"),
    ({"body": "x" * 1030}, "body", "6 characters too long: at most 1024"),
    ({"body": "{{name}}, hello and good day"}, "body", "first or the last"),
    ({"body": "Hello and good day {{name}} "}, "body", "first or the last"),
    ({"body": "Hello {{name}}{{offer}} there"}, "body", "between two variables"),
    ({"body": "Hello {{name}} \n{{offer}} there"}, "body", "between two variables"),
    ({"body": "Hello\tyou"}, "body", "tabs"),
    ({"body": "Hello    you"}, "body", "four spaces"),
    ({"body": "Hello\n\n\n\nyou"}, "body", "two empty lines"),
    ({"header": "x" * 61}, "header", "1 characters too long: at most 60"),
    ({"header": "{{name}} and {{offer}}"}, "header", "only one variable"),
    ({"header": "Two\nlines"}, "header", "line breaks"),
    ({"header": "*Bold*"}, "header", "emojis or the signs"),
    ({"header": "Party 🎉"}, "header", "emojis or the signs"),
    ({"footer": "x" * 61}, "footer", "too long: at most 60"),
    ({"footer": "Bye {{name}}"}, "footer", "can't have variables"),
    ({"footer": "Two\nlines"}, "footer", "line breaks"),
    ({"buttons": replies(11)}, "buttons", "at most 10 buttons"),
    ({"buttons": [{"kind": "flow", "text": "x"}]}, "buttons", "can't create"),
    (
        {"buttons": [link(f"https://a.example/{n}", f"L{n}") for n in range(3)]},
        "buttons",
        "at most two links",
    ),
    (
        {
            "buttons": [
                {"kind": "phone", "text": f"Call {n}", "value": "+34600000001"}
                for n in range(2)
            ]
        },
        "buttons",
        "only one number",
    ),
    (
        {"buttons": [{"kind": "phone", "text": "Call", "value": "600 00"}]},
        "buttons",
        "needs a number",
    ),
    (
        {"buttons": [replies(2)[0], link("https://a.example"), replies(2)[1]]},
        "buttons",
        "next to each other",
    ),
    ({"buttons": replies(1) * 2}, "buttons", "same text"),
    ({"buttons": [{"kind": "reply", "text": " "}]}, "buttons", "on each button"),
    ({"buttons": [{"kind": "reply", "text": "x" * 26}]}, "buttons", "at most 25"),
    (
        {"buttons": [{"kind": "reply", "text": "Hi {{name}}"}]},
        "buttons",
        "can't have variables",
    ),
    ({"buttons": [link("a.example")]}, "buttons", "needs an address"),
    ({"buttons": [link("javascript:alert(1)")]}, "buttons", "needs an address"),
    ({"buttons": [link("https://{{name}}.example/a")]}, "buttons", "at its end"),
    ({"buttons": [link("https://a.example/{{name}}/x")]}, "buttons", "at its end"),
    (
        {"buttons": [link("https://a.example/" + "x" * 2000)]},
        "buttons",
        "at most 2000",
    ),
    ({"body": "Hello {{name} there"}, "variables", "two braces"),
    ({"body": "Hello {name} there"}, "variables", "two braces"),
    ({"body": "Hello {{first name}} there"}, "variables", "no name for a variable"),
    ({"body": "Hello {{Name}} there"}, "variables", "no name for a variable"),
    ({"body": "Hello {{}} there"}, "variables", "no name for a variable"),
    ({"body": "Hello {{0}} there"}, "variables", "no name for a variable"),
    ({"body": f"Hello {{{{{'n' * 17}}}}} there"}, "variables", "at most 16"),
    ({"body": "Hello {{name}} and {{1}} there"}, "variables", "not both"),
    (
        {"header": "", "buttons": [], "body": "Hello {{1}} and {{3}} there"},
        "variables",
        "without gaps",
    ),
    ({"body": f"Hello {MANY} there"}, "variables", "at most 100 variables"),
    ({"samples": {"name": "Ana", "code": "x"}}, "variables", "sample for {{offer}}"),
    (
        {"samples": {**GOOD["samples"], "offer": " "}},
        "variables",
        "sample for {{offer}}",
    ),
    (
        {"samples": {**GOOD["samples"], "offer": "a\nb"}},
        "variables",
        "can't have line breaks",
    ),
]
RISKY = [
    ({"body": "Hi {{name}} or {{offer}} ok"}, "so few words"),
    ({"body": "word " * 111}, "more than 550"),
    ({"body": "Hello 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉 there"}, "more than 10 emojis"),
]
BAD_VALUES = [
    ("a\nb", "line breaks"),
    ("a\tb", "tabs"),
    ("a    b", "four spaces"),
    ("x" * 1025, "too long: at most 1024"),
    ("x" * 1000, "text is too long"),
]


class TestRules(MessagingCase):
    def template(self, **values):
        values = {"account_id": self.account.id, **GOOD, **values}
        return self.env["messaging.template"].new(values)

    def test_a_good_template_has_no_problem(self):
        self.assertEqual(list(self.template()._problems()), [])
        self.assertEqual(list(self.template()._warnings()), [])
        self.template()._check_rules()

    def test_numbered_variables_are_fine_too(self):
        template = self.template(
            header="",
            body="Hello {{2}} and {{1}}: all is well with you.",
            buttons=[link("https://a.example/{{3}}")],
            samples={"1": "a", "2": "b", "3": "c"},
        )
        self.assertEqual(template._problems(), [])

    def test_each_rule_has_its_sentence(self):
        for values, place, words in WRONG:
            with self.subTest(str(values)[:60]):
                template = self.template(**values)
                sentences = [said for at, said in template._problems() if at == place]
                self.assertRegex("\n".join(sentences), words)
                with self.assertRaisesRegex(UserError, words):
                    template._check_rules()

    def test_what_is_often_rejected_is_only_warned_of(self):
        for values, words in RISKY:
            with self.subTest(str(values)[:40]):
                template = self.template(**values)
                said = [sentence for _place, sentence in template._warnings()]
                self.assertRegex("\n".join(said), words)
                self.assertEqual(template._problems(), [])

    def test_values_that_the_provider_would_refuse_are_refused(self):
        template = self.template()
        for value, words in BAD_VALUES:
            with (
                self.subTest(value[:10]),
                self.assertRaisesRegex(UserError, words),
            ):
                template._check_values({"name": "Ana", "offer": value})
        template._check_values({"name": "Ana María  de la O", "offer": ""})

    def test_rubbish_instead_of_lists_is_survived(self):
        template = self.template(buttons={"a": 1}, samples=["x"])
        self.assertRegex(str(template._problems()), "sample for")
        template = self.template(buttons=["x", 3])
        self.assertEqual(template._problems(), [])

    def test_every_language_has_a_name(self):
        for code in LANGUAGES:
            self.assertNotEqual(language_name(code, "en_US"), code)
        self.assertEqual(language_name("es_AR", "en_US"), "Spanish (Argentina)")
        self.assertEqual(language_name("nonsense!", "en_US"), "nonsense!")
