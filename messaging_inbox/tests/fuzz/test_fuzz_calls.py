"""Our public methods with any arguments, as every role: a result or a clear refusal."""

import json
import traceback
from inspect import Parameter, signature

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tools import json_default, mute_logger

from ..access.access_case import PLACES, AccessCase
from ..access.access_tables import ACTIONS, HARMLESS, QUESTIONS
from ..scripted import refused
from .fuzz_case import FuzzMixin

# Who gets past the check of access most often, calls most often.
CALLERS = ("agent", "agent", "agent", "installer", "manager", "manager")
CALLERS += ("system", "employee", "portal", "public", "stranger")
# Of Odoo's own methods, what we have made ours.
OVERRIDDEN = {("messaging.conversation", "write")}
METHODS = sorted({*ACTIONS, *QUESTIONS, *HARMLESS, *OVERRIDDEN})


class TestFuzzCalls(FuzzMixin, AccessCase):
    def test_any_call_gets_a_result_or_a_refusal(self):
        for _ in range(self.rounds):
            for role in CALLERS:
                for key in METHODS:
                    self.call_with_junk(role, key)
        self.check_no_failure("calls of our methods")

    def test_any_content_of_a_template_is_stored_or_refused(self):
        """The editor sends these as JSON, which has no type in the database."""
        account = self.places["shared"]["messaging.account"]
        draft = {"account_id": account.id, "name": "x", "language": "en", "body": "x"}
        for _ in range(60 * self.rounds):
            values = {
                name: self.junk()
                for name in ("buttons", "samples", "bindings", "variable_names")
                if self.rng.random() < 0.5
            }
            if self.rng.random() < 0.5:
                keys = ("kind", "text", "value", "payload", "source", "path")
                button = {key: self.junk() for key in self.rng.choices(keys, k=5)}
                values["buttons"] = [button]
            if self.rng.random() < 0.5:
                binding = {"source": "partner", "path": self.junk()}
                values["bindings"] = {"name": binding, **values}
            created = ("messaging.template", "create")
            self.execute("manager", created, [[{**draft, **values}]], {})
        self.check_no_failure("templates")

    def call_with_junk(self, role, key):
        """Replace some arguments of a valid call by junk."""
        model, method = key
        if self.env[model]._abstract:
            return
        place = self.rng.choice(PLACES)
        arguments = self.with_junk(self.valid_arguments(key, place), key)
        self.execute(role, key, self.ids(role, key, place), arguments)

    def execute(self, role, key, ids, arguments):
        """Call and undo it; note anything but a result and a clear refusal."""
        model, method = key
        self.executions += 1
        self.http.answers = [refused(401, 20003)] * 3
        with self.env.cr.savepoint() as savepoint, mute_logger("odoo.sql_db"):
            try:
                result = self.call(role, model, method, ids, arguments)
                self.env.flush_all()
                self.env.cr.precommit.run()
                json.dumps(result, default=json_default)
            except UserError as refusal:
                # A client shows it: it must be text.
                str(refusal).encode()
            except Exception as error:
                self.fail_with(
                    f"{model}.{method}: {_kind_of(error)}", (role, ids, arguments)
                )
            finally:
                savepoint.rollback()
                self.env.invalidate_all()
                self.env.cr.precommit.clear()
                self.env.cr.postcommit.clear()

    def call(self, role, model, method, ids, arguments):
        """Call as ``rpc`` does, whatever the arguments are called."""
        self.env.invalidate_all()
        records = self.env[model].with_user(getattr(self, role))
        return call_kw(records, method, ids, arguments)

    def ids(self, role, key, place):
        """Return the leading ids: mostly of a record, now and then of none.

        A model without records in the tables is that of users, or a dialog.
        """
        model, method = key
        if getattr(getattr(type(self.env[model]), method), "_api_model", False):
            return []
        records = self.places[place].get(model)
        real = records.ids if records else [getattr(self, role).id]
        return [self.rng.choice([real] * 8 + [[10**9], [2**40]])]

    def valid_arguments(self, key, place):
        """Return {name: value} of a call that the tables of access call valid."""
        names = [each.name for each in self.parameters(key)]
        make = {**ACTIONS, **QUESTIONS}.get(key, {}).get("arguments")
        values = make(self, self.places[place]) if make else []
        return dict(zip(names, values, strict=False))

    def with_junk(self, arguments, key):
        """Return the arguments with all required ones, at least one of them junk."""
        parameters = self.parameters(key)
        arguments = dict(arguments)
        for each in parameters:
            is_missing = each.default is Parameter.empty and each.name not in arguments
            if is_missing or self.rng.random() < 0.3:
                arguments[each.name] = self.junk_for(each.name)
        if parameters and self.rng.random() < 0.9:
            name = self.rng.choice(parameters).name
            arguments[name] = self.junk_for(name)
        return arguments

    def junk_for(self, name):
        """Return junk; half of it gets past the first check, by names that we know."""
        known = self.known_keys().get(name)
        if not known or self.rng.random() < 0.5:
            return self.junk()
        if name == "action":
            return self.rng.choice(known)
        some = {key: self.junk() for key in self.rng.choices(known, k=2)}
        ids = self.places[self.rng.choice(PLACES)]["messaging.conversation"].ids
        if name == "steps":
            action = self.rng.choice(list(self.inbox._actions()))
            return [{"ids": ids, "action": action, **some, "expected": self.junk()}]
        return some

    def known_keys(self):
        """Return {parameter: the keys or words that it may have}."""
        filters = {**self.inbox._list_filters(), **self.inbox._message_filters()}
        records = (self.env["res.partner"], self.env["crm.lead"], self.inbox)
        return {
            "action": list(self.inbox._actions()),
            "filters": list(filters),
            "place": ["latitude", "longitude", "label", "address"],
            "steps": ["value", "expected"],
            "vals": sorted(name for each in records for name in each._fields),
            "value": ["add", "remove"],
            "values": ["name", "phone", "email", "contact_name", *self.switches()],
        }

    @property
    def inbox(self):
        return self.env["messaging.conversation"]

    def switches(self):
        return self.manager.with_user(self.manager).messaging_notification_settings()[
            "settings"
        ]

    def parameters(self, key):
        model, method = key
        _self, *others = signature(
            getattr(type(self.env[model]), method)
        ).parameters.values()
        return others


def _kind_of(error):
    """Return what failed and where, without what the values were."""
    ours = [
        f"{frame.filename.rpartition('/')[2]}:{frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "/messaging_inbox/" in frame.filename and "/tests/" not in frame.filename
    ]
    return f"{type(error).__name__} in {' > '.join(ours[-2:])}"
