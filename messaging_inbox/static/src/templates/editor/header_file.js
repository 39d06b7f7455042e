import {Component, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

const ROUTE = "/web/binary/upload_attachment";
const ACCEPT = {
    image: "image/jpeg,image/png",
    video: "video/mp4",
    document: "application/pdf,.doc,.docx,.pptx,.xlsx",
};

/** The sample file of a header, which the template's reviewers see. */
export class HeaderFile extends Component {
    static template = "messaging_inbox.TemplateHeaderFile";
    static props = {
        kind: String,
        name: {type: String, optional: true},
        readonly: {type: Boolean, optional: true},
        onChange: Function,
    };

    setup() {
        this.http = useService("http");
        this.input = useRef("input");
        this.state = useState({isUploading: false, error: ""});
    }

    get accept() {
        return ACCEPT[this.props.kind];
    }

    async choose(ev) {
        const [file] = ev.target.files;
        if (!file) {
            return;
        }
        Object.assign(this.state, {isUploading: true, error: ""});
        try {
            await this.upload(file);
        } catch {
            this.state.error = _t("The file couldn't be uploaded.");
        } finally {
            this.state.isUploading = false;
            ev.target.value = "";
        }
    }

    async upload(file) {
        const form = {
            csrf_token: odoo.csrf_token,
            model: "messaging.template",
            id: 0,
            ufile: [file],
        };
        const answer = JSON.parse(await this.http.post(ROUTE, form, "text"));
        const [{id, filename, error}] = answer;
        if (error) {
            this.state.error = error;
            return;
        }
        await this.props.onChange({id, display_name: filename});
    }
}
