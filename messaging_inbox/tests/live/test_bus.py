import socket
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import psycopg2
from psycopg2.extensions import POLL_OK

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.live import bus as messaging_bus
from ..common import AGENT, MessagingCase, MessagingHttpCase

WORD = "messaging_inbox"


class TestBus(MessagingCase):
    """Open inboxes receive changes; users without access receive nothing."""

    def target(self, channel):
        return ["messaging.channel", channel.id, f"inbox-{channel.access_epoch}"]

    def heard_by(self, user):
        """Return a user's bus targets, a set of (record id, name)."""
        channels = self.env["messaging.channel"].with_user(user)
        targets = channels._inbox_bus_targets()
        return {(record.id, word) for record, word in targets}

    def hears(self, user, channel):
        return (channel.id, f"inbox-{channel.access_epoch}") in self.heard_by(user)

    # listeners

    def test_agents_hear_shared_channels_and_installers_their_private_ones(self):
        cases = [
            (self.agent, self.whatsapp, True),
            (self.agent, self.private, False),
            (self.manager, self.whatsapp, True),
            (self.manager, self.private, False),
            (self.installer, self.private, True),
            (self.system, self.whatsapp, False),
            (self.employee, self.whatsapp, False),
            (self.portal, self.whatsapp, False),
            (self.stranger, self.whatsapp, False),
            (self.env.ref("base.public_user"), self.whatsapp, False),
        ]
        for user, channel, expected in cases:
            with self.subTest(user.login, channel=channel.name):
                self.assertEqual(self.hears(user, channel), expected)

    def test_users_who_lose_access_hear_no_more(self):
        changes = {
            "visibility": lambda: self.whatsapp.with_user(self.installer).write(
                {"visibility": "private"}
            ),
            "archived": lambda: self.whatsapp.write({"active": False}),
            "account archived": lambda: self.account.write({"active": False}),
            "installer": lambda: self.account.with_user(
                self.installer
            ).action_transfer_installer(self.colleague.id),
            "company": lambda: self.account.write(
                {"company_id": self.other_company.id}
            ),
            "user archived": lambda: self.agent.write({"active": False}),
            "group": lambda: self.agent.write(
                {"group_ids": [(3, self.env.ref(AGENT).id)]}
            ),
            "group's users": lambda: self.env.ref(AGENT).write(
                {"user_ids": [(3, self.agent.id)]}
            ),
            "user's company": lambda: self.agent.write(
                {
                    "company_id": self.other_company.id,
                    "company_ids": [(6, 0, self.other_company.ids)],
                }
            ),
        }
        for name, change in changes.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.check_epoch_grows(change)
                savepoint.rollback()
                self.env.invalidate_all()

    def check_epoch_grows(self, change):
        self.bus()
        former = self.target(self.whatsapp)
        change()
        self.env.invalidate_all()
        self.assertNotEqual(self.target(self.whatsapp), former)
        self.assertAgentsNotified()
        with self.env.cr.savepoint():
            self.receive()
            self.assertNotIn(former, [channel[1:] for channel, _ in self.bus()])

    def test_users_who_gain_access_are_asked_to_subscribe(self):
        """Nobody is subscribed to a formerly private channel, so notify all Agents."""
        self.bus()
        self.private.with_user(self.installer).visibility = "shared"
        self.assertAgentsNotified()

    def test_a_new_agent_is_asked_to_subscribe(self):
        """A browser that subscribed before isn't subscribed to the Agents' group."""
        group = self.env.ref(AGENT)
        ways = {
            "user": lambda user: user.write({"group_ids": [(4, group.id)]}),
            "group": lambda user: group.write({"user_ids": [(4, user.id)]}),
        }
        for login, change in ways.items():
            with self.subTest(login):
                user = self._user(f"new by {login}", "base.group_user")
                self.bus()
                change(user)
                published = [channel[1:] for channel, _payload in self.bus("subscribe")]
                self.assertIn(["res.partner", user.partner_id.id], published)

    def test_a_former_agent_is_notified_directly(self):
        """A browser that resubscribes meanwhile no longer receives the group."""
        group = self.env.ref(AGENT)
        ways = {
            "user": lambda user: user.write({"group_ids": [(3, group.id)]}),
            "group": lambda user: group.write({"user_ids": [(3, user.id)]}),
        }
        for login, change in ways.items():
            with self.subTest(login):
                user = self._user(f"gone by {login}", AGENT)
                user.group_ids += self.env.ref("base.group_user")
                self.bus()
                change(user)
                published = [channel[1:] for channel, _payload in self.bus("subscribe")]
                self.assertIn(["res.partner", user.partner_id.id], published)

    def assertAgentsNotified(self):
        published = [channel[1:] for channel, payload in self.bus("subscribe")]
        self.assertIn(["res.groups", self.env.ref(AGENT).id], published)

    # published changes

    def test_a_message_is_published_once_on_its_channel_only(self):
        self.bus()
        message = self.receive()
        [(channel, payload)] = self.bus("changed")
        self.assertEqual(channel[1:], self.target(self.whatsapp))
        self.assertEqual([m["id"] for m in payload["messages"]], message.ids)
        [row] = payload["conversations"]
        self.assertEqual(row["id"], message.conversation_id.id)
        self.assertNotIn("unread_count", row)
        self.assertNotIn("draft", row)

    def test_a_private_message_is_published_on_the_private_channel_only(self):
        self.bus()
        self.receive("Between us", channel=self.private)
        said = self.bus()
        self.assertTrue(said)
        for channel, payload in said:
            if "Between us" in str(payload):
                self.assertEqual(channel[1:], self.target(self.private))

    def test_everything_that_agents_do_is_published(self):
        conversation = self.conversation()
        actions = {
            "reply": lambda: conversation.reply("Yes"),
            "note": lambda: conversation.action_note("Between us"),
            "assign": lambda: conversation.action_assign(self.colleague.id),
            "unassign": lambda: conversation.action_unassign(),
            "close": lambda: conversation.action_close(),
            "reopen": lambda: conversation.action_reopen(),
            "link": lambda: conversation.write(
                {"partner_id": self.agent.partner_id.id}
            ),
        }
        for name, act in actions.items():
            self.bus()
            act()
            with self.subTest(name):
                [(channel, payload)] = self.bus("changed")
                self.assertEqual(channel[1:], self.target(self.whatsapp))
                self.assertEqual(payload["conversations"][0]["id"], conversation.id)
                self.assertTrue(payload["messages"])

    def test_a_request_to_the_provider_does_not_wait_for_the_bus(self):
        message = self.queued()
        self.bus()
        self.assertTrue(self.env["messaging.message"]._claim())
        self.assertEqual(message.state, "sending")
        self.assertFalse(self.bus())

    def test_read_markers_are_published_to_their_own_user(self):
        conversation = self.conversation()
        self.bus()
        conversation.action_mark_read()
        [(channel, payload)] = self.bus("read")
        self.assertEqual(channel[1:], ["res.partner", self.agent.partner_id.id])
        self.assertEqual(
            payload, {"conversation_id": conversation.id, "unread_count": 0}
        )
        conversation.action_mark_unread()
        [(_channel, payload)] = self.bus("read")
        self.assertEqual(payload["unread_count"], 1)

    def test_drafts_are_not_published(self):
        conversation = self.conversation()
        self.bus()
        conversation.inbox_save_draft(conversation.id, "I began")
        self.assertEqual(self.bus(), [])

    def test_rolled_back_changes_are_not_published(self):
        self.conversation()
        self.bus()
        try:
            with self.env.cr.savepoint():
                form = self.inbound_form(sender="+34622222222")
                self.process(form)
                raise ZeroDivisionError
        except ZeroDivisionError:
            self.env["messaging.bus"]._discard_values()
        for _channel, payload in self.bus("changed"):
            self.assertEqual(payload["messages"], [])

    def test_a_listener_that_cannot_be_woken_rolls_nothing_back(self):
        self.receive()
        with (
            patch.object(
                messaging_bus.notifier, "notify", side_effect=psycopg2.OperationalError
            ),
            mute_logger(messaging_bus.__name__),
        ):
            self.env.cr.precommit.run()
            postcommit = self.env.cr.postcommit
            postcommit.run()

    def test_a_broken_connection_is_reopened(self):
        notifier = messaging_bus.Notifier()
        notifier._open = lambda _until: setattr(
            notifier, "_connection", next(connections)
        )
        broken, whole = _Connection(fails=True), _Connection()
        connections = iter([whole])
        notifier._connection, notifier._pid = broken, messaging_bus.os.getpid()
        notifier.notify("imbus", ["[]"])
        self.assertTrue(broken.closed)
        self.assertEqual(len(whole.executed), 1)

    def test_an_unresponsive_database_does_not_block_for_long(self):
        notifier = messaging_bus.Notifier()
        with socket.create_server(("127.0.0.1", 0)) as mute:
            host, port = mute.getsockname()
            info = "postgres", {"host": host, "port": port, "database": "postgres"}
            with (
                patch.object(messaging_bus, "connection_info_for", return_value=info),
                ThreadPoolExecutor(3) as pool,
            ):
                # Without a time limit, this would never end.
                calls = [pool.submit(notifier.notify, "imbus", ["[]"]) for _ in "abc"]
                errors = [call.exception() for call in calls]
        for error in errors:
            self.assertIsInstance(error, psycopg2.OperationalError)
        self.assertIsNone(notifier._connection)

    def test_the_connection_works_again_afterwards(self):
        notifier = messaging_bus.Notifier()
        self.addCleanup(notifier._close)
        notifier.notify("imbus", ["[]", "[]"])
        first = notifier._connection
        notifier.notify("imbus", ["[]"])
        self.assertIs(notifier._connection, first)


