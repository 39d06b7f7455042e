"""Compares what was written with what the database and the practice phone have."""

from collections import Counter

FINAL = {"delivered", "read", "failed", "undelivered"}
LEFT = """
    SELECT (SELECT count(*) FROM messaging_message
             WHERE state IN ('queued', 'sending')) AS messages,
           (SELECT count(*) FROM messaging_receipt
             WHERE state = 'failed' AND next_try_at IS NOT NULL
               AND id > %s) AS failed_webhooks
"""
LAST_WEBHOOK = "SELECT coalesce(max(id), 0) AS id FROM messaging_receipt"
INBOUND = """
    SELECT provider_message_id AS name, count(*) AS rows FROM messaging_message
     WHERE provider_message_id = ANY(%s) GROUP BY 1
"""
OUTBOUND = """
    SELECT client_uuid AS name, count(*) AS rows FROM messaging_message
     WHERE client_uuid = ANY(%s) GROUP BY 1
"""
STATES = """
    SELECT provider_message_id AS sid, state FROM messaging_message
     WHERE direction = 'outbound' AND body = ANY(%s)
"""


def last_webhook(database):
    """Return the id of the latest failed webhook."""
    return database.rows(LAST_WEBHOOK)[0]["id"]


def under_way(phone, database, load, webhooks_after):
    """Return what isn't finished yet, at the provider or in Odoo; empty at the end.

    Of failed webhooks, those after an id count: others may never succeed.
    """
    [left] = database.rows(LEFT, webhooks_after)
    left["statuses"] = statuses(phone, database, load)["wrong"]
    return {name: count for name, count in left.items() if count}


def inbound(database, load):
    """Return how the customers' messages ended: {word: number}."""
    stored = database.rows(INBOUND, [each.sid for each in load.inbound])
    return _counts(load.inbound, [Counter(_rows(stored))])


def outbound(phone, database, load):
    """Return the same of the Agents' messages, which must also reach the customer."""
    stored = database.rows(OUTBOUND, [each.client_uuid for each in load.outbound])
    names = {each.body: each.client_uuid for each in load.outbound}
    received = phone.get("messages", direction="outbound")["messages"]
    bodies = [each["body"] for each in received if each["body"] in names]
    arrived = Counter(names[body] for body in bodies)
    counts = _counts(load.outbound, [Counter(_rows(stored)), arrived])
    return {**counts, "overtaken": overtaken(bodies)}


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
