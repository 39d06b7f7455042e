"""The Content API and WhatsApp's approval as the phone plays them."""

import pytest

from tests.unit.practice_phone.test_api import check, spec
from tests.waiting import eventually
from tools.practice_phone import demo, demo_templates
from tools.practice_phone.phone import Phone
from tools.practice_phone.twilio import content_types

APPROVALS = "/v1/ContentAndApprovals"
BODY = "Hello {{1}}, your order {{2}} is ready."


def request_for(body=BODY, **changes):
    return {
        "friendly_name": "order_ready",
        "language": "en",
        "variables": {"1": "Emma", "2": "S00042"},
        "types": {"twilio/text": {"body": body}},
        **changes,
    }


@pytest.fixture
def create(api):
    def create(**changes):
        answer = api.post("/v1/Content", json=request_for(**changes))
        assert answer.status_code == 201, answer.text
        return answer.json()["sid"]

    return create


@pytest.fixture
def submit(api):
    def submit(sid, name="order_ready", category="UTILITY", **more):
        path = f"/v1/Content/{sid}/ApprovalRequests/whatsapp"
        return api.post(path, json={"name": name, "category": category, **more})

    return submit


def approval(api, sid, *wanted):
    """Return WhatsApp's answer once its status is one of those wanted."""

    def wanted_approval():
        found = api.get(f"/v1/Content/{sid}/ApprovalRequests").json()["whatsapp"]
        return found if found["status"] in wanted else None

    return eventually(wanted_approval, what=f"one of {wanted}")


def test_the_phone_knows_exactly_the_types_of_the_published_contract():
    schemas = spec("twilio_content_v1.json")["components"]["schemas"]
    published = schemas["types"]["properties"]
    assert set(content_types.TYPES) == set(published)
    for name, reference in published.items():
        schema = schemas[reference["$ref"].rpartition("/")[2]]
        known = content_types.TYPES[name]
        assert set(known.fields) == set(schema["properties"]), name
        assert set(known.required) == set(schema.get("required", ())), name


def test_the_demo_templates_follow_the_contract():
    for values in demo_templates.TEMPLATES:
        names = ("friendly_name", "language", "variables", "types")
        content_types.check_content({name: values.get(name, {}) for name in names})


def test_templates_are_listed_with_their_approval_in_pages(api):
    document = spec("twilio_content_v1.json")
    seen, path = [], f"{APPROVALS}?PageSize=5"
    while path:
        body = api.get(path).json()
        for each in body["contents"]:
            check(document, "content.v1.content_and_approvals", each)
        seen += body["contents"]
        link = body["meta"]["next_page_url"]
        assert not link or link.startswith("https://content.twilio.com/v1/")
        path = link and link.removeprefix("https://content.twilio.com")
    assert len(seen) == len(demo_templates.TEMPLATES)
    states = {each["sid"]: each["approval_requests"]["status"] for each in seen}
    assert states[demo_templates.ORDER_CONFIRMATION_EN] == "approved"
    assert states[demo_templates.PENDING] == "pending"
    assert states[demo_templates.PAUSED] == "paused"
    assert states[demo_templates.LIST_PICKER] == "unsubmitted"


def test_a_mistyped_parameter_of_a_list_is_refused(api):
    answer = api.get(f"{APPROVALS}?pageSize=5")
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    assert api.get(f"{APPROVALS}?PageSize=1001").status_code == 400


def test_a_created_template_looks_like_twilios(api, create):
    sid = create()
    assert sid.startswith("HX") and len(sid) == 34
    body = api.get(f"/v1/Content/{sid}").json()
    check(spec("twilio_content_v1.json"), "content.v1.content", body)
    assert body["types"] == {"twilio/text": {"body": BODY}}
    assert body["links"]["approval_create"].endswith("/ApprovalRequests/whatsapp")
    assert approval(api, sid, "unsubmitted")["category"] == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"types": {}}, 92001),
        ({"language": ""}, 92003),
        ({"language": "English"}, 92004),
        ({"types": {"twilio/poem": {}}}, 92008),
        ({"variables": {str(number): "x" for number in range(101)}}, 92002),
        ({"variables": {"far_too_long_a_name": "x"}}, 20001),
        ({"variables": {"1": "x" * 1601}}, 20001),
        ({"variables": {"1": 1}}, 20001),
        ({"types": {"twilio/text": {}}}, 20001),
        ({"types": {"twilio/text": {"body": "x", "text": "y"}}}, 20001),
        ({"types": {"twilio/quick-reply": {"body": "x", "actions": []}}}, 20001),
        ({"types": {"twilio/media": {"body": "x", "media": "http://x"}}}, 20001),
        ({"types": {"whatsapp/card": {"body": "x"}}}, 20001),
        (
            {
                "types": {
                    "whatsapp/card": {
                        "body": "x",
                        "header_text": "y",
                        "media": ["https://z.example/z.png"],
                    }
                }
            },
            20001,
        ),
        ({"friendlyName": "x"}, 20001),
    ],
)
def test_a_wrong_template_is_refused_with_twilios_code(api, changes, code):
    answer = api.post("/v1/Content", json=request_for(**changes))
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_template_as_a_form_is_refused(api):
    assert api.post("/v1/Content", data={"language": "en"}).status_code == 415


