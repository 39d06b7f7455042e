"""Fills a database with conversations and messages, reproducibly, in one transaction.

PostgreSQL makes the rows itself, from numbers: nothing is random between two runs, and
two million messages take about two minutes.
"""

from dataclasses import dataclass

import psycopg2

# The share of a word, one in so many messages, by how often people use it.
COMMON, RARE = "tomorrow", "xylophone"
NAMES = ("Ana", "Bruno", "Carla", "Dario", "Elena", "Felix", "Greta", "Hugo")
WORDS = (
    *("bike", "blue", "price", "when", "please", "thanks", "order", "today", "wheel"),
    *("basket", "repair", "Saturday", "colour", "size", "pickup", "lock", "helmet"),
    *("invoice", "address", "delivery", "garage", "tandem", "saddle", "brakes"),
)
COMMON_EVERY, RARE_EVERY = 9, 150_000

CONVERSATIONS = """
    INSERT INTO messaging_conversation (
        channel_id, contact_name, contact_phone, state, user_id, last_message_at,
        last_inbound_at, create_date, write_date, opted_out, is_snoozed)
    SELECT (%(channels)s)[1 + n %% cardinality(%(channels)s)],
           (%(names)s)[1 + n %% cardinality(%(names)s)]
           || ' ' || initcap(substr(md5(n::text), 1, 7)),
           '+34' || 611000000 + n,
           CASE WHEN n %% 5 = 0 THEN 'open' ELSE 'closed' END, NULL,
           now(), now(), now(), now(), FALSE, FALSE
      FROM generate_series(1, %(conversations)s) AS n
"""
MESSAGES = """
    INSERT INTO messaging_message (
        conversation_id, channel_id, direction, state, kind, body, sent_at,
        create_date, write_date)
    SELECT c.id, c.channel_id,
           CASE WHEN n %% 3 = 0 THEN 'outbound' ELSE 'inbound' END,
           CASE WHEN n %% 3 = 0 THEN 'read' ELSE 'received' END, 'text',
           (SELECT string_agg((%(words)s)[
                       1 + (hashint8(n * 31 + place) & 1023) %% cardinality(%(words)s)],
                       ' ')
              FROM generate_series(1, 6 + n %% 9) AS place)
           || CASE WHEN n %% %(common_every)s = 0 THEN ' ' || %(common)s ELSE '' END
           || CASE WHEN n %% %(rare_every)s = 0 THEN ' ' || %(rare)s ELSE '' END,
           now() - (%(messages)s - n) * interval '5 seconds', now(), now()
      FROM generate_series(1, %(messages)s) AS n
      JOIN (SELECT id, channel_id, row_number() OVER (ORDER BY id) AS place
              FROM messaging_conversation) AS c
        ON c.place = 1 + (hashint8(n) & 2147483647) %% %(conversations)s
     ORDER BY n
"""
LATEST = """
    UPDATE messaging_conversation c
       SET last_message_id = m.latest, last_inbound_message_id = m.inbound
      FROM (SELECT conversation_id, max(id) AS latest,
                   max(id) FILTER (WHERE direction = 'inbound') AS inbound
              FROM messaging_message GROUP BY conversation_id) AS m
     WHERE m.conversation_id = c.id
"""


@dataclass(frozen=True)
class Size:
    conversations: int
    messages: int


def fill(database, size):
    """Add that many rows on the database's channels, and gather statistics."""
    connection = psycopg2.connect(dbname=database)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(id ORDER BY id) FROM messaging_channel")
        parameters = {
            "channels": cursor.fetchone()[0],
            "conversations": size.conversations,
            "messages": size.messages,
            "names": list(NAMES),
            "words": list(WORDS),
            "common": COMMON,
            "common_every": COMMON_EVERY,
            "rare": RARE,
            "rare_every": RARE_EVERY,
        }
        for statement in (CONVERSATIONS, MESSAGES, LATEST):
            cursor.execute(statement, parameters)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE messaging_conversation, messaging_message")
    connection.close()
