"""The rows with which benchmarks fill a database: reproducible, spread like real."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from benchmarks.filling import FULL, SMALL, Size
from benchmarks.filling.cast import Cast, Channel
from benchmarks.filling.rows import SHARES, copy_line, tables
from benchmarks.filling.spread import DAY, YEARS, make_plan, sizes
from benchmarks.filling.story import CONVERSATION_COLUMNS, MESSAGE_COLUMNS
from benchmarks.filling.words import COMMON, COMMON_EVERY, RARE
from benchmarks.filling.world import FIFTY_NAME, LONGEST_NAME, First, World

SIZE = Size(400, 8_000)
MOMENT = datetime(2026, 11, 28, 12)
FIRST = First(100, 1_000, 1, 1, 10_000, 20_000)
KINDS = (("whatsapp", "twilio"), ("sms", "twilio"), ("whatsapp", "whatsapp_cloud"))
KINDS += (("messenger", "messenger"), ("instagram", "messenger"))
CAST = Cast(
    agents=(2, 5, 6, 7),
    joined={7: 30 * DAY},
    channels=tuple(
        Channel(number, kind, provider, 1, (2, 5, 6, 7))
        for number, (kind, provider) in enumerate(KINDS, 1)
    ),
    tags={1: [1, 2, 3]},
    contacts={1: 8},
    leads={1: [9]},
)
NAMES = {
    "messaging_message": MESSAGE_COLUMNS,
    "messaging_conversation": CONVERSATION_COLUMNS,
}


def rows_of(seed=1, moment=MOMENT, size=SIZE):
    """Return {table: [row]} of all shares."""
    plan, found = make_plan(size, seed), {}
    for share in range(SHARES):
        world = World(CAST, FIRST, moment, seed, share)
        for table, _columns, rows in tables(world, plan):
            found.setdefault(table, []).extend(rows)
    return found


@pytest.fixture(scope="module")
def rows():
    return rows_of()


@pytest.fixture(scope="module")
def messages(rows):
    found = [
        dict(zip(MESSAGE_COLUMNS, m, strict=True)) for m in rows["messaging_message"]
    ]
    return sorted(found, key=lambda message: message["id"])


@pytest.fixture(scope="module")
def conversations(rows):
    conversations = rows["messaging_conversation"]
    return [dict(zip(CONVERSATION_COLUMNS, row, strict=True)) for row in conversations]


def test_the_same_seed_makes_the_same_rows(rows):
    assert rows_of() == rows


def test_another_seed_makes_other_rows(rows):
    assert rows_of(seed=2)["messaging_message"] != rows["messaging_message"]


def test_all_times_move_with_the_moment(rows):
    later = rows_of(moment=MOMENT + timedelta(days=3))
    sent = MESSAGE_COLUMNS.index("sent_at")
    for table in ("messaging_identity", "messaging_participation"):
        assert later[table] == rows[table]
    for before, after in zip(
        rows["messaging_message"], later["messaging_message"], strict=True
    ):
        moved = datetime.fromisoformat(after[sent]) - timedelta(days=3)
        assert before[:7] == after[:7]
        assert datetime.fromisoformat(before[sent]) == moved


def test_the_full_size_has_its_totals_and_its_two_special_conversations():
    found = sizes(FULL)
    assert (len(found), sum(found)) == (100_000, 2_000_000)
    assert found[:2] == [50_000, 50]


def test_few_conversations_have_many_messages_and_many_have_few():
    ranked = sorted(sizes(FULL), reverse=True)
    assert sum(ranked[:1_000]) > 0.25 * FULL.messages
    assert ranked[len(ranked) // 2] < 10
    assert ranked[-1] >= 2


def test_a_size_with_too_few_messages_is_refused():
    with pytest.raises(ValueError, match="too few messages"):
        sizes(Size(100, 150))


def test_messages_are_written_over_two_years_and_more_of_them_lately():
    plan = make_plan(SMALL, 1)
    ages = sorted(age for own in plan.ages for age in own)
    assert YEARS - 30 * DAY < ages[-1] < YEARS + DAY
    assert ages[0] >= 0
    assert 60 * DAY < ages[len(ages) // 2] < 240 * DAY


def test_ids_follow_times(messages):
    assert [m["id"] for m in messages] == list(range(1_000, 1_000 + SIZE.messages))
    times = [message["sent_at"] for message in messages]
    assert times == sorted(times)
    assert times[-1] <= str(MOMENT)


def test_conversations_have_as_many_messages_as_planned(messages, conversations):
    counts = Counter(message["conversation_id"] for message in messages)
    assert sorted(counts.values()) == sorted(sizes(SIZE))
    by_name = {c["contact_name"]: counts[c["id"]] for c in conversations}
    assert (by_name[LONGEST_NAME], by_name[FIFTY_NAME]) == (200, 50)


def test_words_to_search_for_have_their_shares(messages):
    texts = [m["body"] for m in messages if m["direction"] in ("inbound", "outbound")]
    common = sum(COMMON in text for text in texts)
    assert len(texts) / COMMON_EVERY * 0.95 < common < len(texts) / COMMON_EVERY * 1.05
    assert sum(RARE in text for text in texts) == SHARES


def test_everything_occurs(messages, conversations):
    events = Counter(message["event_type"] for message in messages)
    assert {"assigned", "closed", "reopened", "linked", "started"} <= set(events)
    states = {message["state"] for message in messages}
    assert states >= {"received", "sent", "delivered", "read", "failed", None}
    assert {m["direction"] for m in messages} >= {"note", "event"}
    assert {c["state"] for c in conversations} == {"open", "closed"}
    for column in ("user_id", "partner_id", "lead_id", "waiting_since", "is_snoozed"):
        filled = [c for c in conversations if c[column]]
        assert 0 < len(filled) < len(conversations), column


def test_only_messages_before_are_quoted(messages):
    quotes = [(m["reply_to_id"], m) for m in messages if m["reply_to_id"]]
    conversation_of = {m["id"]: m["conversation_id"] for m in messages}
    assert quotes
    for quoted, message in quotes:
        assert quoted < message["id"]
        assert conversation_of[quoted] == message["conversation_id"]


def test_nobody_acts_before_joining(messages):
    joined = str(MOMENT - timedelta(seconds=CAST.joined[7]))
    times = [m["sent_at"] for m in messages if m["author_id"] == 7]
    assert times
    assert min(times) >= joined


def test_a_line_for_copy_escapes_what_would_end_a_value():
    line = copy_line((1, None, "a\tb\nc\\d", True))
    assert line == "1\t\\N\ta\\tb\\nc\\\\d\tTrue\n"
