import {Component, onWillUnmount, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {sentenceOf} from "../core/errors";
import {useService} from "@web/core/utils/hooks";

// The server registers this many in parallel; each request commits its work.
const AT_ONCE = 8;
const QUIET = "text-bg-light border";

/**
 * Lists the provider's numbers, Pages and accounts, and connects the ticked ones, a few
 * per request. Closing it midway keeps those that are already connected.
 */
export class ConnectDialog extends Component {
    static template = "messaging_inbox.ConnectDialog";
    static components = {Dialog};
    static props = {
        close: Function,
        dialogId: Number,
        isConnected: Boolean,
        rows: Array,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            phase: "choosing",
            rows: this.props.rows,
            total: 0,
            done: 0,
        });
        onWillUnmount(() => {
            this.isClosed = true;
        });
    }

    get ticked() {
        return this.state.rows.filter((row) => row.is_ticked);
    }

    get failed() {
        return this.state.rows.filter((row) => row.result === "failed");
    }

    /** Return the rows, failed ones first once all have been tried. */
    get shown() {
        const {phase, rows} = this.state;
        if (phase !== "done") {
            return rows;
        }
        const others = rows.filter((row) => row.result !== "failed");
        return [...this.failed, ...others];
    }

    /** Return the rows for "select all": connecting them disrupts nothing else. */
    get harmless() {
        return this.state.rows.filter(({verdict}) =>
            ["free", "ours"].includes(verdict)
        );
    }

    get areHarmlessTicked() {
        return this.harmless.every((row) => row.is_ticked);
    }

    get someoneLoses() {
        return this.state.rows.some(({verdict}) => verdict === "other");
    }

    get submitLabel() {
        const count = this.ticked.length;
        if (count === 0) {
            return _t("Connect the account only");
        }
        return count === 1 ? _t("Connect 1 channel") : _t("Connect %s channels", count);
    }

    get progressText() {
        const {done, total} = this.state;
        return _t("Connecting %(number)s of %(total)s", {
            number: Math.min(done + AT_ONCE, total),
            total,
        });
    }

    get summary() {
        const failed = this.failed.length;
        const connected = this.state.rows.filter(({result}) => result === "connected");
        return failed
            ? _t("%(connected)s connected, %(failed)s failed", {
                  connected: connected.length,
                  failed,
              })
            : _t("%s connected", connected.length);
    }

    faceOf(row) {
        return (
            {
                waiting: {class: QUIET, text: _t("Connecting…")},
                connected: {class: QUIET, text: _t("Connected"), isDone: true},
                failed: {class: "text-bg-danger", text: _t("Failed")},
            }[row.result] || this.faceOfVerdict(row)
        );
    }

    faceOfVerdict({verdict}) {
        return {
            archived: {class: "text-bg-secondary", text: _t("Archived")},
            free: {class: QUIET, text: _t("Free")},
            group: {class: "text-bg-warning", text: _t("Needs a change")},
            other: {class: "text-bg-warning", text: _t("Another program")},
            ours: {class: QUIET, text: _t("Ours")},
            problem: {class: "text-bg-danger", text: _t("Can't be used")},
        }[verdict];
    }

    tickHarmless(isTicked) {
        for (const row of this.harmless) {
            row.is_ticked = isTicked;
        }
    }

    async submit() {
        const rows = this.ticked;
        await this.connect(rows);
        if (rows.length === 0 && !this.isClosed) {
            this.props.close();
        }
    }

    async connect(rows) {
        Object.assign(this.state, {phase: "connecting", total: rows.length, done: 0});
        let start = 0;
        do {
            await this.connectSome(rows.slice(start, start + AT_ONCE));
            start += AT_ONCE;
        } while (start < rows.length && !this.isClosed);
        this.state.phase = "done";
    }

    async connectSome(rows) {
        rows.forEach((row) => Object.assign(row, {result: "waiting", error: ""}));
        const errors = await this.ask(rows);
        for (const row of rows) {
            row.error = errors[row.id];
            row.result = row.error ? "failed" : "connected";
        }
        this.state.done += rows.length;
    }

    /** Return why each one failed, by id; empty where it is connected. */
    async ask(rows) {
        const ids = rows.map(({id}) => id);
        const args = [[this.props.dialogId], ids];
        try {
            return await this.orm.call(
                "messaging.connect",
                "action_connect_numbers",
                args
            );
        } catch (error) {
            const words = sentenceOf(error);
            return Object.fromEntries(ids.map((id) => [id, words]));
        }
    }
}

function openConnectDialog(env, {params}) {
    const {action, dialog} = env.services;
    const props = {
        dialogId: params.dialog_id,
        isConnected: params.is_connected,
        rows: params.rows,
    };
    dialog.add(ConnectDialog, props, {
        // Update the form behind, which shows the connected numbers.
        onClose: () => action.doAction({type: "ir.actions.client", tag: "soft_reload"}),
    });
}

registry.category("actions").add("messaging_inbox.connect", openConnectDialog);
