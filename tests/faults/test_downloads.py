"""Files of customers while processes die, the disk refuses and messages go away."""

import base64
import hashlib
import os
import resource
import time
from contextlib import contextmanager

import httpx
import psutil
import pytest

from tests.e2e.support.door import picture_from
from tests.e2e.support.meta import arrived, new_fan
from tests.e2e.support.phone import file
from tests.e2e.support.waiting import eventually
from tests.e2e.test_media import file_url, png, stored, twilio  # noqa: F401
from tests.faults.crew import kill, links, newly_talking_to, workers
from tools.dev.places import FILESTORES

# The phone holds a file for so long, less than what Odoo waits for it.
HELD = 3
# A file is tried so often.
TRIES = 7
KB = 1024
# More than the server's log has, which the same limit meets.
ROOM = 700 * KB


@pytest.fixture
def files(database, customer):
    return lambda: database.media(customer)


def test_a_file_with_which_processes_die_is_given_up_and_keeps_none_waiting(
    odoo,
    twilio,  # noqa: F811
    customer,
    database,
    files,
):
    (poison, hangs), (good, path) = file_url(), file_url()
    twilio.hangs.add(hangs)
    twilio.answers[path] = (200, {"Content-Type": "image/png"}, png())
    twilio.door.post(picture_from(customer, poison))
    worker = newly_talking_to(odoo, twilio.port)
    twilio.door.post(picture_from(customer, good))
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
    """Let the cron take the file; touch no row that a running job has locked."""
    now = "now() AT TIME ZONE 'UTC'"
    due = f"UPDATE messaging_media SET next_try_at = {now} WHERE id = %s"
    database.run(due, media["id"])
    database.run(
        f"INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT id, {now}"
        " FROM ir_cron WHERE cron_name = 'Messaging: download files of customers'"
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
    """As on a full disk, a write ends in the middle: `ulimit -f` of each process."""
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
def test_a_file_that_the_filestore_refuses_is_kept_for_later(
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
        twilio.door.post(picture_from(customer, url))
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
def held_file(fan, database, phone):
    """A customer's picture that the provider holds while Odoo fetches it."""
    fan.write("Hello")
    arrived(database, fan)
    with database.crons_at_rest():
        pass
    paths = {"instagram": "/ig_messaging_cdn", "messenger": "/v/t1."}
    fault = {"request": "slow", "method": "GET", "path": paths[fan.kind]}
    phone.trouble(**fault, seconds=HELD)
    fan.write("Oops", media=[file("private.png", png() + b"private", "image/png")])
    eventually(lambda: not phone.get("faults")["requests"], what="the request")
    (media,) = database.media(fan.external_id)
    assert (media["state"], media["attempts"]) == ("pending", 1)
    return media


def unsend(fan, media, database, admin):
    fan.unsend(database.message(media["message_id"])["provider_message_id"])
    eventually(lambda: database.message(media["message_id"])["data"].get("unsent"))


def delete(fan, media, database, admin):
    conversation = database.conversation(fan.external_id)
    admin.conversation(conversation, "unlink")


@pytest.mark.parametrize(
    "fan, take_back",
    [("instagram", unsend), ("messenger", delete)],
    indirect=["fan"],
)
def test_a_file_that_is_taken_back_while_it_is_fetched_is_not_stored(
    fan, held_file, take_back, database, admin, odoo
):
    """Messenger tells nobody that a message was unsent: there it is deleted."""
    conversation = database.conversation(fan.external_id)
    (last,) = database.rows("SELECT max(id) AS id FROM ir_attachment")
    take_back(fan, held_file, database, admin)
    # The job that fetches it goes on until the file has arrived.
    with database.crons_at_rest():
        assert database.media(fan.external_id) == []
    kept = "SELECT id FROM ir_attachment WHERE res_model = %s AND res_id = %s"
    assert database.rows(kept, "messaging.conversation", conversation["id"]) == []
    (newest,) = database.rows("SELECT last_value AS id FROM ir_attachment_id_seq")
    cookies = {"session_id": admin.session}
    for attachment_id in range(last["id"] + 1, newest["id"] + 1):
        url = f"{odoo.http_url}/web/content/{attachment_id}"
        answer = httpx.get(url, cookies=cookies, trust_env=False)
        assert b"private" not in answer.content
