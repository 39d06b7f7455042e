"""Customers' actions on Messenger and Instagram reach Odoo in Meta's form."""

import hashlib
import hmac
import json
from urllib.parse import urlsplit

import httpx
import pytest

from tests.unit.practice_phone.graph import IGSID, PSID, Graph, events, wait_for
from tools.practice_phone import demo

MESSENGER = f"messenger:{demo.META_PAGE_ID}"
INSTAGRAM = f"instagram:{demo.META_INSTAGRAM_ID}"
PHOTO = {"filename": "a.jpg", "content_type": "image/jpeg", "data": "anBlZw=="}


@pytest.fixture
def says(client):
    """Return a function that sends as a customer and returns the answer."""
    Graph(client).connect()

    def say(line=MESSENGER, customer=PSID, **draft):
        path = f"/control/customers/{customer}/messages"
        answer = client.post(path, json={"line": line, **draft})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return say


def link_of(event):
    (attachment,) = event["message"]["attachments"]
    return attachment["type"], attachment["payload"]["url"]


def fetch(client, url):
    parts = urlsplit(url)
    return client.get(f"{parts.path}?{parts.query}")


def test_a_text_is_posted_in_metas_envelope_signed_over_its_bytes(says, odoo):
    said = says(body="Grüße / 👍")
    (request,) = odoo.received
    body = json.loads(request.content)
    assert body["object"] == "page"
    (entry,) = body["entry"]
    assert entry["id"] == demo.META_PAGE_ID
    (event,) = entry["messaging"]
    assert event["sender"] == {"id": PSID}
    assert event["recipient"] == {"id": demo.META_PAGE_ID}
    assert event["message"] == {"mid": said["messages"][0]["sid"], "text": "Grüße / 👍"}
    assert b"Gr\\u00fc\\u00dfe \\/ \\ud83d\\udc4d" in request.content
    key = demo.META_APP_SECRET.encode()
    right = hmac.new(key, request.content, hashlib.sha256).hexdigest()
    assert request.headers["X-Hub-Signature-256"] == f"sha256={right}"
    assert said["messages"][0]["status"] == "received"


def test_instagram_has_its_own_object(says, odoo):
    says(INSTAGRAM, body="Hi")
    body = json.loads(odoo.received[0].content)
    assert body["object"] == "instagram"
    assert body["entry"][0]["id"] == demo.META_INSTAGRAM_ID
    assert body["entry"][0]["messaging"][0]["sender"] == {"id": IGSID}


@pytest.mark.parametrize("line", [MESSENGER, INSTAGRAM])
def test_a_picture_is_a_link_that_needs_no_token_and_expires(says, client, odoo, line):
    says(line, media=[PHOTO])
    kind, url = link_of(events(odoo)[0])
    assert kind == "image"
    assert urlsplit(url).hostname.endswith((".fbcdn.net", ".fbsbx.com"))
    assert fetch(client, url).content == b"jpeg"
    assert fetch(client, url.replace("oe=", "oe=F")).status_code == 403
    client.post("/control/settings", json={"link_seconds": -1})
    says(line, media=[PHOTO])
    late = fetch(client, link_of(events(odoo)[1])[1])
    assert (late.status_code, late.text) == (403, "URL signature expired")


def test_several_pictures_are_one_message(says, odoo):
    says(media=[PHOTO, PHOTO], body="Look")
    (event,) = events(odoo)
    assert len(event["message"]["attachments"]) == 2


def test_a_quote_a_quick_reply_and_a_postback(says, odoo):
    sid = says(body="First")["messages"][0]["sid"]
    says(body="Second", reply_to=sid)
    says(choice={"type": "button", "text": "Yes", "id": "YES"})
    says(choice={"type": "postback", "text": "Get Started", "id": "START"})
    _first, quoting, quick, tapped = events(odoo)
    assert quoting["message"]["reply_to"] == {"mid": sid, "is_self_reply": True}
    assert quick["message"]["text"] == "Yes"
    assert quick["message"]["quick_reply"] == {"payload": "YES"}
    assert tapped["postback"]["payload"] == "START"
    assert "message" not in tapped


def test_a_story_can_be_answered_and_can_mention_the_shop(says, client, odoo):
    says(INSTAGRAM, body="Love it", story="reply")
    says(INSTAGRAM, story="mention")
    reply, mention = events(odoo)
    story = reply["message"]["reply_to"]["story"]
    assert fetch(client, story["url"]).content.startswith(b"\x89PNG")
    kind, url = link_of(mention)
    assert kind == "story_mention"
    assert fetch(client, url).status_code == 200


def test_a_sticker_has_its_own_type(says, odoo):
    says(media=[{**PHOTO, "content_type": "image/webp"}])
    (attachment,) = events(odoo)[0]["message"]["attachments"]
    assert attachment["type"] == "sticker"
    assert attachment["payload"]["sticker_id"]


