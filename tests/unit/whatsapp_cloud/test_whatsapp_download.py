"""Downloads in two steps: the address of a file, then the file itself."""

from __future__ import annotations

import base64
import hashlib

import pytest
from providers.errors import Reason, Refused, Retryable
from providers.events import MediaRef

from ..server import Reply
from .samples import ACCESS_TOKEN

CONTENT = b"a blue chair" * 1000
DIGEST = hashlib.sha256(CONTENT)
ID = "2621233374848975"
MEDIA = MediaRef(ID, "image/jpeg")
ADDRESS = (
    f"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid={ID}&hash=AbC"
)
FILE = Reply(body=CONTENT, headers={"Content-Type": "image/png"})


def facts(**changes):
    known = {
        "url": ADDRESS,
        "mime_type": "image/jpeg",
        "sha256": DIGEST.hexdigest(),
        "file_size": len(CONTENT),
        "id": ID,
        "messaging_product": "whatsapp",
    }
    return Reply(json={**known, **changes})


def content(media):
    return b"".join(media.chunks)


def test_a_file_is_asked_for_and_fetched_with_the_token(whatsapp, server):
    server.plan(facts(), FILE)
    media = whatsapp.download(MEDIA)
    assert (content(media), media.content_type) == (CONTENT, "image/png")
    asked, fetched = server.captured
    assert asked.path == f"/v25.0/{ID}"
    assert fetched.path == "/whatsapp_business/attachments/"
    assert fetched.query["hash"] == "AbC"
    assert fetched.headers["authorization"] == f"Bearer {ACCESS_TOKEN}"
    assert "python" not in fetched.headers["user-agent"].lower()


KNOWN = {
    "in base64": {"sha256": base64.b64encode(DIGEST.digest()).decode()},
    "as text": {"file_size": str(len(CONTENT))},
    "neither": {"sha256": None, "file_size": None},
    "rubbish": {"sha256": "rubbish", "file_size": "many"},
    "a short digest": {"sha256": "AAAA"},
    "other types": {"sha256": 7, "file_size": [1]},
}


@pytest.mark.parametrize("changes", KNOWN.values(), ids=KNOWN)
def test_what_meta_tells_of_a_file_may_be_missing(whatsapp, server, changes):
    server.plan(facts(**changes), FILE)
    assert content(whatsapp.download(MEDIA)) == CONTENT


@pytest.mark.parametrize(
    "changes",
    [{"sha256": "0" * 64}, {"file_size": len(CONTENT) + 1}, {"file_size": 1}],
)
def test_another_file_than_the_announced_one_is_not_kept(whatsapp, server, changes):
    server.plan(facts(**changes), FILE)
    with pytest.raises(Retryable) as failure:
        content(whatsapp.download(MEDIA))
    assert failure.value.reason is Reason.FILE_NOT_FETCHED


def test_each_try_asks_for_a_new_address(whatsapp, server):
    server.plan(facts(), Reply(404), facts(url=ADDRESS + "2"), FILE)
    with pytest.raises(Retryable):
        whatsapp.download(MEDIA)
    assert content(whatsapp.download(MEDIA)) == CONTENT
    assert server.captured[3].query["hash"] == "AbC2"


ELSEWHERE = (
    *("http://lookaside.fbsbx.com/file", "https://lookaside.fbsbx.com.evil.example/f"),
    *("https://evil.example/file", "https://user@lookaside.fbsbx.com/f"),
    *("https://scontent.xx.fbcdn.net/f", "https://lookaside.fbsbx.com:444/f"),
    *(
        "https://evil-lookaside.fbsbx.com/f",
        "https://127.0.0.1/f",
        "file:///etc/passwd",
    ),
    *("", "rubbish", "https://[", None, 7),
)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_the_token_goes_to_no_other_host(whatsapp, server, url):
    server.plan(facts(url=url))
    with pytest.raises(Refused) as refusal:
        whatsapp.download(MEDIA)
    assert refusal.value.reason is Reason.FILE_REFUSED
    assert len(server.captured) == 1


def test_a_redirect_is_followed_without_the_token(whatsapp, server):
    there = {"Location": "https://scontent.whatsapp.net/elsewhere"}
    server.plan(facts(), Reply(302, headers=there), FILE)
    assert content(whatsapp.download(MEDIA)) == CONTENT
    assert "authorization" not in server.captured[2].headers


@pytest.mark.parametrize("location", ["https://evil.example/", "http://a.fbcdn.net/f"])
def test_a_redirect_elsewhere_is_refused(whatsapp, server, location):
    server.plan(facts(), Reply(302, headers={"Location": location}))
    with pytest.raises(Refused):
        whatsapp.download(MEDIA)
    assert len(server.captured) == 2


def test_a_file_that_is_too_big_is_not_fetched(whatsapp, server):
    server.plan(facts(file_size=whatsapp.max_download + 1))
    with pytest.raises(Refused) as refusal:
        whatsapp.download(MEDIA)
    assert refusal.value.reason is Reason.FILE_TOO_BIG
    assert len(server.captured) == 1


@pytest.mark.parametrize(
    "media_id", ["", "me", "1/../me", "1?fields=x", "https://evil.example/", "١"]
)
def test_what_is_no_id_is_not_asked_for(whatsapp, server, media_id):
    with pytest.raises(Refused):
        whatsapp.download(MediaRef(media_id))
    assert not server.captured


def test_a_file_that_meta_deleted_is_refused(whatsapp, server):
    words = {"message": "Unsupported get request.", "code": 100, "error_subcode": 33}
    server.plan(Reply(400, {"error": words}))
    with pytest.raises(Refused) as refusal:
        whatsapp.download(MEDIA)
    assert refusal.value.code == "100/33"
