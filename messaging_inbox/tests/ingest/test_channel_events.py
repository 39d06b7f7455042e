from ...providers import events
from ...providers.events import ChannelRef, Standing
from .event_case import EventCase

NUMBER_ID = "102030405060708"


class TestChannelEvents(EventCase):
    """Which channel an event is about, and what the provider says of a channel."""

    def standing(self, **values):
        return events.StandingChanged(self.place, Standing(**values))

    # the provider's id of a channel

    def test_the_providers_id_of_a_channel_counts_more_than_the_spelling(self):
        self.whatsapp.provider_reference = NUMBER_ID
        spelled = ChannelRef("whatsapp", "+5511987654321", reference=NUMBER_ID)
        event = self.written(channel=spelled)
        self.assertFalse(self.ingest(event))
        self.assertEqual(self.found(event).channel_id, self.whatsapp)

    def test_a_channel_without_an_id_is_found_by_its_address(self):
        named = ChannelRef("whatsapp", self.whatsapp.address, reference=NUMBER_ID)
        event = self.written(channel=named)
        self.assertFalse(self.ingest(event))
        self.assertEqual(self.found(event).channel_id, self.whatsapp)

    def test_the_address_of_a_channel_with_another_id_is_not_enough(self):
        self.whatsapp.provider_reference = "another"
        named = ChannelRef("whatsapp", self.whatsapp.address, reference=NUMBER_ID)
        event = self.written(channel=named)
        self.assertIn(self.whatsapp.address, self.ingest(event).error)
        self.assertFalse(self.found(event))

    # standing

    def test_the_standing_of_a_channel_is_stored(self):
        self.ingest(self.standing(quality="high", daily_limit=1000))
        self.ingest(self.standing(quality="low"), self.standing(name_state="pending"))
        self.assertRecordValues(
            self.whatsapp,
            [{"quality": "low", "daily_limit": 1000, "name_state": "pending"}],
        )

    def test_connecting_stores_the_standing_too(self):
        info = self.whatsapp._provider_infos()[0]
        fields = {**vars(info), "standing": Standing(daily_limit=events.UNLIMITED)}
        self.whatsapp._take_info(events.ChannelInfo(**fields))
        self.assertEqual(self.whatsapp.daily_limit, -1)

    # the whole account

    def test_a_notice_without_a_channel_is_about_all_channels_of_the_account(self):
        elsewhere = self._channel(
            "whatsapp", "+34600000999", account_id=self.account.copy().id
        )
        self.ingest(events.ChannelNotice(None, "policy_enforcement", "Banned"))
        ours = self.account.channel_ids
        self.assertGreater(len(ours), 1)
        self.assertEqual(set(ours.mapped("notice")), {"Banned"})
        self.assertFalse(elsewhere.notice)

    def test_a_changed_template_lets_the_list_be_fetched_again(self):
        self.account.sudo().templates_due = False
        self.assertFalse(self.ingest(events.TemplatesChanged()))
        self.assertTrue(self.account.sudo().templates_due)
