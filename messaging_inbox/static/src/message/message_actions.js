import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {canReact} from "./reacting";
import {ReactionPalette} from "./reaction_palette";
import {registry} from "@web/core/registry";

/**
 * The buttons beside a bubble: `{label, icon, isShown(message, conversation),
 * run(message, conversation, env, button)}`. `label` is translated when it is shown.
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

messageActions.add(
    "react",
    {
        label: _t("React to this message"),
        icon: "fa-smile-o",
        isShown: canReact,
        run: (message, conversation, {services}, button) =>
            services.popover.add(
                button,
                ReactionPalette,
                {message, conversation},
                {position: "top", popoverClass: "o-messaging-ReactionPopover"}
            ),
    },
    {sequence: 20}
);

async function copy({body}, {store}) {
    const {notification} = store.services;
    try {
        await browser.navigator.clipboard.writeText(body);
        notification.add(_t("The text was copied."), {type: "success"});
    } catch {
        // Without TLS, or because the user forbade it.
        const sentence = _t(
            "The browser doesn't allow copying. Select the text instead."
        );
        notification.add(sentence, {type: "warning"});
    }
}

messageActions.add(
    "copy",
    {
        label: _t("Copy the text"),
        icon: "fa-copy",
        isShown: ({body, data}) => Boolean(body) && !data?.unsent,
        run: copy,
    },
    {sequence: 90}
);
