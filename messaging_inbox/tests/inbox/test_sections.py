from ..common import AGENT, MANAGER, MessagingCase

OPEN = ("mine", "unassigned", "others")
SECTIONS = (*OPEN, "snoozed", "closed")


class SectionsCase(MessagingCase):
    """Conversations of all kinds, on all kinds of channels, in two companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        both = {"company_ids": [(6, 0, (cls.company | cls.other_company).ids)]}
        cls.traveller = cls._user("traveller", AGENT, **both)
        cls.director = cls._user("director", MANAGER, **both)
        elsewhere = cls._account_elsewhere()
        cls.north = cls._number_of(elsewhere, "+34600000071")
        cls.south = cls._number_of(elsewhere, "+34600000072")
        cls.hidden = cls._number_of(elsewhere, "+34600000073", visibility="private")
        cls.retired = cls._channel("whatsapp", "+34600000079")
        for channel in cls.all_channels():
            cls._fill(channel)
        cls.retired.active = False

    @classmethod
    def all_channels(cls):
        here = cls.whatsapp | cls.sms | cls.private | cls.retired
        return here | cls.north | cls.south | cls.hidden

    @classmethod
    def _account_elsewhere(cls):
        accounts = cls.env["messaging.account"].with_user(cls.stranger).sudo()
        return accounts.create(
            {
                "name": "Elsewhere",
                "company_id": cls.other_company.id,
                "state": "connected",
                "twilio_account_sid": "AC" + "8" * 32,
                "twilio_auth_token": "x" * 32,
            }
        ).with_env(cls.env)

    @classmethod
    def _number_of(cls, account, address, **values):
        return cls.env["messaging.channel"].create(
            {
                "name": address,
                "account_id": account.id,
                "kind": "whatsapp",
                "address": address,
                **values,
            }
        )

    @classmethod
    def _fill(cls, channel):
        """Create open and closed conversations for each assignee; some unread."""
        assignees = [None, *channel._users_with_access().sudo()]
        for number, assignee in enumerate(assignees):
            for state in ("open", "closed"):
                cls._one(channel, assignee, state, unread=number % 3 != 1)

    @classmethod
    def _one(cls, channel, assignee, state, unread):
        login = assignee and assignee.login
        conversation = cls.env["messaging.conversation"].create(
            {
                "channel_id": channel.id,
                "contact_name": f"{channel.address} {login} {state}",
                "user_id": assignee and assignee.id,
                "state": state,
            }
        )
        message = cls.env["messaging.message"].create(
            {
                "conversation_id": conversation.id,
                "channel_id": channel.id,
                "direction": "inbound" if unread else "note",
                "state": "received" if unread else False,
                "body": "Hello",
            }
        )
        last = {"last_message_id": message.id}
        if unread:
            last["last_inbound_message_id"] = message.id
        conversation.sudo()._store(last)

    def inbox(self, user, *companies):
        companies = companies or user.company_ids
        ids = [company.id for company in companies]
        return (
            self.env["messaging.conversation"]
            .with_user(user)
            .with_context(allowed_company_ids=ids)
        )

    def listed(self, inbox, section, **options):
        """Return all ids of a section's list, read page by page."""
        ids, before = [], False
        while True:
            page = inbox.inbox_list(section, before=before, limit=3, **options)
            ids += [row["id"] for row in page["rows"]]
            if not page["has_more"]:
                return ids
            before = page["rows"][-1]["seq"]


class TestSections(SectionsCase):
    """Counters, lists, filters and fields agree for every user."""

    def people(self):
        return (
            self.agent
            | self.colleague
            | self.manager
            | self.installer
            | self.stranger
            | self.traveller
            | self.director
        )

    def test_each_list_matches_its_section_filter_for_every_role(self):
        for user in self.people():
            inbox = self.inbox(user)
            for section in SECTIONS:
                with self.subTest(user.login, section=section):
                    listed = self.listed(inbox, section)
                    found = inbox.search([("section", "=", section)])
                    self.assertEqual(listed, found.ids)
                    self.assertEqual(set(found.mapped("section")) - {section}, set())

    def test_sections_partition_the_visible_conversations(self):
        for user in self.people():
            with self.subTest(user.login):
                inbox = self.inbox(user)
                listed = [id_ for each in SECTIONS for id_ in self.listed(inbox, each)]
                self.assertEqual(len(listed), len(set(listed)))
                self.assertEqual(set(listed), set(inbox.search([]).ids))
                self.assertEqual(set(listed), set(self.visible(user)))

    def visible(self, user):
        """Return the visible conversations by the design's rule, in plain Python."""
        for conversation in self.env["messaging.conversation"].search([]):
            channel = conversation.channel_id
            here = channel.company_id in user.company_ids
            mine = channel.account_id.installer_id == user
            if here and (channel.visibility == "shared" or mine):
                yield conversation.id

    def test_counters_match_the_lists_for_every_role(self):
        for user in self.people():
            with self.subTest(user.login):
                self.check_counters(self.inbox(user))

    def check_counters(self, inbox):
        counters = inbox.inbox_counters()
        waiting = {}
        for section in OPEN:
            rows = inbox.inbox_rows(self.listed(inbox, section))
            unread = [row for row in rows if row["unread_count"]]
            waiting[section] = len(unread)
            self.assertEqual(counters[section], len(unread))
            self.assertEqual(counters["totals"][section], len(rows))
            found = inbox.search([("section", "=", section), ("unread_count", ">", 0)])
            self.assertEqual(set(found.ids), {row["id"] for row in unread})
        self.assertEqual(counters["badge"], waiting["mine"] + waiting["unassigned"])

    def test_the_channel_filter_applies_to_each_section(self):
        inbox = self.inbox(self.traveller)
        for channel in self.all_channels():
            for section in SECTIONS:
                expected = inbox.search(
                    [("section", "=", section), ("channel_id", "=", channel.id)]
                )
                with self.subTest(channel.address, section=section):
                    listed = self.listed(inbox, section, channel_id=channel.id)
                    self.assertEqual(listed, expected.ids)
        self.assertFalse(self.listed(inbox, "closed", channel_id=self.private.id))
        self.assertTrue(self.listed(inbox, "closed", channel_id=self.north.id))

    def test_a_list_takes_a_constant_number_of_queries(self):
        inbox = self.inbox(self.traveller)
        names = ("contact_name", "channel_id", "user_id", "state", "section")
        names += ("unread_count", "reply_until", "last_message_preview", "company_id")
        specification = {name: {} for name in names}
        specification.update(channel_id={"fields": {"display_name": {}}})
        specification.update(user_id={"fields": {"display_name": {}}})

        def queries(limit):
            def read():
                found = inbox.web_search_read([], specification, limit=limit)
                self.assertEqual(len(found["records"]), limit)

            return self.warm_queries(read)

        self.assertEqual(queries(4), queries(40))


