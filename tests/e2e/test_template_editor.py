"""Managers write templates; the provider approves or rejects them."""

import base64
import json
import re
from itertools import count

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.support.at_once import at_once
from tests.e2e.support.people import Refused
from tests.e2e.support.screen import MOBILE
from tests.e2e.test_media import png

pytestmark = pytest.mark.usefixtures("only_channels")

BODY = "Hello {{name}}, your offer {{number}} is ready."
SAMPLES = {"name": "Ana", "number": "S001"}
_numbers = count(1)


@pytest.fixture(scope="session")
def manager(odoo, admin):
    from tests.e2e.support.people import make_agent

    return make_agent(odoo, admin, "Tina Templates", "group_messaging_manager")


@pytest.fixture
def name():
    return f"offer_{chr(96 + next(_numbers))}"


@pytest.fixture
def draft(manager, account, name):
    """Return the id of a new draft; arguments change its values."""

    def make(**values):
        given = {"account_id": account["id"], "name": name, "language": "en_US"}
        given.update(category="utility", body=BODY, samples=SAMPLES, **values)
        (template_id,) = manager.call("messaging.template", "create", [given])
        return template_id

    return make


@pytest.fixture
def form(window, manager, account, request):
    from tests.e2e.support.template_editor import TemplateForm

    options = getattr(request, "param", {})
    return TemplateForm(window(manager, **options).new_page())


def read(person, template_id, *names):
    (values,) = person.call("messaging.template", "read", [template_id], list(names))
    return values


def submit(person, template_id):
    return person.call("messaging.template", "action_submit", [template_id])


def contents(phone, name):
    """Return the templates of that name that the provider has."""
    found = phone.get("contents")["contents"]
    return [each for each in found if each["friendly_name"] == name]


@pytest.mark.parametrize("form", [{}, {"viewport": MOBILE}], indirect=True)
def test_a_manager_writes_a_template_and_submits_it(form, manager, phone, name):
    form.open()
    # Typed as a person would: the form makes a name of it.
    form.fill_head(name.replace("_", " ").capitalize())
    form.body.fill("Hello")
    form.insert("body", "Contact's name")
    form.page.keyboard.type(", your new bike is {{colour}}. Shall we deliver it?")
    form.sample("colour").fill("red")
    form.bind("colour", "lead", "Opportunity")
    form.add_button("reply", "Yes, please")
    form.submit()
    expect(form.state).to_have_text("Waiting for approval")
    expect(form.submit_button).to_have_count(0)
    expect(form.body).to_have_count(0)

    (content,) = contents(phone, name)
    assert "{{colour}}" in json.dumps(content["types"])
    assert content["variables"] == {"contact": "Ana", "colour": "red"}
    values = read(manager, form.id, "state", "bindings", "provider_reference")
    assert values["state"] == "pending"
    assert values["provider_reference"] == content["sid"]
    assert values["bindings"] == {
        "contact": {"source": "partner", "path": "name"},
        "colour": {"source": "lead", "path": "name"},
    }


def test_preview_and_advice_follow_what_is_typed(form):
    form.open()
    form.body.fill("Hello")
    form.insert("body", "Contact's name")
    form.page.keyboard.type(", today your *new bike* is {{colour}}")
    expect(form.preview).to_contain_text("Hello Ana, today your new bike is colour")
    expect(form.preview.locator("strong")).to_have_text("new bike")
    expect(form.advice("body")).to_contain_text("the first or the last word")
    form.page.keyboard.type(". Shall we deliver it?")
    expect(form.advice("body")).to_have_count(0)
    expect(form.advice("variables")).to_contain_text("sample for {{colour}}")
    form.sample("colour").fill("red")
    expect(form.preview).to_contain_text("your new bike is red. Shall we")
    expect(form.advice("variables")).to_have_count(0)


def test_wrong_input_is_explained_and_reaches_no_provider(form, phone, name):
    form.open()
    form.fill_head(name)
    form.body.fill("{{name}} {{other}} and {{Bad name}}")
    form.submit()
    dialog = form.page.get_by_role("dialog")
    for sentence in (
        "can't be the first or the last word",
        "something between two variables",
        "{{Bad name}} is no name for a variable",
        "Write a sample for {{name}}",
    ):
        expect(dialog).to_contain_text(sentence)
    assert not contents(phone, name)


def test_the_sample_picture_can_be_fetched_from_the_internet(
    draft, manager, phone, name
):
    picture = {"name": "bike ñ.png", "datas": base64.b64encode(png()).decode()}
    picture["res_model"] = "messaging.template"
    (file_id,) = manager.call("ir.attachment", "create", [picture])
    template_id = draft(media_kind="image", sample_attachment_id=file_id)
    answer = submit(manager, template_id)
    assert answer["params"]["type"] == "success", answer
    (content,) = contents(phone, name)
    (url,) = set(re.findall(r"https?://[^\"]+\{\{file\}\}", json.dumps(content)))
    url = url.replace("{{file}}", content["variables"]["file"])
    assert url.endswith(".png")
    answer = httpx.get(url, trust_env=False)
    assert answer.headers["content-type"] == "image/png"
    assert answer.content == png()


