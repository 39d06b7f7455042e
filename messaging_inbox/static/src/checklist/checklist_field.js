import {Component, onWillUnmount, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {fullTime} from "../core/formatting";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

const PACE = 3000;

/**
 * The steps to a working account, done or missing. It polls while a step is missing: the
 * webhook doesn't write the account, so the form wouldn't notice.
 */
export class ChecklistField extends Component {
    static template = "messaging_inbox.ChecklistField";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({steps: []});
        this.fullTime = fullTime;
        useRecordObserver((record) => {
            this.state.steps = record.data[this.props.name] || [];
        });
        const timer = browser.setInterval(() => this.look(), PACE);
        onWillUnmount(() => browser.clearInterval(timer));
    }

    /** Return the first missing step, for which we wait. */
    get next() {
        return this.state.steps.find(({done}) => done === false);
    }

    faceOf(step) {
        if (step.done) {
            return "done";
        }
        return step === this.next ? "next" : "later";
    }

    async look() {
        const {record} = this.props;
        if (!record.resId || !this.next || document.hidden || this.isLooking) {
            return;
        }
        this.isLooking = true;
        try {
            await this.ask(record);
        } catch {
            // Offline, or access was lost: the ticks stay as they are.
        } finally {
            this.isLooking = false;
        }
    }

    async ask({resModel, resId, data}) {
        const names = [this.props.name, "state"].filter((name) => name in data);
        const [values] = await this.orm.silent.read(resModel, [resId], names);
        const steps = values[this.props.name] || [];
        const hasMoved = steps.some(({key, done}) => done !== this.wasDone(key));
        this.state.steps = steps;
        if (values.state !== data.state || hasMoved) {
            await this.reload();
        }
    }

    wasDone(key) {
        return this.state.steps.find((step) => step.key === key)?.done;
    }

    /** Reload the form, such as its health line, unless it has unsaved changes. */
    async reload() {
        const {record} = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("fields").add("messaging_checklist", {
    component: ChecklistField,
    supportedTypes: ["json"],
});
