"""`make run` starts Odoo with demo data and the practice phone, until Ctrl-C."""

import os
import re
import threading
import time

from tools.dev import databases
from tools.dev.client import Client
from tools.dev.console import Problem, say, step
from tools.dev.postgres import postgres, psql
from tools.dev.servers import OdooServer, PracticePhone, is_taken, wait_for_end
from tools.dev.setup import set_up
from tools.practice_phone.from_odoo import copy_history

WARNING = re.compile(r" (WARNING|ERROR|CRITICAL) ")
# Odoo's own services on the internet, which we don't use
NOISE = re.compile(
    r"odoo[./]addons[./](iap|partner_autocomplete|mail_bot|web_unsplash)"
)


def run(_extra):
    port, phone_port = _port("PORT", 8069), _port("PHONE_PORT", 8070)
    database = os.environ.get("DB") or "messaging_inbox"
    set_up()
    with postgres():
        odoo = OdooServer(database, port)
        phone = PracticePhone(odoo.url, f"phone-{database}", phone_port)
        _prepare_database(database, phone)
        _point_to_each_other(database, odoo, phone)
        return _serve(odoo, phone)


def _port(name, default):
    value = os.environ.get(name) or str(default)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise Problem(f"{name}={value} is not a port.")
    if is_taken(int(value)):
        raise Problem(
            f"Port {value} is taken. Choose another, such as {name}={int(value) + 10}."
        )
    return int(value)


def _prepare_database(name, phone):
    if databases.exists(name):
        databases.upgrade_database(name)
        return
    # The phone's state belongs to a database that no longer exists
    phone.forget()
    databases.create_database(name, demo=True)


def _point_to_each_other(database, odoo, phone):
    """Set our ports: the demo data contains the default ones."""
    psql(
        "UPDATE messaging_account"
        f" SET api_base_url = '{phone.url}', webhook_url = regexp_replace("
        f"webhook_url, '^https?://[^/]+', '{odoo.url}')"
        " WHERE api_base_url LIKE 'http://127.0.0.1:%'",
        database,
    )


def _serve(odoo, phone):
    with step("Starting the practice phone"):
        phone.start()
    try:
        with step("Starting Odoo"):
            odoo.start()
        _register(odoo, phone)
        _greet(odoo, phone)
        _watch(odoo.log)
        ended = wait_for_end([odoo, phone])
    finally:
        with step("\nStopping"):
            phone.stop()
            if odoo.process:
                odoo.stop()
    if ended:
        raise Problem(f"{ended.log.stem} ended unexpectedly (see {ended.log})")
    return 0


def _register(odoo, phone):
    """Register our webhooks at the phone, as Odoo does when it connects.

    Also copy the demo conversations to the phones, as if they had taken place there.
    """
    with step("Connecting the demo accounts to the phone"):
        client = Client(odoo)
        ours = [["api_base_url", "like", "http://127.0.0.1:"]]
        for account in client.call("messaging.account", "search", ours):
            client.call("messaging.account", "action_connect", [account])
        copy_history(client.call, phone.url)


def _greet(odoo, phone):
    say(
        f"\n  Odoo            {odoo.url}/odoo/messaging\n"
        f"  Practice phone  {phone.url}\n"
        "  Log in as       admin/admin (installer), agent1/agent1, agent2/agent2,"
        " agent3/agent3 (unavailable)\n"
        f"  Odoo's log      {odoo.log}\n\n"
        "Press Ctrl-C to stop everything.\n"
    )


def _watch(log):
    """Print Odoo's warnings while it runs."""
    threading.Thread(target=_follow, args=(log,), daemon=True).start()


def _follow(log):
    with log.open(errors="replace") as lines:
        while True:
            line = lines.readline()
            if WARNING.search(line) and not NOISE.search(line):
                say(line.rstrip())
            elif not line:
                time.sleep(0.5)
