"""The design's access table, checked against every model and method.

A new model, public method, readable field or route fails here until the tables contain
it.
"""

import inspect

from odoo.exceptions import AccessError, UserError

from ..common import AGENT, MANAGER
from ..scripted import refused
from .access_case import PLACES, ROLES, AccessCase
from .access_tables import (
    ACTIONS,
    HARMLESS,
    OPERATIONS,
    QUESTIONS,
    RIGHTS,
)
from .field_tables import FIELDS, MANAGER_FIELDS, SYSTEM_FIELDS

WAYS_TO_READ = {
    "read": lambda ids: [ids],
    "web_read": lambda ids: [ids, {"display_name": {}}],
    "export_data": lambda ids: [ids, ["id", "display_name"]],
    "search_read": lambda ids: [[("id", "in", ids)]],
    "web_search_read": lambda ids: [[("id", "in", ids)], {"display_name": {}}],
    "search": lambda ids: [[("id", "in", ids)]],
    "search_count": lambda ids: [[("id", "in", ids)]],
    "name_search": lambda ids: ["", [("id", "in", ids)]],
    "formatted_read_group": lambda ids: [[("id", "in", ids)], ["id"], ["id:max"]],
    "web_read_group": lambda ids: [[("id", "in", ids)], ["id"], ["id:max"]],
    "onchange": lambda ids: [ids, {}, [], {"display_name": {}}],
    "copy_data": lambda ids: [ids],
}


