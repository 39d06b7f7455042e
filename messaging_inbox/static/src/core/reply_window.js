import {toMillis} from "./formatting";

/**
 * Return what is left of a conversation's reply window, in milliseconds: `left` until no
 * reply is allowed, `freeLeft` until only a human agent's is. The server sets both ends.
 */
export function replyWindowOf({reply_until: until, human_agent_from: lateFrom}, now) {
    const left = until ? toMillis(until) - now : Infinity;
    const freeLeft = lateFrom ? toMillis(lateFrom) - now : left;
    return {
        left,
        freeLeft,
        isOver: left <= 0,
        isLate: Boolean(lateFrom) && freeLeft <= 0,
    };
}
