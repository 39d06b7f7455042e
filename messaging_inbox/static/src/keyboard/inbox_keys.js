import {_t} from "@web/core/l10n/translation";
import {KeysDialog} from "./keys_dialog";
import {useExternalListener} from "@odoo/owl";
import {useInboxCommand} from "../core/inbox_commands";
import {useService} from "@web/core/utils/hooks";

function isField({tagName, isContentEditable}) {
    return ["INPUT", "TEXTAREA", "SELECT"].includes(tagName) || isContentEditable;
}

/** Offer the inbox's own commands and keys. `inbox` is the client action. */
export function useInboxKeys(inbox) {
    const dialog = useService("dialog");
    const ui = useService("ui");
    const {store} = inbox;
    const isOpen = () => Boolean(store.active?.row);
    const find = (selector) => document.querySelector(selector);

    useInboxCommand(_t("Next conversation"), () => inbox.go(1), {
        hotkey: "alt+arrowdown",
    });
    useInboxCommand(_t("Previous conversation"), () => inbox.go(-1), {
        hotkey: "alt+arrowup",
    });
    useInboxCommand(_t("Close and go to the next"), () => inbox.closeAndGoOn(), {
        hotkey: "alt+shift+e",
        isAvailable: () => isOpen() && store.active.row.state === "open",
        button: () => find(".o-messaging-Header-state"),
    });
    useInboxCommand(_t("Search"), () => find(".o-messaging-Search input")?.focus(), {
        hotkey: "alt+shift+f",
        button: () => find(".o-messaging-Search input"),
    });
    useInboxCommand(_t("Write a message"), () => inbox.state.focusComposer++, {
        hotkey: "alt+shift+w",
        isAvailable: isOpen,
        button: () => find(".o-messaging-Composer-text"),
    });
    useInboxCommand(_t("Keyboard shortcuts"), () => dialog.add(KeysDialog), {});
    useExternalListener(window, "keydown", (ev) => {
        const isAlone = !ev.ctrlKey && !ev.metaKey && !ev.altKey;
        if (ev.key === "?" && isAlone && !isField(ev.target)) {
            // Behind a dialog, the inbox isn't what the key means.
            if (ui.activeElement === document) {
                ev.preventDefault();
                dialog.add(KeysDialog);
            }
        }
    });
}
