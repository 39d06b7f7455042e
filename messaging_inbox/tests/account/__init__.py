from . import (
    test_account,
    test_broken_rows,
    test_connecting,
    test_neutralize,
    test_refusal,
    test_secrets,
    test_secrets_ways,
    test_senders,
    test_service,
    test_settings,
    test_standing,
    test_watch,
)
