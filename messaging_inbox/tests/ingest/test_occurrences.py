from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError

from ...providers.events import HistoryReceived, MediaRef
from ...providers.provider import Provider
from ..common import CUSTOMER
from .event_case import EventCase

USER_ID, NEW_USER_ID = "ES.13491208655302741918", "ES.23491208655302741918"
NEW_NUMBER, STRANGER = "+34622222222", "+34699999999"
CALL = "wacid.1"


class TestOccurrences(EventCase):
    """What happens with customers besides messages."""

    def identities(self, conversation):
        return set(conversation.identity_ids.mapped("external_id"))

    def events_of(self, conversation):
        return conversation.message_ids.filtered(lambda m: m.direction == "event")

    def conversations(self):
        return self.env["messaging.conversation"].search(
            [("channel_id", "=", self.whatsapp.id)]
        )

    # new ids

    def moved(self, new=(NEW_NUMBER, NEW_USER_ID), former=(CUSTOMER, USER_ID)):
        return self.event("CustomerMoved", external_ids=new, former_ids=former)

    def known(self):
        event = self.written(external_ids=(CUSTOMER, USER_ID), name="Ana")
        self.ingest(event)
        return self.found(event).conversation_id

    def test_the_conversation_of_a_customer_with_a_new_number_follows(self):
        conversation = self.known()
        self.assertFalse(self.ingest(self.moved()))
        self.assertEqual(self.identities(conversation), {NEW_NUMBER, NEW_USER_ID})
        self.assertEqual(conversation.contact_phone, NEW_NUMBER)
        self.assertEqual(conversation._recipient().external_id, NEW_NUMBER)
        self.assertEqual(conversation.contact_name, "Ana")
        event = self.events_of(conversation)
        self.assertEqual(event.event_type, "moved")
        self.assertEqual((event.data["from"], event.data["to"]), (CUSTOMER, NEW_NUMBER))
        answer = self.written("Me again", external_ids=(NEW_NUMBER,))
        self.ingest(answer)
        self.assertEqual(self.found(answer).conversation_id, conversation)
        self.assertEqual(self.conversations(), conversation)

    def test_a_new_id_without_a_number_ends_the_old_number(self):
        conversation = self.known()
        self.ingest(self.moved(new=(NEW_USER_ID,), former=(USER_ID,)))
        self.assertEqual(self.identities(conversation), {NEW_USER_ID})
        self.assertFalse(conversation.contact_phone)

    def test_a_customer_named_by_the_number_is_named_by_the_new_one(self):
        event = self.written()
        self.ingest(event)
        conversation = self.found(event).conversation_id
        self.assertEqual(conversation.contact_name, CUSTOMER)
        self.ingest(self.moved())
        self.assertEqual(conversation.contact_name, NEW_NUMBER)

    def test_the_same_move_twice_changes_nothing_more(self):
        conversation = self.known()
        for _time in range(2):
            self.assertFalse(self.ingest(self.moved()))
        self.assertEqual(len(self.events_of(conversation)), 1)
        self.assertEqual(self.identities(conversation), {NEW_NUMBER, NEW_USER_ID})

    def test_nobody_moves_who_never_wrote(self):
        self.assertFalse(self.ingest(self.moved()))
        self.assertFalse(self.conversations())

    def test_the_old_number_belongs_to_somebody_else_afterwards(self):
        conversation = self.known()
        self.ingest(self.moved())
        stranger = self.written("Hello", external_ids=(CUSTOMER,), name="Max")
        self.ingest(stranger)
        self.assertNotEqual(self.found(stranger).conversation_id, conversation)

    def test_an_old_message_that_comes_again_makes_no_conversation(self):
        event = self.written(external_ids=(CUSTOMER, USER_ID))
        self.ingest(event)
        self.ingest(self.moved())
        self.assertFalse(self.ingest(event))
        self.assertEqual(len(self.conversations()), 1)

    def test_a_customer_moves_between_messages_of_one_request(self):
        first = self.written("Old", external_ids=(CUSTOMER, USER_ID))
        second = self.written("New", external_ids=(NEW_NUMBER, NEW_USER_ID))
        self.assertFalse(self.ingest(first, self.moved(), second))
        self.assertEqual(len(self.conversations()), 1)

    # names

    def named(self, name="Ana from the shop", ids=(CUSTOMER,)):
        return self.event("CustomerNamed", external_ids=ids, name=name)

    def test_the_address_book_names_a_customer_without_a_name(self):
        event = self.written()
        self.ingest(event)
        conversation = self.found(event).conversation_id
        self.assertFalse(self.ingest(self.named()))
        self.assertEqual(conversation.contact_name, "Ana from the shop")
        self.ingest(self.written(name="Ana"))
        self.ingest(self.named("Another"))
        self.assertEqual(conversation.contact_name, "Ana")

    def test_a_name_makes_no_conversation(self):
        self.assertFalse(self.ingest(self.named(ids=(STRANGER,))))
        self.assertFalse(self.conversations())

    # calls and wishes

    def call(self, status="ringing", **values):
        data = {"by_us": False, "status": status, **values.pop("data", {})}
        values = {"message_id": CALL, "by_customer": True, "name": "Ana", **values}
        values.setdefault("occurred_at", self.ago(minutes=5))
        return self.event("Occurred", event_type="called", data=data, **values)

    def test_a_call_is_one_event_of_the_conversation(self):
        conversation = self.known()
        self.ingest(self.call())
        for _time in range(2):
            self.assertFalse(self.ingest(self.call("completed", data={"seconds": 9})))
        # The beginning may come after the end.
        self.ingest(self.call())
        event = self.events_of(conversation)
        self.assertEqual((event.event_type, event.author_id.id), ("called", False))
        self.assertEqual(event.sent_at, self.ago(minutes=5))
        data = {"by_us": False, "status": "completed", "seconds": 9, "automatic": True}
        self.assertEqual(event.data, data)

    def test_a_call_neither_counts_as_unread_nor_opens_the_reply_window(self):
        conversation = self.known()
        facts = ("last_inbound_at", "last_inbound_message_id", "reply_until")
        before = conversation.read(facts)
        self.ingest(self.call())
        self.assertEqual(conversation.read(facts), before)

    def test_a_call_brings_the_conversation_to_the_top(self):
        conversation = self.known()
        self.ingest(self.call())
        event = self.events_of(conversation)
        self.assertEqual(conversation.last_message_id, event.id)
        (row,) = conversation.with_user(self.agent).inbox_rows(conversation.ids)
        self.assertEqual(row["seq"], event.id)

    def test_an_unknown_caller_gets_a_conversation(self):
        self.ingest(self.call())
        conversation = self.conversations()
        self.assertEqual(
            (conversation.contact_name, conversation.state), ("Ana", "open")
        )
        self.assertEqual(self.events_of(conversation).event_type, "called")

    def test_a_new_id_that_wrote_before_leaves_its_own_conversation(self):
        conversation = self.known()
        early = self.written("Hi", external_ids=(NEW_NUMBER,))
        self.ingest(early)
        self.ingest(self.moved())
        self.assertEqual(self.identities(conversation), {NEW_NUMBER, NEW_USER_ID})
        again = self.written("Hi again", external_ids=(NEW_NUMBER,))
        self.ingest(again)
        self.assertEqual(self.found(again).conversation_id, conversation)
        left = self.found(early).conversation_id
        self.assertEqual(left._obstacle(self.agent).value, "recipient_moved")

    def test_only_agents_see_a_call(self):
        self.ingest(self.call())
        event = self.events_of(self.conversations())
        event.with_user(self.agent).check_access("read")
        with self.assertRaises(AccessError):
            event.with_user(self.stranger).check_access("read")
        with self.assertRaises(AccessError):
            event.with_user(self.agent).write({"data": {}})

    def test_the_wish_for_no_marketing_is_no_opt_out(self):
        conversation = self.known()
        wish = {"event_type": "marketing_stopped", "message_id": "wish.1"}
        self.assertFalse(self.ingest(self.event("Occurred", **wish)))
        self.assertEqual(self.events_of(conversation).event_type, "marketing_stopped")
        self.assertFalse(conversation.opted_out)

    def test_a_wish_of_somebody_unknown_is_ignored(self):
        wish = {"event_type": "marketing_stopped", "message_id": "wish.1"}
        event = self.event("Occurred", external_ids=(STRANGER,), **wish)
        self.assertFalse(self.ingest(event))
        self.assertFalse(self.conversations())

    # past messages

    def history(self, *messages):
        return HistoryReceived(self.place, messages)

    def past(self, days):
        """Return an answer and, before it, a question, so many days ago."""
        answer = self.echo("Yes", status="read", sent_at=self.ago(days=days))
        moment = self.ago(days=days, minutes=1)
        return answer, self.written("Open today?", sent_at=moment)

    def test_past_messages_make_a_closed_conversation_that_nobody_waits_in(self):
        answer, question = self.past(days=20)
        for _time in range(2):
            self.assertFalse(self.ingest(self.history(answer, question)))
        conversation = self.conversations()
        self.assertEqual(
            conversation.message_ids.mapped("body"), ["Yes", "Open today?"]
        )
        self.assertEqual(conversation.state, "closed")
        self.assertFalse(conversation.waiting_since)
        self.assertLess(conversation.reply_until, self.now)
        self.assertEqual(conversation.with_user(self.agent).unread_count, 0)
        self.assertFalse(conversation.notifications_due)
        self.assertEqual(self.found(answer).state, "read")
        self.assertTrue(self.found(answer).data["sent_outside"])

    def test_past_messages_stand_before_those_that_came_after_them(self):
        newer, older = self.past(days=2), self.past(days=40)
        self.ingest(self.history(*newer))
        self.ingest(self.history(*older))
        now = self.written("And today?")
        self.ingest(now)
        conversation = self.found(now).conversation_id
        shown = conversation.message_ids.filtered("body").sorted("id")
        times = shown.mapped("sent_at")
        self.assertEqual(times, sorted(times))
        self.assertEqual(len(shown), 5)

    def test_connecting_leaves_room_for_past_messages_that_come_later(self):
        facts = type("Facts", (Provider,), {"posts_history": True})
        with patch.object(type(self.account), "_provider_class", lambda _: facts):
            self.account._after_channels_made(self.whatsapp)
        now = self.written("Today")
        self.ingest(now)
        self.ingest(self.history(*self.past(days=2)))
        bodies = self.conversations().message_ids.sorted("id").mapped("body")
        self.assertEqual(bodies, ["Open today?", "Yes", "Today"])

    def test_a_closed_conversation_stays_closed(self):
        conversation = self.known()
        conversation.with_user(self.agent).action_close()
        self.ingest(self.history(*self.past(days=20)))
        self.assertEqual(conversation.state, "closed")

    def test_a_past_file_replaces_its_announcement(self):
        for name in ("written", "echo"):
            with self.subTest(name):
                make, moment = getattr(self, name), self.ago(days=3)
                data = {"original_type": "media", "announced": True}
                announced = make("", kind="unsupported", data=data, sent_at=moment)
                self.ingest(self.history(announced))
                whole = make(
                    "Look",
                    kind="image",
                    media=(MediaRef("700000000000001", "image/jpeg"),),
                    message_id=announced.message_id,
                    sent_at=moment,
                )
                self.ingest(self.history(whole))
                message = self.found(whole)
                self.assertEqual((message.kind, message.body), ("image", "Look"))
                self.assertEqual(message.media_ids.url, "700000000000001")
                self.assertNotIn("announced", message.data)

    def test_many_past_messages_are_stored_at_once(self):
        messages = [
            self.written(str(number), sent_at=self.now - timedelta(hours=number + 1))
            for number in range(130)
        ]
        self.assertFalse(self.ingest(self.history(*messages)))
        bodies = self.conversations().message_ids.sorted("id").mapped("body")
        self.assertEqual(bodies, [str(number) for number in reversed(range(130))])

    # what comes beside a status

    def test_what_a_status_says_besides_is_kept_even_if_it_comes_late(self):
        echo = self.echo()
        self.ingest(echo)
        said = {"message_id": echo.message_id, "occurred_at": self.now}
        self.ingest(self.event("StatusChanged", status="read", **said))
        priced = {"price_category": "utility"}
        for data in (priced, {"played": True}):
            status = self.event("StatusChanged", status="delivered", data=data, **said)
            self.assertFalse(self.ingest(status))
        message = self.found(echo)
        self.assertEqual(message.state, "read")
        self.assertEqual(message.data["price_category"], "utility")
        self.assertTrue(message.data["played"])
