"""The events of a Meta webhook, in `messaging` or `standby`."""

import time

from . import links
from .subscriptions import OBJECTS

PAGE_INBOX = 26390203743090
REACTIONS = {
    "😍": "love",
    "❤️": "love",
    "😆": "smile",
    "😂": "smile",
    "😮": "wow",
    "😢": "sad",
    "😡": "angry",
    "👍": "like",
    "👎": "dislike",
}
LIKE_STICKER = 369239263222822
KINDS = {"image", "audio", "video"}


def milliseconds(moment):
    return int(moment * 1000)


def by_customer(phone, line, customer, moment=None, **content):
    """Return an event caused by the customer."""
    return {
        "sender": {"id": phone.store.scoped_id(customer, line)},
        "recipient": {"id": line.sid},
        "timestamp": milliseconds(moment or time.time()),
        **content,
    }


def by_us(phone, line, customer, moment, **content):
    """Return an event about a message to the customer."""
    event = by_customer(phone, line, customer, moment, **content)
    return {**event, "sender": event["recipient"], "recipient": event["sender"]}


def envelope(phone, pairs):
    """Return the body of one webhook, with one entry per line."""
    entries = {}
    for line, event, standby in pairs:
        entry = entries.setdefault(
            (line.sid, standby), {"id": line.sid, "time": milliseconds(time.time())}
        )
        entry.setdefault("standby" if standby else "messaging", []).append(event)
    kind = OBJECTS[pairs[0][0].kind]
    return {"object": kind, "entry": list(entries.values())}


def message(phone, row):
    """Return the event of a message, a tapped button or a story mention."""
    line = phone.store.lines[row.line_sid]
    customer = phone.store.customers[row.customer_id]
    choice = row.choice or {}
    if choice.get("type") == "postback":
        postback = {
            "mid": row.sid,
            "title": choice["text"],
            "payload": choice["id"] or choice["text"],
        }
        postback.update(row.fields)
        content = {"postback": _without_nothing(postback)}
    else:
        content = {"message": _without_nothing(_content(phone, line, row))}
    return by_customer(phone, line, customer, row.created_at, **content)


def _content(phone, line, row):
    values = {"mid": row.sid, "text": row.body or None}
    if row.choice:
        values["quick_reply"] = {"payload": row.choice["id"] or row.choice["text"]}
    if row.reply_to:
        values["reply_to"] = _reply_to(phone, row)
    values["attachments"] = attachments(phone, line, row) or None
    _add_story(line, row, values)
    # A test may replace fields; None removes one.
    values.update(row.fields)
    return values


def _reply_to(phone, row):
    quoted = phone.store.messages.get(row.reply_to)
    is_own = bool(quoted) and quoted.direction == row.direction
    return {"mid": row.reply_to, "is_self_reply": is_own}


def _add_story(line, row, values):
    """Add a reply to the shop's story, or a story that mentions the shop."""
    word = row.extra.get("story")
    if word == "reply":
        values["reply_to"] = {"story": {"id": line.sid, "url": links.story(line)}}
    elif word == "mention":
        payload = {"url": links.story(line)}
        values["attachments"] = [{"type": "story_mention", "payload": payload}]


def attachments(phone, line, row):
    found = [_attachment(phone, line, each) for each in row.media if each.size]
    place = row.location
    if place:
        coordinates = {"lat": place["latitude"], "long": place["longitude"]}
        payload = {"coordinates": coordinates}
        title = place.get("label") or "Pinned Location"
        found.append({"type": "location", "title": title, "payload": payload})
    return found


def _attachment(phone, line, media):
    payload = {"url": links.media(phone, line, media)}
    if media.content_type == "image/webp" and line.kind == "messenger":
        return {"type": "sticker", "payload": {**payload, "sticker_id": LIKE_STICKER}}
    main = media.content_type.split("/")[0]
    return {"type": main if main in KINDS else "file", "payload": payload}


def echo(phone, row):
    """Return the echo of a message to the customer, for the Page's subscribers."""
    line = phone.store.lines[row.line_sid]
    customer = phone.store.customers[row.customer_id]
    values = {"mid": row.sid, "is_echo": True, "text": row.body or None}
    if row.extra.get("outside"):
        values["app_id"] = PAGE_INBOX
    else:
        values["app_id"] = int(line.account_sid)
        values["metadata"] = row.extra.get("metadata") or None
    if row.reply_to:
        values["reply_to"] = _reply_to(phone, row)
    values["attachments"] = attachments(phone, line, row) or None
    content = {"message": _without_nothing(values)}
    return by_us(phone, line, customer, row.created_at, **content)


def delivery(rows):
    last = max(milliseconds(row.created_at) for row in rows)
    return {"delivery": {"mids": [row.sid for row in rows], "watermark": last}}


def read(line, rows):
    """Return a watermark for Messenger, the last message seen for Instagram."""
    last = max(rows, key=lambda row: row.created_at)
    if line.kind == "instagram":
        return {"read": {"mid": last.sid}}
    return {"read": {"watermark": milliseconds(last.created_at)}}


def reaction(row, emoji, before):
    values = {"mid": row.sid, "action": "react" if emoji else "unreact"}
    if emoji:
        values["emoji"] = emoji
    values["reaction"] = REACTIONS.get(emoji or before, "other")
    return {"reaction": values}


def edit(row):
    return {"message_edit": {"mid": row.sid, "text": row.body, "num_edit": row.edits}}


def unsend(row):
    return {"message": {"mid": row.sid, "is_deleted": True}}


def _without_nothing(values):
    return {name: value for name, value in values.items() if value is not None}
