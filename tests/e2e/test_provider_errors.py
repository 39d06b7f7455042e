"""Each error of a provider, from its code to the agent's sentence."""

import pytest
from providers import graph_codes
from providers.error_table import Retry
from providers.errors import Reason
from providers.messenger.codes import ERROR_TABLE as META
from providers.twilio.codes import ERROR_TABLE as TWILIO
from providers.whatsapp_cloud.codes import ERROR_TABLE as WHATSAPP

from tests.e2e.support.fans import at
from tests.waiting import eventually

# Of these ranges, which mean the same from end to end, the ends are tried.
RANGES = (range(200, 300), range(80000, 80015))
# Those that it doesn't share with all of Meta, which Messenger tries
CLOUD = {
    code: meaning
    for code, meaning in WHATSAPP.items()
    if graph_codes.ERROR_TABLE.get(code) != meaning
}


def is_tried(code):
    return not any(code in each and code not in (each[0], each[-1]) for each in RANGES)


def codes(table, retry):
    """Return a parameter for each code, except those that pause the account."""
    return [
        pytest.param(code, meaning.reason.value, id=f"{code}-{meaning.reason.value}")
        for code, meaning in sorted(table.items())
        if meaning.retry is retry
        and meaning.reason is not Reason.BAD_CREDENTIALS
        and is_tried(code)
    ]


def pair(code):
    """Return (code, subcode): Meta's long codes are subcodes of a generic code."""
    return {"code": 100, "subcode": code} if code > 10**6 else {"code": code}


@pytest.fixture
def talk(fan, database):
    fan.write("Hello")
    return database.conversation(fan.external_id)


@pytest.fixture
def answer(agent, phone, database):
    """Reply while the provider fails; return the message's row."""

    def reply(conversation, **fault):
        phone.trouble(request="error", **fault)
        (message_id,) = agent.reply(conversation, "Trouble")
        eventually(lambda: database.message(message_id)["reason"])
        return database.message(message_id)

    return reply


@pytest.fixture
def sentence(agent):
    def read(row):
        fields = ["failure_reason"]
        (values,) = agent.call("messaging.message", "read", [row["id"]], fields)
        return values["failure_reason"]

    return read


def check_refused(row, code, reason, sentence):
    assert (row["state"], row["reason"]) == ("failed", reason)
    assert str(code) in row["error_code"]
    assert sentence(row).endswith((".", ")"))


@pytest.mark.parametrize("code, reason", codes(META, Retry.NEVER))
def test_a_message_refused_by_meta_fails_with_a_sentence(
    answer, talk, sentence, code, reason
):
    row = answer(talk, **pair(code))
    check_refused(row, code, reason, sentence)


@pytest.mark.parametrize("code, reason", codes(META, Retry.LATER))
def test_a_message_that_meta_postpones_is_sent_later(
    answer, talk, fan, database, code, reason
):
    row = answer(talk, **pair(code))
    assert (row["state"], row["reason"]) == ("queued", reason)
    arrives_later(database, row)
    assert fan.bodies() == ["Trouble"]


@at("whatsapp_cloud")
@pytest.mark.parametrize("code, reason", codes(CLOUD, Retry.NEVER))
def test_a_message_refused_by_whatsapp_fails_with_a_sentence(
    answer, talk, sentence, code, reason
):
    row = answer(talk, code=code)
    check_refused(row, code, reason, sentence)


@at("whatsapp_cloud")
@pytest.mark.parametrize("code, reason", codes(CLOUD, Retry.LATER))
def test_a_message_that_whatsapp_postpones_is_sent_later(
    answer, talk, fan, database, code, reason
):
    row = answer(talk, code=code)
    assert (row["state"], row["reason"]) == ("queued", reason)
    arrives_later(database, row)
    assert fan.bodies() == ["Trouble"]


@at("whatsapp_cloud")
def test_a_message_that_fails_later_says_why(
    agent, talk, fan, phone, database, sentence
):
    phone.trouble(callbacks="fail", error_code=131049)
    (message_id,) = agent.reply(talk, "Trouble")
    eventually(lambda: database.message(message_id)["reason"])
    check_refused(database.message(message_id), 131049, "held_back", sentence)


@pytest.mark.parametrize("code, reason", codes(TWILIO, Retry.NEVER))
def test_a_message_refused_by_twilio_fails_with_a_sentence(
    answer, conversation, sentence, code, reason
):
    row = answer(conversation, code=code)
    check_refused(row, code, reason, sentence)


@pytest.mark.parametrize("code, reason", codes(TWILIO, Retry.LATER))
def test_a_message_that_twilio_postpones_is_sent_later(
    answer, conversation, phone, known, database, code, reason
):
    row = answer(conversation, code=code)
    assert (row["state"], row["reason"]) == ("queued", reason)
    arrives_later(database, row)
    assert phone.bodies(known) == ["Trouble"]


def arrives_later(database, row):
    def is_there():
        return database.message(row["id"])["state"] in ("sent", "delivered")

    database.after_a_while(is_there, what="the message")


def test_an_unknown_code_keeps_metas_words(answer, talk, sentence):
    row = answer(talk, code=100, subcode=1234567, message="(#100) Something new")
    assert row["state"] == "failed"
    assert row["error_code"] == "100/1234567"
    assert "Something new" in sentence(row)


# -- credentials that are refused ------------------------------------------------


@pytest.fixture
def account_state(database, meta_account):
    def state():
        sql = "SELECT state FROM messaging_account WHERE id = %s"
        return database.rows(sql, meta_account["id"])[0]["state"]

    return state


@pytest.fixture
def connect_again(admin, meta_account, phone):
    """Make the tokens valid again and press Connect."""

    def connect():
        revoke(phone, 0)
        admin.call("messaging.account", "action_connect", [meta_account["id"]])

    yield connect
    connect()


def revoke(phone, subcode):
    from tools.practice_phone import demo

    phone.post("accounts", sid=demo.META_APP_ID, token_error=subcode)


@pytest.mark.parametrize("subcode", [460, 463, 467])
def test_a_revoked_token_pauses_the_account_until_it_is_renewed(
    agent, talk, fan, phone, database, account_state, connect_again, subcode
):
    revoke(phone, subcode)
    (message_id,) = agent.reply(talk, "Once")
    eventually(lambda: account_state() == "error")
    assert database.message(message_id)["state"] == "queued"
    connect_again()
    assert account_state() == "connected"
    arrives_later(database, database.message(message_id))
    assert fan.bodies() == ["Once"]


@pytest.mark.parametrize("code", [101, 102, 104, 190])
def test_refused_credentials_pause_the_account(
    answer, talk, fan, database, account_state, connect_again, code
):
    row = answer(talk, code=code)
    eventually(lambda: account_state() == "error")
    connect_again()
    arrives_later(database, row)
    assert fan.bodies() == ["Trouble"]
