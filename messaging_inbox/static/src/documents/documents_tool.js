import {_t} from "@web/core/l10n/translation";
import {Component, useRef} from "@odoo/owl";
import {composerTools} from "../composer/composer_tools";
import {DocumentsDialog, hasRecord} from "./documents_dialog";
import {useInboxCommand} from "../core/inbox_commands";
import {useService} from "@web/core/utils/hooks";

/** The button that attaches documents of the linked record, or inserts their links. */
export class DocumentsTool extends Component {
    static template = "messaging_inbox.DocumentsTool";
    static props = {composer: Object};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.dialog = useService("dialog");
        this.button = useRef("button");
        useInboxCommand(_t("Attach from the record"), () => this.open(), {
            hotkey: "alt+shift+r",
            button: () => this.button.el,
        });
    }

    open() {
        const {composer} = this.props;
        const {conversation} = composer;
        const channel = !conversation.isNote && conversation.channel;
        this.dialog.add(DocumentsDialog, {
            conversationId: conversation.id,
            refusalOf: (file) => this.store.uploads.refusalBefore(file, channel),
            onAttach: (files) => {
                composer.addUploaded(files);
                composer.focus();
            },
            onLink: (url) => composer.insertWord(url),
        });
    }
}

composerTools.add("documents", {
    Component: DocumentsTool,
    isShown: ({conversation}) => hasRecord(conversation),
});