class _Connection:
    """A fake connection with the methods that the notifier uses."""

    def __init__(self, fails=False):
        self.fails, self.closed, self.executed = fails, False, []

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return False

    def execute(self, *query):
        if self.fails:
            raise psycopg2.InterfaceError
        self.executed.append(query)

    def poll(self):
        return POLL_OK

    def close(self):
        self.closed = True


@tagged("post_install", "-at_install")
class TestSubscription(MessagingHttpCase):
    """The client's subscription is replaced by the channels that the user may see."""

    def test_an_agents_page_knows_the_last_bus_id(self):
        self.env["bus.bus"].create({"channel": "any", "message": "{}"})
        for user in (self.agent, self.employee):
            self.authenticate(user.login, user.login)
            answer = self.url_open("/web/session/get_session_info", json={})
            found = answer.json()["result"].get("messaging_inbox_bus_id")
            last = self.env["bus.bus"]._bus_last_id()
            self.assertEqual(found, last if user == self.agent else None)

    def test_an_agent_hears_the_shared_channel_and_not_the_private_one(self):
        last = self.env["bus.bus"]._bus_last_id()
        self.receive("For all")
        self.receive("Between us", channel=self.private)
        self.env.cr.precommit.run()
        self.env.flush_all()
        for user, words in (
            (self.agent, ["For all"]),
            (self.manager, ["For all"]),
            (self.installer, ["For all", "Between us"]),
            (self.employee, []),
            (self.stranger, []),
        ):
            with self.subTest(user.login):
                heard = self.peek(user, last)
                for word in ("For all", "Between us"):
                    self.assertEqual(word in heard, word in words, word)

    def peek(self, user, last, words=(WORD,)):
        """Return the bus messages for a user's browser, using the bus's own route."""
        self.authenticate(user.login, user.login)
        result = self.make_jsonrpc_request(
            "/websocket/peek_notifications",
            {"channels": list(words), "last": last, "is_first_poll": True},
        )
        return str(result["notifications"])

    def test_a_bus_channel_cannot_be_subscribed_by_name(self):
        last = self.env["bus.bus"]._bus_last_id()
        self.receive("Between us", channel=self.private)
        self.env.cr.precommit.run()
        self.env.flush_all()
        epoch = f"inbox-{self.private.access_epoch}"
        names = [
            epoch,
            f"messaging.channel_{self.private.id}",
            f'["{self.env.cr.dbname}","messaging.channel",{self.private.id},"{epoch}"]',
        ]
        self.assertNotIn("Between us", self.peek(self.agent, last, names))
        self.assertIn("Between us", self.peek(self.installer, last))
