from . import (
    test_fuzz_calls,
    test_fuzz_webhook,
)