def test_a_deleted_template_is_gone(api, create):
    sid = create()
    assert api.client.delete(f"/v1/Content/{sid}", auth=api.auth).status_code == 204
    assert api.get(f"/v1/Content/{sid}").status_code == 404


def test_a_submitted_template_waits_until_the_control_api_approves_it(
    api, client, create, submit
):
    sid = create()
    answer = submit(sid)
    assert answer.status_code == 201
    assert answer.json()["status"] == "received"
    document = spec("twilio_content_v1.json")
    check(document, "content.v1.content.approval_create", answer.json())
    approval(api, sid, "pending")
    values = {"status": "approved"}
    assert client.patch(f"/control/contents/{sid}", json=values).status_code == 200
    found = approval(api, sid, "approved")
    assert (found["name"], found["category"]) == ("order_ready", "UTILITY")
    assert found["content_type"] == "twilio/text"


@pytest.mark.parametrize(
    ("body", "variables", "word"),
    [
        ("{{1}}, it is ready.", {"1": "Emma"}, "start or end"),
        ("It is ready, {{1}}", {"1": "Emma"}, "start or end"),
        ("Hello {{1}} {{2}}, it is ready.", {"1": "a", "2": "b"}, "next to each other"),
        ("Hello {{1}}, it is ready.", {}, "no sample"),
        ("Hello {{1}} and {{3}}, hi.", {"1": "a", "3": "b"}, "not sequential"),
        ("Hello {{first name}}, hi.", {}, "malformed"),
    ],
)
def test_a_wrong_format_is_rejected_later_with_a_reason(
    api, create, submit, body, variables, word
):
    sid = create(body=body, variables=variables)
    assert submit(sid).status_code == 201
    assert word in approval(api, sid, "rejected")["rejection_reason"]


def test_a_wrong_submission_is_refused(create, submit):
    sid = create()
    assert submit(sid, name="Order ready").json()["code"] == 20001
    assert submit(sid, category="SALES").json()["code"] == 20001
    assert submit(sid, language="en").json()["code"] == 20001
    assert submit(sid).status_code == 201
    assert submit(sid).json()["code"] == 92009
    again = create()
    assert "in this language exists" in submit(again).json()["message"]


def test_a_list_picker_can_not_be_submitted(submit):
    assert submit(demo_templates.LIST_PICKER).json()["code"] == 92008


@pytest.mark.parametrize("status", ["rejected", "paused", "disabled", "unsubmitted"])
def test_the_control_api_sets_the_state_of_approval(api, client, status):
    path = f"/control/contents/{demo_templates.OFFER}"
    values = {"status": status}
    if status == "rejected":
        values["rejection_reason"] = "TAG_CONTENT_MISMATCH"
    assert client.patch(path, json=values).status_code == 200
    found = approval(api, demo_templates.OFFER, status)
    assert found["rejection_reason"] == values.get("rejection_reason", "")


def test_the_control_api_refuses_an_unknown_state_and_a_wrong_text(client):
    path = f"/control/contents/{demo_templates.OFFER}"
    assert client.patch(path, json={"status": "fine"}).status_code == 400
    assert client.patch(path, json={"state": "approved"}).status_code == 400
    assert client.patch(path, json={"types": {"twilio/text": {}}}).status_code == 400
    assert client.patch("/control/contents/HX0", json={}).status_code == 404


def test_a_template_changes_and_vanishes_in_the_console(api, client):
    path = f"/control/contents/{demo_templates.PAUSED}"
    values = {"types": {"twilio/text": {"body": "Another text"}}}
    client.patch(path, json=values)
    body = api.get(f"/v1/Content/{demo_templates.PAUSED}").json()
    assert body["types"] == values["types"]
    client.delete(path)
    assert api.get(f"/v1/Content/{demo_templates.PAUSED}").status_code == 404


def test_a_template_appears_in_the_console(api, client):
    values = request_for(friendly_name="new_one", status="approved")
    added = client.post("/control/contents", json=values).json()["content"]
    found = approval(api, added["sid"], "approved")
    assert (found["name"], found["category"]) == ("new_one", "UTILITY")
    by_name = client.patch("/control/contents/new_one", json={"status": "paused"})
    assert by_name.json()["content"]["sid"] == added["sid"]


def test_another_accounts_templates_stay_hidden(api, client):
    values = request_for(account="AC" + "7" * 32)
    sid = client.post("/control/contents", json=values).json()["content"]["sid"]
    assert api.get(f"/v1/Content/{sid}").status_code == 404
    listed = api.get(f"{APPROVALS}?PageSize=1000").json()["contents"]
    assert {each["account_sid"] for each in listed} == {demo.ACCOUNT_SID}


def test_templates_outlive_a_restart(tmp_path):
    first = Phone(tmp_path / "state.json")
    first.store.remove_content(first.store.content("last_chance"))
    first.store.content("autumn_offer").approval["status"] = "disabled"
    first.store.save()
    second = Phone(tmp_path / "state.json").store
    assert second.content("autumn_offer").status == "disabled"
    assert demo_templates.PAUSED not in second.contents
