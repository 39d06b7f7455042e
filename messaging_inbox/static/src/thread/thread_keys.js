const ITEMS = ".o-messaging-Message, .o-messaging-Event";
const REPLY = ".o-messaging-Message-actions [data-action=reply]";

function isChord({altKey, ctrlKey, metaKey, shiftKey}) {
    return [altKey, ctrlKey, metaKey, shiftKey].some(Boolean);
}

/** Return the item to focus from another item, or from the thread itself. */
function targetOf(key, items, position) {
    const last = items.length - 1;
    const moves = {
        ArrowUp: position < 0 ? last : Math.max(0, position - 1),
        ArrowDown: position < 0 ? last : Math.min(last, position + 1),
        Home: 0,
        End: last,
    };
    return key in moves ? items[moves[key]] : undefined;
}

/**
 * Make all messages one tab stop: up and down move between messages, right goes to the
 * Reply button and left goes back. Controls within a message keep their own keys.
 */
export function moveInThread(ev) {
    const item = ev.target.closest(ITEMS);
    const isReply = ev.target.matches(REPLY);
    if (!(isReply || [ev.currentTarget, item].includes(ev.target)) || isChord(ev)) {
        return;
    }
    const items = [...ev.currentTarget.querySelectorAll(ITEMS)];
    const sideways = {
        ArrowRight: item?.querySelector(REPLY),
        ArrowLeft: isReply ? item : undefined,
    };
    const target = sideways[ev.key] || targetOf(ev.key, items, items.indexOf(item));
    if (target) {
        ev.preventDefault();
        target.focus();
    }
}
