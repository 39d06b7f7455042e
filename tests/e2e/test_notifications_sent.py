"""Emails that reach a mail server, and pushes that a browser can decrypt."""

import pytest

from tests.e2e.support.at_once import at_once
from tests.e2e.support.mailbox import Mailbox, plain_text
from tests.e2e.support.notifying import (
    ask_for,
    doctor,
    give_address,
    send_mail_through,
)
from tests.e2e.support.push_service import Browser, PushService
from tests.waiting import eventually, stays


@pytest.fixture(scope="module")
def mailbox(admin):
    with Mailbox() as mailbox:
        send_mail_through(admin, mailbox.port)
        yield mailbox


@pytest.fixture
def address(admin, agent):
    ask_for(agent, "unassigned_email", "unassigned_desktop", "assigned_email")
    yield give_address(admin, agent)
    ask_for(agent)


@pytest.fixture
def browser_of_agent(agent, address):
    with PushService() as service:
        yield Browser(service, "agent").register(agent)


def emails_about(mailbox, address, customer):
    name = f"Customer {customer}"
    return [one for one in mailbox.to(address) if name in plain_text(one)]


def test_an_unread_message_causes_one_email(
    mailbox, address, agent, phone, known, database, odoo
):
    for number in range(3):
        phone.write(known, f"Are you there? {number}")
    emails = lambda: emails_about(mailbox, address, known)  # noqa: E731
    stays(lambda: not emails(), 1)
    (message,) = database.after_a_while(emails)
    assert "Are you there? 2" in plain_text(message)
    conversation = database.conversation(known)
    assert f"/odoo/messaging/{conversation['id']}" in plain_text(message)
    assert message["Auto-Submitted"] == "auto-generated"
    phone.write(known, "Hello?")
    database.let_time_pass()
    stays(lambda: len(emails()) == 1, 2)
    eventually(lambda: doctor(agent)["last_email"]["state"] == "sent")
    assert doctor(agent)["mail_server"] == "ok"


def test_opening_allows_the_next_email(mailbox, address, agent, phone, known, database):
    emails = lambda: emails_about(mailbox, address, known)  # noqa: E731
    database.after_a_while(emails)
    agent.conversation(database.conversation(known), "action_mark_read")
    phone.write(known, "One more thing")
    database.after_a_while(lambda: len(emails()) == 2)


def test_a_message_read_in_time_causes_no_email(
    mailbox, address, agent, phone, known, database
):
    agent.conversation(database.conversation(known), "action_mark_read")
    database.let_time_pass()
    stays(lambda: not emails_about(mailbox, address, known), 2)


def test_several_workers_send_one_email_per_conversation(
    mailbox, address, admin, phone, account, database, odoo, customer
):
    """The cron and both workers run at the same time."""
    customers = [f"{customer[:-2]}9{number:02d}" for number in range(12)]
    for each in customers:
        phone.add(each)
        phone.write(each, "Hello")
    action = _cron_by_hand(admin)

    def run():
        database.let_time_pass()
        admin.call("ir.actions.server", "run", action)

    def all_mailed():
        errors = [e for e in at_once(run, run, run) if isinstance(e, Exception)]
        assert not errors
        return all(emails_about(mailbox, address, each) for each in customers)

    eventually(all_mailed)
    counts = lambda: [len(emails_about(mailbox, address, c)) for c in customers]  # noqa: E731
    stays(lambda: counts() == [1] * len(customers), 1)


def _cron_by_hand(admin):
    """Run the scheduled action by hand."""
    values = {
        "name": "Notify",
        "state": "code",
        "model_id": admin.call(
            "ir.model", "search", [("model", "=", "messaging.conversation")]
        )[0],
        "code": "model.sudo()._cron_notify()",
    }
    return admin.call("ir.actions.server", "create", [values])


def _push_with(browser, text):
    pushes = browser.received()
    return next((push for push in pushes if text in push["options"]["body"]), None)


def test_a_push_reaches_a_registered_browser_without_any_tab(
    browser_of_agent, phone, known, database
):
    text = "Do you have the blue one?"
    phone.write(known, text)
    payload = eventually(lambda: _push_with(browser_of_agent, text))
    conversation = database.conversation(known)
    assert payload["title"].startswith(f"Customer {known}")
    assert payload["options"]["tag"] == f"messaging_inbox.{conversation['id']}"
    assert payload["options"]["data"] == {
        "model": "messaging.conversation",
        "res_id": conversation["id"],
        "message_id": database.messages(known)[-1]["id"],
    }


def test_a_test_of_each_kind_arrives(mailbox, browser_of_agent, address, agent):
    test = "action_messaging_test_notification"
    assert agent.call("res.users", test, [agent.id], "email")["sent"]
    subjects = [message["Subject"] for message in mailbox.to(address)]
    assert subjects.count("Test notification") == 1
    assert agent.call("res.users", test, [agent.id], "push")["sent"]
    assert "Test" in browser_of_agent.received()[-1]["title"]


def test_a_test_reports_a_refusing_push_service_and_forgets_gone_browsers(
    address, agent
):
    def try_it():
        method = "action_messaging_test_notification"
        return agent.call("res.users", method, [agent.id], "push")

    with PushService() as service:
        Browser(service, "gone").register(agent)
        known = doctor(agent)["devices"]
        service.status = 403
        assert not try_it()["sent"]
        assert doctor(agent)["devices"] == known
        service.status = 410
        assert not try_it()["sent"]
    assert doctor(agent)["devices"] == known - 1
