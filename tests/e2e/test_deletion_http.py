"""What remains, and who can reach what, after a deletion or a loss of access."""

import base64
import itertools
import time
from urllib.parse import urlsplit

import httpx
import pytest

from tests.e2e.support.listener import Listener
from tests.e2e.support.people import Refused
from tests.e2e.support.phone import WHATSAPP, file
from tests.e2e.support.webhook import text_from
from tests.e2e.test_media import png
from tests.waiting import eventually, stays

_numbers = itertools.count(1)


@pytest.fixture
def channel(database, account):
    """Return the channel of the phone's customers; share it again afterwards."""
    address = WHATSAPP.removeprefix("whatsapp:")
    (row,) = database.rows(
        "SELECT id FROM messaging_channel WHERE account_id = %s AND address = %s"
        " AND kind = 'whatsapp'",
        account["id"],
        address,
    )
    return row


@pytest.fixture
def show_to(admin, channel):
    """Let the installer set the channel's visibility."""

    def show_to(visibility):
        values = {"visibility": visibility}
        admin.call("messaging.channel", "write", [channel["id"]], values)

    yield show_to
    show_to("shared")


@pytest.fixture
def listen(odoo, database):
    """Open the websocket of a person's inbox, and close it after the test."""
    listeners = []

    def listen(person):
        (last,) = database.rows("SELECT coalesce(max(id), 0) AS id FROM bus_bus")
        listener = Listener(odoo, person, last["id"])
        listener.__enter__()
        listeners.append(listener)
        return listener

    yield listen
    for listener in listeners:
        listener.__exit__()


@pytest.fixture
def picture(phone, known, database):
    """Return the id of a customer's picture."""
    phone.write(known, media=[file("bike.png", png(), "image/png")])

    def here():
        found = database.media(known)
        return found and found[0]["attachment_id"]

    return eventually(here, what="the download")


def gives(odoo, path, person=None):
    """Whether an address returns our picture, not Odoo's placeholder."""
    cookies = {"session_id": person.session} if person else {}
    with httpx.Client(base_url=odoo.http_url, cookies=cookies, trust_env=False) as http:
        answer = http.get(path)
    assert answer.status_code in (200, 303, 403, 404), answer.text
    return answer.content == png()


def addresses(attachment_id):
    return (f"/web/content/{attachment_id}", f"/web/image/{attachment_id}")


def delete(admin, conversation):
    return admin.conversation(conversation, "unlink")


# deletion


def test_a_deletion_makes_no_request_to_the_provider(
    admin, agent, phone, database, known, conversation, picture
):
    agent.reply(conversation, "Yes")
    eventually(lambda: database.messages(known, "outbound")[0]["state"] == "delivered")

    def changes():
        # The cron may compare our messages with the provider's list meanwhile.
        found = phone.get("requests")["requests"]
        return [each for each in found if each["method"] != "GET"]

    before = changes()
    delete(admin, conversation)
    stays(lambda: changes() == before, 2, "the provider heard")
    assert phone.bodies(known) == ["Yes"], "what lies at the provider stays"


def test_a_deleted_conversation_leaves_no_row_and_no_file(
    admin, agent, database, conversation, picture
):
    agent.reply(conversation, "Yes")
    agent.conversation(conversation, "action_note", "Between us")
    agent.call(
        "messaging.conversation", "inbox_save_draft", conversation["id"], "I began"
    )
    delete(admin, conversation)
    for table in ("messaging_message", "messaging_identity", "messaging_participation"):
        assert not database.rows(
            f"SELECT id FROM {table} WHERE conversation_id = %s", conversation["id"]
        )
    assert not database.rows("SELECT id FROM ir_attachment WHERE id = %s", picture)


