from . import test_ingest, test_webhook
