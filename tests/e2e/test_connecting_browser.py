"""A manager connects an account against the practice phone."""

import re

import pytest
from playwright.sync_api import expect

SID = "AC" + "c0" * 16
MANY_SID = "AC" + "c1" * 16
TOKEN = "c0ffee" + "0" * 26
WHATSAPP = "+34600000071"
SMS = "+34600000072"


@pytest.fixture(scope="session")
def manager(odoo, admin):
    from tests.e2e.support.people import make_agent

    return make_agent(odoo, admin, "Mara Manager", "group_messaging_manager")


@pytest.fixture
def form(window, manager, admin, phone, odoo):
    """Open the form of a new account that talks to the practice phone."""
    phone.post(
        "accounts",
        sid=SID,
        auth_token=TOKEN,
        lines=[
            {"kind": "whatsapp", "address": WHATSAPP},
            {"kind": "sms", "address": SMS},
        ],
    )
    page = window(manager).new_page()
    page.goto("/odoo/action-messaging_inbox.messaging_account_action/new")
    page.locator("[name=name] input").fill("Second shop")
    page.locator("[name=twilio_account_sid] input").fill(SID)
    page.locator("[name=twilio_auth_token] input").fill("wrong")
    page.get_by_role("button", name="Save manually").click()
    expect(page).to_have_url(re.compile(r"/\d+$"))
    ids = [int(page.url.rpartition("/")[2])]
    admin.call("messaging.account", "write", ids, {"api_base_url": phone.url})
    yield page
    admin.call("messaging.account", "write", ids, {"active": False})


@pytest.fixture
def account_of(admin):
    """Return the account of a form."""

    def read(form):
        ids = [int(form.url.rpartition("/")[2])]
        return admin.call("messaging.account", "read", ids)[0]

    return read


def test_wrong_credentials_are_reported_and_right_ones_connect(
    form, admin, phone, account_of
):
    form.get_by_role("button", name="Connect", exact=True).click()
    notice = form.locator(".o_notification")
    expect(notice.first).to_contain_text("The provider refuses these credentials.")
    assert account_of(form)["state"] == "draft"
    # The form, which is reloaded, shows it as well
    expect(form.locator(".alert-danger")).to_contain_text("refuses these credentials")
    form.locator(".o_notification_close").first.click()
    form.locator("[name=twilio_auth_token] input").fill(TOKEN)
    dialog = list_numbers(form)
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    assert account_of(form)["state"] == "draft"
    dialog.get_by_role("button", name="Connect 2 channels").click()
    expect(dialog.get_by_text("2 connected")).to_be_visible()
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    # The form behind is reloaded
    expect(form.get_by_role("button", name="Connect again")).to_be_visible()
    account = account_of(form)
    assert account["state"] == "connected"
    _check_channels(admin, account)
    _check_webhooks(phone, account)


def _check_channels(admin, account):
    channels = admin.call(
        "messaging.channel",
        "search_read",
        [("account_id", "=", account["id"])],
        ["kind", "address"],
    )
    found = {(channel["kind"], channel["address"]) for channel in channels}
    assert found == {("whatsapp", WHATSAPP), ("sms", SMS)}


def _check_webhooks(phone, account):
    lines = [line for line in phone.get("state")["lines"] if line["account_sid"] == SID]
    assert len(lines) == 2
    for line in lines:
        address, _sign, fragment = line["webhook_url"].partition("#")
        assert address == account["webhook_url"]
        assert "5xx" in fragment


def test_a_ticked_number_of_another_program_is_taken_over(form, phone, account_of):
    other = "https://bot.example/in"
    phone.point(SMS, other)
    form.locator("[name=twilio_auth_token] input").fill(TOKEN)
    dialog = list_numbers(form)
    row = dialog.get_by_role("listitem").filter(has_text=SMS)
    expect(row).to_contain_text(other)
    expect(row).to_contain_text("Another program")
    expect(row.get_by_role("checkbox")).not_to_be_checked()
    row.get_by_role("checkbox").focus()
    form.keyboard.press("Space")
    dialog.get_by_role("button", name="Connect 2 channels").press("Enter")
    expect(dialog.get_by_text("2 connected")).to_be_visible()
    _check_webhooks(phone, account_of(form))


