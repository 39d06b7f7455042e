"""Fields that a role may not read can't be read, guessed, sorted or written any way.

The fields come from the registry, so a new one is attacked as soon as it exists.
"""

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .access_case import PLACES, ROLES, AccessCase
from .access_tables import RIGHTS
from .field_tables import FIELDS_ELSEWHERE

# Longer paths lead through one of these models again.
MOST_STEPS = 3


def is_ours(field):
    return field._module == "messaging_inbox" and not field.inherited


class TestAccessOfFields(AccessCase):
    def restricted(self, role, model):
        """Return our fields that a role may not read on any record."""
        records = self.env[model].with_user(getattr(self, role))
        return [
            field
            for field in records._fields.values()
            if is_ours(field)
            and field.groups
            and not records._has_field_access(field, "read")
        ]

    def readers(self, model):
        """Return {role: a place} of those who may read a record of the model there."""
        return {
            role: place
            for place in PLACES
            for role in ROLES
            if "r" in RIGHTS[model][place].get(role, "")
        }

    def ways(self, role, model, field, place):
        """Return the ways to learn or to set a field of a record."""
        name, ids = field.name, self.places[place][model].ids
        here = [("id", "in", ids)]
        guesses = {
            f"search {operator}": ("search", [*here, (name, operator, value)])
            for operator, value in (
                ("=", False),
                ("!=", False),
                ("=like", "a%"),
                ("in", ["a"]),
                ("any", []),
            )
        }
        grouped = [here, [name], ["__count"]]
        return {
            **guesses,
            "read": ("read", ids, [name]),
            "web_read": ("web_read", ids, {name: {}}),
            "search_read": ("search_read", here, [name]),
            "web_search_read": ("web_search_read", here, {name: {}}),
            "export": ("export_data", ids, [name]),
            "order": ("search", here, 0, None, f"{name} desc"),
            "group": ("formatted_read_group", *grouped),
            "web_read_group": ("web_read_group", *grouped),
            "count": ("formatted_read_group", here, [], [f"{name}:count_distinct"]),
            "collect": ("formatted_read_group", here, [], [f"{name}:array_agg"]),
            "panel": ("search_panel_select_range", name),
            "progress": (
                "read_progress_bar",
                here,
                "id",
                {"field": name, "colors": {"a": "b"}},
            ),
            "onchange": ("onchange", ids, {}, [], {name: {}}),
            "write": ("write", ids, {name: "mine"}),
        }

    def answer(self, role, model, method, *arguments):
        """Return what a call answers, None if it is refused; undo it."""
        with (
            mute_logger("odoo.models", "odoo.domains"),
            self.env.cr.savepoint() as savepoint,
        ):
            try:
                return self.rpc(role, model, method, *arguments)
            except (UserError, ValueError, TypeError):
                # The last two: Odoo groups and sums no values of this type.
                return None
            finally:
                savepoint.rollback()

    def test_restricted_fields_are_neither_read_nor_guessed_nor_written(self):
        attacked = set()
        for model in RIGHTS:
            for role, place in self.readers(model).items():
                for field in self.restricted(role, model):
                    attacked.add((model, field.name))
                    ways = self.ways(role, model, field, place)
                    for way, (method, *arguments) in ways.items():
                        with self.subTest(model, field=field.name, role=role, way=way):
                            answer = self.answer(role, model, method, *arguments)
                            self.assertIsNone(answer)
        self.assertIn(("messaging.account", "twilio_auth_token_stored"), attacked)

    def test_nobody_reads_a_secret_by_a_path_from_another_record(self):
        """All paths over our models are tried, each as a domain and as an export."""
        paths = list(self.paths())
        secret = ("messaging.message", "conversation_id.channel_id.account_id.")
        self.assertTrue(any(f"{m}:{p}".startswith(":".join(secret)) for m, p in paths))
        for role in ("agent", "manager", "system"):
            for model, path in paths:
                records = self.places["shared"][model].with_user(getattr(self, role))
                if not records.has_access("read"):
                    continue
                with self.subTest(path, model=model, role=role):
                    guess = [(path, "=like", "a%")]
                    self.assertIsNone(self.answer(role, model, "search", guess))
                    column = [path.replace(".", "/")]
                    told = self.answer(role, model, "export_data", records.ids, column)
                    self.assertFalse(told and any(map(any, told["datas"])), told)

    def paths(self):
        """Return (model, path to a secret) over at most MOST_STEPS of our relations.

        One secret of each model is enough: the first test tries all of them.
        """
        for start in RIGHTS:
            for path in self.paths_from(start, {start}, ()):
                yield start, ".".join(path)

    def paths_from(self, model, seen, steps):
        secrets = self.restricted("system", model)
        if steps and secrets:
            yield (*steps, secrets[-1].name)
        for field in self.env[model]._fields.values():
            target = field.comodel_name
            if target in RIGHTS and target not in seen and len(steps) < MOST_STEPS:
                further = (*steps, field.name)
                yield from self.paths_from(target, seen | {target}, further)

    # ------------------------------------------------------------------
    # fields of other models
    # ------------------------------------------------------------------

    def added_elsewhere(self):
        """Return {model: names of the fields that we add to a model of others}."""
        found = {}
        for model in self.env.registry:
            names = {f.name for f in self.env[model]._fields.values() if is_ours(f)}
            if names and not model.startswith("messaging."):
                found[model] = names
        return found

    def test_every_field_that_we_add_to_other_models_is_in_the_table(self):
        decided = {model: set(names) for model, names in FIELDS_ELSEWHERE.items()}
        self.assertEqual(self.added_elsewhere(), decided)

    def test_fields_of_other_models_are_shown_to_the_roles_of_the_table(self):
        for model, names in FIELDS_ELSEWHERE.items():
            for name, roles in names.items():
                for role in ROLES:
                    with self.subTest(model, field=name, role=role):
                        records = self.env[model].with_user(getattr(self, role))
                        is_open = records.has_access("read")
                        field = records._fields[name]
                        has = is_open and records._has_field_access(field, "read")
                        self.assertEqual(has, role in roles.split())
