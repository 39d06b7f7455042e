import {dayKey, dayLabel, toMillis} from "./formatting";

const GROUP_GAP = 5 * 60 * 1000;

function isSameGroup(before, after) {
    return (
        before &&
        before.direction === after.direction &&
        before.author_id === after.author_id &&
        before.data?.former?.author === after.data?.former?.author &&
        before.direction !== "event" &&
        toMillis(after.sent_at) - toMillis(before.sent_at) < GROUP_GAP
    );
}

/**
 * Return the items of the thread, top to bottom: messages and events, with a separator
 * where a day begins and one where the unread messages begin. A group is a run of
 * messages of one author.
 */
export function threadItems(messages, unreadFromId, now) {
    const items = [];
    let previous = null;
    for (const message of messages) {
        if (!previous || dayKey(previous.sent_at) !== dayKey(message.sent_at)) {
            const label = String(dayLabel(message.sent_at, now));
            items.push({type: "day", key: `day-${message.key}`, label});
            previous = null;
        }
        if (unreadFromId && message.id === unreadFromId) {
            items.push({type: "unread", key: "unread"});
            previous = null;
        }
        const isFirst = !isSameGroup(previous, message);
        if (!isFirst) {
            items[items.length - 1].isLast = false;
        }
        const type = message.direction === "event" ? "event" : "message";
        items.push({type, key: message.key, message, isFirst, isLast: true});
        previous = message;
    }
    return items;
}
