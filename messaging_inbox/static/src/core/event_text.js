import {_t} from "@web/core/l10n/translation";
import {fullTime} from "./formatting";

function assignedText({author_id, event_to}, {author, from, to}) {
    if (!to) {
        return author
            ? _t("%(actor)s unassigned the conversation", {actor: author})
            : _t("The conversation was unassigned from %(user)s", {
                  user: from || _t("Someone"),
              });
    }
    if (!author) {
        return _t("The conversation was assigned to %(user)s", {user: to});
    }
    if (author_id ? author_id === event_to : author === to) {
        return _t("%(actor)s took the conversation", {actor: author});
    }
    return _t("%(actor)s assigned the conversation to %(user)s", {
        actor: author,
        user: to,
    });
}

function reopenedText({data}, {author}) {
    if (data?.automatic) {
        return _t("Reopened by the customer's message");
    }
    return author
        ? _t("%(actor)s reopened the conversation", {actor: author})
        : _t("The conversation was reopened");
}

function snoozedText({data}, {author}) {
    const actor = author || _t("Someone");
    return data?.until
        ? _t("%(actor)s snoozed the conversation until %(time)s", {
              actor,
              time: fullTime(data.until),
          })
        : _t("%(actor)s snoozed the conversation until the customer writes", {actor});
}

function optedOutText({data}, {author}) {
    if (isByAgent(data)) {
        return _t("%(actor)s recorded an opt-out", {actor: author || _t("Someone")});
    }
    switch (data?.source) {
        case "provider":
            return _t("The provider refused a message: the customer opted out there");
        case "blacklist":
            return _t("The customer's number was put on the phone blacklist");
        default:
            return _t("The customer has opted out of messages");
    }
}

function optedInText({data}, {author}) {
    const actor = author || _t("Someone");
    if (data?.reason) {
        const {reason} = data;
        return _t("%(actor)s recorded an opt-in: “%(reason)s”", {actor, reason});
    }
    if (isByAgent(data)) {
        return _t("%(actor)s undid the opt-out", {actor});
    }
    return data?.source === "blacklist"
        ? _t("The customer's number was removed from the phone blacklist")
        : _t("The customer has opted in again");
}

function movedText({data}) {
    const {from, to} = data || {};
    return from && to
        ? _t("The customer's number changed from %(from)s to %(to)s", {from, to})
        : _t("The customer changed their number, and doesn't show the new one");
}

const CALLS = {
    ringing: _t("The customer is calling"),
    completed: _t("The customer called"),
    ended: _t("The customer called"),
};

function calledText({data}) {
    const {by_us: byUs, status, seconds} = data || {};
    if (byUs) {
        return _t("Someone called the customer outside Odoo");
    }
    if (status === "completed" && seconds) {
        return _t("The customer called for %s seconds", seconds);
    }
    return CALLS[status] || _t("The customer called, and nobody answered");
}

/** Older events have no source. */
function isByAgent(data) {
    return data?.source === "agent" || Boolean(data?.recorded);
}

/** Types of events: the icon, and a function (message, people) that returns the text. */
const EVENTS = {
    started: {
        icon: "fa-paper-plane-o",
        text: (_message, {author}) =>
            _t("%(actor)s started the conversation", {actor: author || _t("Someone")}),
    },
    assigned: {icon: "fa-user-o", text: assignedText},
    closed: {
        icon: "fa-check",
        text: (_message, {author}) =>
            author
                ? _t("%(actor)s closed the conversation", {actor: author})
                : _t("The conversation was closed"),
    },
    snoozed: {icon: "fa-moon-o", text: snoozedText},
    unsnoozed: {
        icon: "fa-bell-o",
        text: (_message, {author}) =>
            _t("%(actor)s ended the snooze", {actor: author || _t("Someone")}),
    },
    snooze_over: {icon: "fa-bell-o", text: () => _t("The snooze is over")},
    reopened: {icon: "fa-undo", text: reopenedText},
    linked: {
        icon: "fa-link",
        text: ({data}, {author}) =>
            _t("%(actor)s linked %(record)s", {
                actor: author || _t("Someone"),
                record: data?.name || "",
            }),
    },
    unlinked: {
        icon: "fa-chain-broken",
        text: ({data}, {author}) =>
            _t("%(actor)s removed the link to %(record)s", {
                actor: author || _t("Someone"),
                record: data?.name || "",
            }),
    },
    opted_out: {icon: "fa-ban", text: optedOutText},
    opted_in: {icon: "fa-check-circle-o", text: optedInText},
    moved: {icon: "fa-exchange", text: movedText},
    called: {icon: "fa-phone", text: calledText},
    marketing_stopped: {
        icon: "fa-ban",
        text: () => _t("The customer wants no more marketing messages"),
    },
    marketing_resumed: {
        icon: "fa-check-circle-o",
        text: () => _t("The customer wants marketing messages again"),
    },
};

export function eventIcon(message) {
    return EVENTS[message.event_type]?.icon || "fa-info-circle";
}

/** Return the names of an event's users; the row keeps those of deleted users. */
function peopleOf({data, author_id, event_from, event_to}, nameOf) {
    const former = data?.former || {};
    return {
        author: former.author || (author_id && nameOf(author_id)),
        from: former.from || (event_from && nameOf(event_from, true)),
        to: former.to || (event_to && nameOf(event_to, true)),
    };
}

/** Return an event's sentence in the viewer's language; `nameOf(userId)` names users. */
export function eventText(message, nameOf) {
    const text = EVENTS[message.event_type]?.text;
    return text ? String(text(message, peopleOf(message, nameOf))) : message.body || "";
}
