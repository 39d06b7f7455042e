"""Random days of a conversation give the notes that a small model predicts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from odoo.tests import TransactionCase
from odoo.tools import html2plaintext

from .note_case import START, NoteMixin, said

DAY = timedelta(days=1)


@dataclass
class Note:
    start: datetime
    messages: list = field(default_factory=list)
    touched: str = None

    def takes(self, sent, arrived):
        if self.touched is not None:
            return False
        return self.start <= sent < self.start + DAY or (
            sent < self.start and arrived < self.start + DAY
        )

    def says(self):
        if self.touched is not None:
            return self.touched
        return [text for _sent, _number, text in sorted(self.messages)]


@dataclass
class Model:
    """The rules of notes as a model in plain Python."""

    history: list
    notes: list = field(default_factory=list)
    waiting: list = field(default_factory=list)
    linked: str = None

    def link(self, now, record):
        if self.linked != record:
            self.leave()
            self.notes.append(Note(now, sorted(self.history)[-20:]))
            self.linked = record

    def leave(self):
        self.settle()
        self.linked = None

    def message(self, sent, arrived, text):
        entry = (sent, len(self.history), text)
        self.history.append(entry)
        if self.linked:
            self.waiting.append((entry, arrived))

    def settle(self):
        for entry, arrived in self.waiting:
            if not self.notes[-1].takes(entry[0], arrived):
                self.notes.append(Note(entry[0]))
            self.notes[-1].messages.append(entry)
        self.waiting = []


class TestNoteModel(NoteMixin, TransactionCase):
    def test_random_days_give_the_notes_that_the_model_predicts(self):
        try:
            from hypothesis import HealthCheck, example, given, settings
            from hypothesis import strategies as st
        except ImportError:
            self.skipTest("needs hypothesis")
        hours = st.sampled_from([1, 12, 24, 25])
        steps = st.one_of(
            st.tuples(st.just("message"), hours),
            st.tuples(st.sampled_from(["message", "answer"]), st.just(0)),
            st.tuples(st.just("wait"), hours),
            st.tuples(
                st.sampled_from(["cron", "link", "unlink", "elsewhere"]), st.just(0)
            ),
            st.tuples(st.sampled_from(["edit", "empty", "delete"]), st.just(0)),
        )

        @settings(
            max_examples=60,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(steps, min_size=5, max_size=16))
        @example([("wait", 24), ("message", 25)])
        def days(walk):
            with self.env.cr.savepoint() as savepoint:
                self.live([("link", 0), *walk])
                savepoint.rollback()
            self.env.invalidate_all()

        days()

    def live(self, walk):
        self.clock.move_to(START)
        self.now = START
        self.model = Model([(START, 0, "Before")])
        self.written = []
        self.other = self.partner.copy({"name": "Eva"})
        for number, (step, hours) in enumerate(walk):
            getattr(self, f"do_{step}")(hours, f"m{number}")
            self.collect()
        self.do_cron(0, "")
        self.collect()
        expected = [note.says() for note in self.model.notes]
        self.assertEqual([self.says(note) for note in self.written], expected, walk)

    def collect(self):
        """Collect notes in the order they were written, including deleted ones."""
        found = (self.notes(self.partner) | self.notes(self.other)).sorted("id")
        self.written += found - self.env["mail.message"].union(*self.written)

    def says(self, note):
        if not note.exists():
            return "deleted"
        return said(note.body) if "<li>" in note.body else html2plaintext(note.body)

    def do_wait(self, hours, _text):
        self.now += timedelta(hours=hours, seconds=1 if hours == 1 else 0)
        self.clock.move_to(self.now)

    def do_message(self, late, text):
        sent = self.now - timedelta(hours=late)
        self.receive(text).sent_at = sent
        self.model.message(sent, self.now, text)

    def do_cron(self, _hours, _text):
        self.write_notes()
        self.model.settle()

    def do_answer(self, _hours, text):
        self.thread.sudo().last_inbound_at = self.now
        self.thread.reply(text)
        self.model.message(self.now, self.now, text)

    def do_link(self, _hours, _text):
        self.thread.action_link(partner_id=self.partner.id)
        self.model.link(self.now, "Ana")

    def do_elsewhere(self, _hours, _text):
        self.thread.action_link(partner_id=self.other.id)
        self.model.link(self.now, "Eva")

    def do_unlink(self, _hours, _text):
        self.thread.action_unlink_partner()
        self.model.leave()

    def last(self):
        """Return the newest untouched note, or None."""
        if not self.model.notes or self.model.notes[-1].touched is not None:
            return None
        # The model's newest note may not have been written yet.
        return self.written[-1]

    def record(self, note):
        return self.env[note.model].browse(note.res_id)

    def do_edit(self, _hours, text):
        if note := self.last():
            self.record(note)._message_update_content(note, body=text)
            self.model.notes[-1].touched = text

    def do_empty(self, _hours, _text):
        if note := self.last():
            self.record(note)._message_update_content(note, body="")
            self.model.notes[-1].touched = ""

    def do_delete(self, _hours, _text):
        if note := self.last():
            note.unlink()
            self.model.notes[-1].touched = "deleted"
