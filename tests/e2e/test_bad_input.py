"""Whoever posts to the webhook without being Twilio, or breaks what Twilio says.

Take the good request, break one thing, expect one refusal.
"""

from urllib.parse import urlencode

import pytest

from tests.e2e.support.door import Door, sign, status_of, text_from
from tools.practice_phone import demo

MANY = 70 * 1024


@pytest.fixture
def nothing_is_written(database):
    """The database is the same after the test as before."""
    before = database.footprint()
    yield
    assert database.footprint() == before


@pytest.fixture(scope="session")
def make_account(admin):
    """Make a connected account under another public address; return its Door."""

    def make(port, origin, **values):
        values = {
            "name": origin,
            "twilio_account_sid": demo.ACCOUNT_SID,
            "twilio_auth_token": demo.AUTH_TOKEN,
            "state": "connected",
            **values,
        }
        ids = admin.call("messaging.account", "create", [values])
        channel = {"account_id": ids[0], "kind": "whatsapp", "name": origin}
        channel["address"] = demo.WHATSAPP_NUMBER
        admin.call("messaging.channel", "create", [channel])
        (account,) = admin.call("messaging.account", "read", ids, ["webhook_url"])
        url = f"{origin}/messaging/{account['webhook_url'].partition('/messaging/')[2]}"
        admin.call("messaging.account", "write", ids, {"webhook_url": url})
        return Door(port, url)

    return make


@pytest.fixture(scope="session")
def public_door(odoo, make_account):
    """An account whose webhook is reached through a TLS proxy."""
    return make_account(odoo.http_port, "https://crm.example.com")


# -- who is let in -----------------------------------------------------------


@pytest.mark.usefixtures("nothing_is_written")
def test_an_unknown_token_is_not_found(door, customer):
    answer = door.post(text_from(customer), path="/messaging/webhook/unknown")
    assert (answer.status, answer.body) == (404, b"")


def test_an_archived_account_is_not_found(odoo, make_account, admin, customer):
    door = make_account(odoo.http_port, "https://archived.example.com")
    assert door.post(text_from(customer)).status == 200
    ids = admin.call("messaging.account", "search", [("webhook_url", "=", door.url)])
    admin.call("messaging.account", "write", ids, {"active": False})
    assert door.post(text_from(customer)).status == 404


@pytest.mark.usefixtures("nothing_is_written")
@pytest.mark.parametrize(
    "signature",
    [
        pytest.param(None, id="missing"),
        pytest.param("", id="empty"),
        pytest.param("bm90IHRoZSByaWdodCBvbmUgYXQgYWxs", id="wrong"),
        pytest.param("señal", id="not ASCII"),
        pytest.param("a" * 5000, id="very long"),
    ],
)
def test_a_signature_that_is_not_twilios_is_forbidden(door, customer, signature):
    header = signature.encode("latin-1") if signature else signature
    answer = door.post(text_from(customer), x_twilio_signature=header)
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_a_signature_of_another_token_is_forbidden(door, customer):
    form = text_from(customer)
    signature = sign(door.url, form, "ffffffffffffffffffffffffffffffff")
    answer = door.post(form, x_twilio_signature=signature)
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
@pytest.mark.parametrize("field", ["Body", "From", "To", "MessageSid"])
def test_a_field_changed_after_signing_is_forbidden(door, customer, field):
    form = text_from(customer)
    signature = sign(door.url, form)
    form[field] += "1"
    answer = door.post(form, x_twilio_signature=signature)
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_a_field_added_after_signing_is_forbidden(door, customer):
    form = text_from(customer)
    signature = sign(door.url, form)
    answer = door.post({**form, "Extra": "1"}, x_twilio_signature=signature)
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_a_query_that_was_not_signed_is_forbidden(door, customer):
    answer = door.post(text_from(customer), path=f"{door.path}?m=forged.0")
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_a_signature_of_another_address_is_forbidden(door, customer):
    answer = door.post(text_from(customer), signed_url="https://else.example.com/")
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_a_rightly_signed_body_of_another_account_is_forbidden(door, customer):
    form = text_from(customer, AccountSid="AC" + "9" * 32)
    answer = door.post(form)
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_a_get_without_a_signature_is_forbidden(odoo, door):
    import httpx

    answer = httpx.get(f"{odoo.http_url}{door.path}", trust_env=False)
    assert (answer.status_code, answer.content) == (403, b"")


