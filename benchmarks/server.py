"""The Odoo that is measured: two workers, without development settings."""

import configparser
import json
import xmlrpc.client
from functools import cached_property
from urllib.request import Request, urlopen

from benchmarks.committed import Watch
from benchmarks.filling import LOGIN, PASSWORD
from tools.dev.places import ODOO_CONFIG, ROOT
from tools.dev.servers import OdooServer

WORKERS = 2
AGENT = LOGIN.format(3)
ADDONS = ROOT / "benchmarks" / "addons"
ACCOUNT_SID = "ACbe0c0000000000000000000000000001"
AUTH_TOKEN = "be0c000000000000000000000000ffff"
NUMBER = "+34600000001"
APP_SECRET = "be0c00000000000000000000000000ab"
PAGE = "104030201000099"
ASKS_PROVIDER = "Messaging: fetch customer profiles"


def with_empty_route(others=None):
    """Return Odoo's options that load `bench_empty` without installing it.

    ``others`` is a folder of packages from PyPI, with more addons.
    """
    config = configparser.ConfigParser()
    config.read(ODOO_CONFIG)
    path = f"{config['options']['addons_path']},{ADDONS}"
    if others:
        path += f",{others}/odoo/addons"
    return ["--addons-path", path, "--load", "base,rpc,web,bench_empty"]


class MeasuredOdoo(OdooServer):
    """Odoo on one database; its accounts are connected when they are first needed."""

    def __init__(self, database, api_base_url="", others=None):
        """``api_base_url`` stands in for the provider; ``others``: see above."""
        # With a filter, Odoo lists all databases over a new connection at each request
        # without a session, which would hide what we measure
        options = [*with_empty_route(others), "--proxy-mode", "--db-filter="]
        # Only for developers, a provider may be at another address
        variables = {"MESSAGING_INBOX_DEVELOPER": "1" if api_base_url else "0"}
        if others:
            variables["PYTHONPATH"] = str(others)
        self.api_base_url = api_base_url
        super().__init__(database, None, WORKERS, options, variables)

    @property
    def address(self):
        """The workers' address, without the proxy."""
        return "127.0.0.1", self.http_port

    @cached_property
    def webhook_url(self):
        """Of an account with one WhatsApp number."""
        return connect_account(self)

    @cached_property
    def page_url(self):
        """Of an account with one Messenger Page."""
        return connect_page(self)

    @cached_property
    def agent_session(self):
        """The session of an Agent of a filled database, who is in both companies."""
        return session_of(self, AGENT, PASSWORD)

    @cached_property
    def agent(self):
        """A function that calls a method as this Agent's client does."""
        return caller(self, self.agent_session)

    @cached_property
    def watch(self):
        return Watch(self.database)

    def stop(self):
        super().stop()
        if "watch" in vars(self):
            self.watch.close()


def connect_account(server):
    """Create a connected account with one WhatsApp number; return its webhook URL."""
    credentials = {"twilio_account_sid": ACCOUNT_SID, "twilio_auth_token": AUTH_TOKEN}
    if server.api_base_url:
        credentials["api_base_url"] = server.api_base_url
    return _connect(server, credentials, {"kind": "whatsapp", "address": NUMBER})


def connect_page(server):
    """Create a connected account with one Messenger Page; return its webhook URL.

    The cron that asks for customers' names is switched off: it would use the internet.
    """
    crons = call(server, "ir.cron", "search", [("cron_name", "=", ASKS_PROVIDER)])
    call(server, "ir.cron", "write", crons, {"active": False})
    credentials = {"provider": "messenger", "meta_app_id": "1"}
    credentials["meta_app_secret"] = APP_SECRET
    return _connect(server, credentials, {"kind": "messenger", "address": PAGE})


def _connect(server, credentials, channel):
    values = {"name": "Measured", "state": "connected", **credentials}
    account = call(server, "messaging.account", "create", values)
    channel = {"name": "Measured", "account_id": account, **channel}
    call(server, "messaging.channel", "create", channel)
    [read] = call(server, "messaging.account", "read", [account], ["webhook_url"])
    return read["webhook_url"]


def link_conversations(server, prefix):
    """Link each conversation of the customers with this prefix to a new contact."""
    domain = [("contact_phone", "=like", f"{prefix}%")]
    for conversation in call(server, "messaging.conversation", "search", domain):
        values = {"name": f"Contact {conversation}"}
        partner = call(server, "res.partner", "create", values)
        link = [conversation], partner
        call(server, "messaging.conversation", "action_link", *link)


def call(server, model, method, *arguments):
    """Call as the administrator does over RPC."""
    proxy = xmlrpc.client.ServerProxy(f"{server.http_url}/xmlrpc/2/object")
    user = (server.database, 2, "admin")
    return proxy.execute_kw(*user, model, method, list(arguments))


def make_user(server, name, login):
    """Create an internal user whose password is the login; return the partner's id."""
    values = {"name": name, "login": login, "password": login}
    user = call(server, "res.users", "create", values)
    [read] = call(server, "res.users", "read", [user], ["partner_id"])
    return read["partner_id"][0]


def session_of(server, login="admin", password="admin"):
    """Log in as the client does; return the id of the session."""
    user = {"db": server.database, "login": login, "password": password}
    answer = _post(server, "/web/session/authenticate", user)
    cookies = answer.headers.get_all("Set-Cookie")
    # Logging in replaces the session that the request began with.
    session = [c for c in cookies if c.startswith("session_id=")][-1]
    return session.partition("=")[2].partition(";")[0]


def caller(server, session):
    """Return a function that calls a method as the client with this session does."""
    headers = {"Cookie": f"session_id={session}"}

    def ask(model, method, *arguments):
        values = {"model": model, "method": method, "args": arguments, "kwargs": {}}
        path = f"/web/dataset/call_kw/{model}/{method}"
        answer = json.load(_post(server, path, values, headers))
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]

    return ask


def _post(server, path, params, headers=()):
    body = json.dumps({"jsonrpc": "2.0", "params": params}).encode()
    headers = {"Content-Type": "application/json", **dict(headers)}
    return urlopen(Request(f"{server.http_url}{path}", body, headers))
