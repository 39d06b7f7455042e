import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {fillText, splitPlaceholders} from "../core/placeholders";
import {MessageText} from "../core/ui/message_text";
import {TemplateButtons} from "./template_buttons";
import {TemplateMedia} from "./template_media";

/**
 * A template as WhatsApp shows it. Values are filled in, and the placeholders without a
 * value stand out. `template` is {header, body, footer, buttons, media_kind, media_url},
 * with the thumbnail and the name of a chosen file; `values` maps names to texts, and
 * `labels` names to what users read for them.
 */
export class TemplateBubble extends Component {
    static template = "messaging_inbox.TemplateBubble";
    static components = {MessageText, TemplateButtons, TemplateMedia};
    static props = {
        template: Object,
        values: {type: Object, optional: true},
        labels: {type: Object, optional: true},
        isSample: {type: Boolean, optional: true},
    };

    get label() {
        return this.props.isSample ? _t("Preview with samples") : _t("Preview");
    }

    get header() {
        const {template, labels} = this.props;
        return splitPlaceholders([{text: this.fill(template.header)}], labels);
    }

    get mediaUrl() {
        return this.fill(this.props.template.media_url);
    }

    get buttons() {
        const {buttons} = this.props.template;
        return (buttons || []).map(({kind, text, value}) => ({
            kind,
            text: this.fill(text),
            value: this.fill(value),
        }));
    }

    fill(text) {
        return fillText(text, this.props.values);
    }
}
