"""Two Odoo nodes behind nginx on one new database, with the practice phone."""

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.e2e.support.database import Database
from tests.e2e.support.people import Person, connect_to_phone, make_agent
from tests.e2e.support.phone import Phone
from tests.nodes.page import Page
from tools.dev import databases
from tools.dev.nginx import Nginx
from tools.dev.servers import OdooServer, PracticePhone

# At DEBUG, Odoo says after each run of a cron how many records it processed.
CRON_LOG = "odoo.addons.base.models.ir_cron:DEBUG"
OPTIONS = ("--proxy-mode", "--max-cron-threads", "1", "--log-handler", CRON_LOG)
STOPS_WITHIN = 60


@dataclass
class Cluster:
    """Everything that runs. ``options`` are those of the command, if there is one."""

    database: Database
    nodes: list
    nginx: Nginx
    phone: Phone
    admin: Person
    account: dict
    options: object = None

    def person(self, name, node=None):
        """Log a user in at nginx, or at one node."""
        login = name.lower().replace(" ", ".")
        url = node.url if node else self.nginx.url
        return Person(url, self.database.name, login, login)

    def page(self, person, node=None):
        """Open a page at nginx, or at one node."""
        [row] = self.database.rows("SELECT coalesce(max(id), 0) AS id FROM bus_bus")
        return Page(node.websocket_port if node else self.nginx.port, person, row["id"])

    def talk(self, customers):
        """Let new customers write; return [(number, conversation)]."""
        for customer in customers:
            self.phone.add(customer)
            self.phone.write(customer, "Hello")
        return [(each, self.database.conversation(each)) for each in customers]


@contextmanager
def two_nodes(workers=2, prefix="nodes_", database_class=Database):
    """Start everything on a new database, which is removed afterwards."""
    databases.drop_abandoned(prefix)
    name = f"{prefix}{os.getpid()}"
    databases.create_database(name, assets=False)
    nodes = [OdooServer(name, None, workers, OPTIONS, node=n) for n in (1, 2)]
    nginx = Nginx(nodes, f"nginx-{name}")
    phone = PracticePhone(nginx.url, f"phone-{name}")
    try:
        with ExitStack() as stack:
            for server in (*nodes, nginx, phone):
                stack.enter_context(server)
            database = stack.enter_context(database_class(name))
            control = stack.enter_context(Phone(phone.url))
            control.calm_down()
            yield _cluster(database, nodes, nginx, control)
    finally:
        databases.drop_database(name)
        for server in (nginx, phone):
            server.forget()


def _cluster(database, nodes, nginx, phone):
    admin = Person(nginx.url, database.name, "admin", "admin")
    for name in ("Alba Agent", "Bruno Agent"):
        make_agent(nodes[0], admin, name)
    account = connect_to_phone(admin, nginx.url, phone.url)
    return Cluster(database, nodes, nginx, phone, admin, account)


def restart(node):
    """Stop a node as a supervisor does, and start it again."""
    node.process.terminate()
    node.process.wait(STOPS_WITHIN)
    node.start()
