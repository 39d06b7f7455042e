"""Meta's message templates as the phone plays them."""

import pytest

from tests.unit.practice_phone.cloud import (
    AIKO,
    BUSINESS,
    LINE,
    LUCIA,
    Cloud,
    changes,
    error_of,
    rows,
    wait_for,
)
from tools.practice_phone import demo, demo_templates

PATH = BUSINESS + "/message_templates"
BODY = {
    "type": "BODY",
    "text": "Hello {{1}}, your {{2}} is ready.",
    "example": {"body_text": [["Zoe", "bike"]]},
}
NEW = {
    "name": "is_ready",
    "language": "en",
    "category": "UTILITY",
    "components": [BODY],
}


@pytest.fixture
def user(client):
    user = Cloud(client)
    user.connect()
    return user


def texts(*values, **named):
    given = [{"type": "text", "text": each} for each in values]
    given += [
        {"type": "text", "parameter_name": name, "text": each}
        for name, each in named.items()
    ]
    return given


def order_is_ready(**named):
    body = {"type": "body", "parameters": texts(**named)}
    template = {"name": "order_is_ready", "language": {"code": "en"}}
    return {
        "type": "template",
        "text": None,
        "template": {**template, "components": [body]},
    }


def test_templates_are_listed_in_pages(user):
    first = user.get(PATH, limit=2).json()
    assert [each["name"] for each in first["data"]] == [
        "order_is_ready",
        "spring_offer",
    ]
    after = first["paging"]["cursors"]["after"]
    second = user.get(PATH, limit=2, after=after).json()
    assert [each["status"] for each in second["data"]] == ["PENDING"]
    assert "next" not in second["paging"]
    (one,) = user.get(PATH, status="PENDING", fields="name,quality_score").json()[
        "data"
    ]
    assert set(one) == {"id", "name", "quality_score"}


def test_a_new_template_waits_for_approval_which_is_posted(client, user, odoo):
    body = user.post(PATH, NEW).json()
    assert (body["status"], body["category"]) == ("PENDING", "UTILITY")
    assert user.get(f"/{body['id']}").json()["name"] == "is_ready"
    client.patch("/control/templates/is_ready", json={"status": "APPROVED"})
    (value,) = changes(odoo, "message_template_status_update")
    assert (value["event"], value["message_template_id"]) == (
        "APPROVED",
        int(body["id"]),
    )
    assert value["message_template_language"] == "en"


def test_a_rejected_template_has_a_reason_and_quality_is_posted(client, user, odoo):
    values = {"status": "REJECTED", "rejected_reason": "INVALID_FORMAT"}
    client.patch("/control/templates/service_reminder", json=values)
    (value,) = changes(odoo, "message_template_status_update")
    assert value["reason"] == "INVALID_FORMAT"
    client.patch("/control/templates/spring_offer", json={"quality": "RED"})
    (value,) = changes(odoo, "message_template_quality_update")
    assert value["new_quality_score"] == "RED"


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Is Ready"},
        {"category": "SERVICE"},
        {"components": []},
        {"components": [{"type": "FOOTER", "text": "Bye"}]},
        {"components": [{**BODY, "example": {}}]},
        {"components": [{**BODY, "text": "{{1}} and {{2}} are ready."}]},
        {"components": [BODY, {"type": "HEADER", "format": "IMAGE"}]},
        {"parameter_format": "COLOURED"},
        {"colour": "red"},
    ],
)
def test_a_wrong_template_is_refused(user, values):
    assert error_of(user.post(PATH, {**NEW, **values})) == 100


def test_the_same_name_and_language_cant_come_twice(user):
    user.post(PATH, NEW)
    answer = user.post(PATH, NEW)
    assert answer.json()["error"]["error_subcode"] == 2388024


def test_a_changed_template_waits_again_and_a_deleted_one_is_gone(user):
    name = user.post(PATH, NEW).json()["id"]
    changed = {**BODY, "text": "Hello {{1}}, the {{2}} is there."}
    assert user.post(f"/{name}", {"components": [changed]}).json() == {"success": True}
    assert user.get(f"/{name}").json()["status"] == "PENDING"
    assert user.delete(PATH, name="is_ready").json() == {"success": True}
    assert error_of(user.get(f"/{name}")) == 100


