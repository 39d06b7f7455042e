"""The methods that the inbox calls, its only entry point besides the actions.

``api.readonly`` lets searches and choices go to a replica, which may lag behind. What
the bus keeps live on the screen comes from the primary: an older answer would undo what
the bus has said.
"""

from functools import reduce
from operator import and_

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.client_values import (
    are_filters,
    are_ids,
    check_value,
    expects,
    is_flag,
    is_id,
    is_number,
    is_one_id,
    is_text,
    is_true,
)
from ..conversation.waiting import LAST_FAILED

PAGE = 40
THREAD_PAGE = 30
MAX_PAGE = 100
# What a user keeps about a conversation never opened before.
NO_PARTICIPATION = {"draft": "", "mention": False}


def is_order(value):
    return value in ("newest", "waiting")


def _cursor(row, order):
    """Return the place of a row in a list; see ``lists.py``."""
    if order == "newest":
        return row["seq"]
    return row["waiting_seq"] or -row["seq"]


class MessagingConversation(models.Model):
    _inherit = "messaging.conversation"

    def action_open_inbox(self):
        """Open this conversation in the inbox, from one of Odoo's lists."""
        self.ensure_one()
        url = f"/odoo/messaging/{self.id}"
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    @api.model
    def inbox_init(self):
        """Return what the screen needs before its first list."""
        self.browse().check_access("read")
        user = self.env.user
        manager = user.has_group("messaging_inbox.group_messaging_manager")
        channels = self.env["messaging.channel"]._inbox_channels()
        colleagues = self.env["res.users"]._messaging_agents(self.env.companies)
        return {
            "user": {
                "id": user.id,
                "name": user.name,
                "available": user.messaging_available,
            },
            "is_manager": manager,
            "channels": channels,
            "users": {agent.id: agent.name for agent in colleagues},
            "counters": self.inbox_counters(),
            "has_account": bool(channels) or self._has_account(),
            "tags": self.env["messaging.tag"]._for_inbox(),
            "convertible_types": self._convertible_types(),
        }

    @api.model
    def _has_account(self):
        here = Domain("company_id", "in", self.env.companies.ids)
        # sudo: messaging.account - only whether one exists
        return bool(self.env["messaging.account"].sudo().search_count(here, limit=1))

    # ------------------------------------------------------------------
    # lists
    # ------------------------------------------------------------------

    @api.model
    @expects(
        section=is_text,
        channel_id=is_id,
        before=is_id,
        limit=is_number,
        filters=are_filters,
        order=is_order,
    )
    def inbox_list(
        self,
        section,
        query="",
        channel_id=False,
        before=False,
        limit=PAGE,
        filters=None,
        order="newest",
    ):
        """Return a page of rows as ``{rows, has_more, cursor}``.

        ``before`` is the cursor of the previous page. ``filters`` maps names of
        ``_list_filters`` to values. ``order`` is "newest", or "waiting" for the longest
        wait first.
        """
        domain = self._filters_domain(filters)
        if channel_id:
            domain &= Domain("channel_id", "=", channel_id)
        limit = max(1, min(limit, MAX_PAGE))
        search = self._search_waiting if order == "waiting" else self._search_newest
        found = search(section, domain, before or 0, limit + 1, query)
        rows = self._rows(found[:limit])
        return {
            "rows": rows,
            "has_more": len(found) > limit,
            "cursor": _cursor(rows[-1], order) if rows else before,
        }

    @api.model
    def _list_filters(self):
        """Return ``{name: (check, build)}`` of the filters that the list offers.

        ``check`` tells whether a client's value is valid; ``build`` makes a domain of
        it.
        """
        return {
            "unanswered": (is_true, lambda _value: self._waiting_domain()),
            "unread": (is_true, lambda _value: self._unread_domain()),
            "failed": (is_true, lambda _value: self._failed_domain()),
            "mentions": (is_true, lambda _value: self._mentioned_domain()),
            "tag_ids": (are_ids, lambda ids: Domain("tag_ids", "in", list(ids))),
        }

    def _unread_domain(self):
        def to_sql(model, alias, query):
            last = model._field_to_sql(alias, "last_inbound_message_id", query)
            return SQL("%s > %s", last, self._read_marker(alias))

        return Domain.custom(to_sql=to_sql)

    def _filters_domain(self, filters):
        return self._domain_of_filters(self._list_filters(), filters)

    def _domain_of_filters(self, known, filters):
        """Return a domain; raise UserError for an unknown filter or a bad value."""
        domain = Domain.TRUE
        for name, value in (filters or {}).items():
            if name not in known:
                raise UserError(self.env._("Unknown filter “%s”.", name))
            check, build = known[name]
            check_value(self.env, name, value, check)
            domain &= build(value)
        return domain

    @api.model
    @expects(ids=are_ids)
    def inbox_rows(self, ids):
        """Return rows for those of the conversations that exist and are visible."""
        return self._rows(self.search([("id", "in", ids)]))

    @api.model
    def _search_display_name(self, operator, value):
        """Make Odoo's lists and fields search as the inbox does."""
        if operator == "ilike" and isinstance(value, str):
            return self._query_domain(value)
        return super()._search_display_name(operator, value)

    def _rows(self, conversations):
        """Return rows for the current user, in the order of ``conversations``."""
        if not conversations:
            return []
        unread = conversations._unread_counts()
        own = conversations._participations()
        failed = set(conversations._with_failed_message())
        values = {row["id"]: row for row in self._inbox_values(conversations.ids)}
        rows = [values[id_] for id_ in conversations.ids if id_ in values]
        for row in rows:
            del row["access_epoch"]
            row["unread_count"] = unread.get(row["id"], 0)
            row["has_failed"] = row["id"] in failed
            row.update(own.get(row["id"], NO_PARTICIPATION))
        return rows

    def _with_failed_message(self):
        """Return the ids of those whose last message of ours failed."""
        query = SQL("%s AND f.conversation_id = ANY(%s)", SQL(LAST_FAILED), self.ids)
        return [id_ for (id_,) in self.env.execute_query(query)]

    def _participations(self):
        """Return ``{id: {draft, mention}}``; ``mention`` is "new", "seen" or False."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT conversation_id AS id, coalesce(draft, '') AS draft,
                       CASE WHEN has_new_mention THEN 'new'
                            WHEN mention_message_id > 0 THEN 'seen' END AS mention
                  FROM messaging_participation
                 WHERE user_id = %s AND conversation_id = ANY(%s)
                """,
                self.env.uid,
                list(self.ids),
            )
        )
        return {
            row.pop("id"): {**row, "mention": row["mention"] or False} for row in rows
        }

    # ------------------------------------------------------------------
    # one conversation
    # ------------------------------------------------------------------

    @api.model
    @expects(id=is_id, limit=is_number, ahead=is_flag)
    def inbox_open(self, id, limit=THREAD_PAGE, ahead=False):  # noqa: A002
        """Return a conversation with its newest messages.

        ``ahead`` of its opening, nothing is marked as seen.
        Return ``{"deleted": True}`` if it is gone; raise AccessError if it is hidden.
        """
        # sudo: messaging.conversation - tell a deleted one from a hidden one
        if not self.sudo().search_count([("id", "=", id)]):
            return {"deleted": True}
        conversation = self.search([("id", "=", id)])
        if not conversation:
            raise AccessError(self.env._("You have no access to this conversation."))
        if not ahead:
            conversation._after_open()
        return {
            "row": self._rows(conversation)[0],
            "details": conversation._details(),
            "scheduled": conversation._scheduled_values(),
            **conversation._message_page(Domain.TRUE, limit),
        }

    @api.model
    @expects(before=is_id, after=is_id, limit=is_number)
    def inbox_messages(
        self,
        id,  # noqa: A002 - the client's word
        before=False,
        limit=THREAD_PAGE,
        after=False,
    ):
        """Return the messages before an id, or the next ones after it, oldest first."""
        conversation = self._readable(id)
        if after:
            newer = Domain("id", ">", after)
            return conversation._message_page(newer, limit, order="id")
        return conversation._message_page(Domain("id", "<", before), limit)

    @api.model
    @expects(message_id=is_id, limit=is_number)
    def inbox_around(self, id, message_id, limit=THREAD_PAGE):  # noqa: A002
        """Return a message with those around it, oldest first.

        Return ``{messages, users, has_older, has_newer}``; raise UserError if there is
        no such message in the conversation.
        """
        conversation = self._readable(id)
        upto = conversation._message_page(Domain("id", "<=", message_id), limit)
        if not upto["messages"] or upto["messages"][-1]["id"] != message_id:
            raise UserError(self.env._("This message was deleted."))
        newer = Domain("id", ">", message_id)
        after = conversation._message_page(newer, limit, order="id")
        return {
            "messages": upto["messages"] + after["messages"],
            "users": {**upto["users"], **after["users"]},
            "has_older": upto["has_more"],
            "has_newer": after["has_more"],
        }

    @api.model
    @expects(ids=are_ids)
    def inbox_message_values(self, ids):
        """Return messages with their failure reasons in the user's language."""
        return self._message_values(
            self.env["messaging.message"].search([("id", "in", ids)])
        )

    def _message_page(self, domain, limit, order="id desc"):
        domain &= Domain("conversation_id", "=", self.id)
        limit = max(1, min(limit, MAX_PAGE))
        found = self.env["messaging.message"].search(
            domain, order=order, limit=limit + 1
        )
        messages = self._message_values(found[:limit])
        return {
            "messages": messages,
            "users": self._names_of(messages),
            "has_more": len(found) > limit,
        }

    def _names_of(self, messages):
        """Return ``{id: name}`` of the users in messages, archived ones included."""
        names = ("author_id", "event_from", "event_to")
        ids = {message[name] for message in messages for name in names} - {False}
        # sudo: res.users - names of colleagues
        users = self.env["res.users"].sudo().browse(ids)
        return {user.id: user.name for user in users}

    def _message_values(self, messages):
        """Return values oldest first, with the texts in the viewer's language."""
        values = messages._inbox_values(messages.ids)
        failures = {message.id: message for message in messages}
        for value in values:
            del value["channel_id"], value["access_epoch"]
            message = failures[value["id"]]
            value["failure_reason"] = message.failure_reason
            value["can_retry"] = message._may_retry()
        self._explain_reactions(messages, values)
        return values

    def _explain_reactions(self, messages, values):
        """Add the reason why our reaction failed, in the viewer's language."""
        failed = [v for v in values if v["reaction"] and v["reaction"]["failed"]]
        if not failed:
            return
        # sudo: messaging.reaction - part of messages that the user may read
        failures = messages.sudo()._reaction()._failures()
        for value in failed:
            value["reaction"]["failure_reason"] = failures[value["id"]]

    @api.model
    @api.readonly
    @expects(ids=are_ids)
    def inbox_assignees(self, ids):
        """Return who may get all of the conversations, sorted by name.

        Each is ``{id, name, available}``.
        """
        conversations = self.browse(ids)
        conversations.check_access("read")
        # sudo: messaging.channel - the users with access to it
        of_channels = [c._users_with_access() for c in conversations.sudo().channel_id]
        users = reduce(and_, of_channels or [self.env["res.users"]])
        available = users._messaging_available_ids()
        return [
            # sudo: res.users - names of colleagues
            {"id": user.id, "name": user.name, "available": user.id in available}
            for user in users.sudo().sorted("name")
        ]

    @api.model
    @expects(id=is_one_id, body=is_text)
    def inbox_save_draft(self, id, body):  # noqa: A002 - the client's word
        """Save the user's draft; an empty text deletes it."""
        conversation = self.browse(id)
        conversation.check_access("write")
        self.env["messaging.participation"]._set(conversation, "draft", body or None)
        return True