def test_redelivery_status_and_replay_restore_nothing(
    admin, agent, webhook, phone, database, account
):
    customer = f"+3461177{next(_numbers):04d}"
    early = f"+3460020{next(_numbers):04d}"
    lost = text_from(customer, "To a number not ours yet", To=f"whatsapp:{early}")
    seen = text_from(customer, "Hello")
    webhook.post(lost)
    webhook.post(seen)
    (receipt,) = database.receipts(lost["MessageSid"])
    values = {"name": early, "account_id": account["id"], "address": early}
    admin.call("messaging.channel", "create", [values])
    delete(admin, database.conversation(customer))
    admin.call("messaging.receipt", "action_replay", [receipt["id"]])
    webhook.post(seen)
    assert not database.conversations(customer)
    assert not database.rows(
        "SELECT id FROM messaging_message WHERE provider_message_id = ANY(%s)",
        [lost["MessageSid"], seen["MessageSid"]],
    )
    assert not database.receipts(customer.lstrip("+")), "its body is forgotten"


def test_a_customer_who_writes_later_gets_a_new_conversation(
    admin, agent, phone, database, known, conversation
):
    (partner_id,) = admin.call("res.partner", "create", [{"name": "Ana"}])
    agent.conversation(conversation, "action_link", partner_id)
    agent.conversation(conversation, "action_assign", agent.id)
    delete(admin, conversation)
    phone.write(known, "Me again")
    anew = database.conversation(known)
    assert anew["id"] > conversation["id"]
    assert (anew["user_id"], anew["partner_id"], anew["lead_id"]) == (None,) * 3
    assert anew["state"] == "open"
    assert [m["body"] for m in database.messages(known)] == ["Me again"]


def test_only_the_installer_can_delete_by_any_call(
    agent, database, known, conversation
):
    for model, method, arguments in (
        ("messaging.conversation", "unlink", [[conversation["id"]]]),
        ("messaging.channel", "unlink", [[conversation["channel_id"]]]),
        (
            "messaging.conversation",
            "write",
            [[conversation["id"]], {"message_ids": [[5]]}],
        ),
    ):
        with pytest.raises(Refused):
            agent.call(model, method, *arguments)
    assert len(database.messages(known, "inbound")) == 1


# files by direct address


def test_a_file_is_unreachable_once_the_channel_is_private(
    odoo, admin, agent, show_to, picture
):
    for path in addresses(picture):
        assert gives(odoo, path, agent)
        assert not gives(odoo, path), "to nobody without a login"
    show_to("private")
    for path in addresses(picture):
        assert not gives(odoo, path, agent)
        assert gives(odoo, path, admin), "the installer still sees it"


def test_access_tokens_of_customers_files_are_not_given_out(agent, picture):
    with pytest.raises(Refused):
        agent.call("ir.attachment", "generate_access_token", [picture])
    with pytest.raises(Refused):
        agent.call("ir.attachment", "write", [picture], {"public": True})


def test_a_token_of_an_unsent_file_expires_with_the_access(
    odoo, agent, show_to, phone, known, conversation
):
    picture = agent.attach("a.png", base64.b64encode(png()).decode(), "image/png")
    (key,) = agent.call("ir.attachment", "generate_access_token", [picture])
    agent.call("ir.attachment", "write", [picture], {"public": True})
    path = f"/web/content/{picture}?access_token={key}"
    assert gives(odoo, path)
    agent.reply(conversation, "Look", attachment_ids=[picture])
    show_to("private")
    assert not gives(odoo, path)
    assert not gives(odoo, path, agent)


def test_a_deleted_file_is_unreachable_for_everybody(
    odoo, admin, agent, conversation, picture
):
    delete(admin, conversation)
    for path in addresses(picture):
        for person in (admin, agent, None):
            assert not gives(odoo, path, person)


def test_the_providers_link_to_a_deleted_file_is_dead(
    odoo, admin, agent, phone, known, conversation
):
    picture = agent.attach("a.png", base64.b64encode(png()).decode(), "image/png")
    agent.reply(conversation, "Look", attachment_ids=[picture])
    (media,) = phone.received(known, 1)[0]["media"]
    path = urlsplit(media["url"]).path
    assert gives(odoo, path)
    delete(admin, conversation)
    assert not gives(odoo, path)