def test_a_sample_is_uploaded_in_two_steps(client, user):
    path = f"/{demo.CLOUD_APP_ID}/uploads"
    values = {"file_length": 8, "file_type": "image/png", "file_name": "a.png"}
    session = user.post(path, values).json()["id"]
    assert session.startswith("upload:")
    headers = {"file_offset": "0", "Authorization": f"OAuth {demo.CLOUD_ACCESS_TOKEN}"}
    answer = user.post(f"/{session}", content=b"practice", headers=headers)
    assert answer.json()["h"].startswith("4:")


# -- as a message ----------------------------------------------------------------


def test_a_template_opens_a_conversation(client, user, odoo):
    user.send(**order_is_ready(name="Lucía", order="S1"))
    _sent, delivered = wait_for(odoo, "statuses", 2)
    assert delivered["pricing"]["category"] == "utility"
    query = {"direction": "outbound", "status": "delivered"}
    (row,) = client.get("/control/messages", params=query).json()["messages"]
    assert row["body"].startswith("Hello Lucía, your order *S1* is ready.")
    buttons = row["extra"]["template"]["buttons"]
    assert [each["text"] for each in buttons] == ["On my way", "Another day"]
    client.post(f"/control/messages/{row['sid']}/tap", json={"button": "On my way"})
    answer = rows(odoo, "messages")[-1]
    assert answer["button"] == {"text": "On my way", "payload": "On my way"}
    assert answer["context"]["id"] == row["sid"]


def test_a_header_needs_its_picture_and_a_button_its_value(user, client, odoo):
    name = user.upload(b"practice", "image/png").json()["id"]
    header = {
        "type": "header",
        "parameters": [{"type": "image", "image": {"id": name}}],
    }
    body = {"type": "body", "parameters": texts("Zoe", "15%")}
    button = {"type": "button", "sub_type": "url", "index": "0"}
    button["parameters"] = texts("spring")
    template = {"name": "spring_offer", "language": {"code": "en"}}

    def send(*components):
        values = {**template, "components": list(components)}
        return user.send(type="template", text=None, template=values)

    assert error_of(send(body, button)) == 132012
    assert error_of(send(header, body)) == 132000
    assert send(header, body, button).status_code == 200
    wait_for(odoo, "statuses", 2)
    query = {"direction": "outbound", "status": "delivered"}
    (row,) = client.get("/control/messages", params=query).json()["messages"]
    assert row["media"][0]["content_type"] == "image/png"
    assert row["extra"]["template"]["buttons"][0]["value"].endswith("/offers/spring")


@pytest.mark.parametrize(
    "named, code",
    [
        ({"name": "Zoe"}, 132000),
        ({"name": "Zoe", "day": "Friday"}, 132012),
        ({"name": "Zoe\nB", "order": "S1"}, 132012),
        ({"name": "", "order": "S1"}, 132012),
    ],
)
def test_wrong_parameters_are_refused(user, named, code):
    assert error_of(user.send(**order_is_ready(**named))) == code


@pytest.mark.parametrize(
    "status, code",
    [("PAUSED", 132015), ("DISABLED", 132016), ("REJECTED", 132001)],
)
def test_a_template_that_isnt_approved_is_refused(client, user, status, code):
    client.patch("/control/templates/order_is_ready", json={"status": status})
    assert error_of(user.send(**order_is_ready(name="Zoe", order="S1"))) == code


def test_a_customer_who_stopped_marketing_gets_none(client, user, odoo):
    values = {"line": LINE, "customer": f"+{LUCIA}"}
    client.post("/control/marketing", json=values)
    client.patch("/control/templates/order_is_ready", json={"category": "MARKETING"})
    user.send(**order_is_ready(name="Zoe", order="S1"))
    (status,) = wait_for(odoo, "statuses")
    assert status["errors"][0]["code"] == 131050


def test_an_authentication_template_needs_a_number(client, user):
    values = {"category": "AUTHENTICATION"}
    client.patch("/control/templates/order_is_ready", json=values)
    order = order_is_ready(name="Zoe", order="S1")
    assert error_of(user.send(**order, to=None, recipient=AIKO)) == 131062


def test_the_console_can_be_reset(client, user):
    client.delete(f"/control/templates/{demo_templates.CLOUD_ORDER}")
    client.delete("/control/console")
    assert len(user.get(PATH).json()["data"]) == 3