class TestTwoCompanies(SectionsCase):
    """Two companies, several numbers each, and users of both."""

    def test_the_company_switcher_applies_to_all_views(self):
        here = self.whatsapp | self.sms | self.retired
        there = self.north | self.south
        for companies, channels in (
            ([self.company], here),
            ([self.other_company], there),
            ([self.company, self.other_company], here | there),
        ):
            inbox = self.inbox(self.traveller, *companies)
            with self.subTest([company.name for company in companies]):
                ids = [id_ for each in SECTIONS for id_ in self.listed(inbox, each)]
                self.assertEqual(inbox.browse(ids).channel_id.sudo(), channels)
                self.check_offered(inbox, channels - self.retired)

    def check_offered(self, inbox, channels):
        init = inbox.inbox_init()
        self.assertEqual({row["id"] for row in init["channels"]}, set(channels.ids))
        groups = inbox.formatted_read_group([], ["channel_id"], ["__count"])
        grouped = {group["channel_id"][0] for group in groups}
        self.assertEqual(grouped - set(self.retired.ids), set(channels.ids))
        counters = inbox.inbox_counters()
        self.assertEqual(counters, init["counters"])

    def test_another_companys_account_is_not_counted_here(self):
        """Users without channels see whom to ask in their own company."""
        third = self.env["res.company"].create({"name": "Third"})
        self.traveller.company_ids |= third
        self.whatsapp.visibility = self.sms.visibility = "private"
        for company, has_account in ((third, False), (self.company, True)):
            init = self.inbox(self.traveller, company).inbox_init()
            self.assertEqual(init["channels"], [])
            self.assertEqual(init["has_account"], has_account)

    def test_a_user_of_one_company_sees_nothing_of_the_other(self):
        inbox = self.inbox(self.traveller)
        theirs = inbox.search([("channel_id", "=", self.north.id)], limit=1)
        for user in (self.agent, self.manager, self.installer):
            with self.assertRaisesRegex(Exception, "no access"):
                theirs.action_assign(user.id)
        for user in (self.stranger, self.director, self.traveller):
            theirs.action_assign(user.id)
            self.assertEqual(theirs.user_id, user)

    def test_possible_assignees_belong_to_the_conversations_company(self):
        inbox = self.inbox(self.traveller)
        people = {
            self.whatsapp: self.traveller | self.director | self.agent,
            self.north: self.traveller | self.director | self.stranger,
        }
        for channel, expected in people.items():
            one = inbox.search([("channel_id", "=", channel.id)], limit=1)
            names = {row["id"] for row in inbox.inbox_assignees(one.ids)}
            self.assertLessEqual(set(expected.ids), names)
        self.assertNotIn(self.agent.id, names)

    def test_conversations_of_two_companies_go_only_to_users_of_both(self):
        inbox = self.inbox(self.traveller)
        here = inbox.search([("channel_id", "=", self.sms.id)], limit=1)
        there = inbox.search([("channel_id", "=", self.south.id)], limit=1)
        assignees = (here | there).mapped("user_id")
        for user in (self.agent, self.stranger):
            with (
                self.assertRaisesRegex(Exception, "no access"),
                self.env.cr.savepoint(),
            ):
                (here | there).action_assign(user.id)
        self.env.invalidate_all()
        self.assertEqual((here | there).mapped("user_id"), assignees)
        (here | there).action_assign(self.director.id)
        self.assertEqual((here | there).user_id, self.director)

    def test_leaving_one_company_keeps_assignments_in_the_other(self):
        inbox = self.inbox(self.director)
        here = inbox.search([("channel_id", "=", self.sms.id)], limit=1)
        there = inbox.search([("channel_id", "=", self.south.id)], limit=1)
        (here | there).action_assign(self.traveller.id)
        self.traveller.company_ids = self.company
        self.env.invalidate_all()
        self.assertEqual(here.user_id, self.traveller)
        self.assertFalse(there.user_id)
        self.assertFalse(
            self.inbox(self.traveller).search([("channel_id", "=", self.south.id)])
        )

    def test_the_bus_reaches_a_user_of_both_companies_without_private_channels(self):
        channels = self.env["messaging.channel"].with_user(self.traveller)
        heard = {channel for channel, _word in channels._inbox_bus_targets()}
        self.assertEqual(heard, {self.whatsapp, self.sms, self.north, self.south})
