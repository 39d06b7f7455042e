import {_t} from "@web/core/l10n/translation";
import {groupBy} from "@web/core/utils/arrays";
import {sectionOf} from "../core/conversation_list";

export const KINDS = [
    {name: "mine", label: _t("New message in a conversation assigned to me")},
    {name: "others", label: _t("New message in a conversation assigned to others")},
    {name: "unassigned", label: _t("New message in an unassigned conversation")},
    {name: "assigned", label: _t("Someone assigned a conversation to me")},
];
export const METHODS = [
    {name: "desktop", label: _t("Desktop")},
    {name: "email", label: _t("Email")},
];
export const REPEAT = "messaging_notify_repeat";

export function switchName(kind, method) {
    return `messaging_notify_${kind}_${method}`;
}

/** Return the notification switches among the user's settings. */
export function switchesOf(settings) {
    const names = KINDS.flatMap((kind) =>
        METHODS.map((method) => switchName(kind.name, method.name))
    );
    return Object.fromEntries([...names, REPEAT].map((name) => [name, settings[name]]));
}

/**
 * Return the events of a delta that a user may be notified of: per conversation its new
 * messages, which are of one kind, and its assignment to the user by another.
 */
export function eventsOf(delta, userId) {
    const {conversations = [], messages = [], arrived = [], assigned = []} = delta;
    const rows = Object.fromEntries(conversations.map((row) => [row.id, row]));
    const fresh = messages.filter(({id}) => arrived.includes(id));
    return [...arrivals(fresh), ...assignments(assigned, userId)]
        .filter(({id}) => id in rows)
        .map((event) => ({
            kind: sectionOf(rows[event.id], userId),
            row: rows[event.id],
            newestId: newestOf(rows[event.id], messages),
            ...event,
        }));
}

/** Return the newest id of a row: pushes may be about events, which `seq` ignores. */
function newestOf({id, seq}, messages) {
    const own = messages.filter(({conversation_id: owner}) => owner === id);
    return Math.max(seq, ...own.map((message) => message.id));
}

function arrivals(messages) {
    const groups = Object.entries(groupBy(messages, "conversation_id"));
    return groups.map(([id, found]) => ({
        id: Number(id),
        count: found.length,
        message: found[found.length - 1],
    }));
}

function assignments(assigned, userId) {
    return assigned
        .filter(
            ({user_id: assignee, assigned_by: assignedBy}) =>
                assignee === userId && assignedBy !== userId
        )
        .map(({conversation_id: id, assigned_by: assignedBy}) => ({
            id,
            assignedBy,
            count: 0,
            kind: "assigned",
        }));
}
