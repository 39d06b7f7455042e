"""What providers post to the webhook, and what becomes of it."""

from . import (
    ingest,
    lock,
    customers,
    messages,
    statuses,
    changes,
    effects,
    receipt,
    attached,
)
