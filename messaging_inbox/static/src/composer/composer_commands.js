import {_t} from "@web/core/l10n/translation";
import {useInboxCommand} from "../core/inbox_commands";

/** Offer in the command palette what the composer's own keys do. */
export function useComposerCommands(composer) {
    const isWriting = () => composer.face === "open" && !composer.isPicking;
    useInboxCommand(_t("Write a private note"), () => composer.setMode("note"), {
        isAvailable: () => !composer.conversation.isNote,
    });
    useInboxCommand(_t("Choose a template"), () => composer.openTemplates(), {
        isAvailable: () => composer.canPick && !composer.isPicking,
    });
    useInboxCommand(_t("Choose a canned reply"), () => composer.canned.open(), {
        isAvailable: isWriting,
    });
    useInboxCommand(_t("Attach files"), () => composer.fileInput.el.click(), {
        isAvailable: () => composer.canAttach,
    });
}
