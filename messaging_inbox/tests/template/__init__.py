from . import (
    test_binding,
    test_rules,
)
