"""What providers post to the webhook, and what becomes of it."""

from . import (
    ingest,
    customers,
    messages,
    statuses,
    changes,
    receipt,
    attached,
)
