"""Customers' files while processes die, the disk is full or messages are deleted."""

import base64
import hashlib
import os
import resource
import threading
import time
from contextlib import contextmanager

import httpx
import psutil
import pytest

from tests.e2e.support.fans import arrived, new_fan
from tests.e2e.support.phone import file
from tests.e2e.support.webhook import picture_from
from tests.e2e.test_media import file_url, png, stored, twilio  # noqa: F401
from tests.faults.processes import kill, links, newly_talking_to, workers
from tests.waiting import eventually
from tools.dev.places import FILESTORES

# How long the phone holds back a file: less than Odoo's timeout.
HELD = 3
# How often a download is tried.
TRIES = 7
KB = 1024
# Larger than the server's log, to which the same limit applies.
ROOM = 700 * KB
SECRET = b"private"


@pytest.fixture
def files(database, customer):
    return lambda: database.media(customer)


def test_a_file_that_kills_processes_is_given_up_and_blocks_no_other(
    odoo,
    twilio,  # noqa: F811
    customer,
    database,
    files,
):
    (poison, hangs), (good, path) = file_url(), file_url()
    twilio.hangs.add(hangs)
    twilio.answers[path] = (200, {"Content-Type": "image/png"}, png())
    twilio.webhook.post(picture_from(customer, poison))
    worker = newly_talking_to(odoo, twilio.port)
    twilio.webhook.post(picture_from(customer, good))
    kill(worker)

    def good_is_here():
        database.notify("cron_trigger")
        return files()[1]["state"] == "ready"

    eventually(good_is_here)
    assert (files()[0]["state"], files()[0]["attempts"]) == ("pending", 1)
    for attempts in range(2, TRIES + 1):
        eventually(lambda: links(odoo, twilio.port) or make_due(database, files()[0]))
        kill(newly_talking_to(odoo, twilio.port))
        assert (files()[0]["state"], files()[0]["attempts"]) == ("pending", attempts)
    database.after_a_while(lambda: files()[0]["state"] == "failed")
    assert "stopped" in files()[0]["error"]
    assert [each["attempts"] for each in files()] == [TRIES, 1]
    assert [path for path, _headers in twilio.visits].count(hangs) == TRIES


def make_due(database, media):
    """Make the file due for the cron, without touching rows locked by a running job."""
    now = "now() AT TIME ZONE 'UTC'"
    due = f"UPDATE messaging_media SET next_try_at = {now} WHERE id = %s"
    database.run(due, media["id"])
    database.run(
        f"INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT id, {now}"
        " FROM ir_cron WHERE cron_name = 'Messaging: download customer files'"
    )
    database.notify("cron_trigger")
    time.sleep(0.2)


@contextmanager
def a_file_in_place_of_its_folder(odoo, folder):
    aside = folder.with_name(f"{folder.name}-aside")
    if folder.exists():
        folder.rename(aside)
    folder.touch()
    try:
        yield
    finally:
        folder.unlink()
        if aside.exists():
            aside.rename(folder)


@contextmanager
def no_room_for_large_files(odoo, folder):
    """Let large writes fail halfway, as on a full disk: `ulimit -f` of each process."""
    limit_files(odoo, ROOM)
    try:
        yield
    finally:
        limit_files(odoo, resource.RLIM_INFINITY)


def limit_files(odoo, size):
    for worker in workers(odoo):
        _soft, hard = worker.rlimit(psutil.RLIMIT_FSIZE)
        worker.rlimit(psutil.RLIMIT_FSIZE, (size, hard))


@pytest.mark.parametrize(
    "refusing, error",
    [
        (a_file_in_place_of_its_folder, "File exists"),
        (no_room_for_large_files, "File too large"),
    ],
)
def test_a_file_that_the_filestore_refuses_is_retried_later(
    odoo,
    twilio,  # noqa: F811
    customer,
    database,
    agent,
    files,
    refusing,
    error,
):
    content = png() + os.urandom(ROOM + 100 * KB)
    name = hashlib.sha1(content).hexdigest()  # noqa: S324 - the filestore's own naming
    folder = FILESTORES / database.name / name[:2]
    url, path = file_url()
    twilio.answers[path] = (200, {"Content-Type": "image/png"}, content)
    with refusing(odoo, folder):
        twilio.webhook.post(picture_from(customer, url))
        eventually(lambda: files()[0]["error"])
        (media,) = files()
        assert (media["state"], media["attempts"]) == ("pending", 1)
        assert (media["error"], media["attachment_id"]) == (error, None)
        assert not folder.is_dir() or not list(folder.glob("tmp*"))
    database.after_a_while(lambda: files()[0]["state"] == "ready")
    (media,) = files()
    assert (media["attempts"], media["error"]) == (2, None)
    assert base64.b64decode(stored(agent, media)["datas"]) == content