def test_two_clicks_at_once_create_one_template(draft, manager, phone, name):
    template_id = draft()
    fault = {"request": "slow", "method": "POST", "path": "/v1/Content", "seconds": 2}
    phone.post("faults", times=1, **fault)

    def click():
        return submit(manager, template_id)

    outcomes = at_once(click, click)
    assert sum(isinstance(each, Refused) for each in outcomes) == 1, outcomes
    assert len(contents(phone, name)) == 1
    assert read(manager, template_id, "state")["state"] == "pending"


def test_an_error_of_the_provider_is_kept_and_the_draft_can_be_submitted_again(
    draft, form, manager, phone, name
):
    template_id = draft()
    fault = {"request": "error", "code": 20001, "message": "Not today"}
    phone.post("faults", times=1, method="POST", path="/v1/Content", **fault)
    form.open(template_id).submit()
    alert = form.page.locator(".o_form_view .alert-danger:visible")
    expect(alert).to_contain_text("20001 Not today")
    assert not contents(phone, name)
    form.submit()
    expect(form.state).to_have_text("Waiting for approval")
    expect(alert).to_have_count(0)


def test_agents_can_neither_write_nor_submit_templates(agent, draft, manager, phone):
    template_id = draft()
    for method, *arguments in (
        ("action_submit",),
        ("action_duplicate",),
        ("write", {"body": "Other"}),
        ("write", {"bindings": {"name": {"source": "partner", "path": "name"}}}),
    ):
        with pytest.raises(Refused):
            agent.call("messaging.template", method, [template_id], *arguments)
    with pytest.raises(Refused, match="Only the provider"):
        values = {"state": "approved"}
        manager.call("messaging.template", "write", [template_id], values)


def test_an_agent_sees_a_template_but_no_way_to_change_it(window, agent, draft):
    from tests.e2e.support.template_editor import TemplateForm

    form = TemplateForm(window(agent).new_page()).open(draft())
    expect(form.preview).to_contain_text("Hello Ana, your offer S001 is ready.")
    expect(form.submit_button).to_have_count(0)
    expect(form.body).to_have_count(0)


def decide(phone, sid, account, manager, **values):
    """Let WhatsApp decide, and sync."""
    phone._patch(f"contents/{sid}", values)
    manager.call("messaging.account", "action_sync_templates", [account["id"]])


def test_an_approved_template_is_approved_after_a_sync_and_can_still_be_bound(
    draft, form, manager, phone, account, name
):
    template_id = draft(buttons=[{"kind": "reply", "text": "Call me"}])
    submit(manager, template_id)
    (content,) = contents(phone, name)
    decide(phone, content["sid"], account, manager, status="approved")
    values = read(manager, template_id, "state", "body", "buttons", "variable_names")
    assert values["state"] == "approved"
    assert values["body"] == BODY
    assert values["variable_names"] == list(SAMPLES)
    assert values["buttons"][0]["text"] == "Call me"
    same = [("name", "=", name)]
    assert manager.call("messaging.template", "search_count", same) == 1
    form.open(template_id).bind("number", "lead", "Opportunity")
    form.page.get_by_role("button", name="Save manually").click()
    expect(form.page.get_by_role("button", name="Save manually")).to_be_hidden()
    bound = {"number": {"source": "lead", "path": "name"}}
    assert read(manager, template_id, "bindings")["bindings"] == bound


def test_a_rejected_template_shows_its_reason_and_is_corrected_in_a_copy(
    draft, form, manager, phone, account, name
):
    template_id = draft(bindings={"name": {"source": "partner", "path": "name"}})
    submit(manager, template_id)
    (content,) = contents(phone, name)
    reason = "TAG_CONTENT_MISMATCH: this is marketing"
    values = {"status": "rejected", "rejection_reason": reason}
    decide(phone, content["sid"], account, manager, **values)
    form.open(template_id)
    alert = form.page.locator(".o_form_view .alert-danger:visible")
    expect(alert).to_contain_text(reason)
    form.page.get_by_role("button", name="Duplicate and correct").click()
    expect(form.name).to_have_value(f"{name}_2")
    expect(form.page.locator("tr[data-variable=name]")).to_contain_text("Name")
    expect(alert).to_have_count(0)
    form.submit()
    expect(form.state).to_have_text("Waiting for approval")
    assert len(contents(phone, f"{name}_2")) == 1
