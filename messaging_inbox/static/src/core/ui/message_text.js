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
        hasPlaceholders: {type: Boolean, optional: true},
        mentions: {type: Array, optional: true},
    };

    get nodes() {
        const {text, hasFormatting, hasPlaceholders, mentions = []} = this.props;
        const nodes = splitMentions(markupOf(text, {hasFormatting}), mentions);
        return hasPlaceholders ? splitPlaceholders(nodes) : nodes;
    }
}
