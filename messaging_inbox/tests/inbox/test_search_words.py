from odoo.tools import SQL

from ..conversation.link_case import LinkCase


class TestSearchWords(LinkCase):
    """Search ignores case, accents and word order, and uses indexes."""

    NAMES = {
        "Lucía Fernández": ("lucia", "Fernandez Lucia", "LUCÍA", "fern luc"),
        "Søren Łukasz Weiß": ("soren", "lukasz", "weiss soren", "WEISS"),
        "Nguyễn Thị Ánh": ("nguyen anh", "Thi", "ánh"),
        "𝓙𝓾𝓵𝓲𝓪 O’Brien": ("julia", "o'brien julia"),
    }

    def test_conversations_contacts_and_leads_are_found(self):
        for name, queries in self.NAMES.items():
            number = f"+3461{next(self.sids):07d}"
            thread = self.conversation(sender=number, ProfileName=name)
            partner = self.contact(name)
            lead = self.make_deal(name="Lamps", contact_name=name)
            for query in queries:
                with self.subTest(query):
                    self.assertEqual(self.listed(query), thread.ids)
                    self.assertEqual(self.found(query), partner.ids)
                    self.assertEqual(self.found(query, "crm.lead"), lead.ids)

    def test_conversations_are_found_by_their_contact_and_deal(self):
        thread = self.conversation(sender="+34612000003")
        partner = self.contact("Zoë Ørsted", email="zoe@tandems.example")
        lead = self.make_deal(name="Forty folding bikes")
        thread.write({"partner_id": partner.id, "lead_id": lead.id})
        for query in ("orsted zoe", "tandems.example", "bikes forty"):
            self.assertEqual(self.listed(query), thread.ids, query)

    def test_typed_accents_match_saved_names_without_them(self):
        partner = self.contact("Lucia Fernandez")
        self.assertEqual(self.found("fernández lucía"), partner.ids)

    def test_all_words_must_match(self):
        self.contact("Lucía Fernández")
        self.assertEqual(self.found("lucia gomez"), [])

    def test_words_may_match_different_fields_of_a_lead(self):
        lead = self.make_deal(
            name="Sixty chairs", contact_name="José", partner_name="Brico"
        )
        self.assertEqual(self.found("jose chairs brico", "crm.lead"), lead.ids)

    def test_odoos_lists_search_alike(self):
        thread = self.conversation(sender="+34612000001", ProfileName="Lucía Gil")
        for query in ("gil lucia", "612 00 00 01"):
            found = self.inbox.search([("display_name", "ilike", query)])
            self.assertEqual(found, thread)

    def test_sql_wildcards_are_literal_after_folding(self):
        partner = self.contact("100％ cotton")
        self.contact("100 or cotton")
        self.assertEqual(self.found("100%"), partner.ids)

    def test_indexes_serve_the_searches(self):
        thread = self.thread
        plans = {
            "messaging_conversation_contact_idx": self.plan(
                self.inbox, thread._query_domain("fernandez lucia")
            ),
            "res_partner_messaging_search_idx": self.plan(
                self.env["res.partner"], thread._partner_search_domain("núñez ana")
            ),
            "crm_lead_messaging_search_idx": self.plan(
                self.env["crm.lead"], thread._lead_search_domain("lamps forty")
            ),
        }
        for index, plan in plans.items():
            self.assertIn(index, plan)

    def plan(self, Model, domain):
        """Return PostgreSQL's plan for a search among many rows."""
        query = Model.sudo()._search(domain, order="", active_test=False)
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_indexscan = off")
        rows = self.env.execute_query_dict(SQL("EXPLAIN %s", query.select()))
        self.env.cr.execute("RESET enable_seqscan; RESET enable_indexscan")
        return "\n".join(row["QUERY PLAN"] for row in rows)

    def listed(self, query):
        return [row["id"] for row in self.inbox.inbox_list(False, query=query)["rows"]]
