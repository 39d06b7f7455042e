"""Two nodes behind nginx, one of which restarts: nothing is lost or doubled."""

import pytest

from benchmarks.nodes.measures import rolling_restart
from tests.nodes.cluster import Cluster
from tools.dev.nginx import Nginx
from tools.dev.servers import OdooServer

CUSTOMERS = [f"+34611770{number:03d}" for number in range(3)]


@pytest.fixture
def cluster(odoo, account, admin, phone, database, agent, other_agent):
    """Add a second node and nginx, where the provider posts for this test."""

    def post_to(server):
        path = account["webhook_url"].partition("/messaging/")[2]
        values = {"webhook_url": f"{server}/messaging/{path}"}
        admin.call("messaging.account", "write", [account["id"]], values)
        admin.call("messaging.account", "action_connect", [account["id"]])

    options = odoo.options
    second = OdooServer(odoo.database, workers=2, options=options, node=2)
    with second, Nginx([odoo, second], f"nginx-{odoo.database}") as nginx:
        post_to(nginx.url)
        yield Cluster(database, [odoo, second], nginx, phone, admin, account)
        post_to(odoo.http_url)
    nginx.forget()


def test_a_node_restarts_while_customers_and_agents_write(cluster):
    _first, second = cluster.nodes
    pairs = cluster.talk(CUSTOMERS)
    ended = rolling_restart(cluster, pairs, [second], lead=2, every=0.7)
    kinds = "lost", "doubled"
    wrong = {f"{way}_{kind}": 0 for way in ("inbound", "outbound") for kind in kinds}
    wrong |= {"outbound_overtaken": 0, "statuses_wrong": 0, "live_missed": 0}
    assert {name: ended[name] for name in wrong} == wrong
    assert min(ended["inbound_sent"], ended["outbound_sent"]) > 2 * len(CUSTOMERS)
    # Otherwise the restart has met no request.
    assert ended["nginx_second_tries"] + ended["outbound_repeated"] > 0
