"""PostgreSQL disappears while Odoo runs, and comes back."""

import os
import signal
import threading
import time
from contextlib import closing, contextmanager

import psycopg2
import pytest

from tests.e2e.support.people import Refused
from tests.e2e.support.webhook import text_from
from tests.faults.processes import http_workers, workers
from tests.waiting import eventually


@pytest.fixture
def elsewhere():
    """Open a connection that survives when Odoo's connections are cut."""
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def cut(cursor, odoo):
    """End every connection of this Odoo, including those outside its database.

    Workers got the registry from the main process, so theirs have its id, too.
    """
    pids = [odoo.process.pid, *(worker.pid for worker in workers(odoo))]
    names = [f"odoo-{pid}" for pid in pids]
    return _terminate(cursor, "application_name = ANY(%s)", names)


def _terminate(cursor, which, value):
    cursor.execute(
        "SELECT count(pg_terminate_backend(pid, 2000)) FROM pg_stat_activity"
        f" WHERE application_name LIKE 'odoo-%%' AND {which}",
        [value],
    )
    return cursor.fetchone()[0]


@contextmanager
def away(cursor, odoo):
    """Refuse all connections to the database, as while PostgreSQL restarts.

    If Odoo's main process had to start a worker meanwhile, it would exit, and Odoo's
    supervisor would start it again. Here the process is stopped for that time.
    """
    cursor.execute(f'ALTER DATABASE "{odoo.database}" ALLOW_CONNECTIONS false')
    odoo.process.send_signal(signal.SIGSTOP)
    try:
        _terminate(cursor, "datname = %s", odoo.database)
        yield
    finally:
        cursor.execute(f'ALTER DATABASE "{odoo.database}" ALLOW_CONNECTIONS true')
        odoo.process.send_signal(signal.SIGCONT)


def test_the_next_webhook_survives_a_lost_connection(
    odoo, webhook, customer, database, elsewhere
):
    webhook.post(text_from(customer, "Before"))
    assert cut(elsewhere, odoo) > 0
    answers = [webhook.post(text_from(customer, f"After {n}")) for n in range(4)]
    assert [answer.status for answer in answers] == [200] * 4
    assert len(database.messages(customer)) == 5


def test_constantly_lost_connections_neither_lose_nor_double_messages(
    odoo, phone, customer, database, elsewhere, account
):
    phone.add(customer)
    stop = threading.Event()

    def keep_cutting():
        while not stop.wait(0.15):
            cut(elsewhere, odoo)

    cutter = threading.Thread(target=keep_cutting)
    cutter.start()
    try:
        taken = _taken(phone, customer, 40)
    finally:
        stop.set()
        cutter.join()
    assert len(taken) > 20
    stored = [message["body"] for message in database.messages(customer)]
    assert len(stored) == len(set(stored))
    assert set(taken) <= set(stored)


def _taken(phone, customer, count):
    """Write so many messages; return those that Odoo acknowledged."""
    taken = []
    for number in range(count):
        (webhook,) = phone.write(customer, f"Message {number}")["webhooks"]
        if webhook["status"] == 200:
            taken.append(f"Message {number}")
    return taken


def test_no_webhook_is_acknowledged_while_the_database_is_down(
    odoo, webhook, customer, database, elsewhere
):
    form = text_from(customer)
    with away(elsewhere, odoo):
        assert webhook.post(form).status >= 400
    assert webhook.post(form).status == 200
    assert len(database.messages(customer)) == 1


def test_twilio_repeats_webhooks_that_came_while_the_database_was_down(
    odoo, phone, customer, database, elsewhere, account
):
    """Odoo answers 404 then, so the registered address asks to retry 4xx, too."""
    phone.add(customer)
    log = odoo.log.open(errors="replace")
    log.seek(0, os.SEEK_END)
    with closing(log), away(elsewhere, odoo):
        phone.write(customer, "Patience", wait=False)
        eventually(lambda: "POST /messaging/webhook/" in log.read())
    eventually(lambda: len(database.messages(customer)) == 1)


def test_a_reply_while_the_database_is_down_is_refused_and_sent_once_when_repeated(
    odoo, agent, known, phone, database, elsewhere
):
    conversation = database.conversation(known)
    client_uuid = "00000000-0000-4000-8000-00000000d00d"
    with away(elsewhere, odoo):
        with pytest.raises((Refused, ValueError)):
            agent.reply(conversation, "Once", client_uuid=client_uuid)
    agent.reply(conversation, "Once", client_uuid=client_uuid)
    eventually(lambda: phone.bodies(known) == ["Once"])
    assert len(database.messages(known, "outbound")) == 1


def test_live_updates_resume_after_a_lost_connection(
    odoo, webhook, customer, database, elsewhere
):
    """NOTIFY uses a persistent connection, which must be opened again."""
    webhook.post(text_from(customer))
    cut(elsewhere, odoo)
    with closing(psycopg2.connect(dbname="postgres")) as listener:
        listener.autocommit = True
        listener.cursor().execute("LISTEN imbus")
        webhook.post(text_from(customer, "Heard?"))
        eventually(lambda: _heard(listener, odoo), what="the notification")


def test_a_half_open_notify_connection_does_not_delay_webhooks(
    odoo, webhook, customer, elsewhere
):
    """A stopped backend neither answers nor closes, like a lost network."""
    webhook.post(text_from(customer))
    with stopped_listeners(elsewhere, odoo):
        with closing(psycopg2.connect(dbname="postgres")) as listener:
            listener.autocommit = True
            listener.cursor().execute("LISTEN imbus")
            assert webhook.post(text_from(customer, "Heard?")).status == 200
            eventually(lambda: _heard(listener, odoo), what="the notification")


@contextmanager
def stopped_listeners(cursor, odoo):
    """Stop the backends of the HTTP workers' connections for NOTIFY."""
    names = [f"odoo-{worker.pid}" for worker in http_workers(odoo)]
    cursor.execute(
        "SELECT pid FROM pg_stat_activity"
        " WHERE datname = 'postgres' AND application_name = ANY(%s)",
        [names],
    )
    pids = [pid for (pid,) in cursor.fetchall()]
    assert pids
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def _heard(listener, odoo):
    listener.poll()
    time.sleep(0.02)
    # Odoos of other tests use the same PostgreSQL
    words = f'"{odoo.database}"', "messaging.channel"
    heard = [each.payload for each in listener.notifies]
    return [each for each in heard if all(word in each for word in words)]
