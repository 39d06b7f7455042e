"""Every route of the addon, from the registry's routing map, as every role."""

import threading
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .access_case import PLACES, ROLES, AccessCase
from .access_tables import ROUTES

OURS = "odoo.addons.messaging_inbox."


def attributes(routing):
    """Return what of a route decides who gets in."""
    return {
        "auth": routing["auth"],
        "type": routing["type"],
        "methods": " ".join(routing["methods"] or ["any"]),
        # POST without a token against forgery, and answers for other origins.
        "csrf": routing.get("csrf", True),
        "cors": routing.get("cors"),
        "keeps_session": routing.get("save_session", True),
    }


@tagged("post_install", "-at_install")
class TestAccessOfRoutes(AccessCase, HttpCase):
    def test_every_route_is_in_the_table(self):
        """A route counts as ours if we define or override its handler."""
        thread, database = threading.current_thread(), self.env.cr.dbname
        # Odoo's map is that of the thread's database.
        with patch.object(thread, "dbname", database, create=True):
            rules = list(self.env["ir.http"].routing_map().iter_rules())
        found = {
            rule.rule: attributes(rule.endpoint.routing)
            for rule in rules
            if rule.endpoint.func.__module__.startswith(OURS)
        }
        decided = {
            rule: {name: value for name, value in decision.items() if name != "roles"}
            for rule, decision in ROUTES.items()
        }
        self.assertEqual(found, decided)

    def test_routes_let_in_the_roles_of_the_table_only(self):
        """Routes without a user demand a signature or a token: roles is empty."""
        for role in ROLES:
            login = None if role == "public" else getattr(self, role).login
            self.authenticate(login, login)
            for rule, decision in ROUTES.items():
                for place in PLACES:
                    with self.subTest(rule, role=role, place=place):
                        self.check_route(role, rule, decision, place)

    def check_route(self, role, rule, decision, place):
        records = self.places[place]
        account = records["messaging.account"].sudo()
        path = (
            rule.replace("<int:message_id>", str(records["messaging.message"].id))
            .replace("<string:token>", account.webhook_token)
            .replace("<string:signed>", "1")
            .replace("<string:filename>", "a.png")
        )
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_http"):
            got = self.url_open(path, allow_redirects=False)
            posted = self.url_open(path, data={"a": "b"}, allow_redirects=False)
        self.assertEqual(got.status_code == 200, role in decision["roles"])
        # Unsigned, or without the token that Odoo's own forms have.
        self.assertIn(posted.status_code, (303, 400, 403, 405))
        for answer in (got, posted):
            self.assertLess(answer.status_code, 500)
            self.assertNotIn("Secret of", answer.text)
