import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * The buttons beside a bubble: `{label, icon, isShown(message, conversation),
 * run(message, conversation, env)}`. `label` is translated when it is shown.
 */
export const messageActions = registry.category("messaging_inbox.message_actions");

messageActions.add(
    "reply",
    {
        label: _t("Reply to this message"),
        icon: "fa-reply",
        isShown: ({id, direction, data}, {row}) =>
            Boolean(id) &&
            direction !== "note" &&
            row?.state === "open" &&
            !data?.unsent,
        run: (message, conversation) => conversation.replyTo(message),
    },
    {sequence: 10}
);
