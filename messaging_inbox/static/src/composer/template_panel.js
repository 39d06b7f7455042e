import {Component, useEffect, useState} from "@odoo/owl";
import {replyWindowOf} from "../core/reply_window";
import {RecordUploads} from "../documents/record_uploads";
import {TemplatePicker} from "../templates/template_picker";
import {useService} from "@web/core/utils/hooks";

/** The picker of templates in place of the composer. */
export class TemplatePanel extends Component {
    static template = "messaging_inbox.TemplatePanel";
    static components = {TemplatePicker};
    static props = {conversation: Object, onCancel: Function};

    setup() {
        this.store = useService("messaging_inbox.store");
        this.action = useService("action");
        this.conversation = useState(this.props.conversation);
        this.templates = useState(this.props.conversation.templates);
        const {uploads} = this.store;
        const dialog = useService("dialog");
        this.uploads = new RecordUploads(uploads, this.props.conversation, dialog);
        // Which ones can be sent depends on the reply window.
        useEffect(
            () => {
                this.templates.load();
            },
            () => [this.isOver]
        );
    }

    get isOver() {
        return replyWindowOf(this.conversation.row, this.store.now).isOver;
    }

    send({template}) {
        this.props.conversation.templates.send(template);
    }

    schedule(...chosen) {
        return this.props.conversation.templates.schedule(...chosen);
    }

    manage() {
        this.action.doAction("messaging_inbox.messaging_template_action");
    }
}
