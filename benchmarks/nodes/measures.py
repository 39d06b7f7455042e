"""What two nodes must show: live updates, restarts without loss, shared work."""

import re
import statistics
import time
from contextlib import ExitStack

from tests.e2e.support.webhook import WebhookClient, text_from
from tests.nodes import ledger
from tests.nodes.cluster import restart
from tests.nodes.load import Load, queue
from tests.waiting import eventually

SETTLES_WITHIN = 180
NOT_OURS_YET = "+34600300001"
SENDING = "Messaging: send queued messages"
REPLAYING = "Messaging: replay failed webhooks"
GROWTH = """
    SELECT (SELECT last_value FROM bus_bus_id_seq) AS bus_ids,
           pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float AS wal_bytes
"""


def live_updates(cluster, pair, rounds):
    """Return how long a reply at one node takes to a page at the other, in ms."""
    _customer, conversation = pair
    alba, bruno = (
        cluster.person(name, node)
        for name, node in zip(("Alba Agent", "Bruno Agent"), cluster.nodes, strict=True)
    )
    with ExitStack() as stack:
        pages = [
            stack.enter_context(cluster.page(person, node))
            for person, node in zip((alba, bruno), cluster.nodes, strict=True)
        ]
        waits = []
        for number in range(rounds):
            for person, other in ((alba, pages[1]), (bruno, pages[0])):
                sent = time.time()
                [id_] = person.reply(conversation, f"Live {number}")
                eventually(lambda o=other, i=id_: i in o.seen, 20, "the other page")
                waits.append(other.seen[id_] - sent)
    return {
        "live_across_nodes_ms": round(statistics.median(waits) * 1000, 1),
        "live_across_nodes_worst_ms": round(max(waits) * 1000, 1),
    }


def rolling_restart(cluster, pairs, nodes, lead=3.0, every=1.0):
    """Restart the nodes one after the other under load; return the ledger."""
    agents = [cluster.person(name) for name in ("Alba Agent", "Bruno Agent")]
    tried, before = len(cluster.nginx.tries), cluster.database.rows(GROWTH)[0]
    latest = ledger.latest(cluster.database)
    with ExitStack() as stack:
        pages = [stack.enter_context(cluster.page(agent)) for agent in agents]
        started = time.monotonic()
        with Load(cluster.phone, agents, pairs, every) as load:
            time.sleep(lead)
            for node in nodes:
                restart(node)
                time.sleep(lead)
        seconds = time.monotonic() - started
        for customer, _conversation in pairs[::2]:
            cluster.phone.look(customer)
        words = cluster.phone, cluster.database, load
        _settle(cluster, lambda: ledger.under_way(*words, latest))
        missed = _missed(cluster, load, pages)
    tries = cluster.nginx.tries[tried:]
    after, count = cluster.database.rows(GROWTH)[0], len(load.inbound + load.outbound)
    return {
        **{
            f"{what}_per_message": (after[what] - before[what]) / count
            for what in after
        },
        "restart_seconds": round(seconds, 1),
        **_named("inbound", ledger.inbound(cluster.database, load)),
        **_named("outbound", ledger.outbound(*words)),
        **_named("statuses", ledger.statuses(*words)),
        "live_missed": missed,
        "pages_reconnected": sum(page.connected - 1 for page in pages),
        "nginx_second_tries": sum("," in each[3] for each in tries),
        "nginx_5xx": sum(each[2].startswith("5") for each in tries),
    }


def _named(name, counts):
    return {f"{name}_{word}": count for word, count in counts.items()}


def _settle(cluster, left):
    """Wait until nothing is left; a dead worker's message is settled after 2 min."""
    end = time.monotonic() + SETTLES_WITHIN
    while work := left():
        if time.monotonic() > end:
            raise TimeoutError(f"After {SETTLES_WITHIN} s this is left: {work}")
        cluster.database.notify("cron_trigger")
        time.sleep(0.5)