# -- where it was sent to ----------------------------------------------------


@pytest.mark.parametrize(
    "netloc",
    ["crm.example.com", "crm.example.com:443"],
    ids=["without a port", "with its port"],
)
def test_the_signature_may_name_the_port_or_not(
    public_door, database, customer, netloc
):
    signed_url = f"https://{netloc}{public_door.path}"
    answer = public_door.post(text_from(customer), signed_url=signed_url)
    assert answer.status == 200
    assert len(database.messages(customer)) == 1


@pytest.mark.usefixtures("nothing_is_written")
def test_a_signature_with_a_foreign_port_is_forbidden(public_door, customer):
    signed_url = f"https://crm.example.com:8443{public_door.path}"
    answer = public_door.post(text_from(customer), signed_url=signed_url)
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.parametrize(
    "registered, signed",
    [
        ("https://a.example.com:8443", "https://a.example.com:8443"),
        ("https://b.example.com:8443", "https://b.example.com"),
    ],
    ids=["with it", "without it"],
)
def test_a_registered_port_may_be_signed_or_not(
    odoo, make_account, database, customer, registered, signed
):
    door = make_account(odoo.http_port, registered)
    answer = door.post(text_from(customer), signed_url=f"{signed}{door.path}")
    assert answer.status == 200
    assert len(database.messages(customer)) == 1


def test_behind_a_tls_proxy_the_signed_address_is_the_public_one(
    public_door, database, customer
):
    answer = public_door.post(
        text_from(customer),
        host="10.0.0.5:8069",
        x_forwarded_proto="https",
        x_forwarded_host="crm.example.com",
        x_forwarded_for="54.172.60.1",
    )
    assert answer.status == 200
    assert len(database.messages(customer)) == 1


def test_a_second_public_name_of_the_proxy_is_accepted_when_it_was_signed(
    public_door, database, customer
):
    answer = public_door.post(
        text_from(customer),
        signed_url=f"https://second.example.com{public_door.path}",
        x_forwarded_proto="https",
        x_forwarded_host="second.example.com",
    )
    assert answer.status == 200
    assert len(database.messages(customer)) == 1


def test_a_signed_query_is_part_of_the_address(door, database, customer):
    query = "?m=00000000-0000-4000-8000-000000000000.0"
    form = text_from(customer)
    answer = door.post(form, signed_url=door.url + query, path=door.path + query)
    assert answer.status == 200
    assert len(database.messages(customer)) == 1


# -- verified, and still not what it should be --------------------------------


def test_a_message_without_a_sid_is_kept_as_a_failed_receipt(door, database, customer):
    answer = door.post(text_from(customer, MessageSid=None))
    assert answer.status == 200
    (receipt,) = database.receipts(customer)
    assert receipt["state"] == "failed"
    assert "MessageSid" in receipt["error"]
    assert not database.conversations(customer)


@pytest.mark.parametrize("field", ["From", "To"])
def test_a_message_without_an_end_is_kept_as_a_failed_receipt(
    door, database, customer, field
):
    form = text_from(customer, **{field: None})
    assert door.post(form).status == 200
    (receipt,) = database.receipts(form["MessageSid"])
    assert field in receipt["error"]


def test_a_status_that_nobody_knows_is_kept_as_a_failed_receipt(
    door, database, customer
):
    form = status_of("SM" + "e" * 32, "teleported", customer, Body=customer)
    assert door.post(form).status == 200
    (receipt,) = database.receipts("teleported")
    assert "teleported" in receipt["error"]


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", None],
    ids=["json", "text", "no type"],
)
@pytest.mark.usefixtures("nothing_is_written")
def test_a_body_that_is_no_form_and_was_not_signed_is_forbidden(
    door, customer, content_type
):
    form = text_from(customer)
    headers = {"X-Twilio-Signature": sign(door.url, form)}
    headers["Content-Type"] = content_type
    answer = door.send(door.path, b'{"Body": "Hello"}', headers)
    assert (answer.status, answer.body) == (403, b"")


