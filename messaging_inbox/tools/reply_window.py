"""The time within which a customer may be answered, by whom, and under which tag.

A channel has one :class:`ReplyWindow`. The conversation knows when it started
(``models/conversation/reply_window.py``). All times are naive UTC datetimes.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class ReplyWindow:
    """The provider's time limits for replies to the customer's last message.

    For ``free``, people and programs may reply; None means no limit. For ``late``, if
    given, only people may: it counts from the same start, and messages sent after
    ``free`` carry ``tag``.
    """

    free: timedelta | None = None
    late: timedelta | None = None
    tag: str = ""

    @property
    def length(self):
        """Return how long a person may reply; None if there is no limit."""
        return self.free and (self.late or self.free)

    def until(self, start):
        """Return when the window closes for everyone; None if there is no limit."""
        return start + self.length if self.length else None

    def late_from(self, start):
        """Return when only people may still reply; None if there is no such time."""
        return start + self.free if self.free and self.late else None

    def is_open(self, start, now, is_person):
        """Return whether a person (or a program) may reply now."""
        length = self.length if is_person else self.free
        return not length or now < start + length

    def tag_at(self, start, now):
        """Return the tag for a person's message now, "" if none is needed."""
        late_from = self.late_from(start)
        return self.tag if late_from and now >= late_from else ""
