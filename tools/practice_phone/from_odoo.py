"""Copy the conversations of an Odoo to the phones, so that both sides show the same.

The demo conversations of the addon never went through the phone. This needs only the
standard library, and `call(model, method, *arguments, **named)` as in Odoo's client.
"""

import json
import urllib.request
from datetime import datetime, timezone
from itertools import filterfalse

CHOICE = {"title": "text", "payload": "id"}
FAILED = "failed"
# Kinds whose customers have a separate id for each line
SCOPED = ("messenger", "instagram")


def copy_history(call, phone_url):
    """Copy the history of each channel whose account points at this phone."""
    accounts = call("messaging.account", "search", [["api_base_url", "=", phone_url]])
    channels = call(
        "messaging.channel",
        "search_read",
        [["account_id", "in", accounts]],
        ["kind", "address"],
    )
    for channel in channels:
        for past in _conversations(call, channel):
            _post(f"{phone_url}/control/import", past)


def _conversations(call, channel):
    rows = call(
        "messaging.conversation",
        "search_read",
        [["channel_id", "=", channel["id"]]],
        ["contact_name", "opted_out", "opt_out_source"],
    )
    for row in rows:
        ids = call(
            "messaging.identity",
            "search_read",
            [["conversation_id", "=", row["id"]]],
            ["external_id"],
        )
        names = [each["external_id"] for each in ids]
        if channel["kind"] == "sms" and not any(map(_is_number, names)):
            continue  # Short codes and names of senders are no phones.
        other = "scoped_id" if channel["kind"] in SCOPED else "bsuid"
        yield {
            "line": f"{channel['kind']}:{channel['address']}",
            "name": row["contact_name"] or "",
            "phone": next(filter(_is_number, names), ""),
            other: next(filterfalse(_is_number, names), ""),
            "opted_out": channel["kind"] == "sms" and _is_blocked(row),
            "messages": _messages(call, row["id"]),
        }


def _is_blocked(row):
    """Tell whether the provider knows that the customer opted out."""
    return row["opted_out"] and row["opt_out_source"] in ("provider", "customer")


def _is_number(external_id):
    return external_id.startswith("+")


def _messages(call, conversation):
    fields = ["direction", "kind", "body", "data", "state", "provider_message_id"]
    fields += ["sent_at", "error_code", "reply_to_id", "attachment_ids"]
    rows = call(
        "messaging.message",
        "search_read",
        [
            ["conversation_id", "=", conversation],
            ["direction", "in", ["inbound", "outbound"]],
            ["provider_message_id", "!=", False],
        ],
        fields,
        order="sent_at, id",
    )
    sids = {row["id"]: row["provider_message_id"] for row in rows}
    return [_message(call, row, sids) for row in rows]


def _message(call, row, sids):
    data = row["data"] or {}
    quoted = row["reply_to_id"] and row["reply_to_id"][0]
    values = {
        "sid": row["provider_message_id"],
        "direction": row["direction"],
        "body": row["body"] or "",
        "ago": _seconds_since(row["sent_at"]),
        "status": row["state"],
        "reply_to": sids.get(quoted, ""),
        "forwarded": bool(data.get("forwarded")),
        "reactions": data.get("reactions") or {},
        "edits": int(bool(data.get("edited"))),
        "unsent": bool(data.get("unsent")),
        "extra": _extra(data),
        "media": [_media(call, each) for each in row["attachment_ids"]],
    }
    if row["state"] == FAILED and str(row["error_code"]).isdigit():
        values["error_code"] = int(row["error_code"])
    if row["kind"] == "location":
        names = ("latitude", "longitude", "label", "address")
        values["location"] = {name: data.get(name) for name in names}
    if row["kind"] == "reply_choice":
        choice = {ours: data.get(theirs) or "" for theirs, ours in CHOICE.items()}
        values["choice"] = {"type": "button", **choice}
    return values


def _extra(data):
    """Return what only some providers' messages have."""
    stories = {
        "reply": data.get("reply_to_story"),
        "mention": data.get("story_mention"),
    }
    found = {
        "outside": bool(data.get("sent_outside")),
        "standby": bool(data.get("standby")),
        "story": next((word for word, story in stories.items() if story), ""),
        "referral": data.get("referral"),
        "template": _template(data.get("template")),
    }
    return {name: value for name, value in found.items() if value}


def _template(template):
    """Return a template as the phone draws it; a button opens the rows of a list."""
    if not template:
        return None
    buttons = template.get("buttons") or []
    rows = [each for each in buttons if each["kind"] == "item"]
    opener = next((each["text"] for each in buttons if each["kind"] == "other"), "")
    return {
        "sid": template.get("reference") or "",
        "header": template.get("header") or "",
        "footer": template.get("footer") or "",
        "buttons": rows or buttons,
        "list": opener if rows else "",
        "approved": True,
    }


def _media(call, attachment):
    (row,) = call("ir.attachment", "read", [attachment], ["name", "mimetype", "datas"])
    kind = row["mimetype"]
    return {"filename": row["name"], "content_type": kind, "data": row["datas"] or ""}


def _seconds_since(text):
    moment = datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
    return (datetime.now(timezone.utc) - moment).total_seconds()


def _post(url, values):
    request = urllib.request.Request(
        url,
        data=json.dumps(values).encode(),
        headers={"Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        answer.read()
