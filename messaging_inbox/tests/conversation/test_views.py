"""Odoo's standard views of conversations: lists, kanban, reports, exports, links."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ...models.conversation.reporting import METRICS
from ..common import MessagingCase, MessagingHttpCase

OTHER = "+34600333444"
VIEWS = ["list", "kanban", "form", "pivot", "graph", "search"]


class ViewsCase(MessagingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        export = cls.env.ref("base.group_allow_export")
        for user in cls.agent | cls.manager:
            user.group_ids |= export

    def conversations(self, user=None):
        return self.env["messaging.conversation"].with_user(user or self.agent)

    def filtered_by(self, name, user=None):
        """Return the results of a filter of the search view."""
        conversations = self.conversations(user)
        arch = etree.fromstring(conversations.get_view(view_type="search")["arch"])
        (node,) = arch.xpath(f"//filter[@name='{name}']")
        return conversations.search(safe_eval(node.get("domain")))


class TestFilters(ViewsCase):
    def test_each_section_filter_matches_the_inbox(self):
        mine, theirs = self.conversation(), self.conversation(sender=OTHER)
        mine.action_assign(self.agent.id)
        theirs.action_assign(self.colleague.id)
        closed = self.conversation(channel=self.sms)
        closed.action_close()
        self.assertEqual(self.filtered_by("mine"), mine)
        self.assertEqual(self.filtered_by("others"), theirs)
        self.assertEqual(self.filtered_by("mine", self.colleague).ids, theirs.ids)
        self.assertIn(closed, self.filtered_by("closed"))
        self.assertFalse(self.filtered_by("unassigned") & (mine | theirs | closed))
        self.assertNotIn(closed, self.filtered_by("open"))

    def test_unread_depends_only_on_my_own_reading(self):
        conversation = self.conversation()
        self.assertIn(conversation, self.filtered_by("unread"))
        conversation.action_mark_read()
        self.assertNotIn(conversation, self.filtered_by("unread"))
        self.assertIn(conversation.id, self.filtered_by("unread", self.colleague).ids)
        read = self.conversations().search([("unread_count", "=", 0)])
        self.assertIn(conversation, read)

    def test_the_filter_finds_windows_that_close_soon(self):
        conversation = self.conversation()
        closes = conversation.reply_until
        for moment, soon, over in (
            (closes - timedelta(hours=5), False, False),
            (closes - timedelta(hours=3), True, False),
            (closes, False, True),
            (closes + timedelta(hours=1), False, True),
        ):
            with freeze_time(moment), self.subTest(moment):
                found = self.filtered_by("window_closing")
                self.assertEqual(conversation in found, soon)
                self.assertEqual(
                    conversation in self.filtered_by("window_closed"), over
                )

    def test_a_conversation_without_a_window_never_closes_soon(self):
        conversation = self.conversation(channel=self.sms)
        self.assertFalse(conversation.reply_until)
        with freeze_time(fields.Datetime.now() + timedelta(days=90)):
            self.assertNotIn(conversation, self.filtered_by("window_closed"))
        without = self.conversations().search([("reply_until", "=", False)])
        self.assertIn(conversation, without)

    def test_opted_out_and_linked_ones_are_found(self):
        conversation = self.conversation()
        self.assertIn(conversation, self.filtered_by("unlinked"))
        self.assertNotIn(conversation, self.filtered_by("opted_out"))
        conversation.action_link(partner_id=self.company.partner_id.id)
        conversation._set_opted_out(True, "customer")
        self.assertIn(conversation, self.filtered_by("linked"))
        self.assertNotIn(conversation, self.filtered_by("unlinked"))
        self.assertIn(conversation, self.filtered_by("opted_out"))

    def test_no_filter_finds_another_users_private_conversation(self):
        private = self.conversation(channel=self.private, user=self.installer)
        arch = etree.fromstring(
            self.conversations().get_view(view_type="search")["arch"]
        )
        for node in arch.xpath("//filter[@domain]"):
            found = self.filtered_by(node.get("name"), self.manager)
            self.assertNotIn(private.id, found.ids, node.get("name"))


class TestBoard(ViewsCase):
    def dragged(self, conversation, user=None, **values):
        """Write as the kanban view does when a card is dropped in a column."""
        return conversation.with_user(user or self.agent).web_save(
            values, {"state": {}}
        )

    def test_cards_can_be_dragged_between_assignees(self):
        """Odoo forbids it if the field is readonly on the card."""
        view = self.conversations().get_view(view_type="kanban")
        (node,) = etree.fromstring(view["arch"]).xpath("//field[@name='user_id']")
        self.assertFalse(node.get("readonly"))

    def test_a_card_dropped_on_a_colleague_is_assigned_with_an_event(self):
        conversation = self.conversation()
        self.dragged(conversation, user_id=self.colleague.id)
        self.assertEqual(conversation.user_id, self.colleague)
        event = conversation.message_ids.filtered(lambda m: m.direction == "event")
        self.assertEqual(event.event_to, self.colleague)

    def test_a_card_dropped_on_an_unavailable_colleague_is_refused(self):
        self.colleague.with_user(self.colleague).action_messaging_set_available(False)
        conversation = self.conversation()
        with self.assertRaisesRegex(UserError, "Colleague is unavailable"):
            self.dragged(conversation, user_id=self.colleague.id)
        self.env.invalidate_all()
        self.assertFalse(conversation.user_id)

    def test_a_card_dropped_on_closed_is_closed(self):
        conversation = self.conversation()
        self.dragged(conversation, state="closed")
        self.assertEqual(conversation.section, "closed")

    def test_dragging_a_card_changes_nothing_else(self):
        with self.assertRaises(AccessError):
            self.dragged(self.conversation(), contact_name="Forged")

    def test_available_agents_and_both_states_have_a_column(self):
        self.colleague.with_user(self.colleague).action_messaging_set_available(False)
        self.conversation().action_assign(self.agent.id)
        conversations = self.conversations().with_context(read_group_expand=True)
        users = self.columns(conversations, "user_id")
        self.assertIn(self.manager.id, users)
        self.assertFalse(users & set((self.colleague | self.stranger).ids))
        self.assertEqual(self.columns(conversations, "state"), {"open", "closed"})

    def columns(self, conversations, name):
        groups = conversations.formatted_read_group([], [name], ["__count"])
        values = [group[name] for group in groups]
        return {value[0] if isinstance(value, tuple) else value for value in values}


class TestBulk(ViewsCase):
    def dialog(self, conversations, user=None):
        action = conversations.with_user(user or self.agent).action_choose_assignee()
        return Form(
            self.env[action["res_model"]]
            .with_user(user or self.agent)
            .with_context(**action["context"])
        )

    def two(self):
        return self.conversation() | self.conversation(sender=OTHER)

    def test_the_dialog_assigns_several(self):
        conversations = self.two()
        form = self.dialog(conversations)
        form.user_id = self.colleague
        form.save().action_assign()
        self.assertEqual(conversations.user_id, self.colleague)

    def test_the_dialog_offers_only_available_users_with_access_to_all(self):
        self.colleague.with_user(self.colleague).action_messaging_set_available(False)
        offered = self.dialog(self.two()).assignable_user_ids.ids
        self.assertIn(self.manager.id, offered)
        for user in self.colleague | self.employee | self.stranger:
            self.assertNotIn(user.id, offered)

    def test_an_assignee_who_became_unavailable_is_refused_for_all(self):
        conversations = self.two()
        form = self.dialog(conversations)
        form.user_id = self.colleague
        dialog = form.save()
        self.colleague.with_user(self.colleague).action_messaging_set_available(False)
        with self.assertRaisesRegex(UserError, "unavailable"):
            dialog.action_assign()
        self.env.invalidate_all()
        self.assertFalse(conversations.user_id)

    def test_inaccessible_conversations_cannot_be_assigned(self):
        private = self.conversation(channel=self.private, user=self.installer)
        with self.assertRaises(AccessError):
            self.dialog(private, self.manager)
        dialog = self.env["messaging.assign"].with_user(self.manager)
        with self.assertRaises(AccessError):
            dialog.create(
                {"conversation_ids": private.ids, "user_id": self.manager.id}
            ).action_assign()
        self.assertFalse(private.user_id)

    def test_an_unavailable_user_cannot_take_any(self):
        conversations = self.two()
        self.agent.with_user(self.agent).action_messaging_set_available(False)
        with self.assertRaisesRegex(UserError, "You are unavailable"):
            conversations.action_assign_to_me()
        self.assertFalse(conversations.user_id)

    def test_several_are_taken_unassigned_closed_and_reopened(self):
        conversations = self.two()
        conversations.action_assign_to_me()
        self.assertEqual(conversations.user_id, self.agent)
        conversations.action_unassign()
        self.assertFalse(conversations.user_id)
        conversations.action_close()
        self.assertEqual(set(conversations.mapped("state")), {"closed"})
        conversations.action_reopen()
        self.assertEqual(set(conversations.mapped("state")), {"open"})

    def test_bulk_actions_are_refused_to_non_agents(self):
        conversations = self.two()
        for name in ("action_assign_to_me", "action_close", "action_choose_assignee"):
            for user in (self.employee, self.system, self.stranger):
                with self.subTest(name, user=user.name), self.assertRaises(AccessError):
                    getattr(conversations.with_user(user), name)()

    def test_automation_rules_run_once_per_change(self):
        """Automation rules patch ``write``."""
        conversation = self.conversation()
        model, heard = type(self.env["messaging.conversation"]), []
        original = model.write

        def write(records, vals):
            heard.append(dict(vals))
            return original(records, vals)

        partner, colleague = self.company.partner_id, self.colleague
        with patch.object(model, "write", write):
            conversation.action_close()
            conversation.action_assign(colleague.id)
            conversation.action_link(partner_id=partner.id)
            conversation.write({"state": "open", "user_id": False})
        self.assertEqual(
            heard,
            [
                {"state": "closed"},
                {"user_id": colleague.id},
                {"partner_id": partner.id},
                {"state": "open", "user_id": False},
            ],
        )


class TestForm(ViewsCase):
    def test_the_form_changes_assignee_and_links_and_shows_the_latest_messages(self):
        conversation = self.conversation("Do you have it?")
        conversation.action_note("Ask the workshop")
        with Form(conversation) as form:
            form.user_id = self.colleague
            form.partner_id = self.company.partner_id
        self.assertEqual(conversation.user_id, self.colleague)
        self.assertEqual(conversation.partner_id, self.company.partner_id)
        bodies = conversation.latest_message_ids.mapped("body")
        self.assertEqual(bodies, ["Ask the workshop", "Do you have it?"])

    def test_only_the_latest_messages_are_read(self):
        conversation = self.conversation()
        self.process(*[self.inbound_form(f"{number}") for number in range(25)])
        self.assertEqual(len(conversation.latest_message_ids), 20)
        self.assertEqual(conversation.latest_message_ids[0].body, "24")

    def test_no_view_creates_or_deletes(self):
        for user in (self.agent, self.manager, self.installer):
            for kind in ("list", "kanban", "form"):
                view = self.conversations(user).get_view(view_type=kind)
                root = etree.fromstring(view["arch"])
                for attribute in ("create", "delete"):
                    self.assertIn(root.get(attribute), ("0", "False", "false"))

    def test_only_agents_can_open_the_views(self):
        views = [(False, kind) for kind in VIEWS]
        self.assertEqual(
            set(self.conversations().get_views(views)["views"]), set(VIEWS)
        )
        for user in (self.employee, self.system):
            with self.assertRaises(AccessError):
                self.conversations(user).get_views(views)


class TestReport(ViewsCase):
    def setUp(self):
        super().setUp()
        self.talk = self.conversation("One")
        start = self.talk.message_ids.sent_at
        self.process(self.inbound_form("Two"))
        reply = self.message(self.talk.reply("Yes"))
        reply.sudo().sent_at = start + timedelta(hours=3)
        self.silent = self.conversation("Three", sender=OTHER)
        (self.talk | self.silent).invalidate_recordset()
        self.domain = [("id", "in", (self.talk | self.silent).ids)]

    def test_messages_and_the_time_to_the_first_reply_are_measured(self):
        self.assertEqual(self.talk.inbound_count, 2)
        self.assertEqual(self.talk.outbound_count, 1)
        self.assertAlmostEqual(self.talk.first_reply_hours, 3, 2)
        self.assertEqual(self.silent.inbound_count, 1)
        self.assertEqual(self.silent.first_reply_hours, 0)

    def test_the_report_sums_the_conversations_measures(self):
        (group,) = self.conversations().formatted_read_group(
            self.domain,
            ["channel_id"],
            [
                "__count",
                "inbound_count:sum",
                "outbound_count:sum",
                "first_reply_hours:avg",
            ],
        )
        self.assertEqual(group["__count"], 2)
        self.assertEqual(group["inbound_count:sum"], 3)
        self.assertEqual(group["outbound_count:sum"], 1)
        # Conversations without a reply don't lower the average.
        self.assertAlmostEqual(group["first_reply_hours:avg"], 3, 2)

    def test_the_report_averages_how_long_customers_wait(self):
        since = fields.Datetime.now() - timedelta(hours=2)
        self.silent.sudo().waiting_since = since
        self.env.flush_all()
        self.assertAlmostEqual(self.silent.waiting_hours, 2, 1)
        self.assertEqual(self.talk.waiting_hours, 0)
        (group,) = self.conversations().formatted_read_group(
            self.domain, ["channel_id"], ["waiting_hours:avg"]
        )
        self.assertAlmostEqual(group["waiting_hours:avg"], 2, 1)

    def test_it_can_be_grouped_by_channel_assignee_state_and_day(self):
        for name in ("channel_id", "user_id", "state", "create_date:day"):
            groups = self.conversations().formatted_read_group(
                self.domain, [name], ["inbound_count:sum"]
            )
            self.assertEqual(sum(g["inbound_count:sum"] for g in groups), 3, name)

    def test_the_measures_are_offered_and_the_cursors_are_not(self):
        offered = self.conversations().fields_get(attributes=["aggregator"])
        for name in METRICS:
            self.assertTrue(offered[name].get("aggregator"), name)
        for kind in ("pivot", "graph"):
            arch = etree.fromstring(
                self.conversations().get_view(view_type=kind)["arch"]
            )
            for name in ("last_message_id", "last_inbound_message_id"):
                (node,) = arch.xpath(f"//field[@name='{name}']")
                self.assertEqual(node.get("invisible"), "1")

    def test_only_the_installer_gets_private_conversations_in_reports(self):
        self.conversation(channel=self.private, user=self.installer)
        domain = [("channel_id", "=", self.private.id)]
        for user, count in ((self.manager, 0), (self.installer, 1)):
            groups = self.conversations(user).formatted_read_group(
                domain, [], ["inbound_count:sum"]
            )
            self.assertEqual(groups[0]["inbound_count:sum"] or 0, count)


class TestExport(ViewsCase):
    def test_an_agent_exports_accessible_conversations(self):
        conversation = self.conversation("Hello")
        names = ["contact_name", "channel_id/name", "message_ids/body"]
        (row,) = conversation.export_data(names)["datas"]
        self.assertEqual(row, ["Ana", self.whatsapp.name, "Hello"])

    def test_others_cannot_export_a_private_conversation(self):
        private = self.conversation(channel=self.private, user=self.installer)
        with self.assertRaises(AccessError):
            private.with_user(self.manager).export_data(["contact_name"])

    def test_the_account_cannot_be_read_through_the_channel(self):
        conversation = self.conversation()
        for path in ("webhook_url", "twilio_auth_token", "twilio_auth_token_stored"):
            with self.subTest(path), self.assertRaises(AccessError):
                conversation.export_data([f"channel_id/account_id/{path}"])


@tagged("post_install", "-at_install")
class TestLinks(MessagingHttpCase):
    def opened(self, res_id, user):
        self.authenticate(user.login, user.login)
        response = self.url_open(
            f"/mail/view?model=messaging.conversation&res_id={res_id}",
            allow_redirects=False,
        )
        return response.headers["Location"]

    def test_a_link_to_the_record_opens_the_inbox_at_it(self):
        conversation = self.conversation()
        where = self.opened(conversation.id, self.agent)
        self.assertTrue(where.endswith(f"/odoo/messaging/{conversation.id}"), where)

    def test_a_link_to_a_deleted_conversation_opens_the_inbox_which_says_so(self):
        conversation = self.conversation(user=self.installer)
        id_ = conversation.id
        conversation.unlink()
        where = self.opened(id_, self.agent)
        self.assertTrue(where.endswith(f"/odoo/messaging/{id_}"), where)
        gone = self.env["messaging.conversation"].with_user(self.agent).inbox_open(id_)
        self.assertEqual(gone, {"deleted": True})

    def test_a_link_gives_no_access_to_a_hidden_conversation(self):
        conversation = self.conversation()
        where = self.opened(conversation.id, self.employee)
        self.assertNotIn("messaging", where)
