"""The past messages of a channel: what is asked of Twilio, and what comes of it."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

import pytest
from providers.errors import Retryable
from providers.events import MediaRef, MessageReceived, MessageSent, StatusChanged

from ..server import Reply
from .samples import ACCOUNT_SID, SMS, WHATSAPP

LIST = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages"
SINCE = datetime(2026, 11, 1)
CUSTOMER = "+34611111111"


def sid(number, prefix="SM"):
    return f"{prefix}{number:032x}"


def item(number, day, **changes):
    return {
        "sid": sid(number),
        "account_sid": ACCOUNT_SID,
        "direction": "inbound",
        "from": f"whatsapp:{CUSTOMER}",
        "to": "whatsapp:+34600000001",
        "body": f"Message {number}",
        "num_media": "0",
        "num_segments": "1",
        "status": "received",
        "date_sent": f"{day:02} Nov 2026 09:00:00 +0000",
        "date_created": f"{day:02} Nov 2026 08:59:00 +0000",
        "error_code": None,
        "error_message": None,
        "subresource_uris": {"media": f"{LIST}/{sid(number)}/Media.json"},
        **changes,
    }


def ours(number, day, **changes):
    sides = {"from": "whatsapp:+34600000001", "to": f"whatsapp:{CUSTOMER}"}
    defaults = {"direction": "outbound-api", "status": "read", **sides}
    return item(number, day, **{**defaults, **changes})


def page(*items, following=None):
    return Reply(json={"messages": list(items), "next_page_uri": following})


def plan(server, received, sent):
    server.plan_for("To=", *received)
    server.plan_for("From=", *sent)


def test_both_sides_come_the_newest_first(twilio, server):
    plan(server, [page(item(3, 9), item(1, 5))], [page(ours(2, 7))])
    assert list(twilio.history(WHATSAPP, SINCE)) == [
        MessageReceived(
            channel=WHATSAPP,
            message_id=sid(3),
            external_ids=(CUSTOMER,),
            text="Message 3",
            sent_at=datetime(2026, 11, 9, 9),
        ),
        MessageSent(
            channel=WHATSAPP,
            message_id=sid(2),
            external_ids=(CUSTOMER,),
            text="Message 2",
            sent_at=datetime(2026, 11, 7, 9),
            status="read",
        ),
        MessageReceived(
            channel=WHATSAPP,
            message_id=sid(1),
            external_ids=(CUSTOMER,),
            text="Message 1",
            sent_at=datetime(2026, 11, 5, 9),
        ),
    ]


def test_twilio_is_asked_for_one_channel_and_since_then(twilio, server):
    plan(server, [page()], [page()])
    assert not list(twilio.history(WHATSAPP, SINCE))
    assert {request.path for request in server.captured} == {f"{LIST}.json"}
    asked = [request.query for request in server.captured]
    common = {"DateSent>": "2026-11-01T00:00:00Z", "PageSize": "500"}
    assert {"To": "whatsapp:+34600000001", **common} in asked
    assert {"From": "whatsapp:+34600000001", **common} in asked


def test_an_sms_channel_has_no_scheme(twilio, server):
    received = item(1, 5, **{"from": CUSTOMER, "to": "+34600000001"})
    plan(server, [page(received)], [page()])
    (found,) = twilio.history(SMS, SINCE)
    assert (found.channel, found.external_ids) == (SMS, (CUSTOMER,))
    assert server.captured[0].query["To"] == "+34600000001"


def test_pages_are_read_as_they_are_asked_for(twilio, server):
    following = f"{LIST}.json?To=x&Page=1&PageToken=PA1"
    plan(server, [page(item(2, 9), following=following)], [page()])
    history = twilio.history(WHATSAPP, SINCE)
    assert [found.message_id for found in islice(history, 1)] == [sid(2)]
    assert len(server.captured) == 2
    server.plan_for("PageToken", page(item(1, 5)))
    assert [found.message_id for found in history] == [sid(1)]


def test_a_page_that_fails_is_an_error_not_the_end(twilio, server):
    following = f"{LIST}.json?To=x&Page=1&PageToken=PA1"
    plan(server, [page(item(2, 9), following=following), Reply(503)], [page()])
    history = twilio.history(WHATSAPP, SINCE)
    next(history)
    with pytest.raises(Retryable):
        next(history)


def test_files_are_listed_for_the_messages_that_have_some(twilio, server):
    with_files = item(2, 9, sid=sid(2, "MM"), num_media="2", body="")
    plan(server, [page(with_files, item(1, 5))], [page()])
    files = [
        {"sid": sid(1, "ME"), "content_type": "image/jpeg"},
        {"sid": sid(2, "ME"), "content_type": "application/pdf"},
    ]
    server.plan_for("Media.json", Reply(json={"media_list": files}))
    found, _plain = twilio.history(WHATSAPP, SINCE)
    where = f"https://api.twilio.com{LIST}/{sid(2, 'MM')}/Media"
    assert found.kind == "image"
    assert found.media == (
        MediaRef(f"{where}/{sid(1, 'ME')}", "image/jpeg"),
        MediaRef(f"{where}/{sid(2, 'ME')}", "application/pdf"),
    )
    asked = [request.path for request in server.captured]
    assert asked.count(f"{LIST}/{sid(2, 'MM')}/Media.json") == 1
    assert len(asked) == 3
    server.plan_for(sid(1, "ME"), Reply(body=b"picture"))
    assert b"".join(twilio.download(found.media[0]).chunks) == b"picture"


def test_deleted_files_leave_the_message(twilio, server):
    plan(server, [page(item(1, 5, num_media="1"))], [page()])
    server.plan_for("Media.json", Reply(404, {"code": 20404, "message": "Gone"}))
    (found,) = twilio.history(WHATSAPP, SINCE)
    assert (found.text, found.media) == ("Message 1", ())


def test_a_message_that_failed_has_its_reason(twilio, server):
    failed = ours(1, 5, status="undelivered", error_code=63016)
    plan(server, [page()], [page(failed)])
    (found,) = twilio.history(WHATSAPP, SINCE)
    assert (found.status, found.error_code) == ("failed", "63016")
    assert found.reason == "window_closed"


@pytest.mark.parametrize("status", ["accepted", "scheduled", "queued", "canceled"])
def test_what_was_never_sent_is_no_history(twilio, server, status):
    plan(server, [page()], [page(ours(1, 5, status=status, date_sent=None))])
    assert not list(twilio.history(WHATSAPP, SINCE))


def test_what_is_older_is_left_out_even_if_twilio_lists_it(twilio, server):
    old = item(1, 5, date_sent="Sat, 31 Oct 2026 23:59:59 +0000")
    plan(server, [page(old)], [page()])
    assert not list(twilio.history(WHATSAPP, SINCE))


def test_times_are_utc(twilio, server):
    times = {"date_sent": "Thu, 05 Nov 2026 10:00:00 +0200"}
    plan(server, [page(item(1, 5, **times))], [page()])
    (found,) = twilio.history(WHATSAPP, SINCE)
    assert found.sent_at == datetime(2026, 11, 5, 8)


def test_a_stop_in_the_past_opts_nobody_out(twilio, server):
    plan(server, [page(item(1, 5, body="STOP"))], [page()])
    (found,) = twilio.history(WHATSAPP, SINCE)
    assert (found.text, found.opt) == ("STOP", "")


@pytest.mark.parametrize(
    "broken",
    [
        {"sid": None},
        {"date_sent": "soon"},
        {"date_sent": None, "date_created": None},
        {"from": None},
        {"from": "telegram:1"},
        {"body": None, "num_media": None, "status": None},
    ],
)
def test_one_unreadable_message_leaves_the_others(twilio, server, broken):
    plan(server, [page(item(2, 9, **broken), item(1, 5))], [page()])
    *_broken, found = twilio.history(WHATSAPP, SINCE)
    assert found.message_id == sid(1)


# -- what was missed ------------------------------------------------------------------

UNTIL = datetime(2026, 11, 30)


def test_missed_messages_and_present_states_come(twilio, server):
    plan(server, [page(item(1, 5, body="STOP"))], [page(ours(2, 7))])
    received, status = twilio.missed(WHATSAPP, SINCE, UNTIL)
    assert received == MessageReceived(
        channel=WHATSAPP,
        message_id=sid(1),
        external_ids=(CUSTOMER,),
        text="STOP",
        sent_at=datetime(2026, 11, 5, 9),
        opt="out",
    )
    assert status == StatusChanged(
        channel=WHATSAPP,
        message_id=sid(2),
        status="read",
        external_ids=(CUSTOMER,),
    )


def test_missed_messages_are_asked_for_one_period(twilio, server):
    plan(server, [page()], [page()])
    assert not list(twilio.missed(WHATSAPP, SINCE, UNTIL))
    for request in server.captured:
        assert request.query["DateSent>"] == "2026-11-01T00:00:00Z"
        assert request.query["DateSent<"] == "2026-11-30T00:00:01Z"


def test_a_missed_failure_has_its_reason(twilio, server):
    failed = ours(1, 5, status="undelivered", error_code=63024, error_message="No")
    plan(server, [page()], [page(failed)])
    (status,) = twilio.missed(WHATSAPP, SINCE, UNTIL)
    assert (status.status, status.error_code) == ("failed", "63024")
    assert (status.error_detail, bool(status.reason)) == ("No", True)


def test_an_unknown_state_does_not_hide_the_others(twilio, server):
    plan(server, [page()], [page(ours(1, 6, status="teleported"), ours(2, 5))])
    assert [each.message_id for each in twilio.missed(WHATSAPP, SINCE, UNTIL)] == [
        sid(2)
    ]