class TestAccess(AccessCase):
    def test_each_role_has_exactly_the_rights_of_the_table(self):
        for model, by_place in RIGHTS.items():
            for place in PLACES:
                records = self.places[place][model]
                for role in ROLES:
                    with self.subTest(model, place=place, role=role):
                        user = getattr(self, role)
                        has = "".join(
                            letter
                            for letter, operation in OPERATIONS.items()
                            if records.with_user(user).has_access(operation)
                        )
                        self.assertEqual(has, by_place[place].get(role, ""))

    def test_no_way_of_reading_discloses_forbidden_fields(self):
        for model, by_place in RIGHTS.items():
            for place in PLACES:
                for role in ROLES:
                    if "r" not in by_place[place].get(role, ""):
                        self.check_unreadable(role, model, place)

    def check_unreadable(self, role, model, place):
        ids = self.places[place][model].ids
        for method, arguments in WAYS_TO_READ.items():
            with self.subTest(model, place=place, role=role, method=method):
                try:
                    result = self.rpc(role, model, method, *arguments(ids))
                except (AccessError, UserError):
                    continue
                if isinstance(result, dict):
                    lists = ("records", "datas", "groups", "value")
                    result = next(filter(None, map(result.get, lists)), None)
                self.assertFalse(result)

    def test_guessing_by_domain_reveals_nothing(self):
        """This includes a message's channel and its files."""
        hidden = self.places["private"]
        paths = {
            "messaging.message": "conversation_id.contact_name",
            "messaging.media": "message_id.body",
            "messaging.identity": "conversation_id.message_ids.body",
            "messaging.note.window": "message_ids.body",
            "messaging.participation": "conversation_id.contact_name",
            "messaging.channel": "account_id.receipt_ids.error",
        }
        for model, path in paths.items():
            for role in ("agent", "manager"):
                domain = [(path, "ilike", "secret"), ("id", "in", hidden[model].ids)]
                with self.subTest(model, role=role):
                    try:
                        found = self.rpc(role, model, "search", domain)
                    except AccessError:
                        continue
                    self.assertFalse(found)

    def test_nested_commands_reach_no_hidden_record(self):
        """x2many commands are checked like other writes."""
        hidden, seen = self.places["private"], self.places["shared"]
        account = seen["messaging.account"].ids
        receipt = seen["messaging.receipt"].id
        for role, model, ids, values in (
            ("manager", "messaging.account", account, {"receipt_ids": [(2, receipt)]}),
            (
                "manager",
                "messaging.account",
                account,
                {"receipt_ids": [(1, receipt, {"state": "done"})]},
            ),
            (
                "manager",
                "messaging.account",
                account,
                {"receipt_ids": [(0, 0, {"error": "made up"})]},
            ),
            (
                "agent",
                "messaging.conversation",
                seen["messaging.conversation"].ids,
                {"message_ids": [(4, hidden["messaging.message"].id)]},
            ),
            (
                "installer",
                "messaging.conversation",
                seen["messaging.conversation"].ids,
                {"message_ids": [(0, 0, {"direction": "inbound", "body": "forged"})]},
            ),
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                self.rpc(role, model, "write", ids, values)

    def test_the_context_of_a_call_sets_no_value_of_a_message(self):
        """Messages are created with sudo(), which must drop the context's defaults."""
        hidden = self.places["private"]["messaging.message"]
        file = self.attachment(
            hidden.conversation_id, name="secret.png", user=self.installer
        )
        tricks = {
            "default_reply_to_id": hidden.id,
            "default_attachment_ids": [(6, 0, file.ids)],
            "default_provider_message_id": "SM1",
            "default_reason": "other",
        }
        thread = self.conversation().with_context(**tricks)
        made = self.message([*thread.reply("Yes"), thread.action_note("Note")])
        thread.action_close()
        made |= made.conversation_id.message_ids
        self.assertFalse(made.reply_to_id)
        self.assertFalse(made.attachment_ids)
        self.assertFalse(any(made.mapped("reason")))
        self.assertNotIn("Secret", str(thread.inbox_open(thread.id)["messages"]))

    def test_records_of_a_switched_off_company_are_hidden(self):
        self.manager.company_ids |= self.other_company
        conversation = self.places["elsewhere"]["messaging.conversation"]
        for companies, seen in (
            (self.company, False),
            (self.company | self.other_company, True),
        ):
            found = (
                conversation.with_user(self.manager)
                .with_context(allowed_company_ids=companies.ids)
                .search([("id", "=", conversation.id)])
            )
            self.assertEqual(bool(found), seen)

    def test_a_user_cannot_switch_on_a_foreign_company(self):
        conversations = self.env["messaging.conversation"].with_user(self.agent)
        tricked = conversations.with_context(allowed_company_ids=self.other_company.ids)
        with self.assertRaises(AccessError):
            tricked.inbox_list(False)

    def test_archived_channels_keep_their_access_rules(self):
        self.private.active = False
        self.account.active = False
        conversation = self.places["private"]["messaging.conversation"]
        for role in ROLES:
            has = conversation.with_user(getattr(self, role)).has_access("read")
            self.assertEqual(has, role == "installer", role)

    def test_salespeople_are_agents_and_sales_managers_managers(self):
        for group, implied in (
            ("sales_team.group_sale_salesman", AGENT),
            ("sales_team.group_sale_manager", MANAGER),
        ):
            self.assertTrue(self._user(implied, group).has_group(implied))
        self.assertFalse(self.system.has_group(AGENT))


class TestAccessOfMethods(AccessCase):
    def setUp(self):
        super().setUp()
        self.decided = {**ACTIONS, **QUESTIONS}

    def arguments(self, key, place):
        arguments = self.decided[key]["arguments"]
        return arguments(self, self.places[place]) if arguments else []

    def ids(self, key, place):
        """Return the leading ids of a record method, nothing for one of the model."""
        model, method = key
        if getattr(getattr(type(self.env[model]), method), "_api_model", False):
            return []
        return [self.places[place][model].ids]

    def call(self, key, place, role):
        return self.rpc(role, *key, *self.ids(key, place), *self.arguments(key, place))

    def test_actions_are_refused_to_roles_outside_the_table(self):
        for key, decision in ACTIONS.items():
            for place in PLACES:
                for role in ROLES:
                    may = role in decision[place]
                    with self.subTest(key, place=place, role=role):
                        self.assertEqual(self.tried(key, place, role), may)

    def tried(self, key, place, role):
        """Return whether access was granted, whatever the result; undo the call."""
        self.http.answers = [refused(401, 20003)]
        with self.env.cr.savepoint() as savepoint:
            try:
                self.call(key, place, role)
            except AccessError:
                return False
            except UserError:
                return True
            finally:
                savepoint.rollback()
                self.env.invalidate_all()
                self.env.cr.precommit.clear()
        return True

    def test_read_methods_disclose_nothing(self):
        for key, decision in QUESTIONS.items():
            for place in PLACES:
                for role in ROLES:
                    with self.subTest(key, place=place, role=role):
                        seen = self.seen(key, place, role)
                        may = role in decision[place] and decision["arguments"]
                        self.assertEqual(f"Secret of {place}" in seen, bool(may))

    def seen(self, key, place, role):
        try:
            return str(self.call(key, place, role))
        except AccessError:
            self.assertNotIn(role, self.decided[key][place])
            return ""

    # completeness of the tables

    def test_every_model_is_in_the_table(self):
        """Except for dialogs, whose records belong to their user."""
        dialogs = {n for n in self.our_models() if self.env[n]._transient}
        abstract = {n for n in self.our_models() if self.env[n]._abstract}
        self.assertEqual(set(RIGHTS), set(self.our_models()) - abstract - dialogs)

    def test_only_administrators_make_a_token(self):
        settings, method = "res.config.settings", "action_messaging_monitoring_token"
        for role in ROLES:
            if role != "system":
                with self.subTest(role), self.assertRaises(AccessError):
                    self.rpc(role, settings, method, [])

    def test_every_public_method_is_in_the_table(self):
        found = {
            (model, name)
            for model in self.env.registry
            for name in self.public_methods(model)
        }
        self.assertEqual(found, set(self.decided) | set(HARMLESS))

    def public_methods(self, model):
        """Return the names of public methods that our addon adds."""
        for name, method in inspect.getmembers(type(self.env[model]), callable):
            module = getattr(method, "__module__", None) or ""
            ours = module.startswith("odoo.addons.messaging_inbox.")
            private = name.startswith("_") or getattr(method, "_api_private", False)
            if ours and not private and not hasattr(self.env["base"], name):
                yield name

    def test_every_readable_field_is_in_the_table(self):
        mixins = ("mail.thread", "mail.activity.mixin")
        chatter = {name for mixin in mixins for name in self.env[mixin]._fields}
        for model, names in FIELDS.items():
            manager = MANAGER_FIELDS.get(model, "").split()
            system = manager + SYSTEM_FIELDS.get(model, "").split()
            extra = {"manager": manager, "system": system}
            for role in ("agent", "manager", "installer", "system"):
                with self.subTest(model, role=role):
                    fields = self.env[model].with_user(getattr(self, role)).fields_get()
                    magic = {"id", "display_name", "create_uid", "create_date"}
                    magic |= {"write_uid", "write_date"}
                    has_chatter = model in ("messaging.account", "messaging.template")
                    magic |= chatter if has_chatter else set()
                    more = extra.get(role, ())
                    self.assertEqual(set(fields) - magic, {*names.split(), *more})
