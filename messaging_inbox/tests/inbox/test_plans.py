import json
from unittest.mock import patch

from odoo.fields import Domain
from odoo.tools import SQL

from ...models.inbox import counters, lists
from ..common import MessagingCase

NEVER = ("Sort", "Incremental Sort", "Seq Scan on messaging_conversation")


class TestPlans(MessagingCase):
    """The database can read pages in the order of an index, without sorting all rows.

    The tables of a test are so small that sorting is cheaper: so it is switched off,
    and remains in a plan only where no index helps.
    """

    def setUp(self):
        super().setUp()
        self.customers(3)
        self.inbox = self.env["messaging.conversation"].with_user(self.agent)
        for option in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
            self.env.cr.execute(f"SET LOCAL enable_{option} = off")

    def plan(self, query):
        """Return (node types, names of indexes, conditions on indexes) of a plan."""
        self.env.flush_all()
        [(plan,)] = self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", query))
        plan = json.loads(plan) if isinstance(plan, str) else plan
        nodes = list(self.nodes(plan[0]["Plan"]))
        types = {node["Node Type"] for node in nodes}
        types |= {f"{n['Node Type']} on {n.get('Relation Name')}" for n in nodes}
        indexes = {n["Index Name"] for n in nodes if "Index Name" in n}
        return types, indexes, " ".join(n.get("Index Cond", "") for n in nodes)

    def nodes(self, node):
        yield node
        for child in node.get("Plans", ()):
            yield from self.nodes(child)

    def test_each_section_is_read_in_the_order_of_its_index(self):
        indexes = {
            # Among three rows, that of all assignees costs the same.
            "mine": "",
            "unassigned": "unassigned",
            "others": "others",
            "snoozed": "snoozed",
            "closed": "closed",
        }
        for section, name in indexes.items():
            with self.subTest(section):
                types, used, _ = self.plan(self.inbox._newest(section, Domain.TRUE, 41))
                self.assertFalse(types & set(NEVER))
                self.assertTrue([index for index in used if name in index])

    def test_a_list_of_all_sections_merges_them(self):
        types, _, _ = self.plan(self.inbox._newest("", Domain.TRUE, 41))
        self.assertIn("Merge Append", types)
        self.assertFalse(types & set(NEVER))

    def test_a_later_page_begins_at_its_cursor_in_the_index(self):
        for section in ("mine", "unassigned", "others", "snoozed", "closed"):
            with self.subTest(section):
                newest = self.inbox._newest(section, lists._below(7), 41)
                _, _, conditions = self.plan(newest)
                self.assertIn("(last_message_id < 7)", conditions)

    def test_a_thread_is_read_from_its_index_alone(self):
        thread = Domain("conversation_id", "=", self.inbox.search([], limit=1).id)
        for page in (Domain.TRUE, Domain("id", "<", 7), Domain("id", ">", 7)):
            order = "id" if page == Domain("id", ">", 7) else "id desc"
            Message = self.inbox.env["messaging.message"]
            found = Message._search(thread & page, order=order, limit=31)
            types, used, conditions = self.plan(found.select())
            self.assertFalse(types & {"Sort", "Incremental Sort"})
            self.assertIn("Index Only Scan on messaging_message", types)
            self.assertIn("messaging_message_conversation_idx", used)

    def test_names_and_unread_ones_are_looked_for_in_order(self):
        wanted = self.inbox._contact_domain("an")
        names = ("id", "last_message_id", *lists.SEARCHED)
        unread = self.inbox._unread_domain()
        for domain, columns in ((wanted, names), (unread, counters.READ_COLUMNS)):
            newest = self.inbox._newest("others", Domain.TRUE, 1000, columns)
            found = lists.first_matching(self.inbox, newest, domain, lists.NEWEST, 41)
            types, used, _ = self.plan(found.select())
            self.assertFalse(types & set(NEVER))
            self.assertIn("messaging_conversation_others_idx", used)

    def test_short_words_of_older_names_are_found_by_the_index(self):
        self.env.cr.execute("SET LOCAL enable_bitmapscan = on")
        self.env.cr.execute("SET LOCAL enable_indexscan = off")
        wanted = self.inbox._contact_domain("an", indexed=True)
        # Without the rules' channels, whose index costs the same here.
        found = self.inbox.sudo()._search(wanted, order="")
        _, used, _ = self.plan(found.select())
        self.assertTrue([name for name in used if "_contact_" in name])

    def test_words_of_one_thread_are_read_from_its_own_messages(self):
        conversation = self.conversation().with_user(self.agent)
        _, used, _ = self.plan(conversation._find("bike", 9).select())
        self.assertIn("messaging_message_conversation_idx", used)
        self.assertNotIn("messaging_message_text_idx", used)


class TestBounds(MessagingCase):
    """What is read one by one is bounded, and the rest still found."""

    def setUp(self):
        super().setUp()
        self.inbox = self.env["messaging.conversation"].with_user(self.agent)
        self.named = {}
        for number, name in enumerate(("Ana", "Joana", "Juana", "Rosa")):
            sender = f"+3462000000{number}"
            message = self.receive(sender=sender, ProfileName=name)
            self.named[name] = message.conversation_id

    def found(self, query, **options):
        with patch.object(lists, "READ_FIRST", 1):
            rows = self.inbox.inbox_list(False, query, **options)["rows"]
        return [row["contact_name"] for row in rows]

    def test_older_names_are_found_by_the_beginnings_of_short_words(self):
        self.assertEqual(self.found("an"), ["Ana"])
        self.receive(sender=self.named["Juana"].contact_phone, ProfileName="Juana")
        self.assertEqual(self.found("an"), ["Juana", "Ana"])

    def test_older_names_are_found_by_any_part_of_longer_words(self):
        self.assertEqual(self.found("ana"), ["Juana", "Joana", "Ana"])
        self.named["Ana"].write({"state": "closed"})
        self.assertEqual(self.found("ana"), ["Juana", "Joana", "Ana"])

    def test_two_digits_find_a_number(self):
        rows = self.inbox.inbox_list(False, "03")["rows"]
        self.assertEqual([row["contact_name"] for row in rows], ["Rosa"])

    def test_pages_of_found_names_have_no_gap(self):
        pages, cursor = [], False
        for _ in range(3):
            with patch.object(lists, "READ_FIRST", 1):
                page = self.inbox.inbox_list(False, "ana", before=cursor, limit=1)
            pages += [row["contact_name"] for row in page["rows"]]
            cursor = page["cursor"]
        self.assertEqual(pages, ["Juana", "Joana", "Ana"])
        self.assertFalse(page["has_more"])

    def test_unread_ones_are_counted_among_the_newest(self):
        self.assertEqual(self.inbox.inbox_counters()["unassigned"], 4)
        with patch.object(counters, "COUNT_WITHIN", 3):
            self.assertEqual(self.inbox.inbox_counters()["unassigned"], 3)

    def test_tables_of_few_rows_get_statistics(self):
        tables = ["messaging_channel", "messaging_account"]
        self.env.cr.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s)"
            " AND 'autovacuum_analyze_threshold=0' = ANY(reloptions)",
            [tables],
        )
        self.assertCountEqual([name for (name,) in self.env.cr.fetchall()], tables)
