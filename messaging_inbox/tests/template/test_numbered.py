from dataclasses import replace

from ...providers.events import TemplateButton
from ..common import PNG
from .draft_case import DraftCase
from .sync_case import READY, SyncCase

NUMBERED = replace(
    READY,
    header="Order {{1}}",
    body="Bike {{2}} of {{3}} is ready.",
    buttons=(TemplateButton("url", "Track", "https://shop.example/{{4}}"),),
    variables={"1": "77", "2": "B-1", "3": "Ana", "4": "B1"},
)


class TestNumbered(SyncCase):
    """A provider may only number the variables of a template."""

    def known(self, **values):
        """Return the template as it was written here, synced as the provider has it."""
        self.sync(NUMBERED)
        template = self.template(NUMBERED)
        template.sudo().write(values)
        self.sync(replace(NUMBERED, quality="low"))
        self.assertEqual(template.quality, "low")
        return template

    def test_our_names_stay(self):
        ours = {
            "header": "Order {{order}}",
            "body": "Bike {{2}} of {{first_name}} is ready.",
            "buttons": [
                {
                    "kind": "url",
                    "text": "Track",
                    "value": "https://shop.example/{{order}}",
                    "payload": "",
                }
            ],
        }
        template = self.known(**ours, variable_names=["order", "2", "first_name"])
        self.assertEqual(template.header, ours["header"])
        self.assertEqual(template.body, ours["body"])
        self.assertEqual(template.buttons, ours["buttons"])
        self.assertEqual(template.variable_names, ["order", "2", "first_name"])
        self.assertEqual(template.samples["first_name"], "Ana")

    def test_the_order_of_our_numbers_stays(self):
        template = self.known(body="Bike {{3}} of {{2}} is ready.")
        self.assertEqual(template.body, "Bike {{3}} of {{2}} is ready.")
        self.assertEqual(template.samples["2"], "Ana")

    def test_a_draft_whose_submission_seemed_to_fail_is_found(self):
        values = {"name": NUMBERED.name, "language": NUMBERED.language}
        draft = self.env["messaging.template"].create(
            {
                "account_id": self.account.id,
                **values,
                "header": "Order {{3}}",
                "body": "Bike {{2}} of {{1}} is ready.",
                "buttons": [
                    {
                        "kind": "url",
                        "text": "Track",
                        "value": "https://shop.example/{{4}}",
                    }
                ],
                "submission_error": "no answer",
            }
        )
        self.sync(NUMBERED)
        self.assertEqual(self.template(NUMBERED), draft)
        self.assertEqual(draft.body, "Bike {{2}} of {{1}} is ready.")

    def test_another_text_has_the_providers_names(self):
        template = self.known(body="Bike {{3}} of {{2}} was ready.")
        self.assertEqual(template.body, NUMBERED.body)
        self.assertEqual(template.variable_names, ["1", "2", "3", "4"])

    def test_names_that_the_provider_knows_are_its_own(self):
        self.sync(replace(READY, body="Hola {{nombre}}.", variables={"nombre": "Ana"}))
        self.sync(replace(READY, body="Hola {{name}}.", variables={"name": "Ana"}))
        self.assertEqual(self.template(READY).variable_names, ["name"])

    def test_one_name_of_ours_can_be_several_at_the_provider(self):
        twice = replace(READY, body="{{1}} and {{1}}, yes.", variables={"1": "Ana"})
        self.sync(twice)
        template = self.template(READY)
        template.sudo().body = "{{a}} and {{b}}, yes."
        self.sync(replace(twice, quality="low"))
        self.assertEqual(template.body, twice.body)


class TestScope(SyncCase):
    """A template may belong to some channels of its account."""

    def test_only_the_channels_that_can_send_it_have_it(self):
        self.whatsapp.sudo().provider_reference = "11"
        self.private.sudo().provider_reference = "12"
        self.sync(replace(READY, channels=("11",)))
        template = self.template(READY)
        self.assertEqual(template.channel_ids, self.whatsapp)
        self.sync(READY)
        self.assertEqual(template.channel_ids, self.whatsapp | self.private)

    def test_a_file_that_the_provider_takes_is_chosen_by_an_agent(self):
        self.sync(replace(READY, media_kind="image", media_url="{{2}}"))
        template = self.template(READY)
        self.assertTrue(template._takes_file())
        self.assertEqual(template._file_variable(), "2")


class TestSample(DraftCase):
    """What a provider gets of a draft besides its texts."""

    def submitted(self, **values):
        template = self.draft(**values)
        with self.provider(
            lambda each: replace(each, reference="1", state="pending")
        ) as got:
            template.action_submit()
        return template, got[0]

    def test_the_provider_gets_the_sample_itself(self):
        file = self.env["ir.attachment"].with_user(self.manager)
        values = {"name": "a.png", "raw": PNG, "res_model": "messaging.template"}
        file = file.create(values)
        _template, got = self.submitted(
            media_kind="image", sample_attachment_id=file.id
        )
        self.assertEqual(got.sample.content_type, "image/png")
        self.assertEqual(got.sample.read(), PNG)
        self.assertTrue(got.sample.url.endswith("/sample.png"))

    def test_chosen_channels_go_along_and_come_back(self):
        self.whatsapp.sudo().provider_reference = "11"
        template, got = self.submitted(channel_ids=[(6, 0, self.whatsapp.ids)])
        self.assertEqual(got.channels, ("11",))
        self.assertEqual(template.channel_ids, self.whatsapp)
