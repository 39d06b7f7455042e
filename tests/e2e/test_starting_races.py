"""A start meets another change of its conversation at the same instant.

Each race runs several times. One phone gets one conversation, by whichever number.
"""

import itertools

import pytest

from tests.e2e.support.at_once import at_once
from tests.e2e.support.webhook import text_from

ROUNDS = 5
_numbers = itertools.count(1)


@pytest.fixture
def line(admin, account):
    """Return one of our SMS numbers that no other test uses."""
    address = f"+3460020{next(_numbers):04d}"
    values = {"name": address, "account_id": account["id"], "address": address}
    values["kind"] = "sms"
    (channel_id,) = admin.call("messaging.channel", "create", [values])
    return {"id": channel_id, "address": address}


@pytest.fixture
def phones():
    """Return both numbers of new Argentinian phones, a pair for each round."""
    digits = [f"112345{next(_numbers):04d}" for _ in range(ROUNDS)]
    return [(f"+549{each}", f"+54{each}") for each in digits]


@pytest.fixture
def post(webhook, line):
    def post(number):
        form = text_from(number, "Hello", To=line["address"])
        form["From"] = number
        return webhook.post(form).status

    return post


@pytest.fixture
def start(line):
    def start(person, number):
        arguments = line["id"], number
        return person.call("messaging.conversation", "action_start", *arguments)

    return start


@pytest.fixture
def conversations(database, line):
    """Return a function to the ids of the conversations of a phone's numbers."""

    def conversations(phone):
        rows = database.rows(
            "SELECT c.id, array_agg(i.external_id::text ORDER BY i.external_id) AS ids"
            "  FROM messaging_conversation c"
            "  JOIN messaging_identity i ON i.conversation_id = c.id"
            " WHERE c.channel_id = %s AND i.external_id = ANY(%s) GROUP BY c.id",
            line["id"],
            list(phone),
        )
        return {row["id"]: row["ids"] for row in rows}

    return conversations


def test_two_webhooks_with_both_numbers_make_one_conversation(
    phones, post, conversations
):
    for phone in phones:
        outcomes = at_once(*(lambda n=number: post(n) for number in phone))
        assert outcomes == [200, 200]
        assert list(conversations(phone).values()) == [sorted(phone)]


def test_two_agents_who_start_get_one_conversation(
    agent, other_agent, phones, start, conversations
):
    for long, short in phones:
        mine, theirs = at_once(
            lambda long=long: start(agent, long),
            lambda short=short: start(other_agent, short),
        )
        assert mine == theirs
        assert list(conversations((long, short))) == [mine]


def test_a_start_and_a_webhook_with_the_other_number_make_one_conversation(
    agent, phones, start, post, conversations, database
):
    for long, short in phones:
        id_, status = at_once(
            lambda long=long: start(agent, long),
            lambda short=short: post(short),
        )
        assert status == 200
        assert list(conversations((long, short))) == [id_]
        (count,) = database.rows(
            "SELECT count(*) AS n FROM messaging_message WHERE conversation_id = %s"
            " AND direction = 'inbound'",
            id_,
        )
        assert count["n"] == 1


def test_giving_up_while_the_customer_writes_loses_nothing(
    agent, phones, start, post, conversations, database
):
    for phone in phones:
        id_ = start(agent, phone[0])
        cancel = ("messaging.conversation", "action_cancel_start", [id_])
        _result, status = at_once(
            lambda cancel=cancel: agent.call(*cancel),
            lambda phone=phone: post(phone[0]),
        )
        assert status == 200
        (left,) = conversations(phone)
        (count,) = database.rows(
            "SELECT count(*) AS n FROM messaging_message WHERE conversation_id = %s"
            " AND direction = 'inbound'",
            left,
        )
        assert count["n"] == 1


def test_giving_up_while_a_colleague_starts_leaves_the_colleague_a_conversation(
    agent, other_agent, phones, start, conversations
):
    for phone in phones:
        id_ = start(agent, phone[0])
        cancel = ("messaging.conversation", "action_cancel_start", [id_])
        result, theirs = at_once(
            lambda cancel=cancel: agent.call(*cancel),
            lambda phone=phone: start(other_agent, phone[0]),
        )
        assert not isinstance(result, Exception)
        assert list(conversations(phone)) == [theirs]
        assert other_agent.reply({"id": theirs}, "Hello")
