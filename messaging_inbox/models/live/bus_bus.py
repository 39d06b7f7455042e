"""Records which conversations and messages a bus row is about.

The bus keeps its rows for a day. Deleted and unsent content must leave them at once, so
every row stores its subjects when it is written. The caller names them for rows of the
inbox; for Odoo's own rows about a conversation, they come from the payload.
"""

import json

from odoo import api, fields, models

CONVERSATION = "messaging.conversation"
OURS = "inbox"


def about(conversation_ids=(), message_ids=()):
    """Return the column's value for a row of the inbox, even without subjects."""
    return [OURS, *names_of(conversation_ids, message_ids)]


def names_of(conversation_ids=(), message_ids=()):
    """Return the names under which rows about these records are found."""
    return [
        *(f"conversation:{id_}" for id_ in sorted(set(conversation_ids))),
        *(f"message:{id_}" for id_ in sorted(set(message_ids))),
    ]


def ids_of(names, kind):
    """Return the ids of one kind, ``conversation`` or ``message``, among names."""
    pairs = (name.partition(":") for name in names)
    return [int(id_) for word, _colon, id_ in pairs if word == kind]


class BusBus(models.Model):
    _inherit = "bus.bus"

    messaging_about = fields.Json(
        help="The conversations and messages that this row is about. Empty for rows"
        " unrelated to the inbox."
    )

    _messaging_about_idx = models.Index(
        "USING gin (messaging_about) WHERE messaging_about IS NOT NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("messaging_about", _about(vals.get("message") or ""))
        return super().create(vals_list)


def _about(message):
    """Return the subjects of a row created through the ORM, None if unrelated to us."""
    if "messaging" not in message:
        return None
    said = json.loads(message)
    if not isinstance(said, dict):
        return None
    payload = said.get("payload")
    if str(said.get("type")).startswith("messaging_inbox/"):
        return about(_ids_in(payload, "conversation_id"))
    records = [*_records_in(payload)]
    ids = (id_ for model, id_ in records if model == CONVERSATION)
    return about(ids) if records else None


def _ids_in(payload, name):
    id_ = payload.get(name) if isinstance(payload, dict) else None
    return [id_] if id_ else []


def _records_in(payload):
    """Yield (model, id) of our records that a payload names, however deep."""
    if isinstance(payload, list):
        for each in payload:
            yield from _records_in(each)
    elif isinstance(payload, dict):
        model = payload.get("model")
        if isinstance(model, str) and model.startswith("messaging."):
            ids = (payload.get(name) for name in ("id", "res_id"))
            yield from ((model, id_) for id_ in ids if type(id_) is int)
        for each in payload.values():
            yield from _records_in(each)
