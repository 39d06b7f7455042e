import {Component, useState} from "@odoo/owl";
import {TemplateDraft} from "../core/template_draft";
import {TemplateForm} from "./template_form";
import {TemplateList} from "./template_list";

/**
 * Chooses a template and fills it in; it knows no conversation. `choices` are as
 * `messaging.template.choices` returns them, null while they load. `draft` keeps what is
 * typed; without one, the picker makes its own. `uploads` (`TemplateUploads`) takes the
 * file of a template. `onSend` gets {templateId, values, attachmentIds, template};
 * `onSchedule` gets the template, a DateTime, and whether the customer cancels it;
 * `onCancel` gets the search if the user pressed Escape.
 */
export class TemplatePicker extends Component {
    static template = "messaging_inbox.TemplatePicker";
    static components = {TemplateForm, TemplateList};
    static props = {
        choices: {type: [Object, {value: null}], optional: true},
        draft: {type: Object, optional: true},
        error: {type: String, optional: true},
        isManager: {type: Boolean, optional: true},
        uploads: {type: Object, optional: true},
        onCancel: Function,
        onManage: {type: Function, optional: true},
        onReload: {type: Function, optional: true},
        onSend: Function,
        onSchedule: {type: Function, optional: true},
    };

    setup() {
        this.draft = useState(this.props.draft || new TemplateDraft());
    }

    /** Return the template that is being filled in, if it still exists. */
    get chosen() {
        const templates = this.props.choices?.templates || [];
        return templates.find(({id}) => id === this.draft.templateId);
    }

    get isManager() {
        return Boolean(this.props.isManager && this.props.onManage);
    }

    /** Choose a template; the file of another one goes. */
    choose(template) {
        if (template.id !== this.draft.lastId) {
            for (const file of [...this.draft.files]) {
                this.props.uploads?.remove(this.draft, file);
            }
        }
        this.draft.choose(template);
    }

    onKeydown(ev) {
        if (ev.key !== "Escape" || ev.isComposing) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        if (this.chosen) {
            this.draft.leave();
        } else {
            this.props.onCancel(this.draft.query);
        }
    }

    send(template) {
        this.props.onSend({
            templateId: template.id,
            values: this.draft.valuesFor(template),
            attachmentIds: this.draft.filesFor(template).map(({id}) => id),
            template,
        });
    }
}
