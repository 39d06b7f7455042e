"""Odoo's messages: their statuses, callbacks and injected faults."""

import time

import pytest

from tests.unit.practice_phone.harness import WEBHOOK, is_signed
from tools.practice_phone import demo

CALLBACK = f"{WEBHOOK}?m=uuid-1.0"
SMS = {"To": "+34600100101", "From": demo.SMS_NUMBER}


@pytest.fixture
def open_window(client):
    window(client, "open")


def window(client, state):
    values = {
        "line": demo.WHATSAPP_SID,
        "customer": "+34600100101",
        "window": state,
    }
    assert client.post("/control/window", json=values).status_code == 200


def read(client, customer="+34600100101", line=demo.WHATSAPP_SID):
    client.post("/control/read", json={"customer": customer, "line": line})


def order(client, **fault):
    assert client.post("/control/faults", json=fault).status_code == 200


def message(client, **wanted):
    found = client.get("/control/messages", params={"wait": "3", **wanted})
    return found.json()["messages"][0]


def test_a_message_is_sent_delivered_and_read(api, client, odoo, open_window):
    sid = api.send(StatusCallback=CALLBACK).json()["sid"]
    assert odoo.statuses(2) == ["sent", "delivered"]
    read(client)
    assert odoo.statuses(3) == ["sent", "delivered", "read"]
    last = odoo.forms()[-1]
    assert (last["MessageSid"], last["EventType"]) == (sid, "READ")
    assert last["ChannelInstallSid"] == demo.WHATSAPP_SID
    for request in odoo.received:
        assert str(request.url) == CALLBACK
        assert is_signed(request)


def test_reading_twice_reports_once(api, client, odoo, open_window):
    api.send(StatusCallback=CALLBACK)
    odoo.statuses(2)
    read(client)
    read(client)
    time.sleep(0.1)
    assert odoo.statuses(3) == ["sent", "delivered", "read"]


def test_without_read_receipts_reading_reports_nothing(api, client, odoo, open_window):
    client.patch("/control/customers/+34600100101", json={"read_receipts": False})
    api.send(StatusCallback=CALLBACK)
    odoo.statuses(2)
    read(client)
    client.patch("/control/customers/+34600100101", json={"read_receipts": True})
    read(client)
    time.sleep(0.1)
    assert odoo.statuses(2) == ["sent", "delivered"]
    assert message(client)["seen"] is True


def test_an_sms_is_never_read(api, client, odoo):
    api.send(**SMS, StatusCallback=CALLBACK)
    odoo.statuses(2)
    read(client, line=demo.SMS_SID)
    time.sleep(0.1)
    assert odoo.statuses(2) == ["sent", "delivered"]
    form = odoo.forms()[-1]
    assert len(form["RawDlrDoneDate"]) == 10
    assert "ChannelPrefix" not in form


def test_without_a_callback_the_senders_status_address_is_used(
    api, client, odoo, open_window
):
    values = {"sid": demo.ACCOUNT_SID, "status_callback_url": WEBHOOK}
    client.post("/control/accounts", json=values)
    api.send()
    odoo.statuses(2)
    assert str(odoo.received[0].url) == WEBHOOK


def test_outside_the_window_the_message_is_accepted_and_then_fails(api, odoo, client):
    answer = api.send(StatusCallback=CALLBACK)
    assert answer.status_code == 201
    assert odoo.statuses(1) == ["failed"]
    assert odoo.forms()[0]["ErrorCode"] == "63016"
    assert message(client, status="failed")["error_code"] == 63016


def test_a_customers_message_opens_the_window_and_the_control_api_closes_it(
    says, api, client, odoo
):
    says(body="Hi")
    api.send(StatusCallback=CALLBACK)
    assert odoo.statuses(2) == ["sent", "delivered"]
    window(client, "closed")
    api.send(StatusCallback=CALLBACK)
    assert odoo.statuses(3)[-1] == "failed"


def test_imported_history_sets_the_window(api, client, odoo):
    for phone, hours in (("+34600100201", 1), ("+34600100202", 25)):
        rows = [{"body": "Hi", "ago": hours * 3600}]
        values = {"line": demo.WHATSAPP_SID, "phone": phone, "messages": rows}
        assert client.post("/control/import", json=values).status_code == 200
        api.send(To=f"whatsapp:{phone}", StatusCallback=CALLBACK)
        odoo.statuses(1)
    assert sorted(odoo.statuses(3)) == ["delivered", "failed", "sent"]


def test_media_of_odoo_are_fetched_and_shown(api, client, odoo, open_window):
    odoo.files["/messaging/media/abc"] = (b"%PDF-1.4", "application/pdf")
    url = "http://127.0.0.1:8069/messaging/media/abc"
    assert api.send(Body=None, MediaUrl=url).json()["num_media"] == "1"
    media = message(client, status="delivered")["media"][0]
    assert (media["content_type"], media["size"]) == ("application/pdf", 8)
    shown = client.get(f"/control/media/{media['sid']}")
    assert shown.content == b"%PDF-1.4"
    assert shown.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path, content_type, code",
    [
        ("/missing", None, "63019"),
        ("/page", "text/html", "63021"),
        ("/big.png", "image/png", "63034"),
    ],
)
def test_media_that_whatsapp_does_not_accept_fail_with_its_code(
    api, odoo, open_window, path, content_type, code
):
    if content_type:
        odoo.files[path] = (b"x" * (5 * 1024 * 1024 + 1), content_type)
    api.send(
        Body=None, MediaUrl=f"http://127.0.0.1:8069{path}", StatusCallback=CALLBACK
    )
    assert odoo.statuses(1) == ["undelivered"]
    assert [each["ErrorCode"] for each in odoo.forms() if "ErrorCode" in each] == [code]


