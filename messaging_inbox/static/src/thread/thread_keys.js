const ITEMS = ".o-messaging-Message, .o-messaging-Event";
const BUTTONS = ".o-messaging-Message-actions button, .o-messaging-Reactions button";

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

/** Return the button to the right, or to the left the one before or the item itself. */
function besides(key, item, button) {
    const row = [item, ...(item?.querySelectorAll(BUTTONS) || [])];
    const step = {ArrowRight: 1, ArrowLeft: -1}[key];
    return row[row.indexOf(button || item) + step];
}

/**
 * Make all messages one tab stop: up and down move between messages, right goes through
 * the buttons of one and left goes back. Controls within a message keep their own keys.
 */
export function moveInThread(ev) {
    const item = ev.target.closest(ITEMS);
    const button = ev.target.matches(BUTTONS) ? ev.target : undefined;
    if (!(button || [ev.currentTarget, item].includes(ev.target)) || isChord(ev)) {
        return;
    }
    const items = [...ev.currentTarget.querySelectorAll(ITEMS)];
    const target =
        besides(ev.key, item, button) || targetOf(ev.key, items, items.indexOf(item));
    if (target) {
        ev.preventDefault();
        target.focus();
    }
}
