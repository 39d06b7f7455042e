import {_t} from "@web/core/l10n/translation";

const EVENT_ICONS = {
    assigned: "fa-user-o",
    closed: "fa-check",
    reopened: "fa-undo",
    linked: "fa-link",
    unlinked: "fa-chain-broken",
    opted_out: "fa-ban",
    opted_in: "fa-check-circle-o",
};

export function eventIcon(message) {
    return EVENT_ICONS[message.event_type] || "fa-info-circle";
}

function assignedText({event_from: from, event_to: to, author_id: author}, name) {
    if (!to) {
        return author
            ? _t("%(actor)s unassigned the conversation", {actor: name(author)})
            : _t("The conversation was taken off %(user)s", {user: name(from)});
    }
    if (!author) {
        return _t("The conversation was assigned to %(user)s", {user: name(to)});
    }
    if (author === to) {
        return _t("%(actor)s took the conversation", {actor: name(author)});
    }
    return _t("%(actor)s assigned the conversation to %(user)s", {
        actor: name(author),
        user: name(to),
    });
}

function reopenedText({data, author_id: author}, name) {
    if (data?.automatic || !author) {
        return _t("Reopened by the customer's message");
    }
    return _t("%(actor)s reopened the conversation", {actor: name(author)});
}

const TEXTS = {
    assigned: assignedText,
    reopened: reopenedText,
    closed: ({author_id: author}, name) =>
        author
            ? _t("%(actor)s closed the conversation", {actor: name(author)})
            : _t("The conversation was closed"),
    linked: ({data, author_id: author}, name) =>
        _t("%(actor)s linked %(record)s", {
            actor: name(author),
            record: data?.name || "",
        }),
    unlinked: ({data, author_id: author}, name) =>
        _t("%(actor)s removed the link to %(record)s", {
            actor: name(author),
            record: data?.name || "",
        }),
    opted_out: () => _t("The customer doesn't want to get messages any more"),
    opted_in: () => _t("The customer wants to get messages again"),
};

/** The sentence of an event in the viewer's language; `nameOf` turns a user id into a name. */
export function eventText(message, nameOf) {
    const text = TEXTS[message.event_type];
    return text ? String(text(message, nameOf)) : message.body || "";
}
