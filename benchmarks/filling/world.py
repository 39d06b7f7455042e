"""What all stories of a share have in common: ids, names, times and texts."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random
from typing import NamedTuple

from benchmarks.filling.cast import Cast, Channel
from benchmarks.filling.spread import DAY, FIFTY, LONGEST
from benchmarks.filling.words import (
    COMMON,
    COMMON_EVERY,
    LANGUAGES,
    RARE,
    RARE_EVERY,
    Language,
)

# The customers of the two conversations that measurements compare.
LONGEST_NAME, FIFTY_NAME = "Lola Longest", "Fina Fifty"
NAMES = {LONGEST: LONGEST_NAME, FIFTY: FIFTY_NAME}
CLOCK = [f" {s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(DAY)]
VOCABULARY = {
    language.code: (language.things.split(), language.days.split())
    for language in LANGUAGES
}


class First(NamedTuple):
    """The first id of each table's rows; those of a conversation are at its number."""

    conversation: int
    message: int
    identity: int
    participation: int
    contact: int
    lead: int


class Customer(NamedTuple):
    """``ids``: how the channel knows the customer."""

    channel: Channel
    language: Language
    name: str
    phone: str | None
    username: str | None
    ids: tuple
    has_contact: bool
    has_lead: bool
    has_profile: bool


@dataclass
class World:
    """``moment``: now, as naive UTC. ``share``: which part of the conversations."""

    cast: Cast
    first: First
    moment: datetime
    seed: object
    share: int = 0

    def __post_init__(self):
        self.random = Random(f"story {self.seed} {self.share}")
        moment = self.moment.replace(microsecond=0, tzinfo=timezone.utc)
        self._moment = int(moment.timestamp())
        self._dates = {}
        self._texts = 0

    def is_measured(self, number):
        return number in NAMES

    def time(self, age):
        """Return when something happened so many seconds ago; None for None."""
        if age is None:
            return None
        day, second = divmod(self._moment - age, DAY)
        date = self._dates.get(day)
        if date is None:
            date = str((datetime(1970, 1, 1) + timedelta(days=day)).date())
            self._dates[day] = date
        return date + CLOCK[second]

    # ------------------------------------------------------------------
    # ids
    # ------------------------------------------------------------------

    def hex(self, prefix):
        """Return a provider's id of a message."""
        return f"{prefix}{self.random.getrandbits(128):032x}"

    def uuid(self):
        digits = f"{self.random.getrandbits(128):032x}"
        parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        return "-".join(parts)

    # ------------------------------------------------------------------
    # customers and texts
    # ------------------------------------------------------------------

    def customer(self, number):
        random, channels = self.random, self.cast.channels
        # The first channels have most customers.
        place = int(len(channels) * random.random() ** 1.5)
        channel = channels[0 if self.is_measured(number) else place]
        language = random.choice(LANGUAGES)
        first = random.choice(language.first_names.split())
        last = random.choice(language.surnames.split())
        phone = f"{language.phone}{10_000_000 + number * 97 % 10_000_000}"
        ids, username = (phone,), None
        if channel.kind in ("messenger", "instagram"):
            ids, phone = (f"7{number:016}",), None
            if channel.kind == "instagram":
                username = f"{first}.{last}{number}".lower()
        elif channel.provider == "whatsapp_cloud" and random.random() < 0.5:
            ids = (phone, f"{language.code.upper()}.{number:016}")
        linkable = not self.is_measured(number)
        return Customer(
            channel,
            language,
            NAMES.get(number) or f"{first} {last}",
            phone,
            username,
            ids,
            has_contact=linkable and random.random() < 0.5,
            has_lead=linkable and random.random() < 0.3,
            has_profile=channel.provider == "messenger",
        )

    def text(self, sentences, customer):
        """Return what a customer or an Agent writes."""
        text = self.sentence(sentences, customer.language)
        while self.random.random() < 0.35:
            text += " " + self.sentence(sentences, customer.language)
        if not self._texts % COMMON_EVERY:
            text += f" {COMMON}"
        if not self._texts % RARE_EVERY:
            text += f" {RARE}"
        self._texts += 1
        return text

    def sentence(self, sentences, language):
        draw = self.random.random
        things, days = VOCABULARY[language.code]
        return sentences[int(len(sentences) * draw())].format(
            thing=things[int(len(things) * draw())],
            day=days[int(len(days) * draw())],
            number=int(20 + 9_000 * draw()),
        )
