import {Component} from "@odoo/owl";

/** Colleagues who can be called by a private note, over the text. */
export class MentionList extends Component {
    static template = "messaging_inbox.MentionList";
    static props = {people: Array, index: Number, onChoose: Function};
}
