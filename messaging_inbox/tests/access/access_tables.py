"""The decisions that test_access holds the addon to.

Places: ``shared`` is a channel that all Agents of the company see, ``private`` is one
of the installer's, and ``elsewhere`` belongs to another company, whose installer is the
stranger.
"""

from .field_tables import EMPLOYEES

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


def _rights(shared, private, elsewhere):
    return {"shared": shared, "private": private, "elsewhere": elsewhere}


_CONTENT = _rights(
    {"agent": "r", "manager": "r", "installer": "r"},
    {"installer": "r"},
    {"stranger": "r"},
)
_EVERYTHING = {"manager": "rwcd", "system": "rwcd"}
_TEMPLATE = _rights(
    {"agent": "r", "manager": "rwcd", "installer": "r"},
    {"manager": "rwcd", "installer": "r"},
    {"stranger": "rwcd"},
)
# Tags belong to a company, not to a channel.
_TAG_RIGHTS = {"agent": "r", "manager": "rwcd", "installer": "r"}
_TAG = _rights(_TAG_RIGHTS, _TAG_RIGHTS, {"stranger": "rwcd"})

RIGHTS = {
    "messaging.account": _rights(
        {**_EVERYTHING, "installer": "rw"},
        {**_EVERYTHING, "installer": "rw"},
        {"stranger": "rwcd"},
    ),
    "messaging.account.transfer": _rights(
        {"manager": "r"}, {"manager": "r"}, {"stranger": "r"}
    ),
    "messaging.availability": _rights(
        {"agent": "rw", "manager": "r", "installer": "r", "stranger": "r"},
        {"agent": "rw", "manager": "r", "installer": "r", "stranger": "r"},
        {"agent": "r", "manager": "r", "installer": "r", "stranger": "rw"},
    ),
    "messaging.channel": _rights(
        {**_EVERYTHING, "agent": "r", "installer": "rw"},
        {**_EVERYTHING, "installer": "rw"},
        {"stranger": "rwcd"},
    ),
    "messaging.consent": _CONTENT,
    "messaging.conversation": _rights(
        {"agent": "rw", "manager": "rw", "installer": "rwd"},
        {"installer": "rwd"},
        {"stranger": "rwd"},
    ),
    "messaging.identity": _CONTENT,
    "messaging.media": _CONTENT,
    "messaging.message": _CONTENT,
    "messaging.note.window": _CONTENT,
    "messaging.notification": _rights({}, {}, {}),
    # Drafts and read markers belong to their user, here the agent.
    "messaging.participation": _rights({"agent": "r"}, {}, {"stranger": "r"}),
    "messaging.reaction": _rights({}, {}, {}),
    "messaging.read.mark": _rights({}, {}, {}),
    "messaging.receipt": _rights(
        {"manager": "r", "installer": "r", "system": "r"},
        {"manager": "r", "installer": "r", "system": "r"},
        {"stranger": "r"},
    ),
    "messaging.refusal": _rights({}, {}, {}),
    "messaging.scheduled": _CONTENT,
    "messaging.tag": _TAG,
    "messaging.template": _TEMPLATE,
    "messaging.template.binding": _TEMPLATE,
    "messaging.tombstone": _rights({}, {}, {}),
}


def _method(shared, private, elsewhere, arguments=None):
    """Return who may call; ``arguments`` builds them from the test and its records."""
    return {
        "shared": shared.split(),
        "private": private.split(),
        "elsewhere": elsewhere.split(),
        "arguments": arguments,
    }


def _of_conversation(arguments=None):
    """Return calls that every user with access to a conversation may make."""
    return _method("agent manager installer", "installer", "stranger", arguments)


def _of_account(arguments=None):
    return _method(
        "manager installer system", "manager installer system", "stranger", arguments
    )


def _of_template():
    return _method("manager", "manager", "stranger")


