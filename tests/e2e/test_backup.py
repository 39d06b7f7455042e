"""A database and its filestore are restored under another name, as operators do it."""

import base64
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.support.phone import file
from tests.e2e.test_media import png
from tests.waiting import eventually
from tools.dev import databases
from tools.dev.places import FILESTORES, ROOT
from tools.dev.postgres import program, psql
from tools.dev.processes import environment
from tools.practice_phone import demo

COPY = f"e2e_restored_{os.getpid()}"
# What the restored Odoo knows, and what it would send.
LOOK = f"""
import base64, json
from twilio.request_validator import RequestValidator
from odoo.addons.messaging_inbox.providers.events import WebhookRequest
account = env["messaging.account"].search(
    [("twilio_account_sid", "=", "{demo.ACCOUNT_SID}")], limit=1)
form = {{"MessageSid": "SM" + "a" * 32, "AccountSid": "{demo.ACCOUNT_SID}"}}
url = account.webhook_url
signature = RequestValidator("{demo.AUTH_TOKEN}").compute_signature(url, form)
account._provider().verify(WebhookRequest(
    "POST", urls=(url,), form=tuple(form.items()),
    headers={{"x-twilio-signature": signature}}))
messages = env["messaging.message"].search(
    [("conversation_id.contact_phone", "=", "%s")], order="id")
found = {{
    "bodies": [m.body for m in messages if m.direction != "event"],
    "files": [base64.b64encode(f.raw).decode() for f in messages.attachment_ids],
    "sent": env["messaging.message"]._send_queued(),
}}
env["ir.config_parameter"].set_param("restored", json.dumps(found))
env.cr.commit()
"""


@pytest.fixture
def backup(database_name, tmp_path):
    """Return a function that dumps the database, then copies the filestore."""

    def make():
        run("pg_dump", "-Fc", "-f", tmp_path / "dump", database_name)
        shutil.copytree(FILESTORES / database_name, tmp_path / "filestore")
        return tmp_path

    return make


@pytest.fixture
def restore():
    """Return a function that restores a backup under the other name."""

    def make(backup):
        databases.drop_database(COPY)
        run("createdb", COPY)
        run("pg_restore", "--no-owner", "-d", COPY, backup / "dump")
        shutil.copytree(backup / "filestore", FILESTORES / COPY)

    yield make
    databases.drop_database(COPY)


def run(name, *arguments):
    command = [str(part) for part in (program(name), *arguments)]
    subprocess.run(command, check=True, env=environment())


def documented():
    """Return the SQL that docs/operating.md has operators run after a restore."""
    text = Path(ROOT / "docs" / "operating.md").read_text()
    (sql,) = re.findall(r"### Restore\n.*?```sql\n(.*?)```", text, re.DOTALL)
    return sql


def look(customer):
    databases.odoo(COPY, "shell", text=LOOK.replace("%s", customer))
    return json.loads(
        psql("SELECT value FROM ir_config_parameter WHERE key = 'restored'", COPY)
    )


def test_a_restored_copy_has_everything_and_sends_nothing_twice(
    agent, conversation, known, phone, database, backup, restore
):
    photo = png()
    phone.write(known, "Look", media=[file("a.png", photo, "image/png")])
    eventually(lambda: database.media(known) and is_ready(database, known))
    phone.trouble(request="429")
    (waiting,) = agent.reply(conversation, "Only once")
    eventually(lambda: database.message(waiting)["next_try_at"])
    saved = backup()
    database.after_a_while(lambda: phone.bodies(known) == ["Only once"])

    restore(saved)
    psql(documented(), COPY)
    found = look(known)
    assert found["bodies"] == ["Hello", "Look", "Only once"]
    assert found["files"] == [base64.b64encode(photo).decode()]
    assert found["sent"] == 0
    states = psql("SELECT state FROM messaging_message WHERE id = %s" % waiting, COPY)
    assert states == "unknown"
    assert phone.bodies(known) == ["Only once"]

    databases.odoo(COPY, "neutralize")
    left = psql(
        "SELECT count(*) FROM messaging_account"
        " WHERE state <> 'draft' OR twilio_auth_token_stored IS NOT NULL",
        COPY,
    )
    assert left == "0"


def is_ready(database, customer):
    return {row["state"] for row in database.media(customer)} == {"ready"}
