import {Component, onWillUpdateProps, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

const ICONS = {
    image: "fa-picture-o",
    video: "fa-video-camera",
    document: "fa-file-text-o",
};
const LABELS = {
    image: _t("Picture"),
    video: _t("Video"),
    document: _t("Document"),
};
const SECURE = /^https:\/\//i;

function nameIn(url) {
    const path = url.split(/[?#]/)[0];
    return path.slice(path.lastIndexOf("/") + 1);
}

/** The file above a template's text: the picture, or an icon in its place. */
export class TemplateMedia extends Component {
    static template = "messaging_inbox.TemplateMedia";
    static props = {
        kind: String,
        url: {type: String, optional: true},
        thumbnail: {type: String, optional: true},
        name: {type: String, optional: true},
    };

    setup() {
        this.state = useState({isBroken: false});
        onWillUpdateProps(({url, thumbnail}) => {
            const isSame = url === this.props.url && thumbnail === this.props.thumbnail;
            this.state.isBroken = isSame && this.state.isBroken;
        });
    }

    /** Return the picture's address; "" while a part of it is missing. */
    get picture() {
        const {kind, url = "", thumbnail} = this.props;
        if (this.state.isBroken) {
            return "";
        }
        const isWhole = kind === "image" && SECURE.test(url) && !url.includes("{{");
        return thumbnail || (isWhole ? url : "");
    }

    get icon() {
        return ICONS[this.props.kind] || "fa-file-o";
    }

    /** Return the file's name, or what kind of file belongs here. */
    get label() {
        const {kind, name, url = ""} = this.props;
        const isWhole = url && !url.includes("{{");
        return name || (isWhole && nameIn(url)) || String(LABELS[kind] || _t("File"));
    }
}
