from . import (
    test_binding,
)
