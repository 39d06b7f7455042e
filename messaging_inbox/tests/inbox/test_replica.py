"""Which calls of the inbox may go to a read replica, and that none of them writes."""

from contextlib import contextmanager

from psycopg2.errors import ReadOnlySqlTransaction

from odoo.tools import mute_logger

from ..conversation.link_case import LinkCase

ON_REPLICA = {
    "inbox_assignees",
    "inbox_canned_replies",
    "inbox_find",
    "inbox_lead_duplicates",
    "inbox_link_search",
    "inbox_partner_duplicates",
    "inbox_search_messages",
    "start_check",
    "start_options",
}
# What the bus keeps live, or what the user's own action has just changed.
ON_PRIMARY = {
    "inbox_around",
    "inbox_counters",
    "inbox_details",
    "inbox_document_link",
    "inbox_documents",
    "inbox_init",
    "inbox_lead_defaults",
    "inbox_linked",
    "inbox_list",
    "inbox_message_values",
    "inbox_messages",
    "inbox_other_conversations",
    "inbox_partner_defaults",
    "inbox_places",
    "inbox_rows",
    "inbox_scheduled",
    "inbox_suggestions",
}
WRITING = {
    "inbox_attach_document",
    "inbox_convert_file",
    # Marks it as seen, unless it is only loaded ahead.
    "inbox_open",
    "inbox_presence",
    "inbox_save_draft",
    "inbox_use_canned_reply",
}


class TestReplica(LinkCase):
    def test_every_call_declares_where_it_may_go(self):
        model = self.env.registry["messaging.conversation"]
        calls = {n for n in dir(model) if n.startswith(("inbox_", "start_"))}
        self.assertEqual(calls, ON_REPLICA | ON_PRIMARY | WRITING)
        declared = {
            name
            for name in calls
            if any(
                getattr(getattr(cls, name, None), "_readonly", False)
                for cls in model.mro()
            )
        }
        self.assertEqual(declared, ON_REPLICA)

    @contextmanager
    def read_only(self):
        """Let PostgreSQL refuse all that writes, as a replica does."""
        self.env.flush_all()
        self.env.invalidate_all()
        savepoint = self.env.cr.savepoint(flush=False)
        self.env.cr.execute("SET TRANSACTION READ ONLY")
        try:
            yield
            self.env.flush_all()
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)

    @mute_logger("odoo.sql_db")
    def test_none_that_reads_writes(self):
        self.receive("Is the bike still there?")
        id_ = self.thread.id
        last = self.thread.last_message_id
        arguments = {
            "inbox_around": (id_, last),
            "inbox_assignees": (self.thread.ids,),
            "inbox_details": (id_,),
            "inbox_documents": (id_,),
            "inbox_find": (id_, "bike"),
            "inbox_lead_defaults": (id_, "lead"),
            "inbox_lead_duplicates": (id_, {"contact_name": "Ana"}),
            "inbox_link_search": (id_, "res.partner", "ana"),
            "inbox_linked": ("res.partner", self.partner.id),
            "inbox_list": ("unassigned", "an"),
            "inbox_message_values": ([last],),
            "inbox_messages": (id_, last),
            "inbox_other_conversations": (id_,),
            "inbox_partner_defaults": (id_,),
            "inbox_partner_duplicates": (id_, {"name": "Ana"}),
            "inbox_places": (id_,),
            "inbox_rows": (self.thread.ids,),
            "inbox_scheduled": (id_,),
            "inbox_search_messages": ("bike",),
            "inbox_suggestions": (id_,),
            "start_check": (self.thread.channel_id.id, "+34611223344"),
        }
        # It returns the address of a file, for a document that it checks.
        calls = (ON_REPLICA | ON_PRIMARY) - {"inbox_document_link"}
        inbox = self.env["messaging.conversation"].with_user(self.agent)
        for name in sorted(calls):
            with self.subTest(name), self.read_only():
                getattr(inbox, name)(*arguments.get(name, ()))
        with self.read_only():
            inbox.inbox_open(id_, ahead=True)
        # The test would notice a write:
        with self.assertRaises(ReadOnlySqlTransaction), self.read_only():
            inbox.inbox_save_draft(id_, "Yes")