def _missed(cluster, load, pages):
    """Return how many messages a page didn't show, although it was open all along."""
    rows = cluster.database.rows(
        "SELECT id FROM messaging_message WHERE provider_message_id = ANY(%s)"
        " OR client_uuid = ANY(%s)",
        [each.sid for each in load.inbound],
        [each.client_uuid for each in load.outbound],
    )
    ids = {row["id"] for row in rows}
    return sum(len(ids - page.seen.keys()) for page in pages)


def shared_outbox(cluster, pairs, count):
    """Queue messages for the crons while Agents of both nodes write, too."""
    agents = [
        cluster.person(name, node)
        for name, node in zip(("Alba Agent", "Bruno Agent"), cluster.nodes, strict=True)
    ]
    marks = [_Log(node) for node in cluster.nodes]
    bodies = [f"To {pair[0]}: {n}" for n in range(1, count + 1) for pair in pairs]
    for body in bodies:
        queue(cluster.database, body)
    cluster.phone.trouble(request="slow", seconds=0.1, times=10 * len(bodies))
    cluster.database.notify("cron_trigger")
    for number in range(count + 1, 2 * count + 1):
        for index, (customer, conversation) in enumerate(pairs):
            agents[index % 2].reply(conversation, f"To {customer}: {number}")
            bodies.append(f"To {customer}: {number}")
    arrived = _wait_for(cluster, bodies)
    by_cron = [log.processed(SENDING) for log in marks]
    return {
        "outbox_queued": len(bodies),
        "outbox_doubled": len(arrived) - len(set(arrived)),
        "outbox_overtaken": ledger.overtaken(arrived),
        "outbox_by_cron_of_node": by_cron,
        "outbox_by_http_workers": len(bodies) - sum(by_cron),
    }


def _wait_for(cluster, bodies):
    """Wait until all have left; return those that arrived, in that order."""
    wanted = set(bodies)

    def arrived():
        found = cluster.phone.get("messages", direction="outbound")["messages"]
        return [each["body"] for each in found if each["body"] in wanted]

    queued = "SELECT 1 FROM messaging_message WHERE state IN ('queued', 'sending')"
    _settle(cluster, lambda: cluster.database.rows(queued))
    return arrived()


def shared_failed_webhooks(cluster, batches, count):
    """Let webhooks fail for want of a channel, then add it; both nodes replay."""
    webhook = WebhookClient(cluster.nginx.port, cluster.account["webhook_url"])
    marks = [_Log(node) for node in cluster.nodes]
    sids = []
    for batch in range(batches):
        address = f"{NOT_OURS_YET[:-2]}{batch:02d}"
        for number in range(count):
            customer = f"+3462{batch:03d}{number:04d}"
            form = text_from(customer, To=f"whatsapp:{address}")
            assert webhook.post(form).status == 200
            sids.append(form["MessageSid"])
        values = {"kind": "whatsapp", "name": "Late", "address": address}
        values["account_id"] = cluster.account["id"]
        cluster.admin.call("messaging.channel", "create", [values])
    failed = "SELECT 1 FROM messaging_receipt WHERE state = 'failed'"
    _settle(cluster, lambda: cluster.database.rows(failed))
    rows = cluster.database.rows(ledger.INBOUND, sids)
    return {
        "replayed": len(sids),
        "replay_lost": len(sids) - len(rows),
        "replay_doubled": sum(row["rows"] > 1 for row in rows),
        # Also the tries before the channel was there
        "replay_tries_by_node": [log.processed(REPLAYING) for log in marks],
    }


class _Log:
    """What a node logs from now on."""

    def __init__(self, node):
        self._path = node.log
        self._start = node.log.stat().st_size

    def processed(self, cron):
        """Return how many records the node's cron worker processed."""
        with self._path.open(errors="replace") as lines:
            lines.seek(self._start)
            said = re.findall(rf"Job '{cron}' .* processed (\d+) records", lines.read())
        return sum(map(int, said))
