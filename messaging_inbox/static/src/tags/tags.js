import {Component} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/** The tags of a conversation, as small coloured labels. */
export class Tags extends Component {
    static template = "messaging_inbox.Tags";
    static props = {ids: Array, most: {type: Number, optional: true}};

    setup() {
        this.store = useService("messaging_inbox.store");
    }

    get all() {
        return this.props.ids.map((id) => this.store.tags[id]).filter(Boolean);
    }

    get shown() {
        return this.all.slice(0, this.props.most || this.all.length);
    }

    get others() {
        return this.all.slice(this.shown.length).map(({name}) => name);
    }
}
