from . import (
    test_bus,
    test_bus_about,
    test_client,
    test_ingest_bus,
    test_service_worker,
)
