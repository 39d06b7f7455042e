import {Component, onWillStart, status, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Dialog} from "@web/core/dialog/dialog";
import {documentIcon} from "../message/message_files";
import {FileModel} from "@web/core/file_viewer/file_model";
import {fileSize} from "../core/formatting";
import {isMobileOS} from "@web/core/browser/feature_detection";
import {isPicture, isViewable, typeName} from "../core/file_types";
import {Newest} from "../core/newest";
import {sentenceOf} from "../core/errors";
import {useDebounced} from "@web/core/utils/timing";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {useFileViewer} from "@web/core/file_viewer/file_viewer_hook";
import {useService} from "@web/core/utils/hooks";

const PAUSE = 250;
// What the list and the search are walked through with the arrow keys.
const STOPS = ".o-messaging-Documents-search, .o-messaging-Document-main";

/** A PDF that Odoo makes when somebody looks at it. */
class PrintedFile extends FileModel {
    get urlRoute() {
        return this.previewUrl;
    }

    get urlQueryParams() {
        return {};
    }
}

/** Return whether a conversation has a record whose documents could be offered. */
export function hasRecord({row}) {
    return Boolean(row.partner_id || row.lead_id);
}

/**
 * Offers the documents of a conversation's contact, lead or deal. `refusalOf` gets
 * {name, type, size} and returns why such a file can't be attached, or ""; `onAttach`
 * gets the copies; without `onLink`, no portal links are offered.
 */
export class DocumentsDialog extends Component {
    static template = "messaging_inbox.DocumentsDialog";
    static components = {Dialog};
    static props = {
        conversationId: Number,
        refusalOf: Function,
        onAttach: Function,
        onLink: {type: Function, optional: true},
        close: Function,
    };

    setup() {
        this.store = useService("messaging_inbox.store");
        this.api = this.store.api.records;
        this.viewer = useFileViewer();
        this.root = useRef("root");
        // In a dialog, Odoo's viewer doesn't get the focus, so Escape is ours.
        useHotkey("escape", () => this.viewer.close(), {
            isAvailable: () => Boolean(document.querySelector(".o-FileViewer")),
        });
        this.newest = new Newest();
        this.isMobile = isMobileOS();
        this.loadSoon = useDebounced(() => this.load(), PAUSE);
        this.state = useState({query: "", groups: null, error: "", busyKey: ""});
        onWillStart(() => {
            this.load(); // The dialog doesn't wait for it.
        });
    }

    // The list -------------------------------------------------------------------

    async load() {
        const query = this.state.query.trim();
        await this.newest.take(
            this.api.documents(this.props.conversationId, query),
            (groups) => Object.assign(this.state, {groups, error: ""}),
            (error) => (this.state.error = String(sentenceOf(error)))
        );
    }

    get status() {
        const {groups, error, query, busyKey} = this.state;
        if (busyKey) {
            return _t("Preparing the document…");
        }
        if (!groups) {
            return error ? "" : _t("Loading…");
        }
        if (groups.length) {
            return "";
        }
        return query.trim()
            ? _t("No document matches.")
            : _t("The linked contact, lead or deal has no documents.");
    }

    keyOf({model}, {id}) {
        return `${model}-${id}`;
    }

    thumbnailOf({id, mimetype, preview_url: url}) {
        return !url && isPicture(mimetype) ? `/web/image/${id}/120x120` : "";
    }

    iconOf({mimetype}) {
        return documentIcon(mimetype);
    }

    /** Return "PDF · 20 kB · 11/20/2026", or what the server says of a record. */
    factsOf({mimetype, size, detail, preview_url: url}) {
        const facts = url ? [detail] : [typeName(mimetype), fileSize(size), detail];
        return facts.filter(Boolean).join(" · ");
    }

    /** Return why a document can't be attached; the size may be unknown. */
    refusalOf({name, mimetype: type, size}) {
        return String(this.props.refusalOf({name, type, size: size || 1}));
    }

    // What a user does -----------------------------------------------------------

    onKeydown(ev) {
        const step = {ArrowDown: 1, ArrowUp: -1}[ev.key];
        const isSearch = ev.target.matches(".o-messaging-Documents-search");
        if (ev.isComposing || !(step || (ev.key === "Enter" && isSearch))) {
            return;
        }
        ev.preventDefault();
        const stops = [...this.root.el.querySelectorAll(STOPS)];
        const row = ev.target.closest(".o-messaging-Document");
        const from = row ? row.querySelector(STOPS) : ev.target;
        stops[stops.indexOf(from) + (step || 1)]?.focus();
    }

    view({id, name, mimetype, preview_url: previewUrl}) {
        const Model = previewUrl ? PrintedFile : FileModel;
        this.viewer.open(Object.assign(new Model(), {id, name, mimetype, previewUrl}));
    }

    canView({mimetype}) {
        return isViewable(mimetype);
    }

    attach(group, document) {
        if (this.refusalOf(document)) {
            return;
        }
        this.take(group, document, async (id, model) => {
            const files = await this.api.attachDocument(id, model, document.id);
            if (status(this) === "destroyed") {
                // The dialog was closed meanwhile: delete the copies.
                files.forEach((file) => this.store.api.removeFile(file.id));
            } else {
                this.props.onAttach(files);
            }
        });
    }

    insertLink(group, document) {
        this.take(group, document, async (id, model) => {
            const url = await this.api.documentLink(id, model, document.id);
            if (status(this) !== "destroyed") {
                this.props.onLink(url);
            }
        });
    }

    /** Run one request at a time, and close the dialog when it succeeded. */
    async take(group, document, action) {
        if (this.state.busyKey) {
            return;
        }
        this.state.busyKey = this.keyOf(group, document);
        const {conversationId} = this.props;
        const isDone = await this.store.attempt(() =>
            action(conversationId, group.model)
        );
        this.state.busyKey = "";
        if (isDone && status(this) !== "destroyed") {
            this.props.close();
        }
    }
}