def test_an_empty_form_that_is_rightly_signed_is_kept_as_a_failed_receipt(
    door, database
):
    before = len(database.rows("SELECT id FROM messaging_receipt"))
    answer = door.post({})
    assert answer.status == 200
    assert len(database.rows("SELECT id FROM messaging_receipt")) == before + 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"%", id="a lone percent"),
        pytest.param(b"&&&===&", id="separators"),
        pytest.param(b"Body=%FF%FE%FA", id="no UTF-8"),
        pytest.param(b"&".join(b"a%d=1" % n for n in range(3000)), id="many fields"),
    ],
)
@pytest.mark.usefixtures("nothing_is_written")
def test_a_malformed_form_is_forbidden(door, body):
    answer = door.send(door.path, body, {"X-Twilio-Signature": sign(door.url, {})})
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_bytes_that_are_no_text_are_refused_by_odoo_before_we_see_them(door):
    signature = {"X-Twilio-Signature": sign(door.url, {})}
    answer = door.send(door.path, b"\xff\x00\x01" * 100, signature)
    assert answer.status in (400, 413)


def test_nul_bytes_are_dropped_from_a_text(door, database, customer):
    answer = door.post(text_from(customer, "Do\x00es it\x00 work?"))
    assert answer.status == 200
    assert [m["body"] for m in database.messages(customer)] == ["Does it work?"]


def test_nul_bytes_are_dropped_from_a_name(door, database, customer):
    answer = door.post(text_from(customer, ProfileName="An\x00a"))
    assert answer.status == 200
    assert database.conversation(customer)["contact_name"] == "Ana"


@pytest.mark.usefixtures("nothing_is_written")
def test_half_a_character_which_nobody_can_sign_is_forbidden(door, customer):
    """UTF-8 holds no lone surrogate: Twilio's own library refuses to sign one."""
    form = text_from(customer, "half X character")
    body = urlencode(form).replace("half+X", "half+%ED%A0%BD").encode()
    answer = door.send(door.path, body, {"X-Twilio-Signature": sign(door.url, form)})
    assert (answer.status, answer.body) == (403, b"")


def test_seventy_kilobytes_of_text_are_kept_in_full(door, database, customer):
    text = "é" * MANY
    assert door.post(text_from(customer, text)).status == 200
    (message,) = database.messages(customer)
    assert message["body"] == text
    assert len(database.conversation(customer)["last_message_preview"]) == 200


@pytest.mark.usefixtures("nothing_is_written")
def test_a_body_over_the_limit_is_refused(door, customer):
    answer = door.post(text_from(customer, "x" * (4 * 1024 * 1024 + 1)))
    assert answer.status == 413


def test_a_name_of_a_thousand_characters_does_not_lose_the_message(
    door, database, customer
):
    assert door.post(text_from(customer, ProfileName="n" * 1000)).status == 200
    assert len(database.messages(customer)) == 1


def test_the_word_script_is_text_like_any_other(door, database, customer):
    text = "<script>alert(1)</script> %s {{ 7*7 }} '; DROP TABLE x; --"
    assert door.post(text_from(customer, text)).status == 200
    assert [m["body"] for m in database.messages(customer)] == [text]


def test_a_verified_request_that_cannot_be_digested_can_be_replayed(
    door, database, customer, admin
):
    """The number was no channel yet; the message is there once it is one."""
    address = f"+1{customer[1:]}"
    door.post(text_from(customer, "Replay me", To=f"whatsapp:{address}"))
    (receipt,) = database.receipts(customer.lstrip("+"))
    ids = admin.call("messaging.account", "search", [("webhook_url", "=", door.url)])
    channel = {"account_id": ids[0], "kind": "whatsapp", "name": address}
    admin.call("messaging.channel", "create", [{**channel, "address": address}])
    admin.call("messaging.receipt", "action_replay", [receipt["id"]])
    assert [m["body"] for m in database.messages(customer)] == ["Replay me"]
    (receipt,) = database.rows(
        "SELECT * FROM messaging_receipt WHERE id = %s", receipt["id"]
    )
    assert (receipt["state"], receipt["body_stored"]) == ("done", None)
