"""Looks for customers and secrets in what Odoo logged during a whole run."""

import re
from contextlib import closing

import psycopg2

# Shorter words are too likely to be part of something else.
SHORTEST_TEXT = 8
SHORTEST_NAME = 5
# The customers of the tests (`customer` in tests/conftest.py), also those who were
# deleted since.
NUMBERS = re.compile(r"3461155\d{4}")
STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ ", re.MULTILINE)
PEOPLE = """
    SELECT external_id FROM messaging_identity
     UNION SELECT contact_phone FROM messaging_conversation
     UNION SELECT contact_username FROM messaging_conversation
     UNION SELECT c.contact_name FROM messaging_conversation c
            WHERE NOT EXISTS (
                  SELECT FROM res_partner p JOIN res_users u ON u.partner_id = p.id
                   WHERE p.name = c.contact_name)
"""
TEXTS = """
    SELECT body FROM messaging_message
     UNION SELECT draft FROM messaging_participation
     UNION SELECT body FROM messaging_scheduled
"""
SECRETS = "SELECT webhook_token FROM messaging_account"
SECRET_COLUMNS = """
    SELECT format('SELECT %I FROM %I', column_name, table_name)
      FROM information_schema.columns
     WHERE table_name IN ('messaging_account', 'messaging_channel')
       AND column_name LIKE '%\\_stored'
"""


def check_privacy(log, database):
    """Fail if a log file names a customer, quotes a text or contains a secret.

    Fail, too, if there is nothing to read, since then nothing would be checked.
    """
    text = log.read_text(errors="replace")
    words = personal_words(database)
    found = personal_lines(text, words)
    assert not found, "The log is not private:\n" + "\n".join(found)


def personal_words(database):
    """Return what must not occur in the log of this database's server."""
    with closing(psycopg2.connect(dbname=database)) as connection:
        cursor = connection.cursor()

        def read(query):
            cursor.execute(query)
            return [row[0] for row in cursor.fetchall() if row[0]]

        people = {each.strip("+ ") for each in read(PEOPLE)}
        lines = {line.strip() for body in read(TEXTS) for line in body.splitlines()}
        secrets = read(SECRETS)
        for query in read(SECRET_COLUMNS):
            secrets += read(query)
    return {
        *(name for name in people if len(name) >= SHORTEST_NAME),
        *(line for line in lines if len(line) >= SHORTEST_TEXT),
        *(secret for secret in secrets if len(secret) >= SHORTEST_TEXT),
    }


def personal_lines(text, words):
    """Return the lines of a log that contain a customer's number or one of the words.

    Raise AssertionError if it isn't the log of a server that answered requests.
    """
    assert " odoo." in text and " HTTP/1" in text, "There is no log to read."
    lines = sorted(set(STAMP.sub("", text).splitlines()))
    whole = "\n".join(lines)
    wanted = [NUMBERS, *(_pattern(word) for word in words if word in whole)]
    return [line for line in lines if any(one.search(line) for one in wanted)]


def _pattern(word):
    """Return a pattern for whole words: "Ana" isn't part of "Banana"."""
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
