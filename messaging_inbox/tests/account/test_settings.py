"""Forms and menus of accounts and channels for each role."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form

from ...models.account import reachability
from ..common import AGENT, MessagingCase


class TestHealth(MessagingCase):
    def test_a_connected_account_shows_that_no_message_has_arrived_yet(self):
        account = self.account.with_user(self.manager)
        self.assertEqual(account.status, "Connected. No message has come in yet.")
        self.assertFalse(account.last_inbound_at)
        self.assertFalse(account.last_error)

    def test_channel_and_account_show_their_last_inbound_message(self):
        message = self.receive()
        self.assertEqual(self.whatsapp.last_inbound_at, message.create_date)
        self.assertFalse(self.sms.last_inbound_at)
        account = self.account.with_user(self.manager)
        self.assertEqual(account.last_inbound_at, message.create_date)
        self.assertEqual(account.status, "Connected. Messages come in.")

    def test_a_status_counts_as_delivery_receipt_but_a_reply_does_not(self):
        message = self.sent()
        self.assertFalse(self.whatsapp.last_status_at)
        self.process(self.status_form(message.provider_message_id, "delivered"))
        self.assertEqual(self.whatsapp.last_status_at, message.write_date)

    def test_the_last_error_is_shown_without_the_providers_text(self):
        message = self.sent()
        form = self.status_form(
            message.provider_message_id, "failed", ErrorCode="63024"
        )
        self.process(form)
        message.sudo().error_detail = "+34600111222 is no WhatsApp user"
        error = self.whatsapp.last_error
        self.assertIn("63024", error)
        self.assertNotIn("+34600111222", error)
        account = self.account.with_user(self.manager)
        self.assertEqual(account.last_error, f"{self.whatsapp.name}: {error}")
        self.assertEqual(self.whatsapp.last_status_at, message.write_date)

    def test_a_failed_receipt_is_the_last_error_until_it_is_replayed(self):
        self.process(self.inbound_form(To="whatsapp:+34699999999"))
        account = self.account.with_user(self.manager)
        self.assertTrue(account.failed_receipt_ids)
        self.assertEqual(account.last_error, account.failed_receipt_ids.error)
        self.assertIn("could not be processed", account.status)
        self._channel("whatsapp", "+34699999999")
        account.failed_receipt_ids.action_replay()
        self.env.invalidate_all()
        self.assertFalse(account.failed_receipt_ids)
        self.assertFalse(account.last_error)

    def test_each_state_of_an_account_is_explained(self):
        for values, words in (
            ({"state": "draft"}, "Not connected yet."),
            ({"state": "error"}, "refuses the credentials"),
            ({"state": "connected"}, "Connected."),
            ({"active": False}, "Archived"),
        ):
            self.account.write(values)
            self.env.invalidate_all()
            self.assertIn(words, self.account.with_user(self.manager).status)

    def test_a_channel_shows_why_it_cannot_send(self):
        for values, words in (
            ({"state": "draft"}, "not connected"),
            ({"state": "error"}, "has an error"),
            ({"state": "connected"}, "No message has come in yet"),
        ):
            self.account.write(values)
            self.env.invalidate_all()
            self.assertIn(words, self.whatsapp.with_user(self.agent).status)
        self.whatsapp.active = False
        self.env.invalidate_all()
        self.assertIn("Archived", self.whatsapp.with_user(self.manager).status)

    def test_a_webhook_writes_neither_account_nor_channel(self):
        account, channel = self.account, self.whatsapp
        before = account.write_date, channel.write_date
        self.env.cr.execute("UPDATE messaging_account SET write_date = NULL")
        self.env.cr.execute("UPDATE messaging_channel SET write_date = NULL")
        self.receive()
        self.assertTrue(all(before))
        self.assertFalse(account.write_date or channel.write_date)

    def test_a_system_administrator_opens_the_forms_of_settings(self):
        self.receive()
        for record in (self.account, self.whatsapp, self.private):
            with Form(record.with_user(self.system)) as form:
                self.assertEqual(form.name, record.name)


class TestReachability(MessagingCase):
    def setUp(self):
        super().setUp()
        self.databases = [self.env.cr.dbname]
        self.startPatcher(patch.object(reachability, "developer_mode", lambda: False))
        self.startPatcher(
            patch.object(reachability.http, "db_list", lambda **options: self.databases)
        )
        self.set_base_url("https://crm.example.com")

    def set_base_url(self, url):
        self.env["ir.config_parameter"].set_param("web.base.url", url)

    def warning(self, origin="https://crm.example.com"):
        account = self.account.with_user(self.manager)
        path = "/" + account.webhook_url.split("/", 3)[3]
        account.webhook_url = origin + path
        self.env.invalidate_all()
        return account.reachability_warning or ""

    def test_a_valid_address_has_no_warning(self):
        self.assertEqual(self.warning(), "")

    def test_a_private_address_gets_a_warning(self):
        for host in (
            *("localhost", "odoo", "odoo.local", "127.0.0.1", "10.1.2.3"),
            *("192.168.1.5", "[::1]", "[fd00::1]"),
        ):
            self.assertIn("from the internet", self.warning(f"https://{host}:8069"))

    def test_an_address_without_https_gets_a_warning(self):
        self.set_base_url("http://crm.example.com")
        self.assertIn("doesn't use https", self.warning("http://crm.example.com"))

    def test_an_address_other_than_odoos_own_gets_a_warning(self):
        self.set_base_url("https://old.example.com")
        warning = self.warning()
        self.assertIn("https://old.example.com", warning)
        self.assertIn("web.base.url", warning)

    def test_a_host_with_several_databases_gets_a_warning(self):
        self.databases = [self.env.cr.dbname, "another"]
        warning = self.warning()
        self.assertIn("any of 2 databases", warning)
        self.assertNotIn("another", warning)

    def test_a_host_of_another_database_gets_a_warning(self):
        self.databases = ["another"]
        self.assertIn("doesn't lead to this database", self.warning())

    def test_a_proxy_unknown_to_odoo_gets_a_warning(self):
        class Request:
            class httprequest:  # noqa: N801 - Odoo's own word
                headers = {"X-Forwarded-Host": "crm.example.com"}

        with patch.object(reachability, "request", Request):
            with patch.dict(reachability.config.options, {"proxy_mode": False}):
                self.assertIn("proxy_mode = True", self.warning())
            with patch.dict(reachability.config.options, {"proxy_mode": True}):
                self.assertEqual(self.warning(), "")

    def test_a_development_account_gets_no_warning(self):
        self.account.api_base_url = "http://127.0.0.1:8070"
        with patch.object(reachability, "developer_mode", lambda: True):
            self.assertEqual(self.warning("http://localhost:8069"), "")

    def test_each_problem_has_its_own_line(self):
        self.databases = []
        self.assertEqual(len(self.warning("https://localhost").splitlines()), 2)


class TestHandingOver(MessagingCase):
    def dialog(self, user):
        return Form(
            self.env["messaging.transfer.installer"]
            .with_user(user)
            .with_context(default_account_id=self.account.id)
        )

    def test_the_dialog_hands_the_role_to_a_colleague_with_a_record(self):
        form = self.dialog(self.installer)
        form.user_id = self.colleague
        form.save().action_transfer()
        self.assertEqual(self.account.installer_id, self.colleague)
        transfer = self.account.with_user(self.manager).transfer_ids
        self.assertEqual(
            (transfer.from_id, transfer.to_id), (self.installer, form.user_id)
        )
        self.assertEqual(transfer.create_uid, self.installer)

    def test_a_manager_cannot_hand_it_over_while_the_installer_is_active(self):
        self.assertFalse(self.account.with_user(self.manager).can_transfer)
        form = self.dialog(self.manager)
        form.user_id = self.colleague
        with self.assertRaises(AccessError):
            form.save().action_transfer()
        self.assertEqual(self.account.installer_id, self.installer)

    def test_a_manager_hands_over_an_archived_installers_role_but_not_to_oneself(self):
        self.installer.active = False
        self.assertTrue(self.account.with_user(self.manager).can_transfer)
        form = self.dialog(self.manager)
        self.assertNotIn(self.manager.id, form.candidate_ids.ids)
        form.user_id = self.colleague
        form.save().action_transfer()
        self.assertEqual(self.account.installer_id, self.colleague)

    def test_only_agents_of_the_company_are_offered(self):
        candidates = self.dialog(self.installer).candidate_ids.ids
        self.assertIn(self.colleague.id, candidates)
        for user in self.employee | self.stranger | self.installer:
            self.assertNotIn(user.id, candidates)

    def test_a_system_administrator_cannot_hand_it_over(self):
        self.assertFalse(self.account.with_user(self.system).can_transfer)
        with self.assertRaises(AccessError):
            self.account.with_user(self.system).action_transfer_installer(
                self.colleague.id
            )

    def test_an_agent_who_is_not_the_installer_gets_no_dialog(self):
        with self.assertRaises(AccessError):
            self.dialog(self.agent)


class TestPreferences(MessagingCase):
    def test_agents_switch_their_availability_in_their_preferences(self):
        agent = self.agent.with_user(self.agent)
        view = "base.view_users_form_simple_modif"
        with Form(agent, view) as form:
            form.messaging_available = False
        self.assertFalse(agent.messaging_available)
        with Form(agent, view) as form:
            form.messaging_available = True
        self.assertTrue(agent.messaging_available)

    def test_a_colleagues_availability_cannot_be_switched(self):
        helper = self._user("helper", f"{AGENT},base.group_erp_manager")
        for user in (helper, self.system, self.manager):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.agent.with_user(user).write({"messaging_available": False})
            self.env.invalidate_all()
            self.assertTrue(self.agent.messaging_available)

    def test_an_administrator_sees_but_cannot_edit_availability(self):
        user = self.agent.with_user(self.system)
        with Form(user, "base.view_users_form") as form:
            self.assertTrue(form.messaging_available)
            form.name = "Agent Smith"
        self.assertEqual(self.agent.name, "Agent Smith")

    def test_only_agents_have_the_switch(self):
        self.assertFalse(self.employee.messaging_is_agent)
        self.assertTrue(self.manager.messaging_is_agent)

    def test_an_administrator_creates_a_user_without_setting_availability(self):
        with Form(self.env["res.users"].with_user(self.system)) as form:
            form.name = form.login = "newcomer"
        self.assertFalse(form.record.messaging_available)


class TestMenus(MessagingCase):
    def menus(self, user):
        """Return our menus that the user can see."""
        loaded = self.env["ir.ui.menu"].with_user(user).load_menus(debug=False)
        xmlids = {menu.get("xmlid", "") for menu in loaded.values()}
        return {x.split(".")[1] for x in xmlids if x.startswith("messaging_inbox.")}

    def test_each_role_reaches_its_menus(self):
        agent = {"menu_integrations", "menu_inbox", "menu_conversations"}
        agent |= {"menu_conversations_report"}
        manager = {"menu_integrations_config", "menu_accounts", "menu_channels"}
        manager |= {"menu_receipts", "menu_tags", "menu_templates", "menu_consents"}
        for user, menus in (
            (self.employee, set()),
            (self.agent, agent),
            (self.manager, agent | manager),
            (self.system, {"menu_settings_accounts"}),
        ):
            with self.subTest(user.name):
                self.assertEqual(self.menus(user), menus)
