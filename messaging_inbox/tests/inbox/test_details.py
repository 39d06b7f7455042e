from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from ..common import CUSTOMER
from ..conversation.link_case import ALL_LEADS, LEADS, LinkCase


class TestDetails(LinkCase):
    """Contact, lead and deal in the right-hand pane, for different users."""

    # rights to create

    def test_the_pane_knows_what_the_agent_may_create(self):
        everything = {"create_partner": True, "create_lead": True, "create_deal": True}
        nothing = dict.fromkeys(everything, False)
        self.assertEqual(self.details()["can"], everything)
        self.assertEqual(self.details(user=self.installer)["can"], nothing)

    def test_disabled_leads_are_hidden(self):
        self.agent.group_ids -= self.env.ref(LEADS)
        can = self.details()["can"]
        self.assertEqual((can["create_lead"], can["create_deal"]), (False, True))

    # contact

    def test_a_conversation_without_links_shows_none(self):
        details = self.details()
        for key in ("partner", "lead", "proposed_assignee", "pipeline"):
            self.assertIs(details[key], False)

    def test_a_contact_shows_its_details(self):
        company = self.contact("Brico SL", is_company=True)
        tag = self.env["res.partner.category"].create({"name": "VIP", "color": 3})
        self.partner.write(
            {
                "parent_id": company.id,
                "phone": CUSTOMER,
                "email": "ana@brico.example",
                "user_id": self.colleague.id,
                "category_id": [(4, tag.id)],
            }
        )
        self.thread.action_link(partner_id=self.partner.id)
        self.assertEqual(
            self.details()["partner"],
            {
                "id": self.partner.id,
                "name": "Ana Núñez",
                "readable": True,
                "editable": True,
                "company_name": "Brico SL",
                "is_company": False,
                "phone": CUSTOMER,
                "email": "ana@brico.example",
                "tags": [{"id": tag.id, "name": "VIP", "color": 3}],
                "salesperson": {"id": self.colleague.id, "name": "Colleague"},
                "deals": [],
                "deal_count": 0,
            },
        )

    def test_a_contact_shows_its_open_deals(self):
        company = self.contact("Brico SL", is_company=True)
        colleague = self.contact("Eva", parent_id=company.id)
        self.partner.parent_id = company
        for name, customer in (
            ("Own", self.partner),
            ("Of the company", company),
            ("Of a colleague", colleague),
            ("Won", self.partner),
            ("Lost", self.partner),
        ):
            deal = self.make_deal(name=name, partner_id=customer.id)
            if name == "Won":
                deal.action_set_won()
            if name == "Lost":
                deal.action_set_lost()
        self.make_deal(name="A lead", type="lead", partner_id=self.partner.id)
        for linked, expected in (
            (self.partner, {"Own", "Of the company"}),
            (company, {"Own", "Of the company", "Of a colleague"}),
        ):
            self.thread.action_link(partner_id=linked.id)
            card = self.details()["partner"]
            self.assertEqual({deal["name"] for deal in card["deals"]}, expected)
            self.assertEqual(card["deal_count"], len(expected))

    def test_a_contacts_deal_shows_its_stage(self):
        self.deal.write({"partner_id": self.partner.id, "expected_revenue": 1200})
        self.thread.action_link(partner_id=self.partner.id)
        self.assertEqual(
            self.details()["partner"]["deals"],
            [
                {
                    "id": self.deal.id,
                    "name": "Forty lamps",
                    "type": "opportunity",
                    "stage": self.deal.stage_id.name,
                    "expected_revenue": 1200,
                    "currency_id": self.company.currency_id.id,
                    "probability": self.deal.probability,
                }
            ],
        )

    def test_only_the_first_deals_are_shown_and_all_are_counted(self):
        for number in range(7):
            self.make_deal(name=str(number), partner_id=self.partner.id)
        self.make_deal(
            name="Hers", partner_id=self.partner.id, user_id=self.colleague.id
        )
        self.thread.action_link(partner_id=self.partner.id)
        card = self.details()["partner"]
        self.assertEqual((len(card["deals"]), card["deal_count"]), (5, 7))

    def test_a_user_without_access_gets_only_the_name(self):
        hidden = self.make_deal(name="Hidden", user_id=self.colleague.id)
        self.thread.sudo().write({"partner_id": self.partner.id, "lead_id": hidden.id})
        self.partner.company_id = self.other_company
        details = self.details()
        for key, record in (("partner", self.partner), ("lead", hidden)):
            self.assertEqual(
                details[key],
                {"id": record.id, "name": record.display_name, "readable": False},
            )
        self.assertIs(details["proposed_assignee"], False)
        self.assertIs(details["pipeline"], False)

    def test_a_context_adds_nothing_to_a_name(self):
        """Some contexts make Odoo add address and email to a contact's name."""
        self.partner.write({"email": "ana@brico.example", "street": "Somewhere 1"})
        more = {"show_email": True, "show_address": True}
        self.thread.with_context(**more).action_link(partner_id=self.partner.id)
        self.partner.company_id = self.other_company
        self.inbox = self.inbox.with_context(**more)
        self.assertEqual(self.details()["partner"]["name"], "Ana Núñez")
        [event] = self.thread.message_ids.filtered("event_type")
        self.assertEqual(event.data["name"], "Ana Núñez")

    def test_a_read_only_record_is_shown_as_such(self):
        self.thread.action_link(partner_id=self.partner.id)
        card = self.details(user=self.installer)["partner"]
        self.assertEqual((card["readable"], card["editable"]), (True, False))
        self.assertEqual((card["deals"], card["deal_count"]), ([], 0))

    # lead and deal

    def test_a_deal_shows_its_details(self):
        self.deal.write({"expected_revenue": 1200, "partner_id": self.partner.id})
        self.thread.action_link(lead_id=self.deal.id)
        card = self.details()["lead"]
        stages = card.pop("stages")
        self.assertEqual(
            card,
            {
                "id": self.deal.id,
                "name": "Forty lamps",
                "readable": True,
                "editable": True,
                "type": "opportunity",
                "stage": {
                    "id": self.deal.stage_id.id,
                    "name": self.deal.stage_id.name,
                },
                "expected_revenue": 1200,
                "currency_id": self.company.currency_id.id,
                "probability": self.deal.probability,
                "salesperson": {"id": self.agent.id, "name": "Agent"},
                "won_status": "pending",
                "lost_reason": False,
                "partner": {"id": self.partner.id, "name": "Ana Núñez"},
                "activity": False,
            },
        )
        self.assertIn(self.deal.stage_id.id, [stage["id"] for stage in stages])
        self.assertEqual([s["is_won"] for s in stages].count(True), 1)

    def test_the_stages_are_from_the_deals_team(self):
        team = self.env["crm.team"].create({"name": "Others"})
        stage = self.env["crm.stage"].create(
            {"name": "Elsewhere", "team_ids": [(4, team.id)]}
        )
        self.thread.action_link(lead_id=self.deal.id)
        self.assertNotIn(stage.id, [s["id"] for s in self.details()["lead"]["stages"]])
        self.deal.team_id = team
        self.assertIn(stage.id, [s["id"] for s in self.details()["lead"]["stages"]])

    def test_a_lead_has_no_stage(self):
        self.deal.type = "lead"
        self.thread.action_link(lead_id=self.deal.id)
        card = self.details()["lead"]
        self.assertEqual((card["type"], card["stage"]), ("lead", False))
        self.assertEqual(card["stages"], [])

    def test_the_next_activity_is_shown(self):
        today = fields.Date.context_today(self.agent)
        for days, summary in ((5, "Later"), (-1, "Call Ana")):
            self.deal.activity_schedule(
                "mail.mail_activity_data_call",
                today + timedelta(days=days),
                summary=summary,
                user_id=self.agent.id,
            )
        self.thread.action_link(lead_id=self.deal.id)
        activity = self.details()["lead"]["activity"]
        self.assertTrue(activity.pop("id"))
        self.assertEqual(
            activity,
            {
                "type": "Call",
                "summary": "Call Ana",
                "date_deadline": fields.Date.to_string(today - timedelta(days=1)),
                "state": "overdue",
            },
        )

    def test_a_lost_deal_shows_the_reason(self):
        reason = self.env["crm.lost.reason"].create({"name": "Too dear"})
        self.thread.action_link(lead_id=self.deal.id)
        self.deal.action_set_lost(lost_reason_id=reason.id)
        card = self.details()["lead"]
        self.assertEqual(
            (card["won_status"], card["lost_reason"]), ("lost", "Too dear")
        )

    # proposed assignees

    def test_the_deals_salesperson_is_preferred_to_the_contacts(self):
        self.agent.group_ids |= self.env.ref(ALL_LEADS)
        self.partner.user_id = self.agent
        self.deal.user_id = self.colleague
        self.thread.action_link(partner_id=self.partner.id)
        self.assertEqual(
            self.details()["proposed_assignee"],
            {
                "id": self.agent.id,
                "name": "Agent",
                "available": True,
                "source": "partner",
            },
        )
        self.thread.action_link(lead_id=self.deal.id)
        self.colleague.with_user(self.colleague).action_messaging_set_available(False)
        self.assertEqual(
            self.details()["proposed_assignee"],
            {
                "id": self.colleague.id,
                "name": "Colleague",
                "available": False,
                "source": "lead",
            },
        )

    def test_the_assignee_and_invalid_users_are_not_proposed(self):
        self.thread.action_link(partner_id=self.partner.id)
        for salesperson in (self.employee, self.stranger, self.env["res.users"]):
            self.partner.user_id = salesperson
            self.assertIs(self.details()["proposed_assignee"], False)
        self.partner.user_id = self.agent
        self.thread.action_assign(self.agent.id)
        self.assertIs(self.details()["proposed_assignee"], False)

    # notice after a closed deal

    def close(self, how):
        self.deal = self.make_deal(name="Closed", partner_id=self.partner.id)
        self.thread.action_link(partner_id=self.partner.id, lead_id=self.deal.id)
        getattr(self.deal, how)()
        self.deal.date_closed -= timedelta(minutes=1)

    def test_a_message_after_closing_the_deal_shows_a_notice(self):
        other = self.make_deal(name="Open", partner_id=self.partner.id)
        for how, status in (("action_set_won", "won"), ("action_set_lost", "lost")):
            with self.subTest(status):
                self.close(how)
                self.receive("Hello again")
                pipeline = self.details()["pipeline"]
                self.assertEqual(pipeline["status"], status)
                self.assertEqual([d["id"] for d in pipeline["deals"]], other.ids)
                self.assertTrue(pipeline["can_reopen"])

    def test_no_notice_appears_before_the_customer_writes_again(self):
        self.close("action_set_won")
        self.deal.date_closed += timedelta(hours=1)
        self.assertIs(self.details()["pipeline"], False)

    def test_our_own_reply_shows_no_notice(self):
        self.close("action_set_won")
        self.deal.date_closed += timedelta(hours=1)
        self.thread.reply("Thank you")
        self.assertIs(self.details()["pipeline"], False)

    def test_a_reaction_shows_no_notice(self):
        self.close("action_set_won")
        self.deal.date_closed += timedelta(hours=1)
        later = self.deal.date_closed + timedelta(hours=1)
        self.thread._extend_reply_window(later)
        self.assertEqual(self.thread.last_inbound_at, later)
        self.assertIs(self.details()["pipeline"], False)

    def test_reopening_the_deal_removes_the_notice(self):
        self.close("action_set_lost")
        self.receive("Hello again")
        self.deal.action_restore()
        self.assertIs(self.details()["pipeline"], False)

    # access

    def test_the_details_of_a_hidden_conversation_are_refused(self):
        hidden = self.conversation(channel=self.private)
        for ask in (
            self.inbox.inbox_details,
            self.inbox.inbox_suggestions,
            self.inbox.inbox_partner_defaults,
        ):
            with self.assertRaises(AccessError):
                ask(hidden.id)