@pytest.mark.parametrize("width", [1280, 390])
def test_many_numbers_are_connected_with_visible_progress(form, phone, width):
    """Of 27 texting numbers one fails, and one belongs to another program."""
    numbers = [f"+346000010{index:02d}" for index in range(27)]
    failing, other = numbers[12], numbers[3]
    _play_many(phone, numbers, other)
    form.locator("[name=twilio_account_sid] input").fill(MANY_SID)
    form.locator("[name=twilio_auth_token] input").fill(TOKEN)
    form.set_viewport_size({"width": width, "height": 844})
    dialog = list_numbers(form)
    status = dialog.get_by_role("status")
    row = dialog.get_by_role("listitem").filter(has_text=other)
    expect(row.get_by_role("checkbox")).not_to_be_checked()
    sid = line_of(phone, failing)["sid"]
    phone.trouble(request="error", code=21502, path=sid)
    phone.trouble(request="slow", seconds=1, times=100, path="/IncomingPhoneNumbers/")
    dialog.get_by_role("button", name=re.compile("Connect .* channels")).click()
    expect(status).to_contain_text("Connecting 8 of 27")
    expect(status).to_contain_text("26 connected, 1 failed", timeout=60_000)
    first = dialog.get_by_role("listitem").first
    expect(first).to_contain_text(re.compile(rf"\{failing}.*21502", re.DOTALL))
    phone.calm_down()
    dialog.get_by_role("button", name="Retry the failed ones").click()
    expect(status).to_contain_text("27 connected")
    form.keyboard.press("Escape")
    # The form behind is reloaded and no longer asks for credentials
    expect(form.locator(".alert-info")).to_have_count(0)
    assert line_of(phone, other)["webhook_url"].startswith("https://bot.example/")


def _play_many(phone, numbers, other):
    lines = [{"kind": "sms", "address": number} for number in numbers]
    lines.append({"kind": "whatsapp", "address": "+34600001099", "name": "Blue Chairs"})
    phone.post("accounts", sid=MANY_SID, auth_token=TOKEN, lines=lines)
    phone.point(other, "https://bot.example/incoming/messages?key=1234567890")


def test_the_token_is_never_shown_again(form, account_of):
    expect(form.locator("[name=twilio_auth_token] input")).not_to_have_value("wrong")
    form.reload()
    field = form.locator("[name=twilio_auth_token] input")
    expect(field).to_be_visible()
    assert "••••" in field.input_value()
    assert account_of(form)["twilio_auth_token"].startswith("••••")


def test_the_checklist_ticks_itself_off_live(
    form, admin, odoo, phone, customer, account_of, database
):
    account = account_of(form)
    path = account["webhook_url"].partition("/messaging/")[2]
    values = {"webhook_url": f"{odoo.http_url}/messaging/{path}"}
    admin.call("messaging.account", "write", [account["id"]], values)
    form.reload()
    form.locator("[name=twilio_auth_token] input").fill(TOKEN)
    dialog = list_numbers(form)
    dialog.get_by_role("button", name=re.compile("Connect .* channels")).click()
    expect(dialog.get_by_role("status")).to_contain_text("connected")
    form.keyboard.press("Escape")
    expect(tick(form, "subscribed", "done")).to_be_visible()
    expect(tick(form, "inbound", "done")).to_have_count(0)
    phone.add(customer)
    phone.write(customer, "Is this the new number?", line=f"whatsapp:{WHATSAPP}")
    expect(tick(form, "webhook", "done")).to_be_visible()
    expect(tick(form, "inbound", "done")).to_be_visible()
    expect(tick(form, "delivery", "next")).to_be_visible()
    admin.reply(database.conversation(customer), "It is")
    expect(tick(form, "delivery", "done")).to_be_visible()


def tick(form, key, face):
    return form.locator(f".o-messaging-Checklist li[data-key={key}].o-{face}")


def list_numbers(form):
    form.get_by_role("button", name="Connect", exact=True).click()
    dialog = form.get_by_role("dialog")
    expect(dialog.get_by_role("listitem").first).to_be_visible()
    return dialog


def line_of(phone, address):
    lines = phone.get("state")["lines"]
    return next(line for line in lines if line["address"] == address)
