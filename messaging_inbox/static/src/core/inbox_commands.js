import {useCommand} from "@web/core/commands/command_hook";
import {useEffect} from "@odoo/owl";

/** The commands of the components that are on the screen, for the sheet of keys. */
export const inboxCommands = new Set();

/**
 * Offer an action in Odoo's command palette, and by a hotkey that also works while the
 * user types. `hotkey` is Odoo's notation, as in "alt+shift+e"; the overlay that Alt
 * opens shows it on the element that `button()` returns.
 */
export function useInboxCommand(name, action, {hotkey, isAvailable, button} = {}) {
    const command = {name: String(name), hotkey, isAvailable};
    // What an action of Odoo's commands returns is the content of a palette.
    const run = () => void action();
    useCommand(command.name, run, {
        hotkey,
        isAvailable,
        category: "smart_action",
        // Without a hotkey, Odoo's item takes no options for one.
        hotkeyOptions: hotkey && {bypassEditableProtection: true, withOverlay: button},
    });
    useEffect(
        () => {
            inboxCommands.add(command);
            return () => inboxCommands.delete(command);
        },
        () => []
    );
}
