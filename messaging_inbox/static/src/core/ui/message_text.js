import {Component} from "@odoo/owl";
import {markupOf} from "../message_markup";
import {splitMentions} from "../linkify";
import {splitPlaceholders} from "../placeholders";

class MarkupNodes extends Component {
    static template = "messaging_inbox.MarkupNodes";
    static components = {MarkupNodes};
    static props = {nodes: Array};
}

/** A message's text with clickable links and formatting; never raw HTML. */
export class MessageText extends Component {
    static template = "messaging_inbox.MessageText";
    static components = {MarkupNodes};
    static props = {
        text: String,
        hasFormatting: {type: Boolean, optional: true},
        placeholders: {type: Object, optional: true},
        mentions: {type: Array, optional: true},
    };

    get nodes() {
        const {text, hasFormatting, placeholders, mentions = []} = this.props;
        const nodes = splitMentions(markupOf(text, {hasFormatting}), mentions);
        return placeholders ? splitPlaceholders(nodes, placeholders) : nodes;
    }
}
