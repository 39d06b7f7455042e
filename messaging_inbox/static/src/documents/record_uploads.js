import {DocumentsDialog, hasRecord} from "./documents_dialog";
import {TemplateUploads} from "../templates/template_uploads";

/** Takes the file of a template from the linked contact, lead or deal, too. */
export class RecordUploads extends TemplateUploads {
    constructor(uploads, conversation, dialog) {
        super(uploads, conversation.channel);
        this.conversation = conversation;
        this.dialog = dialog;
    }

    get hasRecord() {
        return hasRecord(this.conversation);
    }

    chooseFromRecord(draft, kind) {
        this.dialog.add(DocumentsDialog, {
            conversationId: this.conversation.id,
            refusalOf: (file) => this.refusalOf(file, kind),
            onAttach: ([file]) =>
                this.uploads.adopt(draft, file, this.channelFor(kind)),
        });
    }
}
