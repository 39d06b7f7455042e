"""Models by subject.

The order is the order in which classes of one model extend each other: an override
stands after what it extends. ``search`` comes first, because others inherit its mixins
and use its functions in their indexes. Subjects that attach to others by hooks
(``record_notes``, ``notifications``) come last, so that theirs run outermost.
"""

from . import (
    search,
    account,
    channel,
    conversation,
    message,
    inbox,
    ingest,
    live,
    access,
    record_notes,
    notifications,
)
