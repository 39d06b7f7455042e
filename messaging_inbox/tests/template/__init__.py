from . import (
    test_binding,
    test_editing,
    test_numbered,
    test_numbered_sending,
    test_rules,
    test_submission,
    test_sync,
    test_sync_times,
)
