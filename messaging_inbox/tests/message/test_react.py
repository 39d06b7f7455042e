from datetime import timedelta

import requests

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ...providers import events
from ...providers.provider import Reactions
from ..common import MessagingCase
from ..scripted import answer

PAGE = "104030201000010"
PERSON = "7689000000000101"
HEART, PARTY = "❤️", "🎉"
OK = {"recipient_id": PERSON}


def accepted():
    return answer(200, OK)


def refused(code, subcode=None, status=400):
    error = {"message": "Meta's words", "code": code, "error_subcode": subcode}
    return answer(status, {"error": error})


class TestReact(MessagingCase):
    """Agents react to customers' messages; the provider gets each reaction once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.env["messaging.account"].with_user(cls.installer).sudo()
        cls.meta = account.create(
            {
                "name": "Meta",
                "provider": "messenger",
                "meta_app_id": "104030201000001",
                "meta_app_secret": "a secret of the app",
                "meta_access_token": "EAA token of a system user",
                "meta_human_agent": True,
                "state": "connected",
            }
        ).with_env(cls.env)
        cls.page = cls._channel("messenger", PAGE, account_id=cls.meta.id)
        cls.place = events.ChannelRef("messenger", PAGE)

    def setUp(self):
        super().setUp()
        written = self.event("MessageReceived", message_id="m_1", text="Thanks")
        self.ingest(written)
        self.inbound = self.env["messaging.message"].search(
            [("provider_message_id", "=", "m_1")]
        )
        self.written = self.inbound.with_user(self.agent)

    def event(self, name, **values):
        usual = {"channel": self.place, "external_ids": (PERSON,)}
        return getattr(events, name)(**{**usual, **values})

    def ingest(self, *happened):
        self.env.flush_all()
        request = events.WebhookRequest("POST", urls=(), body=b"{}")
        ingest = self.env["messaging.ingest"].sudo()
        ingest._receive_request(self.meta.id, request, list(happened))
        self.env.invalidate_all()

    def reacted(self, emoji, **values):
        return self.event("Reacted", message_id="m_1", emoji=emoji, **values)

    def send(self, *answers):
        """Send what is due; return the payloads of the requests."""
        self.http.requests, self.http.answers = [], list(answers)
        self.env["messaging.reaction"]._send_due()
        self.env.invalidate_all()
        return [self.payload(options["json"]) for *_, options in self.http.requests]

    def payload(self, body):
        return body["sender_action"], body["payload"].get("reaction", "")

    @property
    def row(self):
        return self.env["messaging.reaction"].search([])

    @property
    def shown(self):
        self.env.flush_all()
        inbox = self.env["messaging.conversation"].with_user(self.agent)
        [values] = inbox.inbox_message_values(self.inbound.ids)
        return values["reaction"], (values["data"] or {}).get("reactions", {})

    def due_now(self):
        self.row.next_try_at = fields.Datetime.now() - timedelta(seconds=1)

    # the way to the provider

    def test_a_reaction_waits_until_the_provider_has_it(self):
        self.written.action_react(HEART)
        waiting = {"emoji": HEART, "failed": False, "author_id": self.agent.id}
        self.assertEqual(self.shown, (waiting, {}))
        self.assertEqual(self.send(accepted()), [("react", HEART)])
        self.assertEqual(self.shown, (False, {"us": HEART}))
        self.assertEqual(self.inbound.data["us_reacted_by"], self.agent.id)
        self.assertFalse(self.row)

    def test_a_reaction_is_replaced_and_taken_away(self):
        self.written.action_react(HEART)
        self.send(accepted())
        self.written.with_user(self.colleague).action_react(PARTY)
        self.assertEqual(self.send(accepted()), [("react", PARTY)])
        self.assertEqual(self.inbound.data["us_reacted_by"], self.colleague.id)
        self.written.action_react("")
        self.assertEqual(self.send(accepted()), [("unreact", "")])
        self.assertEqual(self.shown, (False, {}))
        self.assertNotIn("us_reacted_by", self.inbound.data)

    def test_customer_and_company_react_side_by_side(self):
        self.ingest(self.reacted("👍"))
        self.written.action_react(HEART)
        self.send(accepted())
        self.assertEqual(self.shown[1], {"customer": "👍", "us": HEART})

    def test_a_repeated_call_sends_nothing(self):
        for _ in range(2):
            self.written.action_react(HEART)
        self.assertEqual(len(self.send(accepted())), 1)
        self.written.action_react(HEART)
        self.assertEqual(self.send(), [])

    def test_only_the_last_of_several_waiting_reactions_is_sent(self):
        for emoji in (HEART, "", PARTY):
            self.written.action_react(emoji)
        self.assertEqual(self.send(accepted()), [("react", PARTY)])

    def test_a_reaction_during_a_request_follows_it(self):
        self.written.action_react(HEART)
        answers = iter([PARTY, None])

        def request(*_args, **_options):
            self.http.requests.append(_options)
            if emoji := next(answers):
                self.written.action_react(emoji)
                self.assertFalse(self.env["messaging.reaction"]._next_due())
            return accepted()

        self.patch(self.http, "request", request)
        self.http.requests = []
        self.env["messaging.reaction"]._send_due()
        self.env.invalidate_all()
        sent = [self.payload(each["json"]) for each in self.http.requests]
        self.assertEqual(sent, [("react", HEART), ("react", PARTY)])
        self.assertEqual(self.shown, (False, {"us": PARTY}))

    def test_it_asks_to_be_sent_after_its_commit(self):
        self.http.answers = [accepted()]
        self.written.action_react(HEART)
        with self.enter_registry_test_mode():
            self.env.flush_all()
            self.env.cr.postcommit.run()
        self.env.invalidate_all()
        self.assertEqual(self.shown, (False, {"us": HEART}))

    def test_colleagues_hear_of_each_step(self):
        self.bus()
        self.written.action_react(HEART)
        [values] = self.bus("changed")[-1][1]["messages"]
        self.assertEqual(values["reaction"]["emoji"], HEART)
        self.send(accepted())
        [values] = self.bus("changed")[-1][1]["messages"]
        self.assertEqual(values["reaction"], False)
        self.assertEqual(values["data"]["reactions"], {"us": HEART})

    def test_it_is_no_answer(self):
        conversation = self.written.conversation_id
        before = conversation.waiting_since
        self.assertTrue(before)
        self.written.action_react(HEART)
        self.send(accepted())
        self.assertEqual(conversation.waiting_since, before)

    # failures

    def test_a_refusal_is_shown_in_the_readers_words(self):
        self.written.action_react(HEART)
        self.send(accepted())
        self.written.action_react(PARTY)
        self.bus()
        self.send(refused(10, 2018278))
        [values] = self.bus("changed")[-1][1]["messages"]
        self.assertTrue(values["reaction"]["failed"])
        reaction, reactions = self.shown
        self.assertEqual(reaction["emoji"], PARTY)
        self.assertIn("reply window is closed", reaction["failure_reason"])
        self.assertEqual(reactions, {"us": HEART})
        self.assertEqual(self.send(), [])

    def test_an_unknown_refusal_keeps_the_providers_words(self):
        self.written.action_react(HEART)
        self.send(refused(100))
        reason = "The provider didn't accept this reaction. (100 Meta's words)"
        self.assertEqual(self.shown[0]["failure_reason"], reason)

    def test_a_failed_reaction_is_sent_again_or_given_up(self):
        for emoji, is_sent in ((HEART, True), ("", False)):
            with self.subTest(emoji):
                self.inbound.data = False
                self.row.unlink()
                self.written.action_react(HEART)
                self.send(refused(100))
                self.written.action_react(emoji)
                sent = self.send(*[accepted()] * is_sent)
                self.assertEqual(sent, [("react", HEART)] * is_sent)
                self.assertIs(self.shown[0], False)

    def test_giving_up_needs_no_open_window(self):
        self.written.action_react(HEART)
        self.send(refused(100))
        conversation = self.inbound.conversation_id
        conversation.last_inbound_at = fields.Datetime.now() - timedelta(days=9)
        self.written.action_react("")
        self.assertFalse(self.row)

    def test_without_an_answer_it_is_sent_again(self):
        self.written.action_react(HEART)
        self.assertEqual(len(self.send(requests.ReadTimeout())), 1)
        self.assertEqual((self.row.state, self.send()), ("queued", []))
        self.due_now()
        self.assertEqual(self.send(accepted()), [("react", HEART)])
        self.assertEqual(self.shown, (False, {"us": HEART}))

    def test_it_fails_visibly_after_the_last_attempt(self):
        self.written.action_react(HEART)
        for _ in range(4):
            self.due_now()
            self.send(refused(1, status=500))
        self.assertEqual(self.row.state, "failed")
        self.assertIn("problem", self.shown[0]["failure_reason"])

    @mute_logger("odoo.addons.messaging_inbox.models.message.reaction")
    def test_a_bug_of_the_provider_is_no_end(self):
        self.written.action_react(HEART)
        self.send(ValueError)
        self.assertEqual(self.row.state, "queued")

    def test_a_request_that_was_cut_off_is_repeated(self):
        self.written.action_react(HEART)
        self.row.write({"state": "sending", "attempts": 1})
        self.due_now()
        self.assertEqual(self.send(accepted()), [("react", HEART)])

    def test_refused_credentials_pause_the_account_and_keep_it(self):
        self.written.action_react(HEART)
        self.send(refused(190))
        self.assertEqual((self.meta.state, self.row.state), ("error", "queued"))
        self.assertEqual(self.send(), [])
        self.meta.state = "connected"
        self.assertEqual(self.send(accepted()), [("react", HEART)])

    # the gate

    def refuse(self, words, message=None, emoji=HEART):
        with self.assertRaisesRegex(UserError, words):
            (message or self.written).action_react(emoji)
        self.assertFalse(self.row)

    def test_where_the_provider_takes_none_there_is_none(self):
        message = self.receive().with_user(self.agent)
        self.refuse("takes no reactions", message)
        channels = self.env["messaging.channel"].with_user(self.agent)._inbox_channels()
        offered = {channel["id"]: channel["reactions"] for channel in channels}
        self.assertIs(offered[self.whatsapp.id], False)
        self.assertIn(HEART, offered[self.page.id]["palette"])
        self.assertTrue(offered[self.page.id]["any_emoji"])

    def test_only_an_emoji_that_the_channel_takes(self):
        self.refuse("doesn't take the reaction", emoji="yes")
        hearts = {"messenger": Reactions((HEART,))}
        self.patch(self.meta._provider_class(), "reactions", hearts)
        self.refuse("doesn't take the reaction", emoji=PARTY)

    def test_only_messages_of_customers(self):
        conversation = self.written.conversation_id
        note = self.message(conversation.action_note("Between us"))
        self.refuse("Only customers' messages", note.with_user(self.agent))
        self.refuse("Only customers' messages", self.queued("Yes", conversation))
        self.ingest(self.event("MessageUnsent", message_id="m_1"))
        self.refuse("Only customers' messages")

    def test_neither_after_stop_nor_after_the_window(self):
        conversation = self.inbound.conversation_id
        # Late replies carry a tag, which reactions can't.
        conversation.last_inbound_at = fields.Datetime.now() - timedelta(days=2)
        self.assertTrue(conversation._may_reply(self.agent))
        self.refuse("reply window is closed")
        conversation.last_inbound_at = fields.Datetime.now()
        conversation._set_opted_out(True, "agent")
        self.refuse("opted out")

    def test_the_gate_is_asked_again_before_the_request(self):
        self.written.action_react(HEART)
        self.inbound.conversation_id._set_opted_out(True, "agent")
        self.assertEqual(self.send(), [])
        self.assertIn("opted out", self.shown[0]["failure_reason"])

    def test_only_who_may_reply_may_react(self):
        for user in (self.employee, self.portal, self.stranger, self.system):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.inbound.with_user(user).action_react(HEART)
        self.page.sudo().visibility = "private"
        for user in (self.agent, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.inbound.with_user(user).action_react(HEART)
        self.assertFalse(self.row)
        self.inbound.with_user(self.installer).action_react(HEART)
        self.assertEqual(len(self.row), 1)

    def test_clients_can_only_send_text(self):
        for value in (7, ["👍"], {"a": 1}, True):
            with self.subTest(value), self.assertRaises(UserError):
                self.written.action_react(value)

    # what the provider reports

    def test_an_echo_keeps_the_author(self):
        self.written.action_react(HEART)
        self.send(accepted())
        self.ingest(self.reacted(HEART, by_us=True))
        self.assertEqual(self.inbound.data["us_reacted_by"], self.agent.id)

    def test_an_echo_before_the_answer_changes_nothing(self):
        self.written.action_react(HEART)
        self.ingest(self.reacted(HEART, by_us=True))
        self.send(accepted())
        self.assertEqual(self.shown, (False, {"us": HEART}))
        self.assertEqual(self.inbound.data["us_reacted_by"], self.agent.id)

    def test_a_reaction_from_outside_replaces_ours_without_its_author(self):
        self.written.action_react(HEART)
        self.send(accepted())
        later = fields.Datetime.now() + timedelta(minutes=1)
        self.ingest(self.reacted("👍", by_us=True, occurred_at=later))
        self.assertEqual(self.shown, (False, {"us": "👍"}))
        self.assertNotIn("us_reacted_by", self.inbound.data)

    def test_unsending_the_message_ends_its_reaction(self):
        self.written.action_react(HEART)
        self.ingest(self.event("MessageUnsent", message_id="m_1"))
        self.assertFalse(self.row)
        self.assertEqual(self.send(), [])

    def test_a_message_deleted_during_the_request_blocks_nothing(self):
        self.written.action_react(HEART)
        conversation = self.inbound.conversation_id.with_user(self.installer)

        def request(*_args, **_options):
            conversation.unlink()
            return accepted()

        self.patch(self.http, "request", request)
        self.env["messaging.reaction"]._send_due()
        self.assertFalse(self.inbound.exists())
        self.assertFalse(self.row)
