import pytest

from tests.e2e.support.waiting import eventually
from tests.faults.crew import workers

# Two for HTTP, one for websockets, one for the crons
CREW = 4


@pytest.fixture(autouse=True)
def whole_crew(odoo):
    """Each test begins with a server that has recovered from the one before."""
    if odoo.process.poll() is not None:
        odoo.stop()
        odoo.start()
    eventually(lambda: len(workers(odoo)) == CREW, 20, "the return of all workers")
