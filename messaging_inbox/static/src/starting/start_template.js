import {Component, useEffect, useState} from "@odoo/owl";
import {Newest} from "../core/newest";
import {StartUploads} from "./start_uploads";
import {TemplatePicker} from "../templates/template_picker";
import {sentenceOf} from "../core/errors";
import {useService} from "@web/core/utils/hooks";

/** The templates that may start a conversation on the chosen channel. */
export class StartTemplate extends Component {
    static template = "messaging_inbox.StartTemplate";
    static components = {TemplatePicker};
    static props = {
        start: Object,
        draft: Object,
        onCancel: Function,
        onManage: Function,
        onSend: Function,
    };

    setup() {
        this.store = useService("messaging_inbox.store");
        this.start = useState(this.props.start);
        this.state = useState({choices: null, error: ""});
        this.newest = new Newest();
        // The bound values depend on the record.
        useEffect(
            () => {
                this.load();
            },
            () => [this.start.channelId, this.start.links]
        );
    }

    /** Return what uploads a template's file; only the inbox knows a channel's limits. */
    get uploads() {
        const channel = this.store.channels[this.start.channelId];
        return channel && new StartUploads(this.store.uploads, channel, this.start);
    }

    async load() {
        Object.assign(this.state, {choices: null, error: ""});
        const {api, channelId, links} = this.start;
        await this.newest.take(
            Promise.all([
                api.templates(channelId, links),
                this.store.status === "new" && this.store.load(),
            ]),
            ([choices]) => (this.state.choices = choices),
            (error) => (this.state.error = String(sentenceOf(error)))
        );
    }
}
