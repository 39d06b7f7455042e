import {_t} from "@web/core/l10n/translation";
import {Reactive} from "@web/core/utils/reactive";

const SHOWN_REFUSALS = 3;
const UNDO_TIME = 15000;

/** Return the one value that all rows share, otherwise undefined. */
function common(rows, name) {
    const [first] = rows;
    return rows.every((row) => row[name] === first[name]) ? first?.[name] : undefined;
}

/**
 * The conversations that are checked in the list. Like a conversation, it is a subject of
 * the pickers: it has a `row` and methods to assign, snooze and tag.
 */
export class Selection extends Reactive {
    checked = new Set();
    // What undoes the last change, as the server said.
    steps = [];

    constructor(store) {
        super();
        this.store = store;
    }

    get rows() {
        return this.ids.map((id) => this.store.rows[id]);
    }

    get ids() {
        return [...this.checked];
    }

    get count() {
        return this.checked.size;
    }

    get isEmpty() {
        return this.count === 0;
    }

    /** Return what all have in common, as far as pickers show it. */
    get row() {
        const {rows} = this;
        const [first] = rows;
        return {
            user_id: common(rows, "user_id") || false,
            state: common(rows, "state"),
            is_snoozed: Boolean(common(rows, "is_snoozed")),
            tag_ids: (first?.tag_ids || []).filter((id) =>
                rows.every((row) => row.tag_ids.includes(id))
            ),
        };
    }

    // Checking ----------------------------------------------------------------

    has(id) {
        return this.checked.has(id);
    }

    toggle(id) {
        if (!this.checked.delete(id)) {
            this.checked.add(id);
        }
        this.anchor = id;
    }

    /** Check all rows from the last one that was toggled to this one. */
    extendTo(id) {
        const ids = this.store.shownRows.map((row) => row.id);
        const start = ids.indexOf(this.anchor ?? this.store.activeId);
        const end = ids.indexOf(id);
        if (start < 0) {
            this.toggle(id);
            return;
        }
        ids.slice(Math.min(start, end), Math.max(start, end) + 1).forEach((each) =>
            this.checked.add(each)
        );
    }

    checkAll() {
        this.store.shownRows.forEach(({id}) => this.checked.add(id));
    }

    /** Its row is gone. */
    drop(id) {
        this.checked.delete(id);
    }

    clear() {
        this.checked.clear();
        this.anchor = undefined;
    }

    // Changing ----------------------------------------------------------------

    assign(userId) {
        const name = this.store.nameOf(userId, true);
        return this.apply(
            "assign",
            userId,
            userId ? _t("Assigned to %(name)s", {name}) : _t("Unassigned")
        );
    }

    snooze(until) {
        return this.apply("snooze", until || true, _t("Snoozed"));
    }

    unsnooze() {
        return this.apply("snooze", false, _t("Brought back"));
    }

    setState(state) {
        const said = state === "closed" ? _t("Closed") : _t("Reopened");
        return this.apply("state", state, said);
    }

    markRead() {
        return this.apply("read", true, _t("Marked as read"));
    }

    /** Unlike other changes, this keeps the selection: more tags may follow. */
    tag(add, remove) {
        const said = add.length ? _t("Tag added") : _t("Tag removed");
        return this.apply("tags", {add, remove}, said, true);
    }

    /** Change all that are checked; offer to undo it. Return whether it was done. */
    async apply(action, value, said, isKept = false) {
        const {store} = this;
        return store.attempt(async () => {
            const answer = await store.api.apply(this.ids, action, value);
            if (!isKept) {
                this.clear();
            }
            this.steps = answer.undo;
            this.refresh(answer.undo);
            this.report(said, answer);
        });
    }

    async undo() {
        const {steps, store} = this;
        this.steps = [];
        this.closeToast?.();
        await store.attempt(async () => {
            const {refused} = await store.api.undo(steps);
            this.refresh(steps);
            this.reportRefused(refused);
        });
    }

    refresh(steps) {
        const {store} = this;
        const ids = new Set(steps.flatMap((step) => step.ids));
        ids.forEach((id) => store.changedIds.add(id));
        store.refreshSoon();
        if (ids.has(store.activeId)) {
            store.active.load();
        }
    }

    report(said, {changed, refused}) {
        this.closeToast?.();
        const {notification} = this.store.services;
        if (changed) {
            const text = `${said}: ${this.summary(changed)}`;
            this.closeToast = notification.add(text, {
                type: "success",
                autocloseDelay: UNDO_TIME,
                buttons: [{name: _t("Undo"), onClick: () => this.undo()}],
            });
        } else if (!refused.length) {
            notification.add(_t("Nothing to change."), {type: "info"});
        }
        this.reportRefused(refused);
    }

    /** Return the name of the only conversation that changed, or their number. */
    summary(changed) {
        const row = this.store.rows[this.steps[0]?.ids[0]];
        return changed === 1 && row
            ? row.contact_name || row.contact_phone
            : _t("%(count)s conversations", {count: changed});
    }

    reportRefused(refused) {
        if (!refused.length) {
            return;
        }
        const lines = refused
            .slice(0, SHOWN_REFUSALS)
            .map(({name, reason}) => `${name}: ${reason}`);
        const others = refused.length - lines.length;
        if (others) {
            lines.push(_t("and %(count)s more", {count: others}));
        }
        this.store.services.notification.add(lines.join("\n"), {
            title: _t("Some conversations didn't change"),
            type: "warning",
            sticky: true,
        });
    }
}