# the websocket


def test_a_user_without_access_hears_nothing_more(
    admin, agent, other_agent, show_to, listen, phone, known, conversation
):
    listeners = {person: listen(person) for person in (admin, agent)}
    for listener in listeners.values():
        wait_until_subscribed(listener, phone, known)
    show_to("private")
    for listener in listeners.values():
        listener.receives("subscribe")
        listener.subscribe()
    wait_until_subscribed(listeners[admin], phone, known)
    phone.write(known, "A secret")
    listeners[admin].receives("changed", "A secret")
    time.sleep(1)
    assert not everything_with(listeners[agent], "A secret")


def test_a_kept_subscription_without_access_hears_nothing_more(
    admin, agent, show_to, listen, phone, known, conversation
):
    """The browser doesn't subscribe again, though it should."""
    installer, kept = listen(admin), listen(agent)
    wait_until_subscribed(kept, phone, known)
    show_to("private")
    installer.receives("subscribe")
    installer.subscribe()
    wait_until_subscribed(installer, phone, known)
    phone.write(known, "A secret")
    installer.receives("changed", "A secret")
    time.sleep(1)
    assert not everything_with(kept, "A secret")


def test_a_former_agent_hears_nothing_more(
    odoo, admin, listen, phone, known, conversation
):
    from tests.e2e.support.people import make_agent

    leaver = make_agent(odoo, admin, "Leo Leaver")
    listener, installer = listen(leaver), listen(admin)
    wait_until_subscribed(listener, phone, known)
    (group,) = admin.call(
        "ir.model.data",
        "search_read",
        [("name", "=", "group_messaging_user")],
        ["res_id"],
    )
    values = {"group_ids": [[3, group["res_id"]]]}
    admin.call("res.users", "write", [leaver.id], values)
    for each in (listener, installer):
        each.subscribe()
    wait_until_subscribed(installer, phone, known)
    phone.write(known, "A secret")
    installer.receives("changed", "A secret")
    time.sleep(1)
    assert not everything_with(listener, "A secret")


def test_an_immediate_new_subscription_follows_the_current_access(
    odoo, admin, listen, phone, known, conversation
):
    """A browser does this before all processes know that the groups changed."""
    from tests.e2e.support.people import make_agent

    domain = [("name", "=", "group_messaging_user")]
    (group,) = admin.call("ir.model.data", "search_read", domain, ["res_id"])
    quick = make_agent(odoo, admin, "Quim Quick")
    for number in range(4):
        listener, installer = listen(quick), listen(admin)
        listener.subscribes_at_once = True
        wait_until_subscribed(listener, phone, known)
        for code in (3, 4):
            values = {"group_ids": [[code, group["res_id"]]]}
            admin.call("res.users", "write", [quick.id], values)
            listener.receives("subscribe")
            time.sleep(0.5)
            installer.subscribe()
            wait_until_subscribed(installer, phone, known)
            words = f"{number} {'A secret' if code == 3 else 'Hello again'}"
            phone.write(known, words)
            installer.receives("changed", words)
            time.sleep(0.5)
            assert bool(everything_with(listener, words)) == (code == 4)
            listener.received.clear()


def test_all_listeners_hear_of_a_deletion(
    admin, agent, listen, phone, known, conversation
):
    listener = listen(agent)
    wait_until_subscribed(listener, phone, known)
    delete(admin, conversation)
    listener.receives("deleted", str(conversation["id"]))


def wait_until_subscribed(listener, phone, customer):
    """Wait until a subscription works and a message is heard."""
    words = f"Do you hear me? {next(_numbers)}"

    def write_and_listen():
        phone.write(customer, words)
        return listener.has_received("changed", words)

    eventually(write_and_listen, what="the subscription")


def everything_with(listener, text):
    return [message for message in list(listener.received) if text in str(message)]
