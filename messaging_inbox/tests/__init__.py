from . import test_ingest, test_outbox, test_status, test_webhook
