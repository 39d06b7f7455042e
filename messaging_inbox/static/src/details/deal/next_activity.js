import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {focusIfLost} from "../../core/focus";
import {useService} from "@web/core/utils/hooks";

const {DateTime} = luxon;

/** The deal's next activity: scheduled in Odoo's dialog, marked as done here. */
export class NextActivity extends Component {
    static template = "messaging_inbox.NextActivity";
    static props = {records: Object, lead: Object};

    setup() {
        this.mailStore = useService("mail.store");
        this.records = useState(this.props.records);
        this.state = useState({isSaving: false, done: 0});
        this.plan = useRef("plan");
        useEffect(
            (done) => done && focusIfLost(this.plan.el),
            () => [this.state.done]
        );
    }

    get activity() {
        return this.props.lead.activity;
    }

    get due() {
        const day = DateTime.fromISO(this.activity.date_deadline);
        const days = Math.round(day.diff(DateTime.now().startOf("day"), "days").days);
        const near = {[-1]: _t("Yesterday"), 0: _t("Today"), 1: _t("Tomorrow")};
        return near[days] || day.toLocaleString({day: "numeric", month: "short"});
    }

    async schedule() {
        await this.mailStore.scheduleActivity("crm.lead", [this.props.lead.id]);
        this.records.refresh();
    }

    async markDone() {
        this.state.isSaving = true;
        const {api, store} = this.props.records;
        await store.attempt(() => api.activityDone(this.activity.id));
        await this.records.refresh();
        this.state.isSaving = false;
        this.state.done++;
    }
}
