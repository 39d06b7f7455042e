"""The webhook beside that of the OCA's gateway for Telegram, in Discuss.

Its addons (AGPL) are downloaded into a folder of their own when they are measured. A
text causes no request to Telegram, so nothing leaves this machine.
"""

import itertools
import json
import time

import psycopg2

from benchmarks.load import http_post, post_all
from benchmarks.registry import Aim, measurement
from benchmarks.server import call
from benchmarks.throughput import empty_round, metrics, rates, webhook_round
from benchmarks.timing import in_turn
from benchmarks.webhooks import CUSTOMERS, QUESTION
from tools.dev.databases import create_without_addon
from tools.dev.packages import ensure_beside
from tools.dev.places import DEV

PACKAGES = (
    "odoo-addon-mail-gateway==19.0.1.1.0",
    "odoo-addon-mail-gateway-telegram==19.0.1.0.0.3",
    # What the gateway imports: its manifest asks for them
    "python-telegram-bot==22.8",
    "lottie==0.7.2",
    "cairosvg==2.9.1",
)
MEMBERS = 5
KEY, SECRET = "bench-key", "bench-secret"
# A token's form is checked when a bot is made.
TOKEN = "123456789:AAbench0000000000000000000000000000"
ROUNDS = 3
# The gateway needs much longer for one.
REQUESTS, WEBHOOKS = 60, 600
_numbers = itertools.count(1)


@measurement(
    Aim(
        "webhook_vs_oca_gateway",
        "webhooks per second over updates to the OCA's gateway with 5 members",
        at_least=30,
    ),
)
def peer(bench):
    """Both in turn, after a first message of each customer.

    The empty route beside them shows what the fastest webhook could reach.
    """
    packages = DEV / "peers"
    ensure_beside(packages, *PACKAGES)
    with bench.odoo("peer", create_without_addon, others=packages) as gateway:
        url = _make_gateway(gateway)
        _gateway_round(gateway, url, bench, CUSTOMERS)
        webhook_round(bench, bench.empty, 2 * CUSTOMERS)
        sides = {
            "empty": lambda: empty_round(bench, bench.empty, WEBHOOKS),
            "webhook": lambda: webhook_round(bench, bench.empty, WEBHOOKS),
            "gateway": lambda: _gateway_round(gateway, url, bench, REQUESTS),
        }
        rate = rates(in_turn(sides, ROUNDS))
    return {
        "webhook_vs_oca_gateway": rate["webhook"] / rate["gateway"],
        "empty_route_vs_oca_gateway": rate["empty"] / rate["gateway"],
        "oca_gateway_per_second": rate["gateway"],
    }


def _make_gateway(server):
    """Install the addons and create a gateway; return the path of its webhook."""
    call(server, "ir.module.module", "update_list")
    wanted = [("name", "=", "mail_gateway_telegram")]
    found = call(server, "ir.module.module", "search", wanted)
    call(server, "ir.module.module", "button_immediate_install", found)
    users = [
        {"name": f"Member {n}", "login": f"member{n}", "password": f"member{n}"}
        for n in range(MEMBERS)
    ]
    values = {
        "name": "Measured",
        "gateway_type": "telegram",
        "token": TOKEN,
        "webhook_key": KEY,
        "webhook_secret": SECRET,
        "integrated_webhook_state": "integrated",
        "member_ids": [(6, 0, call(server, "res.users", "create", users))],
    }
    call(server, "mail.gateway", "create", values)
    return f"/gateway/telegram/{KEY}/update"


def _gateway_round(server, path, bench, count):
    """Post updates; return the metrics once each is stored as a message."""
    payloads = [_update(path, next(_numbers)) for _ in range(count)]
    before = _stored(server)
    result = post_all(server.address, payloads, bench.options.concurrency)
    if (stored := _stored(server) - before) != count:
        raise RuntimeError(f"The gateway stored {stored} of {count} messages.")
    return metrics(result)


def _stored(server):
    with psycopg2.connect(dbname=server.database) as connection:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM mail_message WHERE model = 'discuss.channel'"
                " AND body LIKE %s",
                [f"%{QUESTION}%"],
            )
            [count] = cursor.fetchone()
    connection.close()
    return count


def _update(path, number):
    chat = 1000 + number % CUSTOMERS
    person = {"id": chat, "first_name": f"Customer {chat}", "is_bot": False}
    message = {
        "message_id": number,
        "date": int(time.time()),
        "chat": {"id": chat, "type": "private", "first_name": person["first_name"]},
        "from": person,
        "text": f"Message {number}: {QUESTION}",
    }
    headers = (
        ("Content-Type", "application/json"),
        ("X-Telegram-Bot-Api-Secret-Token", SECRET),
    )
    body = json.dumps({"update_id": number, "message": message}).encode()
    return http_post("localhost", path, body, headers)
