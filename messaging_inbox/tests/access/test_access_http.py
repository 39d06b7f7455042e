"""Calls that the tables refuse are refused over HTTP too, by JSON-RPC in a session."""

from odoo.tests import HttpCase
from odoo.tools import mute_logger

from .access_case import PLACES, ROLES, AccessCase
from .access_tables import ACTIONS, OPERATIONS, RIGHTS

REFUSED = ("odoo.exceptions.AccessError", "odoo.http.SessionExpiredException")
# Values that change this model for certain; others check access before the values.
CHANGES = {"messaging.conversation": {"state": "closed"}}


class TestAccessOverHttp(AccessCase, HttpCase):
    def call_over_http(self, model, method, *arguments):
        """Call a method as a browser does; return the result and the error's name."""
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                json={
                    "params": {
                        "model": model,
                        "method": method,
                        "args": arguments,
                        "kwargs": {},
                    }
                },
            ).json()
        return answer.get("result"), answer.get("error", {}).get("data", {}).get("name")

    def log_in_as(self, role):
        if role == "public":
            return self.authenticate(None, None)
        login = getattr(self, role).login
        return self.authenticate(login, login)

    def arguments(self, model, operation, place):
        ids = self.places[place][model].ids
        return {
            "read": [ids],
            "write": [ids, CHANGES.get(model, {})],
            "create": [[{}]],
            "unlink": [ids],
        }[operation]

    def test_forbidden_operations_on_records_are_refused(self):
        for role in ROLES:
            self.log_in_as(role)
            for model, by_place in RIGHTS.items():
                for place in PLACES:
                    has = by_place[place].get(role, "")
                    missing = [OPERATIONS[each] for each in OPERATIONS.keys() - has]
                    # Users who may create some record may ask to create.
                    may_create = any(
                        "c" in rights.get(role, "") for rights in by_place.values()
                    )
                    for operation in missing:
                        if operation != "create" or not may_create:
                            self.check_refused(role, model, operation, place)

    def check_refused(self, role, model, operation, place):
        arguments = self.arguments(model, operation, place)
        with self.subTest(model, role=role, operation=operation, place=place):
            result, error = self.call_over_http(model, operation, *arguments)
            self.assertIn(error, REFUSED, result)

    def test_forbidden_calls_are_refused(self):
        for role in ROLES:
            self.log_in_as(role)
            for (model, method), decision in ACTIONS.items():
                for place in PLACES:
                    if role not in decision[place]:
                        self.check_call_refused(role, model, method, place)

    def check_call_refused(self, role, model, method, place):
        records = self.places[place]
        make = ACTIONS[model, method]["arguments"]
        arguments = make(self, records) if make else []
        on_model = getattr(getattr(type(self.env[model]), method), "_api_model", False)
        ids = [] if on_model else [records[model].ids]
        with self.subTest(model, role=role, method=method, place=place):
            result, error = self.call_over_http(model, method, *ids, *arguments)
            self.assertIn(error, REFUSED, result)

    def test_allowed_calls_go_through(self):
        """This proves that the calls refused above are otherwise valid."""
        self.log_in_as("agent")
        thread = self.places["shared"]["messaging.conversation"]
        for method in ("action_close", "action_reopen", "action_mark_read"):
            result, error = self.call_over_http(thread._name, method, thread.ids)
            self.assertEqual((result, error), (True, None))
        rows, _error = self.call_over_http(
            thread._name, "read", thread.ids, ["contact_name"]
        )
        self.assertEqual(rows[0]["contact_name"], "Secret of shared")

    def test_private_methods_cannot_be_called(self):
        self.log_in_as("installer")
        thread = self.places["shared"]["messaging.conversation"]
        for method in ("_store", "_set_assignee", "_log_event", "_inbox_values"):
            with self.subTest(method):
                _result, error = self.call_over_http(
                    thread._name, method, thread.ids, {}
                )
                self.assertEqual(error, "odoo.exceptions.AccessError")
