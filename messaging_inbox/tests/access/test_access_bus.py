"""Hand-made subscriptions: no name opens a bus channel that a role may not hear."""

import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...models.channel.ir_websocket import SUBSCRIPTION
from ..common import AGENT, MANAGER
from .access_case import PLACES, ROLES, AccessCase
from .access_tables import RIGHTS

# What our own code publishes about a conversation, besides its rows and messages.
KINDS = {
    "messaging_inbox/changed",
    "messaging_inbox/presence",
    "messaging_inbox/scheduled",
}


@tagged("post_install", "-at_install")
class TestAccessOfBus(AccessCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.last = self.env["bus.bus"]._bus_last_id()
        for place in PLACES:
            self.publish(place)
        self.env.cr.precommit.run()
        self.env.flush_all()

    def publish(self, place):
        """Publish all that is about a place's conversation, as its reader causes it."""
        rights = RIGHTS["messaging.conversation"][place]
        reader = getattr(self, next(role for role in ROLES if role in rights))
        conversation = self.places[place]["messaging.conversation"].with_user(reader)
        message = self.places[place]["messaging.message"]
        self.env["messaging.bus"]._changed(conversation.ids, message.ids)
        conversation.inbox_presence(conversation.id, "viewing")
        self.places[place]["messaging.scheduled"]._announce()

    def ask(self, role, words):
        """Return what the bus answers to a browser that asks for these names."""
        login = None if role == "public" else getattr(self, role).login
        self.authenticate(login, login)
        with mute_logger("odoo.http"):
            answer = self.url_open(
                "/websocket/peek_notifications",
                json={
                    "params": {
                        "channels": list(words),
                        "last": self.last,
                        "is_first_poll": True,
                    }
                },
            )
        return answer.json()

    def heard(self, role, words):
        """Return {place: the kinds of what was heard about its conversation}."""
        heard = {place: set() for place in PLACES}
        for each in self.ask(role, words)["result"]["notifications"]:
            for place in PLACES:
                if self.is_about(each["message"]["payload"], place):
                    heard[place].add(each["message"]["type"])
        return heard

    def is_about(self, payload, place):
        id_ = self.places[place]["messaging.conversation"].id
        if not isinstance(payload, dict):
            return False
        rows = payload.get("conversations", [])
        ids = [payload.get("conversation_id"), *(row["id"] for row in rows)]
        return id_ in ids

    def names(self):
        """Return the names by which one could guess the channels of all places."""
        database = self.env.cr.dbname
        for place in PLACES:
            channel = self.places[place]["messaging.channel"]
            target = f"inbox-{channel.access_epoch}"
            yield from (
                target,
                f"{channel}",
                f"{channel._name}_{channel.id}",
                f"{channel._name},{channel.id}",
                json.dumps([database, channel._name, channel.id, target]),
                json.dumps([channel._name, channel.id, target]),
                f"('{database}', '{channel._name}', {channel.id}, '{target}')",
            )
        for group in (self.env.ref(AGENT), self.env.ref(MANAGER)):
            yield json.dumps([database, group._name, group.id])

    def test_each_role_hears_the_conversations_that_it_may_read(self):
        for role in ROLES:
            heard = self.heard(role, [SUBSCRIPTION])
            for place in PLACES:
                with self.subTest(role, place=place):
                    may = "r" in RIGHTS["messaging.conversation"][place].get(role, "")
                    self.assertEqual(heard[place], KINDS if may else set())

    def test_no_guessed_name_opens_a_channel(self):
        for role in ROLES:
            with self.subTest(role):
                heard = self.heard(role, self.names())
                self.assertFalse(any(heard.values()), heard)

    def test_only_texts_are_names(self):
        """Targets are tuples on the server: a client can't send one."""
        channel = self.private
        target = f"inbox-{channel.access_epoch}"
        for word in (
            [self.env.cr.dbname, channel._name, channel.id, target],
            {"model": channel._name},
            channel.id,
            None,
        ):
            for role in ("public", "agent", "manager"):
                with self.subTest(role, word=word):
                    answer = self.ask(role, [SUBSCRIPTION, word])
                    self.assertNotIn("result", answer)
                    self.assertNotIn("Secret of", str(answer))
