"""Models by subject, each folder above those that it builds on.

The order is also that in which classes of one model extend each other: an override
stands after what it extends. A folder imports from those before it, and calls their
private methods; what comes after it attaches by hooks (docs/design.md). Two pairs know
each other: ``account`` and ``channel``, ``conversation`` and ``message``. A test holds
this.

``record_notes`` and ``notifications`` come last, so that their part of a hook runs when
everything else is done.
"""

from . import (
    search,
    live,
    access,
    account,
    channel,
    template,
    conversation,
    message,
    records,
    inbox,
    ingest,
    record_notes,
    notifications,
)
