"""Odoo's templates follow those at Twilio, and nothing is stored twice."""

import pytest

from tests.e2e.support.at_once import at_once
from tests.e2e.support.people import Refused
from tests.e2e.support.templates import make_template
from tests.waiting import eventually
from tools.practice_phone import demo_templates

VALUES = {"1": "Ana", "model": "city bike"}


@pytest.fixture
def sync(admin, account):
    """Sync as a manager who clicks the button."""

    def click():
        ids = [account["id"]]
        action = admin.call("messaging.account", "action_sync_templates", ids)
        assert action["params"]["type"] == "success", action["params"]["message"]

    return click


@pytest.fixture
def row(database):
    """Return Odoo's row of a template by its sid, None without one."""

    def look(sid):
        query = "SELECT * FROM messaging_template WHERE provider_reference = %s"
        return next(iter(database.rows(query, sid)), None)

    return look


@pytest.fixture
def change(phone):
    """Change a template in Twilio's console."""

    def send(sid, **values):
        path = f"/control/contents/{sid}"
        return phone._answer(phone._http.patch(path, json=values))

    return send


def test_connecting_brings_the_templates_without_a_click(account, row):
    spanish = eventually(lambda: row(demo_templates.ORDER_CONFIRMATION_ES))
    assert (spanish["name"], spanish["language"]) == ("order_confirmation", "es")
    assert (spanish["state"], spanish["category"]) == ("approved", "utility")
    assert spanish["variable_names"] == ["name", "order", "day"]
    assert spanish["samples"]["day"] == "viernes"
    rejected = row(demo_templates.REJECTED)
    assert rejected["state"] == "rejected"
    assert rejected["rejection_reason"]
    assert row(demo_templates.PAUSED)["state"] == "paused"
    assert row(demo_templates.PENDING)["state"] == "pending"
    assert row(demo_templates.LIST_PICKER)["use"] == "in_window"


def test_what_vanished_is_archived_and_comes_back(
    admin, account, phone, database, sync, row
):
    template = make_template(phone, admin, account, "vanishing")
    sid = template["provider_reference"]
    values = {"template_id": template["id"], "variable": "1", "source": "partner"}
    binding = [{**values, "field_path": "name"}]
    admin.call("messaging.template.binding", "create", binding)
    contents = phone.get("contents")["contents"]
    (content,) = [each for each in contents if each["sid"] == sid]
    phone._answer(phone._http.delete(f"/control/contents/{sid}"))
    sync()
    assert not row(sid)["active"]
    names = ("sid", "friendly_name", "variables", "types")
    same = {name: content[name] for name in names}
    phone.post("contents", **same, status="approved")
    sync()
    assert (row(sid)["id"], row(sid)["active"]) == (template["id"], True)
    query = "SELECT variable FROM messaging_template_binding WHERE template_id = %s"
    assert database.rows(query, template["id"]) == [{"variable": "1"}]


def test_syncs_at_once_make_each_template_once(
    admin, account, phone, database, sync, row
):
    template = make_template(phone, admin, account, "twice")
    database.run("DELETE FROM messaging_template WHERE id = %s", template["id"])
    assert at_once(sync, sync, sync) == [None, None, None]
    assert row(template["provider_reference"])["name"] == "twice"


def test_a_sync_that_finds_nothing_new_changes_no_template(account, database, sync):
    query = "SELECT id, xmin::text FROM messaging_template ORDER BY id"
    sync()
    before = database.rows(query)
    sync()
    assert database.rows(query) == before


def test_a_stale_template_is_synced_by_itself_and_calls_the_managers(
    admin, agent, account, phone, conversation, database, sync, row, change
):
    template = make_template(phone, admin, account, "stale")
    sid = template["provider_reference"]
    change(sid, status="paused", rejection_reason="Customers complained.")
    arguments = ([conversation["id"]], template["id"], VALUES)
    agent.call("messaging.conversation", "send_template", *arguments)
    eventually(lambda: row(sid)["state"] == "paused")
    query = (
        "SELECT user_id, note FROM mail_activity"
        " WHERE res_model = 'messaging.template' AND res_id = %s"
    )
    called = database.rows(query, template["id"])
    assert admin.id in {each["user_id"] for each in called}
    assert agent.id not in {each["user_id"] for each in called}
    assert all("complained" in each["note"] for each in called)
    change(sid, status="approved")
    sync()
    assert not database.rows(query, template["id"])


def test_agents_read_templates_and_only_the_provider_decides(
    admin, agent, account, phone, row
):
    template = make_template(phone, admin, account, "decided")
    ids = [template["id"]]
    before = row(template["provider_reference"])
    (read,) = agent.call("messaging.template", "read", ids, ["body", "state"])
    assert read["state"] == "approved"
    for person in (agent, admin):
        for values in (
            {"state": "rejected"},
            {"provider_reference": "HX1"},
            {"body": "Mine"},
            {"is_gone": True},
        ):
            with pytest.raises(Refused):
                person.call("messaging.template", "write", ids, values)
        with pytest.raises(Refused):
            person.call("messaging.template", "unlink", ids)
    with pytest.raises(Refused):
        agent.call("messaging.account", "action_sync_templates", [account["id"]])
    assert row(template["provider_reference"]) == before