@pytest.fixture
def fan(phone, meta_account, request):
    return new_fan(phone, request.param)


@pytest.fixture
def talk(fan, database):
    """Return a conversation without pending downloads."""
    fan.write("Hello")
    arrived(database, fan)
    due = "SELECT 1 FROM ir_cron_trigger WHERE call_at <= now() AT TIME ZONE 'UTC'"
    eventually(lambda: not database.rows(due), what="the end of the crons")
    with database.crons_at_rest():
        pass
    return database.conversation(fan.external_id)


@pytest.fixture
def send_picture(fan, talk, database):
    """Let the customer send a picture; return its media once a download begins."""

    def fetched():
        (media,) = database.media(fan.external_id)
        return media["attempts"] and media

    def send_picture():
        fan.write("Oops", media=[file("private.png", png() + SECRET, "image/png")])
        return eventually(fetched, what="the request")

    return send_picture


@pytest.fixture
def nothing_is_stored(fan, talk, database, admin, odoo):
    """Check that no file was stored once the download job has ended."""
    (last,) = database.rows("SELECT max(id) AS id FROM ir_attachment")

    def check():
        with database.crons_at_rest():
            assert database.media(fan.external_id) == []
        # A picture of the customer is the value of a field.
        kept = (
            "SELECT id, name FROM ir_attachment WHERE res_field IS NULL"
            " AND res_model = 'messaging.conversation' AND res_id = %s"
        )
        assert database.rows(kept, talk["id"]) == []
        (newest,) = database.rows("SELECT last_value AS id FROM ir_attachment_id_seq")
        cookies = {"session_id": admin.session}
        for attachment_id in range(last["id"] + 1, newest["id"] + 1):
            url = f"{odoo.http_url}/web/content/{attachment_id}"
            answer = httpx.get(url, cookies=cookies, trust_env=False)
            assert SECRET not in answer.content

    return check


def unsend(fan, media, database, admin):
    message = database.message(media["message_id"])
    fan.unsend(message["provider_message_id"])
    eventually(lambda: database.message(message["id"])["data"].get("unsent"))


def delete(fan, media, database, admin):
    admin.conversation(database.conversation(fan.external_id), "unlink")


# Messenger doesn't report unsent messages, so there the message is deleted.
WAYS_TO_TAKE_IT_BACK = pytest.mark.parametrize(
    "fan, take_back",
    [("instagram", unsend), ("messenger", delete)],
    indirect=["fan"],
)


@WAYS_TO_TAKE_IT_BACK
def test_a_file_unsent_during_its_download_is_not_stored(
    fan, phone, send_picture, take_back, database, admin, nothing_is_stored
):
    path = {"instagram": "/ig_messaging_cdn", "messenger": "/v/t1."}[fan.kind]
    phone.trouble(request="slow", method="GET", path=path, seconds=HELD)
    media = send_picture()
    eventually(lambda: not phone.get("faults")["requests"], what="the request")
    assert media["state"] == "pending"
    take_back(fan, media, database, admin)
    nothing_is_stored()


@WAYS_TO_TAKE_IT_BACK
def test_a_file_unsent_while_it_is_stored_is_deleted(
    fan, send_picture, take_back, database, admin, nothing_is_stored
):
    """The test locks the table of files, so that storing takes long."""
    with database.open_transaction("LOCK TABLE ir_attachment IN SHARE MODE"):
        media = send_picture()
        eventually(lambda: database.blocked() >= 1, what="storing the file")
        words = fan, media, database, admin
        taking_back = threading.Thread(target=take_back, args=words)
        taking_back.start()
        eventually(lambda: database.blocked() >= 2 or not taking_back.is_alive())
    taking_back.join()
    nothing_is_stored()
