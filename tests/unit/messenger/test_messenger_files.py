"""Downloads from Meta's servers only, without a token, and customers' profiles."""

from __future__ import annotations

from dataclasses import replace

import pytest
from providers.errors import Reason, Refused, Retryable
from providers.events import MediaRef, Profile

from ..server import Reply
from .samples import IGSID, INSTAGRAM, PAGE, PAGE_TOKEN, PSID

PATH = "/v/t1.15752-9/1_n.jpg?oh=1&oe=6AF00000"
PICTURE = Reply(body=b"picture", headers={"Content-Type": "image/jpeg"})


def fetched(provider, url):
    media = provider.download(MediaRef(url))
    return b"".join(media.chunks), media.content_type


@pytest.mark.parametrize(
    "host",
    [
        "scontent.xx.fbcdn.net",
        "scontent-mad1-1.xx.fbcdn.net",
        "video.xx.fbcdn.net",
        "cdn.fbsbx.com",
        "lookaside.fbsbx.com",
        "scontent.cdninstagram.com",
    ],
)
def test_a_file_is_downloaded_from_metas_servers(meta, server, host):
    server.plan(PICTURE)
    assert fetched(meta, f"https://{host}{PATH}") == (b"picture", "image/jpeg")
    assert server.captured[0].target == PATH
    assert "authorization" not in server.captured[0].headers


def test_a_file_may_be_on_any_of_metas_servers(meta, server):
    elsewhere = {"Location": f"https://scontent.cdninstagram.com{PATH}"}
    server.plan(Reply(302, headers=elsewhere), PICTURE)
    assert fetched(meta, f"https://lookaside.fbsbx.com{PATH}")[0] == b"picture"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/1.jpg",
        "https://fbcdn.net.example.com/1.jpg",
        "https://evilfbcdn.net/1.jpg",
        "https://fbcdn.net/1.jpg",
        "https://user@scontent.xx.fbcdn.net/1.jpg",
        "https://scontent.xx.fbcdn.net:8443/1.jpg",
        "http://scontent.xx.fbcdn.net/1.jpg",
        "https://graph.facebook.com/v25.0/me",
        "file:///etc/passwd",
        "<IMAGE_URL>",
        "",
    ],
)
def test_no_other_address_is_asked(meta, server, url):
    with pytest.raises(Refused) as refusal:
        meta.download(MediaRef(url))
    assert refusal.value.reason is Reason.FILE_REFUSED
    assert not server.captured


def test_a_redirect_that_leaves_meta_is_not_followed(meta, server):
    server.plan(Reply(302, headers={"Location": "https://example.com/1.jpg"}))
    with pytest.raises(Refused):
        meta.download(MediaRef(f"https://cdn.fbsbx.com{PATH}"))
    assert len(server.captured) == 1


@pytest.mark.parametrize("status", [403, 410])
def test_an_expired_address_is_given_up(meta, server, status):
    server.plan(Reply(status, body=b"URL signature expired"))
    with pytest.raises(Refused) as refusal:
        meta.download(MediaRef(f"https://cdn.fbsbx.com{PATH}"))
    assert refusal.value.reason is Reason.FILE_NOT_FETCHED


@pytest.mark.parametrize("status", [404, 429, 500, 503])
def test_a_failing_server_is_retried(meta, server, status):
    server.plan(Reply(status))
    with pytest.raises(Retryable):
        meta.download(MediaRef(f"https://cdn.fbsbx.com{PATH}"))


def test_an_oversized_file_is_not_read(meta, server):
    meta.max_download = 6
    server.plan(PICTURE)
    with pytest.raises(Refused) as refusal:
        meta.download(MediaRef(f"https://cdn.fbsbx.com{PATH}"))
    assert refusal.value.reason is Reason.FILE_TOO_BIG


CDN = "https://platform-lookaside.fbsbx.com/platform/profilepic/?psid=1"
PEOPLE = {
    "a customer of a Page": (
        PAGE,
        PSID,
        {"first_name": "Ana", "last_name": "Núñez", "profile_pic": CDN, "id": PSID},
        Profile("Ana Núñez", CDN),
    ),
    "a customer with one name": (
        PAGE,
        PSID,
        {"last_name": " Núñez "},
        Profile("Núñez"),
    ),
    "a customer on Instagram": (
        INSTAGRAM,
        IGSID,
        {"name": "Ana 🚲", "username": "ana.n", "profile_pic": CDN},
        Profile("Ana 🚲", CDN, "ana.n"),
    ),
    "a customer without a name": (
        INSTAGRAM,
        IGSID,
        {"name": "", "username": "ana.n"},
        Profile("@ana.n", username="ana.n"),
    ),
    "a customer with an invisible name": (
        INSTAGRAM,
        IGSID,
        {"name": "\u3164\u200b", "username": "ana.n"},
        Profile("@ana.n", username="ana.n"),
    ),
    "a customer without any details": (PAGE, PSID, {"id": PSID}, Profile()),
    "values that are not text": (PAGE, PSID, {"first_name": [1]}, Profile()),
}


@pytest.mark.parametrize(
    ("channel", "external_id", "answer", "profile"), PEOPLE.values(), ids=PEOPLE
)
def test_a_profile_has_name_and_picture(
    meta, server, channel, external_id, answer, profile
):
    server.plan(Reply(json=answer))
    with_token = replace(channel, token=PAGE_TOKEN)
    assert meta.profile(with_token, external_id) == profile
    (request,) = server.captured
    assert request.path == f"/v25.0/{external_id}"
    assert request.headers["authorization"] == f"Bearer {PAGE_TOKEN}"


@pytest.mark.parametrize(
    "error",
    [
        {"code": 100, "error_subcode": 33, "message": "Unsupported get request"},
        {"code": 100, "error_subcode": 2018218},
        {"code": 200},
        {"code": 10},
        {},
    ],
)
def test_a_customer_withheld_by_meta_has_no_profile(meta, server, error):
    server.plan(Reply(400, {"error": error}))
    assert meta.profile(PAGE, PSID) is None


def test_a_dead_token_is_not_taken_for_a_withheld_profile(meta, server):
    server.plan(Reply(400, {"error": {"code": 190}}))
    with pytest.raises(Refused):
        meta.profile(PAGE, PSID)


def test_a_profile_request_can_be_retried_later(meta, server):
    server.plan(Reply(400, {"error": {"code": 4}}))
    with pytest.raises(Retryable):
        meta.profile(PAGE, PSID)


def test_an_id_cannot_change_the_path(meta, server):
    server.plan(Reply(json={}))
    try:
        meta.profile(PAGE, "../me/accounts?x=1")
    finally:
        (request,) = server.captured
        server.captured.clear()
    assert request.path == "/v25.0/..%2Fme%2Faccounts%3Fx%3D1"
