from . import (
    test_account,
    test_assignment,
    test_availability,
    test_ingest,
    test_ingest_bus,
    test_media,
    test_media_route,
    test_outbox,
    test_receipt,
    test_reply_gate,
    test_status,
    test_webhook,
)
