import {Component, onWillStart, useEffect, useRef, useState} from "@odoo/owl";
import {CREATE_FORMS} from "./create_forms";
import {KeepLast} from "@web/core/utils/concurrency";
import {Matches} from "../link/matches";
import {_t} from "@web/core/l10n/translation";
import {amountOf, amountText} from "../amounts";
import {sentenceOf} from "../../core/errors";
import {useDebounced} from "@web/core/utils/timing";

const TYPING = 400;

/** Return the values with ids in place of many2one {id, name} objects. */
function plain(values) {
    return Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, value?.id ?? value])
    );
}

function isNumber({type}) {
    return type === "number";
}

/** A prefilled form for a new contact, lead or deal, below likely duplicates. */
export class CreateForm extends Component {
    static template = "messaging_inbox.CreateForm";
    static components = {Matches};
    static props = {records: Object, kind: String, onClose: Function};

    setup() {
        this.form = CREATE_FORMS[this.props.kind];
        this.records = useState(this.props.records);
        this.state = useState({
            status: "loading",
            values: {},
            duplicates: [],
            errors: {},
            refusal: "",
            isSaving: false,
        });
        this.body = useRef("body");
        this.keepLast = new KeepLast();
        this.compareSoon = useDebounced(() => this.compare(), TYPING);
        useEffect(
            (status) => {
                if (status === "ready") {
                    this.focus(this.form.fields[0].name);
                }
            },
            () => [this.state.status]
        );
        onWillStart(() => {
            // Not awaited: the form is shown at once, and its values follow.
            this.load();
        });
    }

    async load() {
        Object.assign(this.state, {status: "loading", refusal: ""});
        const {api, id} = this.props.records;
        try {
            const {values, duplicates} = await this.form.defaults(api, id);
            for (const {name} of this.form.fields.filter(isNumber)) {
                values[name] = amountText(values[name]);
            }
            Object.assign(this.state, {values, duplicates, status: "ready"});
        } catch (error) {
            this.state.refusal = String(sentenceOf(error));
            this.state.status = "failed";
        }
    }

    focus(name) {
        this.body.el?.querySelector(`input[name="${name}"]`)?.focus();
    }

    get duplicatesTitle() {
        const {length} = this.state.duplicates;
        return length === 1
            ? _t("A similar record exists already")
            : _t("%(count)s similar records exist already", {count: length});
    }

    get submitLabel() {
        return this.state.duplicates.length ? _t("Create anyway") : _t("Create");
    }

    /** Return the values that the server sets, to show without an input. */
    get facts() {
        return Object.entries(this.form.facts)
            .filter(([name]) => this.state.values[name]?.name)
            .map(([name, label]) => ({name, label, value: this.state.values[name]}));
    }

    onInput({name}) {
        delete this.state.errors[name];
        this.state.refusal = "";
        this.compareSoon();
    }

    /** Look for duplicates of what was typed. */
    async compare() {
        const {api, id} = this.props.records;
        const values = plain(this.state.values);
        try {
            this.state.duplicates = await this.keepLast.add(
                this.form.duplicates(api, id, values)
            );
        } catch {
            // The next key press retries, and the server validates anyway.
        }
    }

    /** Return the values to send, or nothing if a field has an error. */
    checked() {
        const values = plain(this.state.values);
        const errors = {};
        for (const field of this.form.fields) {
            const text = String(values[field.name] || "").trim();
            const value = isNumber(field) ? amountOf(text) : text;
            const error = this.errorOf(field, text, value);
            if (error) {
                errors[field.name] = error;
            }
            // The server fills in fields that had no default and stay empty.
            if (text || field.name in values) {
                values[field.name] = value;
            }
        }
        this.state.errors = errors;
        return Object.keys(errors).length ? null : values;
    }

    errorOf({type, isRequired}, text, value) {
        if (isRequired && !text) {
            return _t("This field is required.");
        }
        if (Number.isNaN(value)) {
            return _t("This isn't a number.");
        }
        if (value < 0) {
            return _t("Enter 0 or more.");
        }
        const isAddress = !text || /^\S+@\S+$/.test(text);
        return type === "email" && !isAddress ? _t("This isn't an email address.") : "";
    }

    async submit() {
        const values = this.checked();
        if (!values) {
            this.focus(Object.keys(this.state.errors)[0]);
            return;
        }
        this.state.isSaving = true;
        const {api, id} = this.props.records;
        this.state.refusal = String(
            await this.props.records.create(() => this.form.create(api, id, values))
        );
        this.state.isSaving = false;
        if (!this.state.refusal) {
            this.props.onClose();
        }
    }

    async use(hit) {
        if (await this.props.records.link(this.form.linkOf(hit))) {
            this.props.onClose();
        } else {
            this.compare();
        }
    }

    onKeydown(ev) {
        if (ev.key === "Escape") {
            ev.stopPropagation();
            this.props.onClose();
        }
    }
}
