import {dayKey, dayLabel, timeZone, toMillis} from "./formatting";

const GROUP_GAP = 5 * 60 * 1000;

/** Read `data`, which changes often, only where a deleted author's name is in it. */
function isSameAuthor(before, after) {
    return (
        before.author_id === after.author_id &&
        (Boolean(before.author_id) ||
            before.data?.former?.author === after.data?.former?.author)
    );
}

function isSameGroup(before, after) {
    return (
        before &&
        before.direction === after.direction &&
        before.direction !== "event" &&
        isSameAuthor(before, after) &&
        toMillis(after.sent_at) - toMillis(before.sent_at) < GROUP_GAP
    );
}

/**
 * Return the items of the thread, top to bottom: messages and events, with a separator
 * where a day begins and one where the unread messages begin. A group is a run of
 * messages of one author.
 */
export function threadItems(messages, unreadFromId, today) {
    const items = [];
    const zone = timeZone();
    let previous = null;
    let previousDay = "";
    for (const message of messages) {
        const day = dayKey(message.sent_at, zone);
        if (day !== previousDay) {
            const label = String(dayLabel(message.sent_at, today));
            items.push({type: "day", key: `day-${message.key}`, label});
            previous = null;
            previousDay = day;
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
