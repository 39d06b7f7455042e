import {obstacleOf} from "../composer/composer_face";
import {replyWindowOf} from "../core/reply_window";

/** Return our reaction as the user wants it, which the provider may not have yet. */
export function ourReaction({reaction, data}) {
    return reaction && !reaction.failed ? reaction.emoji : data?.reactions?.us || "";
}

/** Return whether the provider takes a reaction to this message now. */
export function canReact({id, direction, data}, conversation) {
    const {row, channel} = conversation;
    if (!id || direction !== "inbound" || data?.unsent || row?.state !== "open") {
        return false;
    }
    // Not the store's: reading it would render all messages at each tick.
    const now = Date.now();
    // Reactions are never late: the tag of late replies doesn't go with them.
    const {isLate} = replyWindowOf(row, now);
    return Boolean(channel?.reactions) && !isLate && !obstacleOf(conversation, now);
}
