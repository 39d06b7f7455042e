import pytest

from tests.faults.processes import workers
from tests.waiting import eventually

# Two for HTTP, one for websockets, one for the crons
WORKERS = 4


@pytest.fixture(autouse=True)
def all_workers(odoo):
    """Begin each test with a server that has recovered from the previous one."""
    if odoo.process.poll() is not None:
        odoo.stop()
        odoo.start()
    eventually(lambda: len(workers(odoo)) == WORKERS, what="the return of all workers")
