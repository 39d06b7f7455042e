from . import (
    test_access,
    test_access_http,
)
