"""For how long a customer may be answered, by whom, and under which tag.

A channel has one :class:`ReplyWindow`. When it began is the conversation's to say
(``models/conversation/reply_window.py``); all moments are in UTC, without a zone.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class ReplyWindow:
    """What a channel's provider allows after the customer's last word.

    Everybody may answer for ``free``; None is without limit. Where ``late`` is given, a
    person may answer for that long, counted from the same moment, and what leaves after
    ``free`` carries ``tag``.
    """

    free: timedelta | None = None
    late: timedelta | None = None
    tag: str = ""

    @property
    def length(self):
        """Return for how long a person may answer; None without limit."""
        return self.free and (self.late or self.free)

    def until(self, start):
        """Return from when on nobody may answer; None without limit."""
        return start + self.length if self.length else None

    def late_from(self, start):
        """Return from when on only a person may answer; None where that never is so."""
        return start + self.free if self.free and self.late else None

    def is_open(self, start, now, is_person):
        """Tell whether a person, or a program, may answer now."""
        length = self.length if is_person else self.free
        return not length or now < start + length

    def tag_at(self, start, now):
        """Return the tag of what a person sends now, empty where none is needed."""
        late_from = self.late_from(start)
        return self.tag if late_from and now >= late_from else ""