def test_after_stop_sending_is_refused_until_start(says, api, client):
    line = f"sms:{demo.SMS_NUMBER}"
    assert api.send(**SMS).status_code == 201
    says(line=line, body=" Stop ")
    refused = api.send(**SMS)
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)
    says(line=line, body="start")
    assert api.send(**SMS).status_code == 201
    found = client.get("/control/messages?direction=outbound").json()["messages"]
    automatic = [each["body"][:34] for each in found if each["automatic"]]
    assert len(automatic) == 2


def test_stop_means_nothing_on_whatsapp(says, api):
    says(body="STOP")
    assert api.send().status_code == 201


def test_an_unknown_recipient_gets_a_phone(api, client):
    api.send(To="+34600555555", From=demo.SMS_NUMBER)
    assert message(client, customer="+34600555555")["body"] == "Hello"


# -- trouble to order --------------------------------------------------------


@pytest.mark.parametrize("status, code", [(429, 20429), (500, 20500)])
def test_the_next_request_is_refused_and_the_one_after_is_not(
    api, client, status, code
):
    order(client, request=str(status))
    refused = api.send()
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert api.send().status_code == 201
    assert len(client.get("/control/messages").json()["messages"]) == 1


def test_a_fault_waits_for_a_matching_request(api, client):
    order(client, request="429")
    assert api.get("/v2/Channels/Senders?Channel=whatsapp").status_code == 200
    assert api.send().status_code == 429


def test_a_503_has_no_json(api, client):
    order(client, request="503", times=2)
    assert [api.send().status_code for _ in range(3)] == [503, 503, 201]


@pytest.mark.parametrize("when, kept", [("timeout_before", 0), ("timeout_after", 1)])
def test_a_timeout_before_acceptance_loses_the_message_but_not_after(
    api, client, when, kept
):
    order(client, request=when, seconds=0.1)
    started = time.monotonic()
    assert api.send().status_code == 504
    assert time.monotonic() - started >= 0.1
    assert len(client.get("/control/messages").json()["messages"]) == kept


def test_after_a_timeout_the_callbacks_still_come(api, client, odoo, open_window):
    order(client, request="timeout_after", seconds=0.2)
    api.send(StatusCallback=CALLBACK)
    assert odoo.statuses(2) == ["sent", "delivered"]


def test_callbacks_come_twice(api, client, odoo, open_window):
    order(client, callbacks="duplicate")
    api.send(StatusCallback=CALLBACK)
    assert odoo.statuses(4) == ["sent", "sent", "delivered", "delivered"]


def test_callbacks_come_in_the_wrong_order(api, client, odoo, open_window):
    order(client, callbacks="reorder")
    api.send(StatusCallback=CALLBACK)
    assert odoo.statuses(2) == ["delivered", "sent"]


def test_callbacks_come_late(api, client, odoo, open_window):
    order(client, callbacks="delay", seconds=0.15)
    started = time.monotonic()
    api.send(StatusCallback=CALLBACK)
    odoo.statuses(1)
    assert time.monotonic() - started >= 0.15


def test_callbacks_are_lost_for_one_message_only(api, client, odoo, open_window):
    order(client, callbacks="drop")
    api.send(StatusCallback=f"{CALLBACK}&lost=1")
    message(client, status="delivered")
    api.send(StatusCallback=CALLBACK)
    assert odoo.statuses(2) == ["sent", "delivered"]
    assert {str(each.url) for each in odoo.received} == {CALLBACK}


def test_callbacks_come_before_the_answer(api, client, odoo, open_window):
    order(client, callbacks="early")
    answer = api.send(StatusCallback=CALLBACK)
    told = [each["MessageStatus"] for each in odoo.forms()]
    assert told == ["sent", "delivered"]
    assert answer.json()["status"] == "queued"


@pytest.mark.parametrize(
    "status, told",
    [("undelivered", ["sent", "undelivered"]), ("failed", ["failed"])],
)
def test_the_carrier_may_fail_with_a_code(api, client, odoo, status, told):
    order(client, callbacks="fail", status=status, error_code=30003)
    api.send(**SMS, StatusCallback=CALLBACK)
    assert odoo.statuses(len(told)) == told
    assert odoo.forms()[-1]["ErrorCode"] == "30003"


def test_faults_can_be_listed_and_removed(api, client):
    order(client, request="429", times=5)
    assert client.get("/control/faults").json()["requests"][0]["times"] == 5
    client.delete("/control/faults")
    assert api.send().status_code == 201


@pytest.mark.parametrize(
    "fault", [{}, {"request": "418"}, {"callbacks": "x"}, {"request": "429", "tims": 1}]
)
def test_an_unknown_fault_is_refused_in_a_sentence(client, fault):
    answer = client.post("/control/faults", json=fault)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


@pytest.mark.parametrize(
    ("fault", "whole"), [("slow_after", True), ("garbled", True), ("cut", False)]
)
def test_what_happens_to_an_answer_comes_after_the_message_was_accepted(
    client, api, open_window, fault, whole
):
    order(client, request=fault, seconds=0.01)
    answer = api.send(Body="Once")
    assert answer.status_code == 201
    promised = int(answer.headers["Content-Length"])
    assert (len(answer.content) == promised) is whole
    assert message(client, direction="outbound")["body"] == "Once"


def test_a_refusal_asks_for_a_wait(client, api):
    order(client, request="429", retry_after=7)
    answer = api.send(Body="Later")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