def test_a_reaction_and_its_removal(says, client, odoo):
    sid = says(body="Hi")["messages"][0]["sid"]
    for emoji in ("😢", ""):
        answer = client.post(f"/control/messages/{sid}/react", json={"emoji": emoji})
        assert answer.json()["webhook"]["status"] == 200
    added, removed = (each["reaction"] for each in events(odoo, "reaction"))
    assert added == {"mid": sid, "action": "react", "emoji": "😢", "reaction": "sad"}
    assert removed == {"mid": sid, "action": "unreact", "reaction": "sad"}


def test_an_edit_reports_the_new_text_five_times_at_most(says, client, odoo):
    sid = says(body="Helo")["messages"][0]["sid"]
    for number in range(5):
        path = f"/control/messages/{sid}/edit"
        assert client.post(path, json={"body": f"Hello {number}"}).status_code == 200
    assert client.post(path, json={"body": "Once more"}).status_code == 409
    last = events(odoo, "message_edit")[-1]["message_edit"]
    assert last == {"mid": sid, "text": "Hello 4", "num_edit": 5}


@pytest.mark.parametrize("line, told", [(INSTAGRAM, 1), (MESSENGER, 0)])
def test_only_instagram_reports_an_unsent_message(says, client, odoo, line, told):
    sid = says(line, body="Oops", media=[PHOTO])["messages"][0]["sid"]
    url = link_of(events(odoo)[0])[1]
    answer = client.post(f"/control/messages/{sid}/unsend", json={}).json()
    assert (answer["message"]["unsent"], answer["message"]["body"]) == (True, "")
    gone = [{"mid": sid, "is_deleted": True}] * told
    assert [each["message"] for each in events(odoo, "is_deleted")] == gone
    assert fetch(client, url).status_code == 403


def test_an_answer_outside_odoo_is_an_echo_of_the_pages_inbox(says, client, odoo):
    says(body="Hi")
    values = {"customer": PSID, "line": MESSENGER, "body": "From the phone"}
    assert client.post("/control/outside", json=values).status_code == 200
    (echo,) = wait_for(odoo, "is_echo")
    assert echo["message"]["app_id"] == 26390203743090
    assert "metadata" not in echo["message"]


def test_a_message_on_standby_has_its_own_key(says, odoo):
    says(body="To another app", standby=True)
    (entry,) = json.loads(odoo.received[0].content)["entry"]
    assert "messaging" not in entry
    assert entry["standby"][0]["message"]["text"] == "To another app"


def test_messages_of_several_customers_at_once_share_one_body(says, client, odoo):
    drafts = [
        {"customer": PSID, "line": MESSENGER, "body": "One"},
        {"customer": "7689000000000102", "line": MESSENGER, "body": "Two"},
        {"customer": PSID, "line": INSTAGRAM, "body": "Three"},
    ]
    answer = client.post("/control/batch", json={"messages": drafts}).json()
    assert [each["status"] for each in answer["webhooks"]] == [200, 200]
    assert {each["status"] for each in answer["messages"]} == {"received"}
    page, instagram = (json.loads(each.content) for each in odoo.received)
    assert len(page["entry"][0]["messaging"]) == 2
    assert instagram["object"] == "instagram"


def test_any_body_is_posted_with_the_correct_or_a_given_signature(says, client, odoo):
    body = {"object": "page", "entry": [{"id": "0", "changes": []}]}
    values = {"line": MESSENGER, "body": body}
    assert client.post("/control/webhook", json=values).status_code == 200
    values["signature"] = "sha256=00"
    client.post("/control/webhook", json=values)
    assert json.loads(odoo.received[0].content) == body
    assert odoo.received[1].headers["X-Hub-Signature-256"] == "sha256=00"


def test_a_failing_webhook_is_retried_at_once(says, odoo):
    odoo.answers = [httpx.Response(500), httpx.Response(500)]
    said = says(body="Hi")
    assert said["webhooks"][0]["attempts"] == 3
    assert said["messages"][0]["status"] == "received"
    assert len({each.content for each in odoo.received}) == 1


def test_a_dropped_page_posts_nothing(says, client, odoo):
    client.patch(f"/control/lines/{MESSENGER}", json={"subscribed_fields": []})
    said = says(body="Hi")
    assert said["messages"][0]["status"] == "failed"
    assert odoo.received == []


def test_each_page_knows_a_customer_by_another_id(says, client, odoo):
    line = {"kind": "messenger", "address": "2002", "name": "Workshop", "token": "EAA2"}
    line["subscribed_fields"] = ["messages"]
    values = {"sid": demo.META_APP_ID, "lines": [line]}
    assert client.post("/control/accounts", json=values).status_code == 200
    says("messenger:2002", body="Hi")
    (event,) = events(odoo)
    assert event["recipient"] == {"id": "2002"}
    assert event["sender"]["id"] != PSID


def test_twilio_knows_no_reactions(client):
    path = "/control/customers/+34600100101/messages"
    draft = {"line": f"whatsapp:{demo.WHATSAPP_NUMBER}", "body": "Hi"}
    (message,) = client.post(path, json=draft).json()["messages"]
    answer = client.post(f"/control/messages/{message['sid']}/react", json={})
    assert answer.status_code == 400
    assert "whatsapp" in answer.json()["error"]
