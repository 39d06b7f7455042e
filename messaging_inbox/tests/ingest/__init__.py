from . import (
    test_after_message,
    test_announced,
    test_clock,
    test_display_names,
    test_echo,
    test_ingest,
    test_receipt,
    test_replay,
    test_shared_fixtures,
    test_status,
    test_webhook,
    test_webhook_meta,
)