# Refused with an AccessError to all others.
ACTIONS = {
    ("messaging.account", "action_check_health"): _of_account(),
    ("messaging.account", "action_connect"): _of_account(),
    ("messaging.account", "action_fetch_missed"): _of_account(),
    ("messaging.account", "action_list_numbers"): _of_account(),
    ("messaging.account", "action_sync_templates"): _of_account(),
    ("messaging.account", "action_view_templates"): _of_account(),
    ("messaging.account", "action_transfer_installer"): _method(
        "installer",
        "installer",
        "stranger",
        lambda test, records: [test.colleague.id],
    ),
    ("messaging.channel", "action_fetch_history"): _of_account(
        lambda test, records: [7]
    ),
    ("messaging.conversation", "action_apply"): _of_conversation(
        lambda test, records: ["state", "closed"]
    ),
    ("messaging.conversation", "action_schedule"): _of_conversation(
        lambda test, records: ["2020-01-01 00:00:00"]
    ),
    ("messaging.conversation", "inbox_presence"): _of_conversation(
        lambda test, records: [records["messaging.conversation"].id, "viewing"]
    ),
    ("messaging.conversation", "inbox_scheduled"): _of_conversation(
        lambda test, records: records["messaging.conversation"].ids
    ),
    ("messaging.scheduled", "action_discard"): _of_conversation(),
    ("messaging.scheduled", "action_reschedule"): _of_conversation(
        lambda test, records: ["2020-01-01 00:00:00"]
    ),
    ("messaging.scheduled", "action_send_now"): _of_conversation(),
    ("messaging.scheduled", "action_take_back"): _of_conversation(),
    ("messaging.conversation", "action_undo"): _of_conversation(
        lambda test, records: [
            [
                {
                    "ids": records["messaging.conversation"].ids,
                    "action": "state",
                    "value": "closed",
                    "expected": "open",
                }
            ]
        ]
    ),
    ("messaging.conversation", "action_assign"): _of_conversation(
        lambda test, records: [test.colleague.id]
    ),
    ("messaging.conversation", "action_assign_to_me"): _of_conversation(),
    ("messaging.conversation", "action_choose_assignee"): _of_conversation(),
    ("messaging.conversation", "action_cancel_start"): _of_conversation(),
    ("messaging.conversation", "action_close"): _of_conversation(),
    ("messaging.conversation", "action_create_lead"): _of_conversation(
        lambda test, records: [{}, "opportunity"]
    ),
    ("messaging.conversation", "action_create_partner"): _of_conversation(
        lambda test, records: [{}]
    ),
    ("messaging.conversation", "action_link"): _of_conversation(
        lambda test, records: [test.company.partner_id.id]
    ),
    ("messaging.conversation", "action_mark_read"): _of_conversation(),
    ("messaging.conversation", "action_mark_unread"): _of_conversation(),
    ("messaging.conversation", "action_not_this_person"): _of_conversation(
        lambda test, records: [test.company.partner_id.id]
    ),
    ("messaging.conversation", "action_note"): _of_conversation(
        lambda test, records: ["Note"]
    ),
    ("messaging.conversation", "action_reopen"): _of_conversation(),
    ("messaging.conversation", "action_opt_out"): _of_conversation(),
    ("messaging.conversation", "action_snooze"): _of_conversation(),
    ("messaging.conversation", "action_unsnooze"): _of_conversation(),
    ("messaging.conversation", "action_tag"): _of_conversation(),
    ("messaging.conversation", "action_start"): _of_conversation(
        lambda test, records: [records["messaging.channel"].id, "+34622222222"]
    ),
    ("messaging.conversation", "action_undo_opt_out"): _of_conversation(),
    ("messaging.conversation", "action_opt_in"): _method(
        "manager", "", "stranger", lambda test, records: ["Agreed by phone"]
    ),
    ("messaging.conversation", "action_unassign"): _of_conversation(),
    ("messaging.conversation", "action_unlink_lead"): _of_conversation(),
    ("messaging.conversation", "action_unlink_partner"): _of_conversation(),
    ("messaging.conversation", "inbox_assignees"): _of_conversation(
        lambda test, records: [records["messaging.conversation"].ids]
    ),
    ("messaging.conversation", "inbox_attach_document"): _of_conversation(
        lambda test, records: [records["messaging.conversation"].id, "x", 1]
    ),
    ("messaging.conversation", "inbox_document_link"): _of_conversation(
        lambda test, records: [records["messaging.conversation"].id, "x", 1]
    ),
    ("messaging.conversation", "inbox_documents"): _of_conversation(
        lambda test, records: records["messaging.conversation"].ids
    ),
    ("messaging.conversation", "inbox_convert_file"): _of_conversation(
        lambda test, records: [records["messaging.conversation"].id, 1]
    ),
    ("messaging.conversation", "inbox_details"): _of_conversation(
        lambda test, records: records["messaging.conversation"].ids
    ),
    ("messaging.conversation", "inbox_lead_defaults"): _of_conversation(
        lambda test, records: [records["messaging.conversation"].id, "opportunity"]
    ),
    ("messaging.conversation", "inbox_lead_duplicates"): _of_conversation(
        lambda test, records: [records["messaging.conversation"].id, {"name": "x"}]
    ),
    ("messaging.conversation", "inbox_around"): _of_conversation(
        lambda test, records: [
            records["messaging.conversation"].id,
            records["messaging.message"].id,
        ]
    ),
    ("messaging.conversation", "inbox_use_canned_reply"): _of_conversation(
        lambda test, records: [
            records["messaging.conversation"].id,
            test.shared_canned_reply().id,
        ]
    ),
    ("messaging.conversation", "inbox_find"): _of_conversation(
        lambda test, records: [records["messaging.conversation"].id, "x"]
    ),
    ("messaging.conversation", "inbox_places"): _of_conversation(
        lambda test, records: records["messaging.conversation"].ids
    ),
    ("messaging.conversation", "inbox_other_conversations"): _of_conversation(
        lambda test, records: records["messaging.conversation"].ids
    ),
    ("messaging.conversation", "inbox_link_search"): _of_conversation(
        lambda test, records: [
            records["messaging.conversation"].id,
            "res.partner",
            "x",
        ]
    ),
    ("messaging.conversation", "inbox_messages"): _of_conversation(
        lambda test, records: [records["messaging.conversation"].id, 10**9]
    ),
    ("messaging.conversation", "inbox_open"): _of_conversation(
        lambda test, records: records["messaging.conversation"].ids
    ),
    ("messaging.conversation", "inbox_partner_defaults"): _of_conversation(
        lambda test, records: records["messaging.conversation"].ids
    ),
    ("messaging.conversation", "inbox_partner_duplicates"): _of_conversation(
        lambda test, records: [records["messaging.conversation"].id, {"name": "x"}]
    ),
    ("messaging.conversation", "inbox_save_draft"): _of_conversation(
        lambda test, records: [records["messaging.conversation"].id, "Draft"]
    ),
    ("messaging.conversation", "inbox_suggestions"): _of_conversation(
        lambda test, records: records["messaging.conversation"].ids
    ),
    ("messaging.conversation", "reply"): _of_conversation(
        lambda test, records: ["Yes"]
    ),
    ("messaging.conversation", "start_check"): _of_conversation(
        lambda test, records: [records["messaging.channel"].id, "+34622222222"]
    ),
    ("messaging.conversation", "send_template"): _of_conversation(
        lambda test, records: [False, {}]
    ),
    ("messaging.media", "action_retry"): _of_conversation(),
    ("messaging.message", "action_create_contact"): _of_conversation(
        lambda test, records: [0]
    ),
    ("messaging.message", "action_react"): _of_conversation(
        lambda test, records: ["👍"]
    ),
    ("messaging.message", "action_retry"): _of_conversation(),
    ("messaging.receipt", "action_replay"): _of_account(),
    ("messaging.template", "action_duplicate"): _of_template(),
    ("messaging.template", "action_submit"): _of_template(),
    ("messaging.template", "choices"): _of_conversation(
        lambda test, records: [records["messaging.channel"].id]
    ),
}

