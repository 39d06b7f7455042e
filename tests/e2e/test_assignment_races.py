"""Two users act on one conversation at the same instant.

Each race runs several times. The result is always that of one order or the other.
"""

import itertools
import time

import pytest

from tests.e2e.support.at_once import at_once
from tests.e2e.support.people import Refused
from tests.e2e.support.webhook import text_from

ROUNDS = 6
_numbers = itertools.count(1)


@pytest.fixture
def line(admin, account):
    """Return one of our numbers that no other test uses; the admin connected it."""
    address = f"+3460010{next(_numbers):04d}"
    values = {"name": address, "account_id": account["id"], "address": address}
    (channel_id,) = admin.call("messaging.channel", "create", [values])
    return {"id": channel_id, "address": address}


@pytest.fixture
def write(webhook, line, database):
    """Let a customer write to that number; return the conversation."""

    def write(customer, body="Hello", **fields):
        form = text_from(customer, body, To=f"whatsapp:{line['address']}", **fields)
        assert webhook.post(form).status == 200
        return database.conversation(customer)

    return write


@pytest.fixture
def customers():
    """Return numbers of new customers, one for each round."""
    return [f"+3461166{next(_numbers):04d}" for _ in range(ROUNDS)]


def take(person, conversation):
    return lambda: person.conversation(conversation, "action_assign", person.id, False)


def switch(person, available):
    """Switch a person's own availability."""
    return person.call(
        "res.users", "action_messaging_set_available", [person.id], available
    )


def show_to(admin, line, visibility):
    return admin.call(
        "messaging.channel", "write", [line["id"]], {"visibility": visibility}
    )


def events(database, customer):
    messages = database.messages(customer, "event")
    return [message["event_type"] for message in messages]


def test_of_two_simultaneous_takes_one_wins_and_the_other_names_the_assignee(
    agent, other_agent, write, database, customers
):
    names = {agent.id: "Alba Agent", other_agent.id: "Bruno Agent"}
    for customer in customers:
        conversation = write(customer)
        people = (agent, other_agent)
        outcomes = at_once(*(take(person, conversation) for person in people))
        (winner,) = [
            p for p, each in zip(people, outcomes, strict=True) if each is True
        ]
        (told,) = [each for each in outcomes if isinstance(each, Refused)]
        assert str(told) == f"{names[winner.id]} already has this conversation."
        assert database.conversation(customer)["user_id"] == winner.id
        assert events(database, customer) == ["assigned"]


def test_taking_and_going_unavailable_are_serialised(
    agent, other_agent, write, database, customers
):
    for customer in customers:
        conversation = write(customer)
        switch(other_agent, True)
        try:
            given, _switched = at_once(
                lambda conversation=conversation: agent.conversation(
                    conversation, "action_assign", other_agent.id, False
                ),
                lambda: switch(other_agent, False),
            )
            assert not available(database, other_agent)
            check_given_or_refused(database, customer, other_agent, given)
        finally:
            switch(other_agent, True)


def test_two_simultaneous_assignments_to_one_colleague_both_succeed(
    admin, agent, other_agent, write, database, customers
):
    for one, two in zip(customers[::2], customers[1::2], strict=True):
        conversations = [write(one), write(two)]
        outcomes = at_once(
            *(
                lambda assigner=assigner, given=given: assigner.conversation(
                    given, "action_assign", other_agent.id, False
                )
                for assigner, given in zip((admin, agent), conversations, strict=True)
            )
        )
        assert outcomes == [True, True]
        for customer in (one, two):
            assert database.conversation(customer)["user_id"] == other_agent.id


def available(database, person):
    (row,) = database.rows(
        "SELECT available FROM messaging_availability WHERE user_id = %s", person.id
    )
    return row["available"]


def check_given_or_refused(database, customer, person, given):
    assignee = database.conversation(customer)["user_id"]
    if given is True:
        assert (assignee, events(database, customer)) == (person.id, ["assigned"])
    else:
        assert isinstance(given, Refused)
        assert "unavailable" in str(given)
        assert (assignee, events(database, customer)) == (None, [])


def test_an_assignment_waits_for_an_uncommitted_switch_and_obeys_it(
    agent, other_agent, write, database, customer
):
    conversation = write(customer)
    off = "UPDATE messaging_availability SET available = FALSE WHERE user_id = %s"
    with database.open_transaction(off, other_agent.id) as connection:
        try:
            given, _committed = at_once(
                lambda: agent.conversation(
                    conversation, "action_assign", other_agent.id
                ),
                lambda: (time.sleep(0.5), connection.commit()),
            )
        finally:
            switch(other_agent, True)
    assert "unavailable" in str(given)
    assert database.conversation(customer)["user_id"] is None


def test_taking_while_the_channel_turns_private_leaves_no_assignee_without_access(
    agent, admin, line, write, database, customers
):
    for customer in customers:
        conversation = write(customer)
        taken, _hidden = at_once(
            take(agent, conversation), lambda: show_to(admin, line, "private")
        )
        assert database.conversation(customer)["user_id"] is None
        # Assigned and unassigned again, or refused: nothing in between.
        expected = ["assigned", "assigned"] if taken is True else []
        assert events(database, customer) == expected
        show_to(admin, line, "shared")


