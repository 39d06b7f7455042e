import {toMillis} from "./formatting";

/**
 * What is left of a conversation's reply window: milliseconds until nobody may answer
 * (`left`) and until only a person may (`freeLeft`). The server says when both end.
 */
export function replyWindowOf({reply_until: until, human_agent_from: lateFrom}, now) {
    const left = until ? toMillis(until) - now : Infinity;
    const freeLeft = lateFrom ? toMillis(lateFrom) - now : left;
    return {left, freeLeft, isOver: left <= 0, isLate: Boolean(lateFrom) && freeLeft <= 0};
}
