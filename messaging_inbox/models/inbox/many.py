"""Changes to many conversations at once, and how they are undone.

A change is an action with a value that says what conversations become. Steps that set
the former values undo it: ``{ids, action, value, expected}``. A step skips those that
no longer have the expected value, so that it never reverts a colleague's later change.
"""

from collections.abc import Callable
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.client_values import (
    are_ids,
    are_values,
    can_be_id,
    check_value,
    expects,
    is_id,
    is_text,
    is_true,
)

MOST = 500


@dataclass(frozen=True)
class Action:
    """What a change does. ``current`` returns {id: value} in plain JSON.

    ``touches`` names the actions whose values it changes, in the order of undoing.
    """

    check: Callable
    apply: Callable
    current: Callable
    touches: tuple


def is_state(value):
    return value in ("open", "closed")


def is_snooze(value):
    """Return whether a value is a time, True (until the next message) or False."""
    return isinstance(value, (str, bool))


def are_tags(value):
    """Return whether a value is all tags, or those to add and to remove."""
    if are_values(value):
        return value.keys() <= {"add", "remove"} and all(map(are_ids, value.values()))
    return are_ids(value)


def is_marker(value):
    """Return whether a value is True (all is read), or the last message read."""
    return is_true(value) or can_be_id(value)


def are_steps(value):
    return isinstance(value, (list, tuple)) and all(
        are_values(step)
        and step.keys() == {"ids", "action", "value", "expected"}
        and are_ids(step["ids"])
        for step in value
    )


def _change_tags(conversations, value):
    if are_values(value):
        conversations.action_tag(value.get("add", ()), value.get("remove", ()))
        return
    for conversation in conversations:
        now = set(conversation.tag_ids.ids)
        conversation.action_tag(set(value) - now, now - set(value))


def _change_snooze(conversations, value):
    if value is False:
        conversations.action_unsnooze()
    else:
        conversations.action_snooze(value if value is not True else None)


def _current(value):
    """Return a function that reads the value of each conversation."""
    return lambda some: {one.id: value(one) for one in some}


def _snooze(conversation):
    until = fields.Datetime.to_string(conversation.snoozed_until)
    return bool(conversation.is_snoozed) and (until or True)


def _change_marker(conversations, value):
    if value is True:
        conversations.action_mark_read()
        return
    for conversation in conversations:
        conversation._set_read_marker(value)


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    @api.model
    def _actions(self):
        """Return ``{name: Action}``."""
        return {
            "assign": Action(
                is_id,
                lambda some, value: some.action_assign(value or False),
                _current(lambda one: one.user_id.id),
                ("assign",),
            ),
            "state": Action(
                is_state,
                lambda some, value: some.write({"state": value}),
                _current(lambda one: one.state),
                ("state", "snooze"),
            ),
            "snooze": Action(is_snooze, _change_snooze, _current(_snooze), ("snooze",)),
            "tags": Action(
                are_tags,
                _change_tags,
                _current(lambda one: sorted(one.tag_ids.ids)),
                ("tags",),
            ),
            "read": Action(
                is_marker,
                _change_marker,
                lambda some: some._own_read_markers(),
                ("read",),
            ),
        }

    def _own_read_markers(self):
        """Return {id: the last message that the user has read}."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT c.id, %s FROM messaging_conversation c"
                    " WHERE c.id = ANY(%s)",
                    self._read_marker(),
                    list(self.ids),
                )
            )
        )

    @expects(action=is_text)
    def action_apply(self, action, value):
        """Change conversations; return ``{undo, changed, refused}``.

        ``undo`` are the steps for ``action_undo``, ``changed`` a number, and
        ``refused`` lists ``{name, reason}`` of conversations that stay as they are.
        Raise UserError for an unknown action, a bad value or too many conversations.
        """
        conversations = self.exists()
        conversations.check_access("write")
        if len(conversations) > MOST:
            raise UserError(
                self.env._("Choose at most %s conversations at once.", MOST)
            )
        change = self._checked_action(action, value)
        before = conversations._values_touched(change)
        refused = conversations._apply_each(lambda some: change.apply(some, value))
        after = conversations._values_touched(change)
        return {
            "undo": _steps(change.touches, before, after),
            "changed": sum(before[id_] != after[id_] for id_ in before),
            "refused": refused,
        }

    @api.model
    @expects(steps=are_steps)
    def action_undo(self, steps):
        """Take the steps that ``action_apply`` returned; return ``{changed, refused}``.

        ``changed`` is the number of conversations that became what they were.
        """
        changed, refused = set(), []
        for step in steps:
            change = self._checked_action(step["action"], step["value"])
            undoing = self.with_context(messaging_undo=True)
            conversations = undoing.browse(step["ids"]).exists()
            conversations.check_access("write")
            current = change.current(conversations)
            same = conversations.filtered(
                lambda one, step=step, current=current: (
                    current[one.id] == step["expected"]
                )
            )
            refused += same._apply_each(
                lambda some, step=step, change=change: change.apply(some, step["value"])
            )
            changed.update(same.ids)
        return {"changed": len(changed) - len(refused), "refused": refused}

    def _checked_action(self, name, value):
        actions = self._actions()
        if name not in actions:
            raise UserError(self.env._("Unknown action “%s”.", name))
        check_value(self.env, name, value, actions[name].check)
        return actions[name]

    def _values_touched(self, change):
        """Return ``{id: {action: value}}`` of what a change touches."""
        actions = self._actions()
        values = {name: actions[name].current(self) for name in change.touches}
        return {
            id_: {name: values[name][id_] for name in change.touches}
            for id_ in self.ids
        }

    def _apply_each(self, apply):
        """Apply to all or, if that is refused, to each; return the refusals."""
        if not self:
            return []
        try:
            with self.env.cr.savepoint():
                apply(self)
        except (AccessError, UserError) as error:
            if len(self) == 1:
                return [{"name": self.display_name, "reason": str(error)}]
            return [refusal for one in self for refusal in one._apply_each(apply)]
        return []


def _steps(names, before, after):
    """Return the steps from one to the other, conversations with the same together."""
    steps = []
    for name in names:
        for id_ in before:
            value, expected = before[id_][name], after[id_][name]
            if value == expected:
                continue
            same = {"action": name, "value": value, "expected": expected}
            for step in steps:
                if step.items() >= same.items():
                    step["ids"].append(id_)
                    break
            else:
                steps.append({"ids": [id_], **same})
    return steps