def test_an_assignment_to_a_user_archived_meanwhile_does_not_last(
    agent, admin, odoo, write, database, customers
):
    from tests.e2e.support.people import make_agent

    leaver = make_agent(odoo, admin, "Lea Leaver")
    for customer in customers:
        conversation = write(customer)
        given, _archived = at_once(
            lambda conversation=conversation: agent.conversation(
                conversation, "action_assign", leaver.id, False
            ),
            lambda: admin.call("res.users", "write", [leaver.id], {"active": False}),
        )
        assert database.conversation(customer)["user_id"] is None
        expected = ["assigned", "assigned"] if given is True else []
        assert events(database, customer) == expected
        admin.call("res.users", "write", [leaver.id], {"active": True})


def test_closing_while_the_customer_writes_is_serialised(
    agent, write, database, customers
):
    for customer in customers:
        conversation = write(customer)
        closed, _written = at_once(
            lambda conversation=conversation: agent.conversation(
                conversation, "action_close"
            ),
            lambda customer=customer: write(customer, "One more thing"),
        )
        assert closed is True
        state = database.conversation(customer)["state"]
        told = events(database, customer)
        assert (state, told) in (
            ("closed", ["closed"]),
            ("open", ["closed", "reopened"]),
        )
        assert len(database.messages(customer, "inbound")) == 2


def test_two_tabs_that_read_at_once_leave_the_conversation_read(
    agent, write, database, customers
):
    for customer in customers:
        conversation = write(customer)
        tab = (lambda c=conversation: agent.conversation(c, "action_mark_read"),) * 3
        assert at_once(*tab) == [True] * 3
        assert unread(agent, conversation) == 0


def test_a_message_that_arrives_during_reading_is_unread_unless_seen(
    agent, write, database, customers
):
    for customer in customers:
        conversation = write(customer)
        at_once(
            lambda conversation=conversation: agent.conversation(
                conversation, "action_mark_read"
            ),
            lambda customer=customer: write(customer, "One more thing"),
        )
        (mark,) = database.rows(
            "SELECT last_read_message_id AS id FROM messaging_participation"
            " WHERE conversation_id = %s AND user_id = %s",
            conversation["id"],
            agent.id,
        )
        first, second = (each["id"] for each in database.messages(customer))
        assert mark["id"] in (first, second)
        assert unread(agent, conversation) == (mark["id"] == first)


def unread(person, conversation):
    (row,) = person.call("messaging.conversation", "inbox_rows", [conversation["id"]])
    return row["unread_count"]


def test_deleting_while_the_customer_writes_leaves_nothing_half_deleted(
    admin, webhook, line, write, database, customers
):
    for customer in customers:
        to = f"whatsapp:{line['address']}"
        old, new = (text_from(customer, body, To=to) for body in ("Old", "New"))
        webhook.post(old)
        conversation = database.conversation(customer)
        _deleted, answer = at_once(
            lambda conversation=conversation: admin.conversation(
                conversation, "unlink"
            ),
            lambda new=new: webhook.post(new),
        )
        assert answer.status == 200
        check_gone_or_begun_anew(database, customer, conversation)
        before = [message["body"] for message in database.messages(customer)]
        for form in (old, new):
            assert webhook.post(form).status == 200
        assert [m["body"] for m in database.messages(customer)] == before


def check_gone_or_begun_anew(database, customer, former):
    for table in ("messaging_message", "messaging_identity", "messaging_participation"):
        assert not database.rows(
            f"SELECT id FROM {table} WHERE conversation_id = %s", former["id"]
        )
    conversations = database.conversations(customer)
    if conversations:
        (anew,) = conversations
        assert anew["id"] > former["id"]
        assert (anew["user_id"], anew["partner_id"]) == (None, None)
        assert [m["body"] for m in database.messages(customer)] == ["New"]


def test_deleting_while_an_agent_replies_sends_once_or_not_at_all(
    admin, agent, phone, database, customers
):
    for customer in customers[:3]:
        phone.add(customer)
        phone.write(customer, "Hello")
        conversation = database.conversation(customer)
        _deleted, answered = at_once(
            lambda conversation=conversation: admin.conversation(
                conversation, "unlink"
            ),
            lambda conversation=conversation: agent.reply(conversation, "Yes"),
        )
        assert isinstance(answered, (list, Refused)), answered
        assert not database.conversations(customer)
        if isinstance(answered, Refused):
            assert phone.bodies(customer) == []
        else:
            assert phone.bodies(customer) in ([], ["Yes"])


def test_of_two_simultaneous_replies_one_is_sent_and_the_other_names_its_author(
    agent, other_agent, phone, database, customers
):
    names = {agent: "Alba Agent", other_agent: "Bruno Agent"}
    for customer in customers:
        # On a number that exists at the provider: a failed reply is no answer.
        phone.add(customer)
        phone.write(customer, "Hello")
        conversation = database.conversation(customer)
        (seen,) = database.messages(customer, "inbound")
        outcomes = at_once(
            *(
                lambda person=person, seen=seen, conversation=conversation: (
                    person.reply(conversation, "Yes", expected_last_id=seen["id"])
                )
                for person in names
            )
        )
        (told,) = [each for each in outcomes if isinstance(each, Refused)]
        first = [agent, other_agent][isinstance(outcomes[0], Refused)]
        assert str(told).startswith(f"{names[first]} has answered meanwhile")
        assert len(database.messages(customer, "outbound")) == 1
