"""Processing of webhook requests, and the failed ones that are replayed."""

from . import (
    ingest,
    customers,
    messages,
    statuses,
    changes,
    receipt,
    retention,
    history,
    missed,
    occurrences,
    attached,
    monitoring,
)
