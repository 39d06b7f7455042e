import {Component} from "@odoo/owl";

/** Colleagues who can be mentioned in a private note, in a list above the text. */
export class MentionList extends Component {
    static template = "messaging_inbox.MentionList";
    static props = {people: Array, index: Number, onChoose: Function};
}
