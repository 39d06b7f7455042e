"""Compares what was written with what the database and the practice phone have."""

import hashlib
from collections import Counter

FINAL = {"delivered", "read", "failed", "undelivered"}
LEFT = """
    SELECT (SELECT count(*) FROM messaging_message
             WHERE state IN ('queued', 'sending')
               AND id > {messages}) AS messages,
           (SELECT count(*) FROM messaging_receipt
             WHERE state = 'failed' AND next_try_at IS NOT NULL
               AND id > {failed_webhooks}) AS failed_webhooks,
           (SELECT count(*) FROM messaging_media
             WHERE state = 'pending' AND id > {files}) AS files
"""
LATEST = """
    SELECT (SELECT coalesce(max(id), 0) FROM messaging_message) AS messages,
           (SELECT coalesce(max(id), 0) FROM messaging_receipt) AS failed_webhooks,
           (SELECT coalesce(max(id), 0) FROM messaging_media) AS files
"""
INBOUND = """
    SELECT provider_message_id AS name, count(*) AS rows FROM messaging_message
     WHERE provider_message_id = ANY(%s) GROUP BY 1
"""
OUTBOUND = """
    SELECT client_uuid AS name, count(*) AS rows FROM messaging_message
     WHERE client_uuid = ANY(%s) GROUP BY 1
"""
FATES = """
    SELECT client_uuid AS name, state, reason FROM messaging_message
     WHERE client_uuid = ANY(%s) ORDER BY id
"""
FILES = """
    SELECT m.provider_message_id AS sid, a.checksum FROM messaging_media f
      JOIN messaging_message m ON m.id = f.message_id
      JOIN ir_attachment a ON a.id = f.attachment_id
     WHERE f.state = 'ready' AND m.provider_message_id = ANY(%s)
"""
STATES = """
    SELECT provider_message_id AS sid, state FROM messaging_message
     WHERE direction = 'outbound' AND body = ANY(%s)
"""


def latest(database):
    """Return {word: id} of the latest message, failed webhook and file."""
    return database.rows(LATEST)[0]


def under_way(phone, database, load, after):
    """Return what isn't finished yet, at the provider or in Odoo; empty at the end.

    What is not newer than ``after``, a result of ``latest``, may never finish.
    """
    [left] = database.rows(LEFT.format(**after))
    left["statuses"] = statuses(phone, database, load)["wrong"]
    return {name: count for name, count in left.items() if count}


def inbound(database, load):
    """Return how the customers' messages ended: {word: number}."""
    stored = database.rows(INBOUND, [each.sid for each in load.inbound])
    return _counts(load.inbound, [Counter(_rows(stored))])


def files_lost(database, load):
    """Return how many of the customers' files aren't stored as they were sent."""
    sent = [each for each in load.inbound if each.content]
    rows = database.rows(FILES, [each.sid for each in sent])
    stored = {row["sid"]: row["checksum"] for row in rows}
    wanted = {each.sid: hashlib.sha1(each.content).hexdigest() for each in sent}  # noqa: S324 - the filestore's own naming
    return sum(stored.get(sid) != checksum for sid, checksum in wanted.items())


def outbound(phone, database, load):
    """Return the same of the Agents' messages, which must also reach the customer."""
    stored = database.rows(OUTBOUND, [each.client_uuid for each in load.outbound])
    names = {each.body: each.client_uuid for each in load.outbound}
    received = phone.get("messages", direction="outbound")["messages"]
    bodies = [each["body"] for each in received if each["body"] in names]
    arrived = Counter(names[body] for body in bodies)
    counts = _counts(load.outbound, [Counter(_rows(stored)), arrived])
    return {**counts, "overtaken": overtaken(bodies)}


def fates(phone, database, load):
    """Return how the Agents' messages ended: {word: number}, each message once.

    ``lost`` isn't stored, or isn't at the customer although Odoo says so. ``wrong``
    has another state in Odoo than at the provider. ``failed`` has a reason, and the
    provider doesn't have it; of an ``unknown`` one neither side can tell more.
    """
    rows, arrived = {}, {}
    for row in database.rows(FATES, [each.client_uuid for each in load.outbound]):
        rows.setdefault(row["name"], []).append(row)
    for each in phone.get("messages", direction="outbound")["messages"]:
        arrived.setdefault(each["body"], []).append(each["status"])
    fate = Counter()
    for each in load.outbound:
        found = rows.get(each.client_uuid, []), arrived.get(each.body, [])
        fate[_fate(*found)] += bool(found[0] or found[1] or each.taken)
    return fate


def _fate(rows, statuses):
    if max(len(rows), len(statuses)) > 1:
        return "doubled"
    if not rows:
        return "lost"
    [row] = rows
    if statuses:
        return "right" if row["state"] == statuses[0] else "wrong"
    if row["state"] == "failed" and row["reason"]:
        return "failed"
    return "unknown" if row["state"] == "unknown" else "lost"


def overtaken(bodies):
    """Return how many of `To customer: number` came after a later one."""
    latest, count = {}, 0
    for body in bodies:
        customer, _colon, number = body.rpartition(": ")
        count += int(number) < latest.get(customer, 0)
        latest[customer] = max(int(number), latest.get(customer, 0))
    return count


def _rows(stored):
    return {row["name"]: row["rows"] for row in stored}


def _counts(written, places):
    """Count messages that are missing, or more than once, in any of the places."""
    taken = [each.sid or each.client_uuid for each in written if each.taken]
    names = [each.sid or each.client_uuid for each in written]
    slowest = max((each.seconds for each in written), default=0)
    return {
        "sent": len(written),
        "stored": sum(1 for name in names if places[0][name]),
        "lost": sum(1 for name in names if not all(place[name] for place in places)),
        "doubled": sum(1 for name in names if any(place[name] > 1 for place in places)),
        "repeated": sum(1 for each in written if each.tries > 1),
        "given_up": len(written) - len(taken),
        "slowest_s": round(slowest, 2),
    }


def out_of_order(phone, load):
    """Return how many of the Agents' messages came out of order."""
    wanted = {each.body for each in load.outbound}
    received = phone.get("messages", direction="outbound")["messages"]
    return overtaken([each["body"] for each in received if each["body"] in wanted])


def statuses(phone, database, load):
    """Return how many states in Odoo are right, once the provider's are final."""
    bodies = [each.body for each in load.outbound]
    ours = {row["sid"]: row["state"] for row in database.rows(STATES, bodies)}
    wanted, wrong = set(bodies), 0
    for each in phone.get("messages", direction="outbound")["messages"]:
        if each["body"] in wanted:
            status = each["status"]
            wrong += status not in FINAL or ours.get(each["sid"]) != status
    return {"right": len(ours) - wrong, "wrong": wrong}