_AGENTS = "agent manager installer stranger"

# All Agents may call these; the result leaves out hidden records.
QUESTIONS = {
    ("messaging.conversation", "inbox_canned_replies"): _method(
        _AGENTS, _AGENTS, _AGENTS
    ),
    ("messaging.conversation", "inbox_counters"): _method(_AGENTS, _AGENTS, _AGENTS),
    ("messaging.conversation", "inbox_init"): _method(_AGENTS, _AGENTS, _AGENTS),
    ("messaging.conversation", "inbox_list"): _of_conversation(
        lambda test, records: [False, "Secret"]
    ),
    ("messaging.conversation", "inbox_message_values"): _of_conversation(
        lambda test, records: [records["messaging.message"].ids]
    ),
    ("messaging.conversation", "inbox_rows"): _of_conversation(
        lambda test, records: [records["messaging.conversation"].ids]
    ),
    ("messaging.conversation", "inbox_search_messages"): _of_conversation(
        lambda test, records: ["Secret"]
    ),
    ("messaging.conversation", "start_options"): _method(_AGENTS, _AGENTS, _AGENTS),
}

# Looks at no record, or has a test of its own (test_availability, test_settings,
# test_linked, test_views, test_notification_settings, test_connecting,
# test_starting_dialog, test_only_administrators_make_a_token).
HARMLESS = {
    ("crm.lead", "action_messaging_conversations"),
    ("crm.lead", "action_messaging_start"),
    ("ir.http", "lazy_session_info"),
    ("ir.http", "session_info"),
    ("messaging.assign", "action_assign"),
    ("messaging.channel", "action_put_back_webhook"),
    ("messaging.connect", "action_connect_numbers"),
    ("messaging.conversation", "action_open_inbox"),
    ("messaging.conversation", "inbox_linked"),
    ("messaging.starting", "action_messaging_start"),
    ("messaging.transfer.installer", "action_transfer"),
    ("res.config.settings", "action_messaging_monitoring_token"),
    ("res.partner", "action_messaging_conversations"),
    ("res.partner", "action_messaging_start"),
    ("res.users", "action_messaging_save_notifications"),
    ("res.users", "action_messaging_set_available"),
    ("res.users", "action_messaging_test_notification"),
    ("res.users", "messaging_notification_settings"),
}


def _route(auth, methods, roles="", **more):
    """Return who gets in without a signature, and what else decides about it."""
    common = {"type": "http", "csrf": True, "cors": None, "keeps_session": True}
    return {"auth": auth, "methods": methods, "roles": roles, **common, **more}


_SIGNED = _route("none", "GET", keeps_session=False)
ROUTES = {
    # With an API key; test_monitoring shows whose.
    "/messaging/health": _SIGNED,
    "/messaging/help/notifications": _route("user", "any", f"portal {EMPLOYEES}"),
    # Signed by us.
    "/messaging/media/<string:signed>": _SIGNED,
    "/messaging/media/<string:signed>/<string:filename>": _SIGNED,
    # test_privacy shows that only administrators get something.
    "/messaging/privacy/export": _route("user", "GET"),
    # test_story shows that the readers of the message, and only they, see a story.
    "/messaging/story/<int:message_id>": _route("user", "GET"),
    # Signed by the provider.
    "/messaging/webhook/<string:token>": _route(
        "none", "GET POST", csrf=False, keeps_session=False
    ),
}
