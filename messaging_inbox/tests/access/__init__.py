from . import (
    test_access,
    test_access_bus,
    test_access_fields,
    test_access_files,
    test_access_http,
    test_access_routes,
    test_privacy,
)
