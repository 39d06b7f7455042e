"""A worker dies between queueing an email and the mail server: one email arrives."""

import pytest

from tests.e2e.support.mailbox import DeadMailServer, Mailbox, plain_text
from tests.e2e.support.notifying import ask_for, give_address, send_mail_through
from tests.faults.processes import cron_workers, kill, newly_talking_to
from tests.waiting import eventually, stays


@pytest.fixture
def address(admin, agent):
    ask_for(agent, "unassigned_email")
    yield give_address(admin, agent)
    ask_for(agent)


def queued(database, customer):
    conversation = database.conversation(customer)
    return database.rows(
        "SELECT state, mail_id FROM messaging_notification"
        " WHERE conversation_id = %s AND state = 'sent'",
        conversation["id"],
    )


def test_one_email_arrives_after_a_worker_is_killed_while_sending(
    odoo, admin, address, known, database
):
    with DeadMailServer() as dead:
        send_mail_through(admin, dead.port)
        database.after_a_while(lambda: queued(database, known))
        worker = newly_talking_to(odoo, dead.port)
        kill(worker)
    assert len(queued(database, known)) == 1
    check_one_arrives(admin, address, known, database)


def check_one_arrives(admin, address, known, database):
    with Mailbox() as mailbox:
        send_mail_through(admin, mailbox.port)

        def emails():
            name = f"Customer {known}"
            return [one for one in mailbox.to(address) if name in plain_text(one)]

        wake_the_queue(database)
        database.after_a_while(emails)
        database.let_time_pass()
        stays(lambda: len(emails()) == 1, 2)


def wake_the_queue(database):
    """Run Odoo's own email cron, which would otherwise run within the hour."""
    database.run(
        "UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' - interval '2 seconds'"
        " WHERE cron_name = 'Mail: Email Queue Manager'"
    )
    database.notify("cron_trigger")


def test_one_email_arrives_after_a_power_cut_before_it_was_queued(
    odoo, admin, address, known, database
):
    """The email waits, or is handed to Odoo, or neither, but never both."""
    odoo.kill()
    odoo.start()
    check_one_arrives(admin, address, known, database)


def test_a_repeatedly_killed_cron_notifies_about_each_message_once(
    odoo, admin, address, phone, known, database
):
    with Mailbox() as mailbox:
        send_mail_through(admin, mailbox.port)
        for _ in range(4):
            database.let_time_pass()
            kill(the_cron_worker(odoo))
        name = f"Customer {known}"
        emails = lambda: [w for w in map(plain_text, mailbox.to(address)) if name in w]  # noqa: E731
        database.after_a_while(emails)
        database.let_time_pass()
        stays(lambda: len(emails()) == 1, 2)


def the_cron_worker(odoo):
    return eventually(lambda: cron_workers(odoo), what="the worker of crons")[0]
