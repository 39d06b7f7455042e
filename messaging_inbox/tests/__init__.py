from . import (
    test_ingest,
    test_media,
    test_media_route,
    test_outbox,
    test_receipt,
    test_reply_gate,
    test_status,
    test_webhook,
)
