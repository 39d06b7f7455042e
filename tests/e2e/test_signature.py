"""Signatures: each test breaks one thing in a good request and expects a refusal."""

import pytest

from tests.e2e.support.webhook import WebhookClient, sign, text_from
from tools.practice_phone import demo


@pytest.fixture(scope="session")
def make_account(admin):
    """Make a connected account under another public address; return its client."""

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
        return WebhookClient(port, url)

    return make


@pytest.fixture(scope="session")
def public_webhook(odoo, make_account):
    """Return an account whose webhook is behind a TLS proxy."""
    return make_account(odoo.http_port, "https://crm.example.com")


@pytest.mark.usefixtures("nothing_is_written")
def test_an_unknown_token_is_not_found(webhook, customer):
    answer = webhook.post(text_from(customer), path="/messaging/webhook/unknown")
    assert (answer.status, answer.body) == (404, b"")


def test_an_archived_account_is_not_found(odoo, make_account, admin, customer):
    webhook = make_account(odoo.http_port, "https://archived.example.com")
    assert webhook.post(text_from(customer)).status == 200
    ids = admin.call("messaging.account", "search", [("webhook_url", "=", webhook.url)])
    admin.call("messaging.account", "write", ids, {"active": False})
    assert webhook.post(text_from(customer)).status == 404


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
def test_a_forged_signature_is_forbidden(webhook, customer, signature):
    header = signature.encode("latin-1") if signature else signature
    answer = webhook.post(text_from(customer), x_twilio_signature=header)
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_a_signature_of_another_token_is_forbidden(webhook, customer):
    form = text_from(customer)
    signature = sign(webhook.url, form, "ffffffffffffffffffffffffffffffff")
    answer = webhook.post(form, x_twilio_signature=signature)
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
@pytest.mark.parametrize("field", ["Body", "From", "To", "MessageSid"])
def test_a_field_changed_after_signing_is_forbidden(webhook, customer, field):
    form = text_from(customer)
    signature = sign(webhook.url, form)
    form[field] += "1"
    answer = webhook.post(form, x_twilio_signature=signature)
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_a_field_added_after_signing_is_forbidden(webhook, customer):
    form = text_from(customer)
    signature = sign(webhook.url, form)
    answer = webhook.post({**form, "Extra": "1"}, x_twilio_signature=signature)
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_an_unsigned_query_is_forbidden(webhook, customer):
    answer = webhook.post(text_from(customer), path=f"{webhook.path}?m=forged.0")
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_a_signature_of_another_address_is_forbidden(webhook, customer):
    answer = webhook.post(text_from(customer), signed_url="https://else.example.com/")
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_a_correctly_signed_body_of_another_account_is_forbidden(webhook, customer):
    form = text_from(customer, AccountSid="AC" + "9" * 32)
    answer = webhook.post(form)
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.usefixtures("nothing_is_written")
def test_a_get_without_a_signature_is_forbidden(odoo, webhook):
    import httpx

    answer = httpx.get(f"{odoo.http_url}{webhook.path}", trust_env=False)
    assert (answer.status_code, answer.content) == (403, b"")


@pytest.mark.parametrize(
    "netloc",
    ["crm.example.com", "crm.example.com:443"],
    ids=["without a port", "with its port"],
)
def test_the_signed_address_may_include_the_port(
    public_webhook, database, customer, netloc
):
    signed_url = f"https://{netloc}{public_webhook.path}"
    answer = public_webhook.post(text_from(customer), signed_url=signed_url)
    assert answer.status == 200
    assert len(database.messages(customer)) == 1


@pytest.mark.usefixtures("nothing_is_written")
def test_a_signature_with_a_foreign_port_is_forbidden(public_webhook, customer):
    signed_url = f"https://crm.example.com:8443{public_webhook.path}"
    answer = public_webhook.post(text_from(customer), signed_url=signed_url)
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.parametrize(
    "registered, signed",
    [
        ("https://a.example.com:8443", "https://a.example.com:8443"),
        ("https://b.example.com:8443", "https://b.example.com"),
    ],
    ids=["with it", "without it"],
)
def test_a_registered_port_may_be_missing_from_the_signed_address(
    odoo, make_account, database, customer, registered, signed
):
    webhook = make_account(odoo.http_port, registered)
    answer = webhook.post(text_from(customer), signed_url=f"{signed}{webhook.path}")
    assert answer.status == 200
    assert len(database.messages(customer)) == 1


def test_behind_a_tls_proxy_the_signed_address_is_the_public_one(
    public_webhook, database, customer
):
    answer = public_webhook.post(
        text_from(customer),
        host="10.0.0.5:8069",
        x_forwarded_proto="https",
        x_forwarded_host="crm.example.com",
        x_forwarded_for="54.172.60.1",
    )
    assert answer.status == 200
    assert len(database.messages(customer)) == 1


def test_another_public_name_of_the_proxy_is_accepted_if_signed(
    public_webhook, database, customer
):
    answer = public_webhook.post(
        text_from(customer),
        signed_url=f"https://second.example.com{public_webhook.path}",
        x_forwarded_proto="https",
        x_forwarded_host="second.example.com",
    )
    assert answer.status == 200
    assert len(database.messages(customer)) == 1


def test_a_signed_query_is_part_of_the_address(webhook, database, customer):
    query = "?m=00000000-0000-4000-8000-000000000000.0"
    form = text_from(customer)
    answer = webhook.post(
        form, signed_url=webhook.url + query, path=webhook.path + query
    )
    assert answer.status == 200
    assert len(database.messages(customer)) == 1
