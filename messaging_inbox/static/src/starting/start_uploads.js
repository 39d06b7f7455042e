import {TemplateUploads} from "../templates/template_uploads";

/**
 * Uploads a template's file before there is a conversation: files belong to one, so it is
 * started as soon as a file is chosen. Closing the dialog removes both.
 */
export class StartUploads extends TemplateUploads {
    constructor(uploads, channel, start) {
        super(uploads, channel);
        this.start = start;
    }

    add(draft, file, kind) {
        this.addOnceStarted(draft, file, kind);
        return "";
    }

    async addOnceStarted(draft, file, kind) {
        await this.start.attempted(async () => {
            draft.conversationId = await this.start.startOnce();
            this.start.sendError = super.add(draft, file, kind);
        });
    }
}
