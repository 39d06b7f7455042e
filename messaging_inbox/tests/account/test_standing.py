from unittest.mock import patch

from ...providers.events import UNLIMITED, ChannelInfo, Standing
from ...providers.twilio import Twilio
from ..common import MessagingCase
from ..scripted import answer


class TestStanding(MessagingCase):
    """Managers see how the provider rates a channel, and are told when it falls."""

    def take(self, **standing):
        self.whatsapp._take_standing(Standing(**standing))
        self.env.invalidate_all()

    def test_the_first_values_are_no_fall(self):
        self.take(quality="medium", daily_limit=250, name_state="approved")
        self.assertEqual(self.whatsapp.quality, "medium")
        self.assertFalse(self.whatsapp.notice or self.whatsapp.warning)

    def test_each_fall_is_a_notice(self):
        falls = (
            (
                {"quality": "high"},
                {"quality": "medium"},
                "rates this channel's quality as “Medium”",
            ),
            ({"daily_limit": 2000}, {"daily_limit": 250}, "only 250 customers"),
            ({"daily_limit": UNLIMITED}, {"daily_limit": 250}, "only 250 customers"),
            (
                {"name_state": "pending"},
                {"name_state": "declined"},
                "declined the name",
            ),
        )
        for before, after, words in falls:
            with self.subTest(after=after):
                self.take(**before)
                self.whatsapp.notice_at = False
                self.take(**after)
                self.assertIn(words, self.whatsapp.warning)
                self.assertIn(words, self.account.warning)

    def test_what_gets_better_or_stays_is_no_notice(self):
        self.take(quality="low", daily_limit=250, name_state="approved")
        self.take(quality="high", daily_limit=UNLIMITED, name_state="pending")
        self.take()
        self.assertFalse(self.whatsapp.notice or self.whatsapp.warning)
        self.assertEqual(self.whatsapp.daily_limit, UNLIMITED)

    def test_two_falls_are_told_until_something_gets_better(self):
        self.take(quality="high", daily_limit=2000)
        self.take(daily_limit=250)
        self.take(quality="medium")
        self.assertIn("only 250 customers", self.whatsapp.warning)
        self.assertIn("“Medium”", self.whatsapp.warning)
        self.take(quality="high", daily_limit=2000)
        self.assertFalse(self.whatsapp.warning)

    def test_a_low_quality_warns_for_as_long_as_it_lasts(self):
        self.take(quality="low", name_state="declined")
        self.assertFalse(self.whatsapp.notice)
        self.assertIn("“Low”", self.whatsapp.warning)
        self.assertIn("declined the name", self.whatsapp.warning)
        self.take(quality="high", name_state="approved")
        self.assertFalse(self.whatsapp.warning)

    def test_the_daily_check_reads_it(self):
        self.http.answers = [
            answer(200, {"status": "active", "friendly_name": "Bikes"})
        ]

        def standings(_provider, channels):
            return {each: Standing(quality="low") for each in channels}

        with (
            patch.object(Twilio, "health", return_value=[]),
            patch.object(Twilio, "standings", standings),
        ):
            self.account._check_health()
        self.assertEqual(self.whatsapp.quality, "low")

    def test_connecting_reads_it(self):
        info = ChannelInfo(
            "whatsapp",
            self.whatsapp.address,
            "A",
            "XE1",
            standing=Standing(daily_limit=2000),
        )
        self.whatsapp._take_info(info)
        self.assertEqual(self.whatsapp.daily_limit, 2000)
